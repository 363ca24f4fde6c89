// What a screen reader calls every control of tasks, handover, roles, teams and a patient: each has a name, none has that of another,
// and all are as they stand in `names/`. A team of its own, whose people and patients no other test has to do with.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Hands } from './hands.mjs';
import { Names } from './names.mjs';
import { Patients, bringIn, nhsNumber } from './patients.mjs';
import { HOSPITAL } from './sheet.mjs';
import { Stage } from './stage.mjs';
import { Work } from './work.mjs';

const MARK = Math.random().toString(36).slice(2, 8);
const TEAM = `Virtual ward ${MARK}`;
const LIST = `Round ${MARK}`;
const REG = `Registrar ${MARK}`;
const FY1 = `Foundation doctor ${MARK}`;

const PLACE = { assigner: HOSPITAL, visit: 'admitted', facility: HOSPITAL, ward: `Bay ${MARK}` };
const PATIENTS = [
  { number: 'N4001', family: 'Sandpiper', given: 'Edith', title: 'Mrs', born: '1938-03-04', gender: 'female' },
  { number: 'N4002', family: 'Turnstone', given: 'Bernard', title: 'Mr', born: '1941-06-17', gender: 'male' },
  { number: 'N4003', family: 'Yellowhammer', given: 'Ida', title: 'Miss', born: '1950-12-01', gender: 'female' },
].map((patient, at) => ({ ...PLACE, ...patient, nhs_number: nhsNumber(97_000_000 + at * 50), nhs_verified: true, visit_number: `V${patient.number}` }));

let stage;
/** Who looks after the team. */
let joy;
/** Who takes over. */
let callum;
/** Who belongs to another team. */
let karen;

before(async () => {
  await bringIn(PATIENTS);
  stage = await Stage.open();
  [joy, callum, karen] = await Promise.all(['joy.santos', 'callum.reid', 'karen.doyle'].map((subject) => Hands.start(stage, subject)));
});
after(() => stage.close());

test('what stands around every screen', async () => {
  const names = new Names('frame', MARK);
  await names.of(joy, 'around every screen', 'body', 'main, .baton-list');
  await names.opens(joy, joy.page.getByRole('button', { name: /^Your account/ }), 'your account', 'Your account');
  names.end();
});

