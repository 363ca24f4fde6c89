// A tablet that two people keep work on: what was on its way to the one reaches nobody once the other has it, and the screen
// that is locked never stands over what is open.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Device } from './device.mjs';
import { Patients, bringIn, nhsNumber } from './patients.mjs';
import { Talk, absent } from './talk.mjs';

const HANNAH = { subject: 'hannah.levy', passphrase: 'kettle mango orbit nine' };
const GRACE = { subject: 'grace.adeyemi', passphrase: 'walnut ferry copper two' };
const MARK = Math.random().toString(36).slice(2, 8);
const FAMILY = `Sandmartin${MARK.replace(/[0-9]/g, 'q')}`;
const NAME = new RegExp(FAMILY, 'i');

let tablet;
let talk;
let patients;

before(async () => {
  await bringIn([{ number: `NP${MARK}`, nhs_number: nhsNumber(Number.parseInt(MARK, 36) % 90_000_000), nhs_verified: true, family: FAMILY, given: 'Ada', born: '1950-02-03', gender: 'female' }]);
  tablet = await Device.fresh();
  const person = await tablet.person(HANNAH.subject);
  talk = new Talk(person);
  patients = new Patients(talk);
  for (const who of [HANNAH, GRACE]) {
    person.subject = who.subject;
    await person.signIn();
    await talk.live();
    await talk.keep(who.passphrase);
    await talk.lock();
  }
});
after(() => tablet?.end());

test('two presses of Enter open it once, and no locked screen comes over it', async () => {
  await talk.page.getByLabel('Passphrase', { exact: true }).fill(HANNAH.passphrase);
  await talk.page.keyboard.press('Enter');
  await talk.page.keyboard.press('Enter');
  await talk.page.getByRole('region', { name: 'Inbox' }).waitFor({ timeout: 60_000 });
  await talk.live();
  // Longer than a passphrase is stretched.
  await talk.page.waitForTimeout(2_000);
  await absent(talk.page.getByRole('heading', { name: 'Baton is locked' }), 'it is open');
});

test('what is answered once it is locked is for nobody: the next person has neither the patient nor the reason', async () => {
  await patients.open();
  await patients.find(FAMILY);
  await patients.results().filter({ hasText: NAME }).first().click();
  let release;
  const released = new Promise((resolve) => (release = resolve));
  let held = 0;
  await tablet.context.route('**/ohttp', async (route) => {
    held += 1;
    await released;
    await route.continue();
  });
  await patients.because('Caring for this patient now');
  while (held === 0) await talk.page.waitForTimeout(20);
  // What is asked from now on is answered at once.
  await tablet.context.route('**/ohttp', (route) => route.continue());
  await talk.lock();
  await talk.unlock(GRACE.passphrase);
  await talk.live();
  assert.equal(new URL(talk.page.url()).pathname, '/', 'where she was is not where the next person begins');
  const answered = talk.page.waitForResponse((response) => response.url().endsWith('/ohttp'));
  release();
  await answered;
  await talk.page.waitForTimeout(500);
  await patients.open();
  await patients.box().fill(FAMILY);
  const here = talk.page.getByRole('list', { name: /On this device/ });
  await talk.page.getByRole('status').filter({ hasText: /from the whole index\./i }).waitFor();
  await absent(here.getByRole('button').filter({ hasText: NAME }), 'it was hers to look at');
  await patients.results().filter({ hasText: NAME }).first().click();
  await talk.page.getByRole('button', { name: 'Open the record' }).waitFor();
  assert.ok(held > 0);
});
