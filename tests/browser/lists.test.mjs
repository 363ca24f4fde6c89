// Lists of patients: made, filled, written in by several people at once, offline, moved, copied, put away, printed; by mouse and by
// keyboard alone. Nobody is hidden silently, and nothing that was written is lost.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { bringIn } from './patients.mjs';
import { pages } from './pdf.mjs';
import { HOSPITAL, Sheet, bringWards } from './sheet.mjs';
import { SIZES, Stage } from './stage.mjs';
import { absent } from './talk.mjs';

const MARK = Math.random().toString(36).slice(2, 8);
const BOARD = `Board ${MARK}`;
const HANDOVER = `Handover ${MARK}`;
const MINE = `Mine ${MARK}`;

let stage;
let siobhan;
let marek;
let grace;

before(async () => {
  await bringWards();
  stage = await Stage.open();
  [siobhan, marek, grace] = await Promise.all(['siobhan.byrne', 'marek.kowalski', 'grace.adeyemi'].map((subject) => Sheet.arrive(stage, subject)));
});
after(() => stage.close());

test('an administrator makes a list of a ward, and everybody on the ward is on it by themselves', async () => {
  await siobhan.make(BOARD, 'Ward 7', 'Ward 7');
  await siobhan.page.getByText('11 patients', { exact: true }).waitFor();
  await siobhan.page.getByText('Patients of Ward 7, RXT, kept by the hospital’s feed').waitFor();
  await siobhan.page.getByText('Sorted by bed').waitFor();
  await siobhan.page.getByText(/As of \d\d:\d\d/).waitFor();
  assert.deepEqual((await siobhan.order()).slice(0, 3), ['IQBAL', 'GREENHALGH', 'EASTWOOD'], 'by room, then by bed as a number');
  for (const family of ['TRELAWNEY', 'TRELAWNY,']) await siobhan.row(family).first().getByText('Similar name').waitFor();
  await marek.open(BOARD);
  await marek.row('IQBAL').getByText('900 100 3702').waitFor();
  await marek.row('IQBAL').getByText('Bed 4').waitFor();
});

test('a list of one’s own is made, a patient is added, and a like name is asked about', async () => {
  await grace.make(MINE, 'My lists');
  await grace.add('trelawney', 'TRELAWNEY, Arthur');
  await grace.row('TRELAWNEY').waitFor();
  await grace.add('trelawny', 'TRELAWNY, Artur');
  const dialog = grace.page.getByRole('dialog');
  await dialog.getByText('A patient with a similar name is on this list').waitFor();
  await dialog.getByText('900 100 5551').waitFor();
  await dialog.getByRole('button', { name: /^Yes, TRELAWNY/ }).click();
  await grace.page.getByText('2 patients', { exact: true }).waitFor();
  await siobhan.all();
  await absent(siobhan.page.getByText(MINE), 'what is one’s own is nobody else’s');
});

test('from the inbox a patient is added to a list in three taps, and a list is taken on a visit in three', async () => {
  await grace.talk.inbox();
  let taps = 0;
  const tap = async (locator) => {
    taps += 1;
    await locator.click();
  };
  await tap(grace.page.getByRole('link', { name: 'Patients', exact: true }));
  await tap(grace.page.getByRole('button', { name: `Add a patient to ${MINE}` }));
  await grace.page.getByRole('dialog').getByRole('searchbox').fill('llewellyn');
  await tap(grace.page.getByRole('dialog').getByRole('button', { name: /^Add.*LLEWELLYN/ }));
  await grace.page.getByText('3 patients').waitFor();
  assert.ok(taps <= 3, `${taps} taps`);
  await grace.talk.inbox();
  taps = 0;
  await tap(grace.page.getByRole('link', { name: 'Patients', exact: true }));
  await tap(grace.page.getByRole('link').filter({ hasText: MINE }));
  await tap(grace.page.getByRole('button', { name: 'Take on a visit' }));
  await grace.page.getByText(/Ready to go offline|Not ready yet/).waitFor();
  assert.ok(taps <= 3, `${taps} taps`);
  await grace.page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
});

