// A whole night: six people of two organisations, on phones, a tablet and desktops. Handed over in the evening; jobs for whoever is FY1
// on call, some of them from somebody with no network; the baton passed in the small hours; an urgent message acknowledged; handed over
// and signed off in the morning. Nobody is ever without somebody responsible, and what each of them sees is asked at each step.
//
// Pictures of it go beside those of the other tests, in `night/`.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Hands } from './hands.mjs';
import { bringWards } from './sheet.mjs';
import { SIZES, Stage } from './stage.mjs';
import { absent } from './talk.mjs';

const TEAM = 'Hospital at Night';
const MARK = Math.random().toString(36).slice(2, 8);
const REG = `Med reg on call ${MARK}`;
const FY1 = `FY1 on call ${MARK}`;
const NEWS = `NEWS2 is 9 in bed 5, please come ${MARK}`;

let stage;
/** The coordinator. */
let rhys;
/** Of the day, and again of the next. */
let wei;
/** Registrar of the night. */
let amina;
/** FY1 of the first half. */
let tom;
/** Outreach nurse, with a tablet on her trolley. */
let priya;
/** Of the community's organisation, on the road. */
let fatima;

/** How many patients there are: other tests admit and discharge some. */
let many;

let frame = 0;
/** What somebody sees, as one picture of the film. */
async function film(who, name) {
  frame += 1;
  await who.person.shot(`../night/${String(frame).padStart(2, '0')}-${name}-${who.page.viewportSize().width}`);
}

before(async () => {
  await bringWards();
  stage = await Stage.open();
  rhys = await Hands.start(stage, 'rhys.morgan');
  wei = await Hands.start(stage, 'wei.zhang');
  amina = await Hands.start(stage, 'amina.khan', { viewport: SIZES[0] });
  tom = await Hands.start(stage, 'tom.fletcher', { viewport: SIZES[0] });
  priya = await Hands.start(stage, 'priya.nair', { viewport: SIZES[1] });
  fatima = await Hands.start(stage, 'fatima.begum', { viewport: SIZES[0] });
  await rhys.talk.open(TEAM);
  await rhys.talk.add({ find: 'fatima', name: '.*Fatima Begum' });
  await rhys.make(`Night list ${MARK}`, TEAM, 'Ward 7');
  const counted = rhys.page.locator('.baton-sheet__count').getByText(/[1-9]\d* patients/);
  await rhys.page.getByRole('rowheader').filter({ hasText: 'HUGHES' }).waitFor();
  many = Number(/\d+/.exec(await counted.innerText())[0]);
  await rhys.roles();
  for (const role of [REG, FY1]) await rhys.makeRole(TEAM, role);
});
after(async () => {
  // Others of a run begin with nobody holding a role.
  await wei.roles();
  for (const role of [REG, FY1]) await wei.role(role).getByRole('button', { name: `Hand back ${role}` }).click();
  await rhys.talk.open(TEAM);
  await rhys.talk.remove('Fatima Begum');
  await stage.close();
});

/** Who holds a role, on the page of roles of all of these. */
async function heldBy(role, name, ...all) {
  for (const who of all) {
    await who.roles();
    await who.role(role).getByText(name).first().waitFor();
  }
}

/** How it stands with whom a patient is, on the page of handover of all of these. */
async function standsWith(name, words, ...all) {
  for (const who of all) {
    await who.handover(TEAM);
    await who.patient(name).getByText(words).waitFor();
  }
}

/** How a task of the team stands, for all of these. */
async function stands(task, words, ...all) {
  for (const who of all) {
    await who.tasks();
    await who.whose('My teams’');
    await who.row(task).getByText(words).first().waitFor();
  }
}

/** Who acknowledged the urgent message, as somebody sees it. */
function acknowledged(who, name) {
  return who.talk.message(NEWS).filter({ hasText: 'Acknowledged by' }).getByRole('listitem').filter({ hasText: name });
}

