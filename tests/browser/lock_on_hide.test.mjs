// A record whose policy is to lock a device as soon as the app is out of sight (BATON_LOCK_ON_HIDE): for this file the record is
// started so (xtask/src/test/browser.rs).

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Device } from './device.mjs';
import { Talk } from './talk.mjs';

const MAREK = 'marek.kowalski';
const PASSPHRASE = 'kettle mango saddle lemon';
const MARK = Math.random().toString(36).slice(2, 8);

let tablet;
let marek;

before(async () => {
  tablet = await Device.fresh();
  const person = await tablet.person(MAREK);
  await person.signIn();
  marek = new Talk(person);
  await marek.live();
});
after(() => tablet?.end());

/** The app goes out of sight, or comes back. Playwright has every page believe that it is in sight, so that it is told here. */
async function sight(isThere) {
  await marek.page.evaluate((isThere) => {
    Object.defineProperty(document, 'hidden', { get: () => !isThere, configurable: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, isThere);
}

test('as soon as the app is out of sight it is locked, and what was half written waits for its author', async () => {
  await marek.keep(PASSPHRASE);
  await marek.open('Ward 7');
  await marek.field().fill(`half a sentence ${MARK}`);
  await sight(false);
  await marek.page.getByRole('heading', { name: 'Baton is locked' }).waitFor();
  const says = await marek.page.innerText('body');
  for (const word of ['Kowalski', 'Ward 7', MARK]) assert.ok(!says.includes(word), `the locked screen says ${word}`);
  await sight(true);
  await marek.page.getByRole('heading', { name: 'Baton is locked' }).waitFor();
  await marek.unlock(PASSPHRASE);
  await marek.open('Ward 7');
  assert.equal(await marek.field().inputValue(), `half a sentence ${MARK}`);
  await marek.field().fill('');
});

test('who goes from page to page of the app stays', async () => {
  await marek.page.getByRole('link', { name: 'Device' }).click();
  await marek.page.getByRole('link', { name: 'Patients', exact: true }).click();
  await marek.page.getByRole('heading', { name: 'Patients', exact: true }).waitFor();
  assert.deepEqual(tablet.complaints, []);
});