test('what one writes is on this device, then sent, and marked as changed for the others until they say that they saw it', async () => {
  await siobhan.open(BOARD);
  await siobhan.write('IQBAL', 'Jobs', `Chase bloods ${MARK}`);
  await siobhan.cell('IQBAL', 'Jobs').getByText('Sent').waitFor();
  await marek.cell('IQBAL', 'Jobs').getByText(`Chase bloods ${MARK}`).waitFor();
  await marek.cell('IQBAL', 'Jobs').getByText('Changed', { exact: true }).waitFor();
  await marek.page.getByText('1 row changed').waitFor();
  await marek.page.getByRole('button', { name: 'Mark what is on the screen as seen' }).click();
  await marek.page.getByText(/Nothing changed by others since you last looked/).waitFor();
  await absent(marek.cell('IQBAL', 'Jobs').getByText('Changed', { exact: true }), 'it was seen');
});

test('what is hidden by a filter is said, and is not marked as seen with the rest', async () => {
  await siobhan.write('EASTWOOD', 'Flags', 'falls, isolate');
  await siobhan.write('HUGHES', 'Summary', `hip ${MARK}`);
  await marek.cell('HUGHES', 'Summary').getByText(`hip ${MARK}`).waitFor();
  await marek.more();
  await marek.page.getByLabel('Flags').selectOption('falls');
  await marek.page.getByText('1 of 11 shown. Filter “Flags: falls” hides 10.').waitFor();
  assert.deepEqual(await marek.order(), ['EASTWOOD']);
  await marek.page.getByRole('button', { name: 'Mark what is on the screen as seen' }).click();
  await marek.page.getByText('1 row changed').waitFor();
  await marek.page.getByRole('button', { name: 'Show everybody' }).click();
  await marek.cell('HUGHES', 'Summary').getByText('Changed', { exact: true }).waitFor();
  await absent(marek.cell('EASTWOOD', 'Flags').getByText('Changed', { exact: true }), 'it was on the screen');
});

test('rows are grouped by location, sorted, and the choice is there after a reload', async () => {
  await marek.page.getByLabel('Group by').selectOption('location');
  await marek.page.getByRole('rowheader', { name: /Ward 7, Bay C\s+2 patients/ }).waitFor();
  await marek.page.getByLabel('Order', { exact: true }).selectOption('name');
  await marek.page.getByText('Sorted by name, grouped by location').waitFor();
  await marek.page.waitForTimeout(400);
  await marek.page.reload();
  await marek.talk.live();
  await marek.page.getByText('Sorted by name, grouped by location').waitFor();
  await marek.more();
  await marek.page.getByLabel('Group by').selectOption('');
  await marek.page.getByLabel('Order', { exact: true }).selectOption('bed');
});

test('two who write in one cell at once lose nothing: both versions stand side by side until one of them settles it', async () => {
  await siobhan.begin('DELANEY', 'Summary', `stable ${MARK}`);
  await marek.write('DELANEY', 'Summary', `worse ${MARK}`);
  await siobhan.cell('DELANEY', 'Summary').getByText(/Marek Kowalski wrote at/).waitFor();
  await siobhan.cell('DELANEY', 'Summary').getByRole('button', { name: 'Save' }).click();
  for (const one of [siobhan, marek]) {
    const cell = one.cell('DELANEY', 'Summary');
    await cell.getByText('2 versions wait to be settled').waitFor();
    for (const words of [`stable ${MARK}`, `worse ${MARK}`]) await cell.getByText(words, { exact: true }).waitFor();
  }
  await siobhan.cell('DELANEY', 'Summary').click();
  const dialog = siobhan.page.getByRole('dialog');
  await dialog.getByRole('listitem').filter({ hasText: `worse ${MARK}` }).getByRole('button', { name: 'Keep this one' }).click();
  for (const one of [siobhan, marek]) {
    await one.cell('DELANEY', 'Summary').getByText('2 versions wait').waitFor({ state: 'detached' });
    await one.cell('DELANEY', 'Summary').getByText(`worse ${MARK}`).waitFor();
  }
  await siobhan.act('DELANEY', 'History');
  await siobhan.page.getByText('All of it, as the record has it').waitFor();
  for (const words of [`stable ${MARK}`, `worse ${MARK}`]) await siobhan.page.getByRole('dialog').getByText(`To “${words}”`).first().waitFor();
  await siobhan.page.keyboard.press('Escape');
});

