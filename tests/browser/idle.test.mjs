// A device that nobody touches locks by itself, and says so before. Its clock and its timers run twenty times as fast here.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { runFaster } from './clock.mjs';
import { Stage } from './stage.mjs';
import { Talk } from './talk.mjs';

const MAREK = { subject: 'marek.kowalski', find: 'kowal', name: 'Mr Marek Kowalski' };
const MARK = Math.random().toString(36).slice(2, 8);
const TIMES = 20;

let stage;
let marek;

before(async () => {
  stage = await Stage.open();
  marek = new Talk(await stage.signedIn(MAREK.subject));
  await marek.live();
  await marek.page.getByRole('link', { name: 'Device' }).click();
  await marek.page.getByLabel('New PIN').fill('2580');
  await marek.page.getByRole('button', { name: 'Set PIN' }).click();
  await marek.page.getByText('Your PIN is set.').waitFor();
});
after(() => stage.close());

async function locked() {
  await marek.page.getByRole('heading', { name: 'Baton is locked' }).waitFor();
}

async function unlock() {
  await marek.page.getByLabel('PIN', { exact: true }).fill('2580');
  await marek.page.getByRole('button', { name: 'Unlock', exact: true }).click();
  await marek.page.getByRole('region', { name: 'Inbox' }).waitFor();
}

function seconds() {
  return marek.page.evaluate(() => Date.now() / 1000);
}

test('it locks after two minutes without a touch, warns twenty seconds before, and whoever touches it stays', async () => {
  const { page } = marek;
  await page.getByRole('button', { name: 'Lock', exact: true }).click();
  await locked();
  await runFaster(page, TIMES);
  await unlock();
  await marek.open('Ward 7');
  await marek.field().fill(`half a sentence ${MARK}`);
  const touched = await seconds();
  const warning = page.getByText('Locks in a few seconds');
  await warning.waitFor();
  const warned = (await seconds()) - touched;
  assert.ok(warned >= 95, `it warned after ${warned} s`);
  await page.mouse.move(200, 200);
  await warning.waitFor({ state: 'detached' });
  const stayed = await seconds();
  await warning.waitFor();
  await locked();
  const idle = (await seconds()) - stayed;
  assert.ok(idle >= 115, `it locked after ${idle} s`);
  assert.equal(await page.getByText(`half a sentence ${MARK}`).count(), 0, 'nothing is readable');
  await unlock();
  await marek.open('Ward 7');
  assert.equal(await marek.field().inputValue(), `half a sentence ${MARK}`);
});

test('no page complained', () => assert.deepEqual(stage.complaints, []));
