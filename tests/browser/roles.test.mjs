// Roles: made, taken, offered, accepted and handed back by several people; what is vacant says who covers, before anybody sends to it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { SIZES, Stage } from './stage.mjs';
import { absent } from './talk.mjs';
import { Work } from './work.mjs';

const MARK = Math.random().toString(36).slice(2, 8);
const REG = `Med reg on call ${MARK}`;
const FY1 = `FY1 on call ${MARK}`;

let stage;
let siobhan;
let amina;
let tom;

before(async () => {
  stage = await Stage.open();
  siobhan = await Work.start(stage, 'siobhan.byrne');
  amina = await Work.start(stage, 'amina.khan');
  tom = await Work.start(stage, 'tom.fletcher', { viewport: SIZES[0] });
});
after(() => stage.close());

test('an administrator makes roles, and what is vacant says so with its cover', async () => {
  await siobhan.roles();
  await siobhan.makeRole('Ward 7', REG);
  await siobhan.role(REG).getByText('Vacant, and nobody covers').waitFor();
  await siobhan.makeRole('Ward 7', FY1, REG);
  await siobhan.role(FY1).getByText('Vacant, and nobody covers').waitFor();
  await amina.roles();
  await absent(amina.page.getByRole('button', { name: 'Make a role of Ward 7' }), 'who is no administrator makes none');
});

test('a role that is taken is shown as held, always in view for who holds it, and covers what falls back to it', async () => {
  await amina.holds('You hold no role');
  await amina.role(REG).getByRole('button', { name: `Take ${REG}` }).click();
  await amina.holds(`You hold: ${REG}`);
  await siobhan.role(REG).getByText(/Amina Khan/).first().waitFor();
  await siobhan.role(FY1).getByText(new RegExp(`Vacant, covered by .*Amina Khan \\(${REG}\\)`)).waitFor();
});

test('a role is renamed, and who holds it holds it on', async () => {
  await absent(amina.role(REG).getByRole('button', { name: `Rename ${REG}` }), 'who is no administrator renames none');
  for (const [from, to] of [[REG, `${REG} nights`], [`${REG} nights`, REG]]) {
    await siobhan.role(from).getByRole('button', { name: `Rename ${from}` }).click();
    const title = siobhan.page.getByRole('dialog').getByLabel('What it is called');
    assert.equal(await title.inputValue(), from);
    await title.fill('  ');
    await siobhan.page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await siobhan.page.getByRole('dialog').getByRole('alert').waitFor();
    await title.fill(to);
    await siobhan.page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await amina.holds(`You hold: ${to}`);
  }
});

test('who looks at the cover of a role and saves it changes nothing', async () => {
  await siobhan.role(FY1).getByRole('button', { name: `Change the cover ${FY1}` }).click();
  const cover = siobhan.page.getByRole('dialog').getByLabel('Who covers while nobody holds it');
  assert.equal(await cover.evaluate((select) => select.selectedOptions[0].textContent), REG);
  await siobhan.page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await siobhan.page.getByRole('dialog').waitFor({ state: 'detached' });
  await siobhan.role(FY1).getByText(new RegExp(`Vacant, covered by .*Amina Khan \\(${REG}\\)`)).waitFor();
});

test('from the inbox one sees who is registrar on call and writes to them in three taps', async () => {
  await tom.talk.inbox();
  let taps = 0;
  const tap = async (locator) => {
    taps += 1;
    await locator.click();
  };
  await tap(tom.page.getByRole('region', { name: 'Your roles' }).getByRole('link', { name: /^You hold/ }));
  await tom.role(REG).getByText(/Amina Khan/).first().waitFor();
  // How else to reach them: a ward telephone reads the number off, a mobile one calls it.
  await tom.role(REG).getByText('GMC 7012345 · Bleep 2214 · Telephone 0161 496 0100 ext 4021').waitFor();
  const call = tom.role(REG).getByRole('link', { name: `Telephone 0161 496 0100 ext 4021 Dr Amina Khan, ${REG}` });
  assert.equal(await call.getAttribute('href'), 'tel:01614960100;ext=4021');
  await tap(tom.role(REG).getByRole('button', { name: /^Message/ }));
  await tom.page.getByRole('heading', { level: 2, name: /Amina Khan/ }).waitFor();
  assert.ok(taps <= 3, `${taps} taps`);
  // On a phone an open conversation has the whole screen.
  await tom.page.getByRole('link', { name: 'Back to the inbox' }).click();
});