test('offline the list is there, says as of when, takes what is written, and settles when the network is back', async () => {
  await marek.page.context().setOffline(true);
  await marek.talk.connection(/Offline since/);
  await marek.page.getByText(/As of \d\d:\d\d, .* ago/).waitFor();
  await marek.write('BAPTISTE', 'Jobs', `offline ${MARK}`);
  await marek.cell('BAPTISTE', 'Jobs').getByText('On this device').waitFor();
  await siobhan.write('BAPTISTE', 'Jobs', `online ${MARK}`);
  await siobhan.cell('BAPTISTE', 'Jobs').getByText('Sent').waitFor();
  await marek.page.context().setOffline(false);
  await marek.talk.live();
  for (const one of [siobhan, marek]) {
    const cell = one.cell('BAPTISTE', 'Jobs');
    await cell.getByText('2 versions wait to be settled').waitFor();
    for (const words of [`offline ${MARK}`, `online ${MARK}`]) await cell.getByText(words, { exact: true }).waitFor();
  }
  await marek.cell('BAPTISTE', 'Jobs').click();
  await marek.page.getByRole('dialog').getByRole('button', { name: 'Write a new one' }).click();
  await marek.field('BAPTISTE', 'Jobs').fill(`both ${MARK}`);
  await marek.cell('BAPTISTE', 'Jobs').getByRole('button', { name: 'Save' }).click();
  await siobhan.cell('BAPTISTE', 'Jobs').getByText(`both ${MARK}`).waitFor();
});

test('what was not saved is a draft, over a reload too', async () => {
  await marek.begin('CHAUDHRY', 'Jobs', `half a sentence ${MARK}`);
  await marek.page.keyboard.press('Escape');
  await marek.cell('CHAUDHRY', 'Jobs').getByText('Not saved:').waitFor();
  await marek.page.waitForTimeout(400);
  await marek.page.reload();
  await marek.talk.live();
  await marek.cell('CHAUDHRY', 'Jobs').getByText(`half a sentence ${MARK}`).waitFor();
  await absent(siobhan.page.getByText(`half a sentence ${MARK}`), 'nobody else sees it');
  await marek.cell('CHAUDHRY', 'Jobs').click();
  await marek.cell('CHAUDHRY', 'Jobs').getByRole('button', { name: 'Discard' }).click();
  await absent(marek.page.getByText(`half a sentence ${MARK}`), 'it was given up');
});

test('by keyboard alone one goes through the cells, writes in one after the other, moves a row and opens a menu', async () => {
  const { page } = siobhan;
  await siobhan.cell('EASTWOOD', 'Summary').focus();
  await page.keyboard.press('F2');
  await page.keyboard.type('by keyboard');
  await page.keyboard.press('Tab');
  await siobhan.field('EASTWOOD', 'Jobs').waitFor();
  await page.keyboard.type('next cell');
  await page.keyboard.press('Enter');
  await siobhan.cell('EASTWOOD', 'Summary').getByText('by keyboard').waitFor();
  await siobhan.cell('EASTWOOD', 'Jobs').getByText('next cell').waitFor();
  assert.ok(await siobhan.cell('EASTWOOD', 'Jobs').evaluate((cell) => cell === document.activeElement), 'the focus is where one wrote');
  await page.keyboard.press('ArrowDown');
  assert.ok(await siobhan.cell('CHAUDHRY', 'Jobs').evaluate((cell) => cell === document.activeElement), 'the row below');
  await siobhan.more();
  await page.getByLabel('Order', { exact: true }).selectOption('own');
  const before = await siobhan.order();
  await siobhan.cell(before[1], 'Jobs').focus();
  await page.keyboard.press('Alt+ArrowUp');
  await page.waitForFunction((first) => document.querySelector('tr[data-patient] .baton-patient-line__name').textContent.startsWith(first), before[1]);
  assert.deepEqual((await siobhan.order()).slice(0, 2), [before[1], before[0]]);
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Move down', exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByLabel('Order', { exact: true }).selectOption('bed');
});

