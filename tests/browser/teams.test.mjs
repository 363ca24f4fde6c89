// Teams: started by one of the people, across organisations, with what they are for; pinned notes; announcements; muted by who wants
// less of them, but for what is urgent; joined by invitation.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Hands } from './hands.mjs';
import { SIZES, Stage } from './stage.mjs';
import { absent } from './talk.mjs';

const MARK = Math.random().toString(36).slice(2, 8);
const TEAM = `Falls service ${MARK}`;
const PURPOSE = `People who fell at home, seen within two hours ${MARK}`;

let stage;
let siobhan;
/** With a phone. */
let amina;
/** Of another organisation, with a tablet. */
let fatima;

/** With a phone, invited. */
let tom;
/** Invited, and not let in. */
let marek;

before(async () => {
  stage = await Stage.open();
  siobhan = await Hands.start(stage, 'siobhan.byrne');
  amina = await Hands.start(stage, 'amina.khan', { viewport: SIZES[0] });
  fatima = await Hands.start(stage, 'fatima.begum', { viewport: SIZES[1] });
  tom = await Hands.start(stage, 'tom.fletcher', { viewport: SIZES[0] });
  marek = await Hands.start(stage, 'marek.kowalski');
});
after(() => stage.close());

/** Opens the details of the team. */
async function details(who) {
  await who.talk.open(TEAM);
  await who.talk.details();
}

/** What stands on the page, and not in the inbox beside it. */
function shown(who, words) {
  return who.page.locator('.baton-pane').getByText(words);
}

/** Asks to join a team. */
async function join(who, code) {
  await who.talk.inbox();
  await who.page.getByRole('link', { name: /^New/ }).filter({ visible: true }).first().click();
  if (!(await who.page.getByLabel('Invitation', { exact: true }).isVisible())) await who.page.getByText('Join a team by invitation').click();
  await who.page.getByLabel('Invitation', { exact: true }).fill(code);
  await who.page.getByLabel('Invitation', { exact: true }).press('Enter');
}

/** The list of what is pinned. */
function pinned(who) {
  return who.page.getByRole('list', { name: 'Pinned notes' }).getByRole('listitem');
}

/** Pins a note. */
async function pin(who, text) {
  await who.page.getByRole('button', { name: 'Pin a note' }).click();
  await who.page.getByRole('dialog').getByLabel('What everybody should know').fill(text);
  await who.page.getByRole('dialog').getByRole('button', { name: 'Pin', exact: true }).click();
}

test('the name of a team of the organisation is not taken again, and nothing that was chosen is lost', async () => {
  await siobhan.page.getByRole('link', { name: 'New', exact: true }).click();
  await siobhan.page.getByRole('checkbox', { name: /^A team/ }).check();
  await siobhan.page.getByLabel('Name of the team').fill('Ward 7');
  await siobhan.page.getByRole('searchbox').fill('amina');
  await siobhan.page.getByRole('button', { name: /^Add .*Amina Khan/ }).click();
  await siobhan.page.getByRole('button', { name: 'Start team' }).click();
  await siobhan.page.getByRole('alert').filter({ hasText: 'There is a team of this name' }).waitFor();
  await siobhan.page.getByRole('list', { name: 'Chosen' }).getByText(/Amina Khan/).waitFor();
});

test('a team is started with people of two organisations, and who started it looks after it', async () => {
  await siobhan.page.getByLabel('Name of the team').fill(TEAM);
  await siobhan.page.getByLabel('What it is for').fill(PURPOSE);
  await siobhan.page.getByRole('searchbox').fill('fatima');
  await siobhan.page.getByRole('button', { name: /^Add .*Fatima Begum/ }).click();
  await siobhan.page.getByRole('heading', { name: 'People of another organisation' }).waitFor();
  await siobhan.person.shot('teams-new-1280');
  assert.deepEqual(await siobhan.person.barriers(), []);
  await siobhan.page.getByRole('button', { name: 'Start team' }).click();
  await siobhan.page.getByRole('region', { name: 'Messages' }).getByText(/^Conversation started/).waitFor();
  await details(siobhan);
  const me = siobhan.page.getByRole('listitem').filter({ hasText: 'You' });
  await me.getByText('Administrator', { exact: true }).waitFor();
  await siobhan.note('What this team is for').getByText(PURPOSE).waitFor();
  await details(fatima);
  await shown(fatima, PURPOSE).waitFor();
  await fatima.page.getByText('Nothing is pinned.').waitFor();
  for (const name of [/^Pin a note/, /^(Write|Change)/, /^Only administrators write/, /^Make administrator/]) await absent(fatima.page.locator('main').getByRole('button', { name }), 'she is no administrator');
});