test('a role is offered in three taps, stays where it is until it is accepted, and the offer is seen at once on every page', async () => {
  await amina.talk.inbox();
  let taps = 0;
  const tap = async (locator) => {
    taps += 1;
    await locator.click();
  };
  await tap(amina.page.getByRole('region', { name: 'Your roles' }).getByRole('link', { name: /^You hold/ }));
  await tap(amina.role(REG).getByRole('button', { name: `Offer to ${REG}` }));
  await amina.page.getByRole('dialog').getByRole('textbox').fill('tom');
  await tap(amina.page.getByRole('dialog').getByRole('button', { name: /^Offer to .*Tom Fletcher/ }));
  assert.ok(taps <= 3, `${taps} taps`);
  await amina.role(REG).getByText(/You offered it to .*Tom Fletcher/).waitFor();
  await amina.holds(`You hold: ${REG}`);
  await tom.call(`offers you ${REG}`).waitFor();
  await tom.person.shot('roles-offer-360');
  assert.deepEqual(await tom.person.barriers(), []);
  await tom.call(`offers you ${REG}`).getByRole('button', { name: `Accept ${REG}` }).click();
  await tom.holds(`You hold: ${REG}`);
  await amina.holds('You hold no role');
  await absent(tom.call(REG), 'it was accepted');
});

test('who does not take what is offered says why, and who offered it sees that', async () => {
  await tom.roles();
  await tom.role(REG).getByRole('button', { name: `Offer to ${REG}` }).click();
  await tom.page.getByRole('dialog').getByRole('button', { name: /^Offer to .*Amina Khan/ }).click();
  await amina.roles();
  await amina.role(REG).getByRole('button', { name: `Do not take ${REG}` }).click();
  await amina.says(`in theatre ${MARK}`, 'Do not take it');
  await tom.role(REG).getByText(new RegExp(`Not taken by .*Amina Khan.*: in theatre ${MARK}`)).waitFor();
  await tom.holds(`You hold: ${REG}`);
  await tom.page.getByRole('link', { name: /^Inbox/ }).first().click();
  await tom.call(`You still hold ${REG}. Not taken by `).getByText(new RegExp(`in theatre ${MARK}`)).waitFor();
});

test('taking over from somebody is asked about first, and both see it', async () => {
  await amina.role(REG).getByRole('button', { name: `Take over ${REG}` }).click();
  await amina.page.getByRole('dialog').getByText(/Tom Fletcher holds it now/).waitFor();
  await amina.page.getByRole('dialog').getByRole('button', { name: 'Take it over' }).click();
  await amina.holds(`You hold: ${REG}`);
  await tom.holds('You hold no role');
  await tom.call(`has ${REG} now`).getByText(/Amina Khan/).first().waitFor();
  await tom.call(`has ${REG} now`).getByRole('button', { name: /^Seen/ }).click();
  await tom.call(`has ${REG} now`).waitFor({ state: 'detached' });
  await tom.roles();
});