test('who leaves the ward is marked as left and stays, until somebody takes them off, which can be undone', async () => {
  await bringIn([{ assigner: HOSPITAL, number: 'T1008', visit_number: 'V1008', visit: 'admitted', facility: HOSPITAL, ward: 'Ward 9', room: 'Bay A', bed: '7' }]);
  for (const one of [siobhan, marek]) await one.row('IQBAL').getByText(/^Left at \d\d:\d\d/).waitFor();
  await siobhan.act('IQBAL', 'Take off the list');
  await marek.row('IQBAL').waitFor({ state: 'detached' });
  await marek.page.getByText('1 taken off the list since').waitFor();
  await siobhan.page.getByRole('button', { name: 'Undo' }).click();
  await marek.row('IQBAL').waitFor();
  await marek.cell('IQBAL', 'Jobs').getByText(`Chase bloods ${MARK}`).waitFor();
  await siobhan.act('IQBAL', 'Take off the list');
  await siobhan.page.getByText('10 patients', { exact: true }).waitFor();
});

test('a list is renamed, copied with what is written, put into the archive and taken out', async () => {
  await siobhan.page.getByRole('button', { name: 'Rename' }).click();
  await siobhan.page.getByRole('dialog').getByLabel('Title').fill(HANDOVER);
  await siobhan.page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await marek.page.getByRole('heading', { level: 2, name: HANDOVER }).waitFor();
  await siobhan.more();
  await siobhan.page.getByRole('button', { name: 'Copy this list' }).click();
  await siobhan.page.getByRole('dialog').getByLabel('Title').fill(`Copy ${MARK}`);
  await siobhan.page.getByRole('dialog').getByRole('button', { name: 'Copy', exact: true }).click();
  await siobhan.page.getByRole('heading', { level: 2, name: `Copy ${MARK}` }).waitFor();
  await siobhan.page.getByText('10 patients', { exact: true }).waitFor();
  await siobhan.cell('BAPTISTE', 'Jobs').getByText(`both ${MARK}`).waitFor();
  await siobhan.more();
  await siobhan.page.getByRole('button', { name: 'Archive' }).click();
  await siobhan.page.getByRole('dialog').getByRole('button', { name: 'Archive', exact: true }).click();
  await siobhan.page.getByText(/In the archive since/).waitFor();
  await absent(siobhan.page.getByRole('button', { name: 'Add a patient' }), 'nothing is changed in the archive');
  await siobhan.page.getByRole('button', { name: 'Take out of the archive' }).click();
  await siobhan.page.getByRole('dialog').getByRole('button', { name: 'Take out', exact: true }).click();
  await siobhan.page.getByRole('button', { name: 'Add a patient' }).waitFor();
});

test('columns are hidden for oneself, and added for everybody', async () => {
  await siobhan.open(HANDOVER);
  await siobhan.more();
  await siobhan.page.getByRole('button', { name: 'Columns' }).click();
  const dialog = siobhan.page.getByRole('dialog');
  await dialog.getByLabel('A new column, for everybody').fill('Lines');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.getByLabel('Flags').uncheck();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await absent(siobhan.page.getByRole('columnheader', { name: 'Flags' }), 'hidden');
  await marek.page.getByRole('columnheader', { name: 'Lines' }).waitFor();
  await marek.page.getByRole('columnheader', { name: 'Flags' }).waitFor();
  await siobhan.write('HUGHES', 'Lines', 'PICC');
  await marek.cell('HUGHES', 'Lines').getByText('PICC').waitFor();
});