test('20:00 the night takes its roles, and everybody sees who is on call', async () => {
  for (const [who, role] of [[amina, REG], [tom, FY1]]) {
    await who.roles();
    await who.role(role).getByRole('button', { name: `Take ${role}` }).click();
    await who.holds(new RegExp(role));
  }
  await heldBy(REG, /Amina Khan/, rhys, wei, tom, priya, fatima);
  await heldBy(FY1, /Tom Fletcher/, rhys, wei, amina, priya, fatima);
  for (const who of [rhys, wei, priya, fatima]) await who.holds('You hold no role');
  await film(fatima, 'who-is-on-call');
  assert.deepEqual(await fatima.person.barriers(), []);
});

test('20:30 the day hands its patients to the registrar of the night, with whom they are only once accepted', async () => {
  await wei.handover(TEAM);
  await wei.page.getByRole('button', { name: 'Take responsibility for those whom nobody has' }).click();
  await wei.page.getByRole('dialog').getByRole('button', { name: 'Take responsibility', exact: true }).click();
  await wei.status(`You are responsible for ${many}: ${many} not handed over yet.`);
  await wei.sheet('HUGHES');
  await wei.page.getByRole('group', { name: 'How sick they are' }).getByRole('button', { name: 'Unstable' }).click();
  await wei.write('Situation', `sepsis, lactate 4 at 19:00 ${MARK}`);
  await wei.write('Resuscitation status', 'For CPR');
  await wei.handover(TEAM);
  await wei.patients().first().getByText('HUGHES').waitFor();
  await film(wei, 'evening-list');
  await wei.offer();
  await wei.to(REG);
  await wei.send();
  await wei.status(`${many} patients: ${many} not accepted yet`);
  await standsWith('HUGHES', /Not accepted yet: stays with .*Wei Zhang until then/, rhys, tom, priya, fatima);
  for (const who of [rhys, tom, priya, fatima]) await absent(who.call('offers you'), 'it is offered to the registrar alone');
  await amina.see(`offers you ${many} patients`);
  await amina.part('HUGHES').getByText(`sepsis, lactate 4 at 19:00 ${MARK}`).waitFor();
  await film(amina, 'evening-offer');
  assert.deepEqual(await amina.person.barriers(), []);
  await amina.page.getByRole('button', { name: new RegExp(`^Accept all ${many}`) }).click();
  await amina.status(`${many} patients: ${many} accepted`);
  await wei.status(`${many} patients: ${many} accepted`);
  await standsWith('HUGHES', /^Responsible: .*Amina Khan/, rhys, wei, tom, priya, fatima);
  await standsWith('HUGHES', /^Responsible: you, /, amina);
});

test('22:00 a nurse raises jobs for whoever is FY1, who sees the urgent one at once', async () => {
  await priya.tasks();
  await priya.into(TEAM);
  await priya.line().fill(`#hughes cultures ${MARK} @fy1 !`);
  const form = priya.page.locator('form.baton-quick');
  await form.getByText(new RegExp(`For: ${FY1}.*Tom Fletcher`)).waitFor();
  await form.getByRole('button', { name: /^Choose HUGHES/ }).click();
  await priya.line().press('Enter');
  await priya.page.getByText(`Made: cultures ${MARK}`).waitFor();
  await priya.add(`rewrite chart ${MARK} @fy1`, `rewrite chart ${MARK}`);
  await film(priya, 'jobs-raised');
  await tom.call(`cultures ${MARK}`).waitFor();
  for (const who of [rhys, wei, amina, priya, fatima]) await absent(who.call(`cultures ${MARK}`), 'it is for the FY1');
  await stands(`cultures ${MARK}`, 'Not accepted yet', rhys, wei, amina, fatima);
  await film(tom, 'urgent-job');
  await tom.call(`cultures ${MARK}`).getByRole('button', { name: `Accept cultures ${MARK}` }).click();
  await stands(`cultures ${MARK}`, /Accepted by .*Tom Fletcher/, rhys, wei, amina, priya, fatima);
  await tom.tasks();
  await tom.check(`cultures ${MARK}`).click();
  await tom.did(`Done: cultures ${MARK}`);
  for (const who of [rhys, wei, amina, priya, fatima]) await who.row(`cultures ${MARK}`).waitFor({ state: 'detached' });
});