test('a message to a role is to whoever holds it, follows it to the next, and stays with it', async () => {
  const words = `please see bed 4 ${MARK}`;
  // By its title alone: others in the inbox are of somebody of Ward 7.
  const open = async (who) => {
    await who.talk.inbox();
    await who.page.getByRole('region', { name: 'Inbox' }).getByRole('link').filter({ has: who.page.getByText('Ward 7', { exact: true }) }).click();
    await who.page.getByRole('heading', { level: 2, name: 'Ward 7', exact: true }).waitFor();
  };
  await open(siobhan);
  await siobhan.talk.field().pressSequentially('@med reg');
  const people = siobhan.page.getByRole('list', { name: 'People to name' });
  await people.getByRole('button', { name: new RegExp(`^${REG} .*Amina Khan`) }).click();
  await siobhan.talk.field().press('End');
  await siobhan.talk.field().pressSequentially(words);
  await siobhan.talk.field().press('Enter');
  await siobhan.talk.message(words).waitFor();
  await open(amina);
  await open(tom);
  const to = (who) => who.talk.message(words).getByText(`To your role ${REG}`);
  await to(amina).waitFor();
  await tom.talk.message(words).waitFor();
  await absent(to(tom), 'he does not hold it');
  // The baton passes: from here on it is to him.
  await tom.page.getByRole('link', { name: 'Back to the inbox' }).click();
  await tom.roles();
  await tom.role(REG).getByRole('button', { name: `Take over ${REG}` }).click();
  await tom.page.getByRole('dialog').getByRole('button', { name: 'Take it over' }).click();
  await to(amina).waitFor({ state: 'detached' });
  await tom.role(REG).getByText('Messages to it on this device').click();
  await tom.role(REG).getByRole('button', { name: new RegExp(`Siobhán Byrne, \\d\\d:\\d\\d: @${REG} ${words}`) }).click();
  await to(tom).waitFor();
  assert.deepEqual(await tom.person.barriers(), []);
  await tom.page.getByRole('link', { name: 'Back to the inbox' }).click();
  await tom.roles();
  await amina.roles();
  await siobhan.roles();
  await amina.role(REG).getByRole('button', { name: `Take over ${REG}` }).click();
  await amina.page.getByRole('dialog').getByRole('button', { name: 'Take it over' }).click();
  await tom.call(`has ${REG} now`).getByRole('button', { name: /^Seen/ }).click();
});

test('who belongs to none of its teams finds who is on call, and writes to them', async () => {
  const priya = await Work.start(stage, 'priya.nair');
  await priya.roles();
  const { page } = priya;
  await page.getByText('Who is on call in other teams').click();
  await page.getByLabel('Role, team, person or organisation').fill(`reg ${MARK}`);
  await page.getByRole('button', { name: 'Find who is on call' }).click();
  const found = page.getByRole('list', { name: 'Roles of other teams' }).getByRole('listitem');
  await found.filter({ hasText: `${REG}, Ward 7` }).getByText('Dr Amina Khan', { exact: true }).waitFor();
  await page.getByText(/^\d found, as of .*\d\d:\d\d$/).waitFor();
  await found.filter({ hasText: REG }).getByText(/^Medical registrar, .*, GMC 7012345 · Bleep 2214 · Telephone 0161/).waitFor();
  await found.filter({ hasText: REG }).getByRole('link', { name: /^Telephone 0161 496 0100 ext 4021 Dr Amina Khan/ }).waitFor();
  await priya.person.shot('roles-elsewhere-1280');
  assert.deepEqual(await priya.person.barriers(), []);
  await page.context().setOffline(true);
  await priya.talk.connection(/Offline since/);
  await page.getByRole('button', { name: 'Find who is on call' }).click();
  await page.getByText('The record cannot be reached now. Check the connection, then try again.').waitFor();
  await page.context().setOffline(false);
  await priya.talk.live();
  await page.getByRole('button', { name: 'Find who is on call' }).click();
  await found.filter({ hasText: `${REG}, Ward 7` }).getByRole('button', { name: /^Message Dr Amina Khan/ }).click();
  await page.getByRole('heading', { level: 2, name: /Amina Khan/ }).waitFor();
});