test('what two administrators write at once stands side by side until one of them settles it', async () => {
  await siobhan.page.getByRole('button', { name: /^Make administrator .*Amina Khan/ }).click();
  await siobhan.page.getByRole('dialog').getByRole('button', { name: 'Make administrator', exact: true }).click();
  await details(amina);
  await amina.page.getByRole('button', { name: 'Pin a note' }).waitFor();
  await amina.page.context().setOffline(true);
  await amina.talk.connection(/Offline since/);
  await amina.begin('What this team is for', `Falls, also in care homes ${MARK}`);
  await amina.note('What this team is for').getByRole('button', { name: 'Save What this team is for' }).click();
  await amina.note('What this team is for').getByText('On this device').waitFor();
  await siobhan.write('What this team is for', `Falls, seen within one hour ${MARK}`);
  await amina.page.context().setOffline(false);
  await amina.talk.live();
  for (const who of [siobhan, amina]) await who.note('What this team is for').getByText('2 texts wait to be settled').waitFor();
  await shown(fatima, '2 texts wait to be settled').waitFor();
  await amina.person.shot('teams-unsettled-360');
  await siobhan.note('What this team is for').getByRole('button', { name: new RegExp(`^Keep this one of .*also in care homes ${MARK}`) }).click();
  for (const who of [siobhan, amina]) await who.note('What this team is for').getByText('2 texts wait to be settled').waitFor({ state: 'detached' });
  await shown(fatima, `Falls, also in care homes ${MARK}`).waitFor();
  await absent(shown(fatima, `Falls, seen within one hour ${MARK}`), 'it was settled');
});

test('a pinned note stands on top of the details and in the conversation, ten at most, until it is taken down', async () => {
  await pin(siobhan, `Bleep 4412 out of hours ${MARK}`);
  for (const who of [amina, fatima]) await pinned(who).filter({ hasText: `Bleep 4412 out of hours ${MARK}` }).waitFor();
  await pinned(fatima).getByText(/^Pinned by .*Siobhán Byrne/).waitFor();
  await fatima.talk.back();
  await fatima.page.getByRole('region', { name: 'Messages' }).getByText(new RegExp(`pinned a note: “Bleep 4412 out of hours ${MARK}”`)).waitFor();
  await fatima.talk.details();
  for (let more = 2; more <= 10; more += 1) {
    await pin(siobhan, `Note ${more} ${MARK}`);
    await pinned(siobhan).filter({ hasText: `Note ${more} ${MARK}` }).waitFor();
  }
  await pin(siobhan, `Note 11 ${MARK}`);
  await siobhan.page.getByRole('dialog').getByRole('alert').filter({ hasText: 'Take one down first' }).waitFor();
  await siobhan.page.keyboard.press('Escape');
  await siobhan.page.getByRole('button', { name: `Take down Note 10 ${MARK}` }).click();
  await siobhan.page.getByRole('dialog').getByRole('button', { name: 'Take down', exact: true }).click();
  await pinned(fatima).filter({ hasText: `Note 10 ${MARK}` }).waitFor({ state: 'detached' });
  assert.equal(await pinned(fatima).count(), 9);
  await siobhan.page.getByRole('button', { name: 'Pin a note' }).click();
  assert.equal(await siobhan.page.getByLabel('What everybody should know').inputValue(), `Note 11 ${MARK}`, 'what was not taken stays');
  await siobhan.page.keyboard.press('Escape');
  await siobhan.person.shot('teams-details-1280');
  await amina.person.shot('teams-details-360');
  for (const who of [siobhan, amina, fatima]) assert.deepEqual(await who.person.barriers(), []);
});

test('where only administrators write the others are told so, and what is urgent can be answered all the same', async () => {
  await siobhan.page.getByRole('button', { name: 'Only administrators write' }).press('Enter');
  await siobhan.page.getByRole('dialog').getByRole('button', { name: 'Only administrators write' }).press('Enter');
  await siobhan.page.getByText(/^Only administrators write in the conversation\. Set by you/).waitFor();
  await siobhan.talk.back();
  await siobhan.talk.say(`No transport on Friday ${MARK}`);
  await fatima.talk.open(TEAM);
  await fatima.page.getByText('Only administrators write here.').waitFor();
  await absent(fatima.talk.field(), 'there is nowhere to write');
  await fatima.person.shot('teams-announcements-768');
  assert.deepEqual(await fatima.person.barriers(), []);
  await fatima.talk.act(`No transport on Friday ${MARK}`, 'Reply');
  await fatima.talk.field().fill(`One is on her way ${MARK}`);
  await fatima.talk.field().press('Enter');
  await fatima.page.getByRole('alert').filter({ hasText: 'Only administrators write here' }).waitFor();
  await fatima.talk.say(`One is on her way ${MARK}`, { urgent: true });
  await siobhan.talk.message(`One is on her way ${MARK}`).waitFor();
  await absent(fatima.talk.field(), 'it was answered');
  await details(siobhan);
  await siobhan.page.getByRole('button', { name: 'Everybody writes' }).click();
  await siobhan.page.getByRole('dialog').getByRole('button', { name: 'Everybody writes' }).click();
  await fatima.talk.say(`Thank you ${MARK}`);
  await absent(fatima.page.getByText('Only administrators write here.'), 'everybody writes');
});