test('23:00 on the road there is no network: what is seen and written stays, and is said to be on the device alone', async () => {
  await fatima.tasks();
  await fatima.page.context().setOffline(true);
  await fatima.talk.connection(/Offline since/);
  // On a phone the rest of the form comes as one types.
  await fatima.line().fill(`ring about a bed for Mrs T ${MARK} @fy1`);
  await fatima.into(TEAM);
  await fatima.page.locator('form.baton-quick').getByText(new RegExp(`For: ${FY1}.*Tom Fletcher`)).waitFor();
  await fatima.line().press('Enter');
  await fatima.page.getByText(`Made: ring about a bed for Mrs T ${MARK}`).waitFor();
  await fatima.whose('My teams’');
  await fatima.row(`ring about a bed for Mrs T ${MARK}`).getByText('On this device').waitFor();
  await fatima.row(`rewrite chart ${MARK}`).getByText(/Tom Fletcher/).first().waitFor();
  await fatima.row(`ring about a bed for Mrs T ${MARK}`).scrollIntoViewIfNeeded();
  await film(fatima, 'no-network');
  await stands(`rewrite chart ${MARK}`, /Tom Fletcher/, rhys, wei, amina, priya);
  await stands(`rewrite chart ${MARK}`, /\byou\b/i, tom);
  for (const who of [rhys, wei, amina, tom, priya]) await absent(who.row(`ring about a bed for Mrs T ${MARK}`), 'nobody has it yet');
});

test('23:30 the coordinator sees what nobody has accepted, and each person’s load', async () => {
  await rhys.tasks();
  await rhys.page.locator('main').getByRole('link', { name: 'Board', exact: true }).click();
  await rhys.page.getByLabel('Team', { exact: true }).selectOption({ label: TEAM });
  await rhys.row(`rewrite chart ${MARK}`).waitFor();
  await absent(rhys.row(`cultures ${MARK}`), 'it is done');
  const load = (name) => rhys.page.getByRole('list', { name: 'People and what they have to do' }).getByRole('button', { name });
  await load(/Tom Fletcher/).getByText('1 open, 1 not accepted').waitFor();
  await load(/Tom Fletcher/).getByText(`Holds ${FY1}`).waitFor();
  for (const name of [/Amina Khan/, /Wei Zhang/, /Priya Nair/, /Fatima Begum/, /Rhys Morgan/]) await load(name).getByText('Nothing to do').waitFor();
  await film(rhys, 'board');
  assert.deepEqual(await rhys.person.barriers(), []);
});

test('02:00 the baton goes to another, and what is for the role goes along', async () => {
  await tom.roles();
  await tom.role(FY1).getByRole('button', { name: `Offer to ${FY1}` }).click();
  await tom.page.getByRole('dialog').getByRole('textbox').fill('wei');
  await tom.page.getByRole('dialog').getByRole('button', { name: /^Offer to .*Wei Zhang/ }).click();
  await tom.holds(new RegExp(FY1));
  await wei.call(`offers you ${FY1}`).getByRole('button', { name: `Accept ${FY1}` }).click();
  await wei.holds(new RegExp(FY1));
  await heldBy(FY1, /Wei Zhang/, rhys, amina, tom, priya);
  // Whoever has no network sees how it stood, and since when that is.
  await heldBy(FY1, /Tom Fletcher/, fatima);
  await fatima.talk.connection(/Offline since/);
  await tom.holds('You hold no role');
  await film(tom, 'baton-passed');
  await wei.tasks();
  await wei.whose('My roles’');
  await wei.row(`rewrite chart ${MARK}`).waitFor();
  await tom.tasks();
  await tom.whose('My roles’');
  await absent(tom.row(`rewrite chart ${MARK}`), 'it is for whoever holds the role');
});

