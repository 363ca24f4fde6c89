// What other people do, and what the device does by itself, takes nobody out of what they are writing or about to press: the field
// keeps the focus, the caret and the words; the menu that is open stays open; what has the focus does not become another.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Hands } from './hands.mjs';
import { Patients } from './patients.mjs';
import { bringWards } from './sheet.mjs';
import { Stage } from './stage.mjs';

const MARK = Math.random().toString(36).slice(2, 8);
const GROUP = `Curlew ${MARK}`;
const OTHER = `Dunlin ${MARK}`;
const AMINA = { find: 'khan', name: 'Dr Amina Khan' };
const GRACE = { find: 'grace', name: 'Mrs Grace Adeyemi' };
const MAREK = { find: 'kowal', name: 'Mr Marek Kowalski' };
const DANIEL = { find: 'osei', name: 'Mr Daniel Osei' };

let stage;
let siobhan;
let amina;

before(async () => {
  await bringWards();
  stage = await Stage.open();
  [siobhan, amina] = await Promise.all(['siobhan.byrne', 'amina.khan'].map((subject) => Hands.start(stage, subject)));
});
after(() => stage.close());

/** What has the focus, as a screen reader calls it. */
const focused = (who) => who.page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.id ?? document.activeElement.textContent);

test('a message that is being written stays in hand while somebody joins', async () => {
  await siobhan.talk.start([AMINA, DANIEL], GROUP);
  await siobhan.talk.say(`first ${MARK}`);
  await amina.talk.open(GROUP);
  await amina.talk.message(`first ${MARK}`).waitFor();
  await amina.talk.field().press('a');
  await siobhan.talk.add(GRACE);
  await amina.page.locator('main').getByText('4 members').waitFor();
  await amina.page.keyboard.type(` bed is ready ${MARK}`);
  assert.equal(await amina.talk.field().inputValue(), `a bed is ready ${MARK}`);
  await amina.page.keyboard.press('Enter');
  await siobhan.talk.message(`a bed is ready ${MARK}`).waitFor();
});

test('a name that is being written stays in hand while somebody joins', async () => {
  await siobhan.talk.open(GROUP);
  await siobhan.talk.details();
  const name = siobhan.page.getByLabel('Name of the conversation');
  await name.fill(`Curlew and ${MARK}`);
  await name.press('Home');
  await amina.talk.add(MAREK);
  await siobhan.page.getByRole('heading', { name: '5 members' }).waitFor();
  await siobhan.page.keyboard.type('The ');
  assert.equal(await name.inputValue(), `The Curlew and ${MARK}`);
});

test('the menu of a message stays open, where it is, when its author writes again', async () => {
  await amina.talk.open(GROUP);
  await amina.talk.say(`one ${MARK}`);
  await siobhan.talk.open(GROUP);
  await siobhan.talk.message(`one ${MARK}`).hover();
  await siobhan.talk.message(`one ${MARK}`).getByRole('button', { name: /^Actions for/ }).click();
  await siobhan.page.keyboard.press('ArrowDown');
  const at = () => siobhan.page.evaluate(() => document.activeElement.textContent);
  assert.equal(await at(), 'Make a task');
  await amina.talk.say(`two ${MARK}`);
  await siobhan.talk.message(`two ${MARK}`).waitFor();
  assert.equal(await at(), 'Make a task');
  await siobhan.page.keyboard.press('Escape');
});

test('a conversation that has the focus keeps it when another comes to stand above it', async () => {
  await siobhan.talk.start([AMINA, GRACE], OTHER);
  await siobhan.talk.say(`other ${MARK}`);
  await amina.talk.listed(OTHER).waitFor();
  const row = siobhan.talk.listed(OTHER);
  await row.focus();
  await amina.talk.say(`three ${MARK}`);
  await siobhan.page.waitForFunction(([above, below]) => {
    const all = [...document.querySelectorAll('.baton-list__rows a')].map((row) => row.textContent);
    const place = (title) => all.findIndex((text) => text.includes(title));
    return place(above) < place(below);
  }, [GROUP, OTHER]);
  await siobhan.page.waitForFunction((title) => document.activeElement.textContent.includes(title), OTHER);
});

test('under one heading of a sheet one writes on, whatever others say of the patient, and no other heading takes the focus', async () => {
  await siobhan.make(`Board ${MARK}`, 'Ward 7', 'Ward 7');
  await siobhan.page.getByText('11 patients', { exact: true }).waitFor();
  await siobhan.handover('Ward 7');
  await siobhan.sheet('EASTWOOD');
  await amina.handover('Ward 7');
  await amina.sheet('EASTWOOD');
  // One is open, and nothing is written in it yet.
  await siobhan.note('Resuscitation status').getByRole('button', { name: /^(Write|Change) Resuscitation status$/ }).click();
  await siobhan.begin('Situation', `falls ${MARK}`);
  await siobhan.words('Situation').press('Home');
  const sick = amina.page.getByRole('group', { name: 'How sick they are' });
  for (const [words, next] of [['Unstable', 'two '], ['Watch', 'more ']]) {
    await sick.getByRole('button', { name: new RegExp(`^${words}`) }).click();
    await siobhan.page.getByText(new RegExp(`^${words}.*, said by .*Khan`)).waitFor();
    await siobhan.page.keyboard.type(next);
  }
  assert.equal(await siobhan.words('Situation').inputValue(), `two more falls ${MARK}`);
  assert.match(await focused(siobhan), /^Situation of /);
  for (const title of ['Situation', 'Resuscitation status']) await siobhan.note(title).getByRole('button', { name: `Discard ${title}` }).click();
});

test('a conversation that is about to be chosen stays the same button while another comes to stand above it', async () => {
  await new Patients(siobhan.talk).look('900 100 0371', 'ASHWORTH');
  await siobhan.page.getByRole('button', { name: 'Write about this patient' }).click();
  const dialog = siobhan.page.getByRole('dialog');
  await amina.talk.open(OTHER);
  await amina.talk.say(`four ${MARK}`);
  const first = (title) => dialog.getByRole('list', { name: 'Conversations' }).getByRole('listitem').first().filter({ hasText: title }).waitFor();
  await first(OTHER);
  const aimed = await dialog.getByRole('button').filter({ hasText: OTHER }).elementHandle();
  await amina.talk.open(GROUP);
  await amina.talk.say(`five ${MARK}`);
  await first(GROUP);
  assert.ok(await aimed.evaluate((button, title) => button.isConnected && button.textContent.includes(title), OTHER));
  await dialog.getByRole('button', { name: 'Close' }).click();
});

test('a passphrase that is being chosen stays while the device looks at its lease', async () => {
  await siobhan.page.getByRole('link', { name: 'Device' }).click();
  await siobhan.page.getByRole('button', { name: 'Keep on this device' }).click();
  await siobhan.page.getByLabel('New passphrase').fill(`kettle mango ${MARK}`);
  // It looks every five seconds.
  await new Promise((done) => setTimeout(done, 6_000));
  assert.equal(await siobhan.page.getByLabel('New passphrase').inputValue(), `kettle mango ${MARK}`);
  await siobhan.page.getByRole('button', { name: 'Cancel', exact: true }).click();
});