test('a team: starting it, its details, joining it', async () => {
  const names = new Names('teams', MARK);
  const { page } = joy;
  await page.getByRole('link', { name: 'New', exact: true }).click();
  await page.getByRole('checkbox', { name: /^A team/ }).check();
  await page.getByLabel('Name of the team').fill(TEAM);
  await page.getByLabel('What it is for').fill(`Care at home ${MARK}`);
  for (const [find, name] of [['callum', 'Mr Callum Reid'], ['omar', 'Mr Omar Haddad']]) {
    await page.getByRole('searchbox').fill(find);
    await page.getByRole('button', { name: new RegExp(`^Add .*${name}`) }).click();
  }
  await names.of(joy, 'starting one');
  await page.getByRole('button', { name: 'Start team' }).click();
  await page.getByRole('region', { name: 'Messages' }).getByText(/^Conversation started/).waitFor();
  await joy.talk.details();
  await page.getByRole('button', { name: 'Make an invitation' }).click();
  const code = await page.locator('.baton-invitation').innerText();
  await karen.page.getByRole('link', { name: 'New', exact: true }).click();
  await karen.page.getByText('Join a team by invitation').click();
  await karen.page.getByRole('searchbox').fill('callum');
  await names.of(karen, 'a new conversation, or joining by invitation');
  await karen.page.getByLabel('Invitation', { exact: true }).fill(code);
  await karen.page.getByLabel('Invitation', { exact: true }).press('Enter');
  await karen.page.getByRole('status').filter({ hasText: /^You asked to join/ }).waitFor();
  await joy.talk.back();
  await joy.talk.details();
  await page.getByRole('button', { name: 'Pin a note' }).click();
  await names.asks(joy, 'pinning a note', 'Pin a note');
  await page.getByRole('dialog').getByRole('textbox').fill(`Keys are with Omar ${MARK}`);
  await page.getByRole('dialog').getByRole('button', { name: 'Pin', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await joy.begin('What this team is for', `Care at home, day and night ${MARK}`);
  await names.of(joy, 'details, for who looks after it');
  await joy.note('What this team is for').getByRole('button', { name: /^Save/ }).click();
  await names.opens(joy, page.getByRole('button', { name: /^Let in/ }), 'letting somebody in', /^Add Mrs Karen Doyle/);
  await names.opens(joy, page.getByRole('button', { name: /^Take down/ }), 'taking a note down', 'Take this note down?');
  await names.opens(joy, page.getByRole('button', { name: 'Only administrators write' }), 'who writes', 'Only administrators write here?');
  await names.opens(joy, page.getByRole('button', { name: /^Make administrator.*Omar/ }), 'another administrator', /^Make Mr Omar Haddad/);
  await names.opens(joy, page.getByRole('button', { name: /^Remove.*Omar/ }), 'removing somebody', /^Remove Mr Omar Haddad/);
  await page.getByRole('button', { name: 'Add a person' }).click();
  await page.getByRole('searchbox').fill('sanjay');
  await names.of(joy, 'adding somebody', '.baton-find');
  await page.getByRole('button', { name: /^Do not let in/ }).click();
  await page.getByRole('button', { name: 'Withdraw the invitation' }).click();
  await page.getByText('Nobody can ask to join now.').waitFor();
  await callum.talk.open(TEAM);
  await callum.talk.details();
  await names.of(callum, 'details, for who belongs to it');
  names.end();
});

test('roles: the list, each that one may hold, the rota, who is on call elsewhere', async () => {
  const names = new Names('roles', MARK);
  const { page } = joy;
  await joy.roles();
  await names.opens(joy, page.getByRole('button', { name: `Make a role of ${TEAM}` }), 'making one', 'Make a role');
  await joy.makeRole(TEAM, REG);
  await joy.makeRole(TEAM, FY1, REG);
  await callum.roles();
  await callum.role(REG).getByRole('button', { name: `Take ${REG}` }).click();
  await callum.holds(`You hold: ${REG}`);
  await joy.role(REG).getByRole('button', { name: `Take over ${REG}` }).waitFor();
  await names.of(joy, 'the list, for who looks after them');
  await names.of(callum, 'the list, for who holds one');
  const does = (what, screen, title) => names.opens(joy, joy.role(REG).getByRole('button', { name: what, exact: true }), screen, title);
  await does(`Take over ${REG}`, 'taking over', /^Take Registrar/);
  await does(`Rename ${REG}`, 'renaming', /^Rename/);
  await does(`Change the cover ${REG}`, 'its cover', /^Cover of/);
  await does(`Archive ${REG}`, 'archiving', /^Archive/);
  const dialog = page.getByRole('dialog');
  await joy.role(REG).getByRole('button', { name: `Plan a shift ${REG}` }).click();
  await dialog.getByLabel('Who', { exact: true }).selectOption({ label: 'Mr Callum Reid' });
  await dialog.getByLabel('From').fill('tomorrow 20:00');
  await dialog.getByLabel('Until').fill('+12h');
  await dialog.getByRole('button', { name: 'Plan', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await does(`Plan a shift ${REG}`, 'the rota', /^Plan a shift/);
  await joy.role(REG).getByRole('button', { name: `Rota from a file ${REG}` }).click();
  const lines = ['person,from,until', 'Omar Haddad,2031-03-04T20:00,2031-03-05T08:00', 'Nobody Known,2031-03-05T20:00,2031-03-06T08:00'];
  await dialog.getByLabel('File', { exact: true }).setInputFiles({ name: 'nights.csv', mimeType: 'text/plain', buffer: Buffer.from(lines.join('\r\n')) });
  await dialog.getByRole('list', { name: 'Shifts that would be planned' }).waitFor();
  await names.asks(joy, 'a rota from a file', /^Rota from a file/);
  await page.keyboard.press('Escape');
  await callum.role(REG).getByRole('button', { name: `Offer to ${REG}` }).click();
  await names.asks(callum, 'offering', /^Offer Registrar/);
  await callum.page.getByRole('dialog').getByRole('button', { name: /^Offer to .*Joy Santos/ }).click();
  await callum.role(REG).getByRole('button', { name: `Withdraw the offer ${REG}` }).waitFor();
  await joy.role(REG).getByRole('button', { name: `Accept ${REG}` }).waitFor();
  await names.of(joy, 'the list, for whom one is offered');
  await names.of(callum, 'the list, for who offered one');
  await names.opens(joy, joy.role(REG).getByRole('button', { name: `Do not take ${REG}` }), 'not taking', /^Do not take/);
  await callum.role(REG).getByRole('button', { name: `Withdraw the offer ${REG}` }).click();
  await joy.role(REG).getByRole('button', { name: `Accept ${REG}` }).waitFor({ state: 'detached' });
  await karen.roles();
  await karen.page.getByText('Who is on call in other teams').click();
  await karen.page.getByLabel('Role, team, person or organisation').fill(MARK);
  await karen.page.getByRole('button', { name: 'Find who is on call' }).click();
  await karen.page.getByRole('button', { name: /^Message Mr Callum Reid/ }).first().waitFor();
  await names.of(karen, 'who is on call elsewhere', 'main details[open]');
  names.end();
});

test('the switch of duty: not said, on, off', async () => {
  const names = new Names('duty', MARK);
  const { page } = callum;
  const mine = page.getByRole('region', { name: 'Your roles' });
  const dialog = page.getByRole('dialog', { name: 'Your duty' });
  await mine.getByRole('button', { name: /^Duty: not said/ }).click();
  await names.asks(callum, 'nothing is said', 'Your duty');
  await dialog.getByRole('button', { name: 'I am on duty' }).click();
  await mine.getByRole('button', { name: /^On duty since/ }).click();
  await names.asks(callum, 'on duty', 'Your duty');
  await dialog.getByRole('button', { name: 'Go off duty' }).click();
  await names.of(callum, 'off duty, on every page', '.baton-mine');
  await mine.getByRole('button', { name: /^Off duty since/ }).click();
  await dialog.getByText('Change when you are back, or who covers').click();
  await names.asks(callum, 'off duty', 'Your duty');
  await dialog.getByRole('button', { name: 'Come on duty' }).click();
  await mine.getByRole('button', { name: /^On duty since/ }).waitFor();
  names.end();
});

test('tasks: mine and my teams’, adding, one of them, templates, the board', async () => {
  const names = new Names('tasks', MARK);
  const { page } = joy;
  await joy.make(LIST, TEAM, `Bay ${MARK}`);
  await page.getByText('3 patients', { exact: true }).waitFor();
  await joy.tasks();
  await joy.into(TEAM);
  await joy.add(`temperature ${MARK} @callum`, `temperature ${MARK}`);
  for (const title of ['fluids', 'oxygen']) await joy.add(`${title} ${MARK} !`, `${title} ${MARK}`);
  await callum.call(`oxygen ${MARK}`).waitFor();
  await names.of(callum, 'what waits on every page', '.baton-mine');
  await callum.call(`oxygen ${MARK}`).getByRole('button', { name: /^Accept/ }).click();
  await joy.line().fill(`#sandpiper dressing ${MARK} @joy`);
  await page.locator('form.baton-quick').getByRole('button', { name: /^Choose SANDPIPER/ }).first().waitFor();
  await names.of(joy, 'adding one', 'form.baton-quick');
  await page.locator('form.baton-quick').getByRole('button', { name: /^Choose SANDPIPER/ }).first().click();
  await joy.line().press('Enter');
  await page.getByText(`Made: dressing ${MARK}`).waitFor();
  await joy.row(`dressing ${MARK}`).waitFor();
  await names.of(joy, 'mine');
  await joy.whose('My teams’');
  await joy.row(`temperature ${MARK}`).waitFor();
  await names.of(joy, 'my teams’');
  await names.opens(joy, page.getByRole('button', { name: 'Hand over open tasks' }), 'handing over', 'Hand over your open tasks');
  await templates(names);
  await new Work(joy.talk).see(`dressing ${MARK}`);
  await joy.does('Accept');
  await page.getByRole('button', { name: 'Add a step' }).click();
  await joy.says(`swab ${MARK}`, 'Add');
  await page.getByRole('button', { name: `Done: swab ${MARK}` }).waitFor();
  await names.of(joy, 'one of them');
  for (const [what, title] of [['Give to', 'Give to'], ['Done, with a note', 'Done'], ['Change when it is due', 'When it is due'], ['Decline', 'Decline this task?']]) {
    await names.opens(joy, page.getByRole('group', { name: 'What you can do' }).getByRole('button', { name: what, exact: true }), `one of them: ${what}`, title);
  }
  await page.getByRole('link', { name: 'Back', exact: true }).click();
  await page.getByRole('link', { name: 'Board', exact: true }).click();
  await page.getByLabel('Team', { exact: true }).selectOption({ label: TEAM });
  await page.getByRole('list', { name: 'People and what they have to do' }).getByRole('button', { name: /Callum Reid/ }).click();
  await joy.row(`fluids ${MARK}`).getByRole('button', { name: /^Give to/ }).waitFor();
  await names.of(joy, 'the board');
  await joy.tasks();
  await joy.check(`fluids ${MARK}`).click();
  await joy.did(`Done: fluids ${MARK}`);
  await joy.only('Ended, not signed off');
  await new Work(joy.talk).see(`fluids ${MARK}`);
  await names.of(joy, 'one that is done');
  names.end();
});

/** Making a template and using it. */
async function templates(names) {
  const { page } = joy;
  await page.getByRole('button', { name: 'Templates' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Make a template' }).click();
  await names.asks(joy, 'making a template', 'Templates');
  await dialog.getByLabel('What it is for').fill(`Admission ${MARK}`);
  await dialog.getByLabel('Its tasks').fill(`clerking ${MARK}\nweight ${MARK}`);
  await dialog.getByRole('button', { name: 'Make the template' }).click();
  await dialog.getByRole('button', { name: /^Use Admission/ }).waitFor();
  await names.asks(joy, 'templates', 'Templates');
  await dialog.getByRole('button', { name: /^Use Admission/ }).click();
  await dialog.getByRole('searchbox').fill('turnstone');
  await dialog.getByRole('button', { name: /^Choose TURNSTONE/ }).first().waitFor();
  await names.asks(joy, 'a template: for whom', 'Templates');
  await dialog.getByRole('button', { name: /^Choose TURNSTONE/ }).first().click();
  await dialog.getByRole('button', { name: 'Make 2 tasks' }).waitFor();
  await names.asks(joy, 'a template: for one patient', 'Templates');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
}

test('handover: the list, a sheet, offering, receiving, signed off', async () => {
  const names = new Names('handover', MARK);
  const { page } = joy;
  const dialog = page.getByRole('dialog');
  for (const [name, how] of [['SANDPIPER', 'Unstable'], ['TURNSTONE', 'Watch'], ['YELLOWHAMMER', 'Stable']]) {
    await joy.handover(TEAM);
    await joy.sheet(name);
    await page.getByRole('group', { name: 'How sick they are' }).getByRole('button', { name: how, exact: true }).click();
    await page.getByText(new RegExp(`^${how}, said by you`)).waitFor();
  }
  await joy.handover(TEAM);
  await names.of(joy, 'the list, of whom nobody has');
  await page.getByRole('button', { name: 'Take responsibility for those whom nobody has' }).click();
  await names.asks(joy, 'taking responsibility', 'Take responsibility?');
  await dialog.getByRole('button', { name: 'Take responsibility', exact: true }).click();
  await joy.status('You are responsible for 3: 3 not handed over yet.');
  await names.opens(joy, page.getByRole('button', { name: 'Headings of the sheets' }), 'the headings', 'Headings of the sheets');
  await joy.sheet('SANDPIPER');
  await joy.write('Resuscitation status', `For CPR ${MARK}`);
  await joy.begin('Situation', `Wound is clean ${MARK}`);
  await names.of(joy, 'a sheet');
  await joy.note('Situation').getByRole('button', { name: 'Save Situation' }).click();
  await joy.handover(TEAM);
  await joy.offer();
  await page.getByText('Who else is there').first().click();
  await names.of(joy, 'offering: to whom');
  await joy.to('Mr Callum Reid');
  await page.getByRole('button', { name: 'Choose somebody else' }).waitFor();
  await names.of(joy, 'offering: to somebody');
  await joy.send();
  await joy.handover(TEAM);
  await names.of(joy, 'the list, of whom all are offered');
  await callum.call('offers you 3 patients').waitFor();
  await names.of(callum, 'what waits on every page', '.baton-mine');
  await callum.see('offers you 3 patients');
  await callum.part('SANDPIPER').getByRole('button', { name: /^Ask about SANDPIPER/ }).click();
  await names.asks(callum, 'asking', 'Ask');
  await callum.says(`How deep? ${MARK}`, 'Ask');
  await callum.part('SANDPIPER').getByRole('button', { name: /^Answer/ }).waitFor();
  await names.of(callum, 'for who receives');
  await page.getByText('Handovers of this team').click();
  await page.getByRole('list', { name: 'Handovers of this team' }).getByRole('link').first().click();
  await joy.part('SANDPIPER').getByRole('button', { name: /^Answer/ }).waitFor();
  await names.of(joy, 'for who gave');
  await names.opens(joy, joy.part('SANDPIPER').getByRole('button', { name: /^Answer/ }), 'answering', 'Answer');
  await names.opens(callum, callum.page.getByRole('button', { name: /^Refuse all/ }), 'refusing all', 'Refuse');
  await callum.part('SANDPIPER').getByRole('button', { name: /^Accept SANDPIPER/ }).click();
  await callum.part('TURNSTONE').getByRole('button', { name: /^Refuse TURNSTONE/ }).click();
  await names.asks(callum, 'refusing one', 'Refuse');
  await callum.says(`not yet home ${MARK}`, 'Refuse');
  await names.opens(callum, callum.part('SANDPIPER').getByRole('button', { name: /^Read back SANDPIPER/ }), 'reading back', 'Read back');
  await callum.page.getByRole('button', { name: /^Accept all 1/ }).click();
  await callum.status('3 patients: 2 accepted, 1 refused');
  for (const who of [joy, callum]) {
    await who.page.getByRole('button', { name: 'Sign off', exact: true }).click();
    if (who === callum) await names.asks(callum, 'signing off', 'Sign off');
    await who.page.getByRole('dialog').getByRole('button', { name: 'Sign off', exact: true }).click();
  }
  for (const who of [joy, callum]) await who.status('Signed off by both sides');
  await names.of(callum, 'signed off');
  await callum.handover(TEAM);
  await callum.page.getByText('Handovers of this team').click();
  await callum.sheet('SANDPIPER');
  await callum.page.getByText('Handovers of this patient').click();
  await names.of(callum, 'the sheet of somebody who was handed over');
  names.end();
});

test('a patient: found, why, and all that there is about them', async () => {
  const names = new Names('patient', MARK);
  const { page, talk } = joy;
  const patients = new Patients(talk);
  await patients.open();
  await patients.find('sandpiper');
  await names.of(joy, 'found');
  await patients.results().first().click();
  await page.getByRole('tab', { name: 'Timeline' }).waitFor();
  await page.getByRole('button', { name: 'Write about this patient' }).click();
  await names.asks(joy, 'writing about them', 'Write about this patient');
  await page.getByRole('dialog').getByRole('button', { name: TEAM }).click();
  await talk.say(`Dressing at four ${MARK}`);
  await talk.message(`Dressing at four ${MARK}`).getByRole('link', { name: /About patient/ }).click();
  await page.getByRole('tabpanel').getByText(`Dressing at four ${MARK}`).waitFor();
  await names.of(joy, 'timeline');
  for (const tab of ['Tasks', 'Handover', 'People and teams', 'Details']) {
    await patients.tab(tab);
    await names.of(joy, tab.toLowerCase());
  }
  await patients.banner().getByRole('button', { name: 'Show more about this patient' }).click();
  await names.of(joy, 'the banner, opened', '.baton-banner');
  await names.opens(joy, page.getByRole('button', { name: 'Add to a list' }), 'adding to a list', /^Add/);
  const elsewhere = new Patients(karen.talk);
  await elsewhere.open();
  await elsewhere.find('sandpiper');
  await elsewhere.results().first().click();
  await karen.page.getByLabel('Another reason').check();
  await names.of(karen, 'why it is opened');
  names.end();
});

test('what was held is handed back, and nothing went wrong on any screen', async () => {
  await callum.roles();
  await callum.role(REG).getByRole('button', { name: `Hand back ${REG}` }).click();
  await callum.holds('You hold no role');
  assert.deepEqual(stage.complaints, []);
});