test('02:30 an urgent message interrupts, and who acknowledged it is told to all', async () => {
  await tom.tasks();
  await priya.talk.open(TEAM);
  await priya.talk.say(NEWS, { urgent: true });
  await tom.call(`Urgent message in ${TEAM}`).getByRole('link', { name: 'See the message' }).waitFor();
  await film(tom, 'urgent-among-tasks');
  for (const who of [rhys, wei, amina, tom]) {
    await who.talk.inbox();
    await who.talk.listed(TEAM).getByText('Urgent', { exact: true }).waitFor();
  }
  await fatima.talk.inbox();
  await absent(fatima.talk.listed(TEAM).getByText('Urgent', { exact: true }), 'it has not reached her');
  await film(tom, 'urgent-in-the-inbox');
  await amina.talk.open(TEAM);
  await film(amina, 'urgent-message');
  await amina.talk.acknowledge(NEWS);
  await acknowledged(amina, /^You /).waitFor();
  for (const who of [rhys, wei, tom]) await who.talk.open(TEAM);
  for (const who of [rhys, wei, tom, priya]) await acknowledged(who, /Amina Khan/).waitFor();
  const { width } = await priya.talk.field().boundingBox();
  assert.ok(width > 150, `the field is ${width} wide beside the inbox`);
  await film(priya, 'acknowledged');
  // On a phone an open conversation has the whole screen.
  for (const who of [amina, tom]) await who.talk.inbox();
});

test('04:00 the network is back: what was written on the road reaches who has the baton now', async () => {
  await fatima.page.context().setOffline(false);
  await fatima.talk.live();
  await wei.tasks();
  await wei.row(`ring about a bed for Mrs T ${MARK}`).waitFor();
  await stands(`ring about a bed for Mrs T ${MARK}`, /Wei Zhang/, rhys, amina, tom, priya, fatima);
  await absent(fatima.row(`ring about a bed for Mrs T ${MARK}`).getByText('On this device'), 'it is in the record');
  await fatima.row(`ring about a bed for Mrs T ${MARK}`).scrollIntoViewIfNeeded();
  await film(fatima, 'network-back');
  await tom.whose('My roles’');
  await absent(tom.row(`ring about a bed for Mrs T ${MARK}`), 'he handed the baton on');
  await heldBy(FY1, /Wei Zhang/, fatima);
  await fatima.talk.open(TEAM);
  await acknowledged(fatima, /Amina Khan/).waitFor();
  await fatima.talk.inbox();
  await wei.check(`ring about a bed for Mrs T ${MARK}`).click();
  await wei.did(`Done: ring about a bed for Mrs T ${MARK}`);
  for (const who of [rhys, amina, priya]) await who.row(`ring about a bed for Mrs T ${MARK}`).waitFor({ state: 'detached' });
});

test('08:00 the night hands back, and both sides sign off', async () => {
  await amina.handover(TEAM);
  await amina.offer();
  await amina.to('Dr Wei Zhang');
  for (const name of [REG, 'HUGHES']) assert.ok(await amina.tick(name).isChecked(), `${name} goes along`);
  await amina.send();
  await standsWith('HUGHES', /Not accepted yet: stays with .*Amina Khan until then/, rhys, tom, priya, fatima);
  await wei.see(`offers you ${many} patients`);
  await wei.part('HUGHES').getByText(`sepsis, lactate 4 at 19:00 ${MARK}`).waitFor();
  await film(wei, 'morning-offer');
  await wei.page.getByRole('button', { name: new RegExp(`^Accept all ${many}`) }).click();
  await wei.status(`${many} patients: ${many} accepted`);
  await wei.holds(new RegExp(REG));
  await amina.status(`${many} patients: ${many} accepted`);
  await amina.holds('You hold no role');
  for (const who of [amina, wei]) {
    await who.page.getByRole('button', { name: 'Sign off', exact: true }).click();
    await who.page.getByRole('dialog').getByLabel('How the handover was').selectOption({ label: 'As it should be' });
    await who.page.getByRole('dialog').getByRole('button', { name: 'Sign off', exact: true }).click();
  }
  for (const who of [amina, wei]) await who.status('Signed off by both sides');
  await film(amina, 'signed-off');
  await standsWith('HUGHES', /^Responsible: .*Wei Zhang/, rhys, amina, tom, priya, fatima);
  await standsWith('HUGHES', /^Responsible: you, /, wei);
  await heldBy(REG, /Wei Zhang/, rhys, amina, tom, priya, fatima);
  await rhys.handover(TEAM);
  await film(rhys, 'morning-list');
});

test('nothing went wrong on any screen', () => {
  assert.deepEqual(stage.complaints, []);
});