test('on paper each page says whose list it is, who printed it and when, and no row goes over two pages', async () => {
  await siobhan.page.getByRole('link', { name: 'Print', exact: true }).click();
  await siobhan.page.getByText(/Printed by Ms Siobhan Byrne|Printed by/).waitFor();
  const print = async () => pages(await siobhan.page.pdf({ preferCSSPageSize: true, printBackground: true }));
  const across = await print();
  assert.deepEqual([across[0].width, across[0].height], [297, 210]);
  for (const [at, page] of across.entries()) {
    for (const words of [`Ward 7: ${HANDOVER}`, 'Printed by', 'Confidential: NHS patient data. Shred after use.', `Page ${at + 1} of ${across.length}`, 'Sorted by', 'Patient']) {
      assert.ok(page.text.includes(words), `page ${at + 1} says “${words}”: ${page.text}`);
    }
  }
  const all = across.map((page) => page.text).join(' ');
  for (const words of ['HUGHES, Gwen (Mrs)', '900 100 3338', 'PICC', `both ${MARK}`, '10 patients']) assert.ok(all.includes(words), words);
  for (const words of ['Inbox', 'Add a patient', 'Flags']) assert.ok(!all.includes(words), `${words} is not on paper`);
  await siobhan.page.getByLabel(/^Upright/).check();
  const upright = await print();
  assert.deepEqual([upright[0].width, upright[0].height], [210, 297]);
  await siobhan.page.locator('main').getByRole('link', { name: 'Back', exact: true }).click();
});

test('on a tablet whose row it is stays in view, however far to the side one looks', async () => {
  await marek.page.setViewportSize(SIZES[1]);
  const region = marek.page.locator('.baton-sheet__scroll');
  await region.evaluate((region) => (region.scrollLeft = region.scrollWidth));
  const [pane, name, last] = await Promise.all(
    [region, marek.row('GREENHALGH').getByRole('rowheader'), marek.row('GREENHALGH').getByRole('button', { name: /^Actions for/ })].map((one) => one.boundingBox()),
  );
  assert.ok(await region.evaluate((region) => region.scrollLeft > 0), 'the list is wider than the pane');
  assert.ok(name.x >= pane.x - 1, `the name begins at ${name.x}, the pane at ${pane.x}`);
  assert.ok(name.x + name.width <= last.x, 'the name covers no control');
  await marek.page.setViewportSize(SIZES[2]);
});

test('on a phone each row is a card, which can be written in', async () => {
  await marek.page.setViewportSize(SIZES[0]);
  assert.equal(await marek.page.evaluate(() => document.documentElement.scrollWidth), SIZES[0].width, 'nothing is wider than the phone');
  await marek.write('GREENHALGH', 'Summary', `from a phone ${MARK}`);
  await siobhan.cell('GREENHALGH', 'Summary').getByText(`from a phone ${MARK}`).waitFor();
  await marek.page.setViewportSize(SIZES[2]);
});

test('no screen has a barrier that can be told, on a phone or a desktop, light or dark', async () => {
  const found = [];
  const { page } = siobhan;
  for (const viewport of [SIZES[0], SIZES[2]]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      const look = async (screen) => {
        for (const barrier of await siobhan.talk.person.barriers()) found.push(`${screen}, ${viewport.width}, ${colorScheme}: ${barrier}`);
      };
      await siobhan.all();
      await look('lists');
      await page.getByRole('button', { name: 'Make a list' }).click();
      await look('make');
      await page.keyboard.press('Escape');
      await siobhan.open(HANDOVER);
      await siobhan.more();
      await siobhan.begin('HUGHES', 'Jobs', 'x');
      await look('list');
      await siobhan.cell('HUGHES', 'Jobs').getByRole('button', { name: 'Discard' }).click();
      for (const [what, button] of [['columns', 'Columns'], ['history', 'History of this list'], ['copy', 'Copy this list']]) {
        await page.getByRole('button', { name: button }).click();
        await page.getByRole('dialog').waitFor();
        await look(what);
        await page.keyboard.press('Escape');
      }
      await siobhan.row('HUGHES').getByRole('button', { name: /^Actions for/ }).click();
      await look('row');
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: 'Print', exact: true }).click();
      await look('print');
    }
  }
  assert.deepEqual(found, []);
});

test('no page complained', () => assert.deepEqual(stage.complaints, []));