test('a role that is handed back is vacant, and the rota says who is planned without moving it', async () => {
  await amina.role(REG).getByRole('button', { name: `Hand back ${REG}` }).click();
  await siobhan.role(REG).getByText('Vacant, and nobody covers').waitFor();
  await siobhan.role(REG).getByRole('button', { name: `Plan a shift ${REG}` }).click();
  const dialog = siobhan.page.getByRole('dialog');
  await dialog.getByLabel('Who', { exact: true }).selectOption({ label: 'Dr Amina Khan' });
  await dialog.getByLabel('From').fill('+1h');
  await dialog.getByLabel('Until').fill('+12h');
  await dialog.getByRole('button', { name: 'Plan', exact: true }).click();
  await amina.role(REG).getByText(/Next on the rota: You/).waitFor();
  await amina.holds('You hold no role');
  await siobhan.role(REG).getByRole('button', { name: `Plan a shift ${REG}` }).click();
  const planned = dialog.getByRole('list', { name: 'Planned shifts' }).getByRole('listitem');
  await planned.filter({ hasText: 'Dr Amina Khan' }).waitFor();
  await dialog.getByLabel('Who', { exact: true }).selectOption({ label: 'Dr Tom Fletcher' });
  await dialog.getByLabel('From').fill('+2h');
  await dialog.getByLabel('Until').fill('+3h');
  await dialog.getByRole('button', { name: 'Plan', exact: true }).click();
  await dialog.getByText(/^It takes the place of what is planned then: Dr Amina Khan/).waitFor();
  assert.equal(await planned.count(), 1, 'nothing is replaced yet');
  await siobhan.person.shot('roles-planned-1280');
  assert.deepEqual(await siobhan.person.barriers(), []);
  await dialog.getByRole('button', { name: 'Plan', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await siobhan.role(REG).getByRole('button', { name: `Plan a shift ${REG}` }).click();
  assert.equal(await planned.count(), 3, 'what is outside stays');
  await planned.filter({ hasText: 'Dr Tom Fletcher' }).getByRole('button', { name: /^Remove/ }).click();
  await planned.filter({ hasText: 'Dr Tom Fletcher' }).waitFor({ state: 'detached' });
  await siobhan.page.keyboard.press('Escape');
  await siobhan.role(REG).getByRole('button', { name: `Change the cover ${REG}` }).click();
  await dialog.getByLabel('Who covers while nobody holds it').selectOption({ label: 'Dr Amina Khan' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await tom.role(REG).getByText(/Vacant, covered by .*Amina Khan/).waitFor();
});

test('two who take a role at once with no network: one holds it, and the other is told', async () => {
  for (const one of [amina, tom]) {
    await one.page.context().setOffline(true);
    await one.talk.connection(/Offline since/);
    await one.role(FY1).getByRole('button', { name: `Take ${FY1}` }).click();
    await one.holds(`You hold: ${FY1} · On this device`);
    await one.page.getByText('Shown as this device has them.').first().waitFor();
  }
  await amina.page.context().setOffline(false);
  await siobhan.role(FY1).getByText(/^Since/).waitFor();
  await tom.page.context().setOffline(false);
  await tom.talk.live();
  await tom.holds('You hold no role');
  await tom.page.getByRole('list', { name: 'Not taken by the record' }).getByText(/has this role|hold/).waitFor();
  await tom.page.getByRole('button', { name: 'Discard what was not taken' }).click();
  await absent(tom.page.getByRole('list', { name: 'Not taken by the record' }), 'it was discarded');
});

test('all of it works by keyboard, and axe finds nothing', async () => {
  await amina.role(FY1).getByRole('button', { name: `Hand back ${FY1}` }).focus();
  await amina.page.keyboard.press('Enter');
  await amina.holds('You hold no role');
  await amina.page.getByRole('heading', { level: 2, name: 'Roles' }).and(amina.page.locator(':focus')).waitFor();
  await amina.role(FY1).getByRole('button', { name: `Take ${FY1}` }).focus();
  await amina.page.keyboard.press('Space');
  await amina.holds(`You hold: ${FY1}`);
  for (const one of [siobhan, amina, tom]) assert.deepEqual(await one.person.barriers(), []);
  await siobhan.person.shot('roles-1280');
  await tom.person.shot('roles-360');
  assert.deepEqual(stage.complaints, []);
});
