// A list on which people are not of one mind: what the record refuses comes back with its text, two titles stand until somebody
// settles them, a row is dragged. And lists that fill themselves by consultant and by GP practice.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { bringIn } from './patients.mjs';
import { HOSPITAL, Sheet, bringWards } from './sheet.mjs';
import { Stage } from './stage.mjs';
import { absent } from './talk.mjs';

const MARK = Math.random().toString(36).slice(2, 8);
const TITLE = `Round ${MARK}`;
const CONSULTANT = `Dr ${MARK}`;
const PRACTICE = 'Y99001';

let stage;
let siobhan;
let marek;

before(async () => {
  await bringWards();
  stage = await Stage.open();
  [siobhan, marek] = await Promise.all(['siobhan.byrne', 'marek.kowalski'].map((subject) => Sheet.arrive(stage, subject)));
  await siobhan.make(TITLE, 'Ward 7');
  for (const [typed, name] of [['hughes gwen', 'HUGHES'], ['delaney', 'DELANEY'], ['eastwood', 'EASTWOOD']]) {
    await siobhan.add(typed, name);
    await siobhan.row(name).waitFor();
  }
  await marek.open(TITLE);
  await marek.row('EASTWOOD').waitFor();
});
after(() => stage.close());

async function offline(one, does) {
  await one.page.context().setOffline(true);
  await one.talk.connection(/Offline since/);
  await does();
  await one.page.context().setOffline(false);
  await one.talk.live();
}

const refused = () => marek.page.getByRole('alert').filter({ hasText: 'Not taken by the record' });

test('what is written about somebody who was taken off meanwhile comes back with its text and a reason', async () => {
  await offline(marek, async () => {
    await marek.write('DELANEY', 'Jobs', `bloods ${MARK}`);
    await marek.cell('DELANEY', 'Jobs').getByText('On this device').waitFor();
    await siobhan.act('DELANEY', 'Take off the list');
    await siobhan.row('DELANEY').waitFor({ state: 'detached' });
  });
  await refused().getByText(`bloods ${MARK}`).waitFor();
  await refused().getByText('This patient is not on the list any more. Put them on it again first, then write this again.').waitFor();
  await refused().getByRole('button', { name: 'Correct' }).click();
  await marek.page.getByText('The patient is not on the list any more. Add them again, then correct this.').waitFor();
  await refused().getByText(`bloods ${MARK}`).waitFor();
});

test('it is corrected once they are on the list again, and nothing of it was lost', async () => {
  await siobhan.add('delaney', 'DELANEY');
  await marek.row('DELANEY').waitFor();
  await refused().getByRole('button', { name: 'Correct' }).click();
  assert.equal(await marek.field('DELANEY', 'Jobs').inputValue(), `bloods ${MARK}`);
  await marek.cell('DELANEY', 'Jobs').getByRole('button', { name: 'Save' }).click();
  await siobhan.cell('DELANEY', 'Jobs').getByText(`bloods ${MARK}`).waitFor();
  await absent(refused(), 'it was corrected');
});

test('what was refused is given up only by its author’s own hand', async () => {
  await offline(marek, async () => {
    await marek.write('DELANEY', 'Summary', `well ${MARK}`);
    await siobhan.act('DELANEY', 'Take off the list');
    await siobhan.row('DELANEY').waitFor({ state: 'detached' });
  });
  await refused().getByText(`well ${MARK}`).waitFor();
  await marek.page.reload();
  await marek.talk.live();
  await refused().getByText(`well ${MARK}`).waitFor();
  await refused().getByRole('button', { name: 'Discard' }).click();
  await refused().waitFor({ state: 'detached' });
});

test('two titles given at the same time both stand until somebody settles them', async () => {
  const rename = async (one, title) => {
    await one.more();
    await one.page.getByRole('button', { name: 'Rename' }).click();
    await one.page.getByRole('dialog').getByLabel('Title').fill(title);
    await one.page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await one.page.getByRole('dialog').waitFor({ state: 'detached' });
  };
  await offline(marek, async () => {
    await rename(marek, `Early ${MARK}`);
    await rename(siobhan, `Late ${MARK}`);
  });
  for (const one of [siobhan, marek]) {
    const told = one.page.getByText(/Two people changed the title at the same time/);
    await told.waitFor();
    for (const title of [`Early ${MARK}`, `Late ${MARK}`]) assert.ok((await told.textContent()).includes(title), title);
  }
  await rename(siobhan, `Settled ${MARK}`);
  for (const one of [siobhan, marek]) {
    await one.page.getByRole('heading', { level: 2, name: `Settled ${MARK}` }).waitFor();
    await one.page.getByText(/Two people changed the title/).waitFor({ state: 'detached' });
  }
});

test('a row is dragged to another place, and stands there for everybody', async () => {
  for (const one of [siobhan, marek]) {
    await one.more();
    await one.page.getByLabel('Order', { exact: true }).selectOption('own');
  }
  await siobhan.add('delaney', 'DELANEY');
  // What other files of a run left to be told stands above the list, and has its rows scroll under the pointer.
  const seen = siobhan.page.getByRole('region', { name: 'Your roles' }).getByRole('button', { name: /^Seen / });
  while ((await seen.count()) > 0) await seen.first().dispatchEvent('click');
  for (const one of [siobhan, marek]) await one.row('DELANEY').waitFor();
  assert.deepEqual(await siobhan.order(), ['HUGHES', 'EASTWOOD', 'DELANEY']);
  await siobhan.row('DELANEY').locator('.baton-row__grip').dragTo(siobhan.row('HUGHES'));
  const first = (name) => document.querySelector('tr[data-patient] .baton-patient-line__name').textContent.startsWith(name);
  for (const one of [siobhan, marek]) {
    await one.page.waitForFunction(first, 'DELANEY');
    assert.deepEqual(await one.order(), ['DELANEY', 'HUGHES', 'EASTWOOD']);
  }
});

test('lists of a consultant and of a GP practice fill themselves, and say what they include', async () => {
  const number = (at) => `L${MARK}${at}`;
  const patient = (at, rest) => ({ assigner: HOSPITAL, number: number(at), family: `LISTED${at}`, given: 'Pat', born: '1950-01-01', gender: 'female', ...rest });
  await bringIn([
    patient(1, { visit_number: `W${number(1)}`, visit: 'admitted', facility: HOSPITAL, ward: 'Ward 9', consultant: CONSULTANT }),
    patient(2, { visit_number: `W${number(2)}`, visit: 'admitted', facility: HOSPITAL, ward: 'Ward 9', gp_ods: PRACTICE }),
  ]);
  for (const [kind, field, of, family] of [
    ['A consultant', /^Consultant/, CONSULTANT, 'LISTED1'],
    ['A GP practice', /^ODS code/, PRACTICE, 'LISTED2'],
  ]) {
    const title = `${kind} ${MARK}`;
    await siobhan.all();
    await siobhan.page.getByRole('button', { name: 'Make a list' }).click();
    await siobhan.page.getByLabel('Title').fill(title);
    await siobhan.page.getByLabel('Whose list').selectOption({ label: 'Ward 7' });
    await siobhan.page.getByLabel('Its patients').selectOption({ label: kind });
    await siobhan.page.getByLabel(field).fill(of);
    await siobhan.page.getByRole('button', { name: 'Make the list' }).click();
    await siobhan.page.getByRole('heading', { level: 2, name: title }).waitFor();
    await siobhan.row(family).waitFor();
    await siobhan.page.locator('.baton-sheet__includes').filter({ hasText: of }).waitFor();
  }
});

test('no page complained', () => assert.deepEqual(stage.complaints, []));