test('who mutes a team is not counted its messages, is still told what is urgent, and it stays so', async () => {
  await details(fatima);
  const mute = fatima.page.getByRole('button', { name: 'Mute', exact: true });
  assert.equal(await mute.getAttribute('aria-pressed'), 'false');
  await mute.press('Space');
  await fatima.page.getByText('You are told only what is urgent.').waitFor();
  await fatima.talk.inbox();
  const row = fatima.talk.listed(TEAM);
  await row.getByText('Muted', { exact: true }).waitFor();
  const counted = async () => Number(/\d+/.exec(await fatima.page.title())?.[0] ?? 0);
  const before = await counted();
  await siobhan.talk.back();
  await siobhan.talk.say(`Rota for May ${MARK}`);
  await row.getByText('1 unread').waitFor();
  assert.equal(await counted(), before, 'what is muted is not counted');
  await fatima.page.reload();
  await fatima.talk.live();
  await row.getByText('Muted', { exact: true }).waitFor();
  assert.equal(await counted(), before, 'it stays muted');
  await siobhan.talk.say(`Fall in bay 2, come now ${MARK}`, { urgent: true });
  await row.getByText('Urgent', { exact: true }).waitFor();
  assert.equal(await counted(), before + 1, 'what is urgent is counted');
  await fatima.person.shot('teams-muted-768');
  assert.deepEqual(await fatima.person.barriers(), []);
  await details(fatima);
  await mute.click();
  await fatima.talk.inbox();
  await absent(row.getByText('Muted', { exact: true }), 'it is muted no longer');
});

test('who has an invitation asks to join, and is in the team only once an administrator lets them in', async () => {
  await details(siobhan);
  await siobhan.page.getByText('Nobody can ask to join now.').waitFor();
  await siobhan.page.getByRole('button', { name: 'Make an invitation' }).press('Enter');
  const code = await siobhan.page.locator('.baton-invitation').innerText();
  await siobhan.page.getByText(/^An invitation is open until /).waitFor();
  for (const who of [tom, marek]) {
    await join(who, code);
    await who.page.getByRole('status').filter({ hasText: /^You asked to join\. Ms Siobhán Byrne, or another administrator, lets you in/ }).waitFor();
    assert.deepEqual(await who.person.barriers(), []);
    await who.person.shot(`teams-join-${who.page.viewportSize().width}`);
    await who.talk.inbox();
    await absent(who.talk.listed(TEAM), 'nobody joins by an invitation alone');
  }
  await siobhan.talk.back();
  await siobhan.talk.details();
  const asking = siobhan.page.getByRole('list', { name: 'Asking to join' }).getByRole('listitem');
  await asking.filter({ hasText: 'Tom Fletcher' }).getByText(/Foundation year 1 doctor/).waitFor();
  await siobhan.person.shot('teams-asking-1280');
  assert.deepEqual(await siobhan.person.barriers(), []);
  await siobhan.page.getByRole('button', { name: /^Do not let in .*Marek Kowalski/ }).click();
  await asking.filter({ hasText: 'Marek Kowalski' }).waitFor({ state: 'detached' });
  await siobhan.page.getByRole('button', { name: /^Let in .*Tom Fletcher/ }).click();
  await siobhan.page.getByRole('dialog').getByText('They will be able to read everything that was ever written here.').waitFor();
  await siobhan.page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
  await asking.waitFor({ state: 'detached' });
  await tom.talk.listed(TEAM).waitFor();
  await siobhan.page.getByRole('button', { name: 'Withdraw the invitation' }).click();
  await siobhan.page.getByText('Nobody can ask to join now.').waitFor();
  await join(marek, code);
  await marek.page.getByRole('alert').filter({ hasText: 'This invitation is not open any more. Ask for a new one.' }).waitFor();
  await join(marek, 'not an invitation');
  await marek.page.getByRole('alert').filter({ hasText: 'This is no invitation.' }).waitFor();
  await marek.talk.inbox();
  await absent(marek.talk.listed(TEAM), 'he was not let in');
  await siobhan.page.context().setOffline(true);
  await siobhan.talk.connection(/Offline since/);
  await siobhan.page.getByRole('button', { name: 'Make an invitation' }).click();
  await siobhan.page.getByRole('alert').filter({ hasText: 'The invitation cannot be shown without a network.' }).waitFor();
  await siobhan.page.context().setOffline(false);
  await siobhan.talk.live();
  await siobhan.page.getByRole('button', { name: 'Try again' }).click();
  await siobhan.page.getByText('Nobody can ask to join now.').waitFor();
});

test('nothing went wrong on any screen', () => {
  assert.deepEqual(stage.complaints, []);
});
