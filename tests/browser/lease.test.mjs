// The end of a lease: what a device was lent is erased, open or locked, with no network and nobody there; what was written
// on it and not sent stays for its author alone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { HOUR, hoursPass } from './clock.mjs';
import { Device } from './device.mjs';
import { Stage } from './stage.mjs';
import { Talk, absent } from './talk.mjs';

const GRACE = { subject: 'grace.adeyemi', find: 'grace', name: 'Mrs Grace Adeyemi' };
const DANIEL = { subject: 'daniel.osei', find: 'osei', name: 'Mr Daniel Osei' };
const HANNAH = { subject: 'hannah.levy', find: 'levy', name: 'Ms Hannah Levy' };
const MARK = Math.random().toString(36).slice(2, 8);
const GROUP = `Sanderling ${MARK}`;
const PASSPHRASE = `candle orchard ${MARK}`;

let stage;
let tablet;
let grace;
let daniel;

before(async () => {
  stage = await Stage.open();
  tablet = await Device.fresh();
  daniel = new Talk(await stage.signedIn(DANIEL.subject));
  await daniel.live();
  await daniel.start([GRACE, HANNAH], GROUP);
  await daniel.say(`for the visit ${MARK}`);
});
after(async () => {
  await stage.close();
  await tablet.end();
});

/** Signs in on the tablet, and keeps it by a passphrase. */
async function keepTheTablet() {
  const person = await tablet.person(GRACE.subject);
  await person.signIn();
  grace = new Talk(person);
  await grace.live();
  await grace.open(GROUP);
  await grace.message(`for the visit ${MARK}`).waitFor();
  await grace.page.getByRole('link', { name: 'Device' }).click();
  await grace.page.getByRole('button', { name: 'Keep on this device' }).click();
  await grace.page.getByLabel('New passphrase').fill(PASSPHRASE);
  await grace.page.getByLabel('The same passphrase again').fill(PASSPHRASE);
  await grace.page.getByRole('button', { name: 'Use this passphrase' }).click();
  await grace.page.getByText('On. Baton opens here without a network.').waitFor({ timeout: 60_000 });
}

/** How many rows each table of the vaults on the tablet has. */
function rows() {
  return grace.page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name }) => name).filter((name) => name.startsWith('baton-v-'));
    const all = {};
    for (const name of names) {
      const database = await new Promise((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      for (const table of database.objectStoreNames) {
        const counted = database.transaction(table).objectStore(table).count();
        all[table] = (all[table] ?? 0) + (await new Promise((resolve) => { counted.onsuccess = () => resolve(counted.result); }));
      }
      database.close();
    }
    return all;
  });
}

test('open and offline, all is erased when the lease ends, but for what was not sent', async () => {
  await keepTheTablet();
  await grace.open(GROUP);
  await tablet.offline(true);
  await grace.connection(/Offline since/);
  await grace.say(`not sent yet ${MARK}`);
  const before = await rows();
  for (const table of ['log', 'outbox', 'people', 'space']) assert.ok(before[table] > 0, table);
  await hoursPass(grace.page, 73);
  // Whoever comes back after so long finds it locked; the lease has ended whether or not anybody unlocks it.
  await grace.page.getByText('This device was offline for too long').waitFor({ timeout: 60_000 });
  await absent(grace.message(`for the visit ${MARK}`), 'nothing is shown any more');
  const left = await rows();
  assert.deepEqual([left.log, left.people, left.search, left.space, left.outbox], [0, 0, 0, 0, 1]);
});

test('nothing but a full sign-in opens what is left, and then it is sent', async () => {
  await tablet.kill();
  await tablet.start();
  grace = new Talk(await tablet.person(GRACE.subject));
  await grace.page.getByRole('heading', { name: 'Baton is locked' }).waitFor();
  await absent(grace.page.getByLabel('Passphrase', { exact: true }), 'no passphrase opens it any more');
  await grace.page.getByRole('button', { name: 'Sign in with your work account' }).waitFor();
  await grace.person.signIn();
  await grace.live();
  await daniel.message(`not sent yet ${MARK}`).waitFor();
  await grace.open(GROUP);
  await grace.message(`for the visit ${MARK}`).waitFor();
  await grace.page.getByRole('link', { name: 'Device' }).click();
  await grace.page.getByRole('button', { name: 'Keep on this device' }).waitFor();
  await grace.signOut();
  assert.deepEqual((await grace.left()).databases, []);
});

test('a tablet that lies locked in a bag erases itself too, and one on which nothing waits wholly', async () => {
  await keepTheTablet();
  await tablet.offline(true);
  await grace.page.getByRole('button', { name: 'Lock', exact: true }).click();
  await grace.page.getByLabel('Passphrase', { exact: true }).waitFor();
  await hoursPass(grace.page, 71);
  await grace.page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await grace.page.getByRole('button', { name: 'Unlock with your passphrase' }).click();
  await grace.page.getByRole('region', { name: 'Inbox' }).waitFor();
  await grace.open(GROUP);
  await grace.message(`for the visit ${MARK}`).waitFor();
  await grace.page.getByRole('button', { name: 'Lock', exact: true }).click();
  await grace.page.getByLabel('Passphrase', { exact: true }).waitFor();
  await hoursPass(grace.page, 73);
  await grace.page.getByRole('button', { name: 'Sign in with your work account' }).waitFor();
  await grace.page.getByLabel('Passphrase', { exact: true }).waitFor({ state: 'detached', timeout: 60_000 });
  assert.deepEqual(await rows(), {});
  assert.deepEqual(tablet.finds([`for the visit ${MARK}`, GROUP]), []);
});

test('a clock that is set back does not open what could be opened no longer', async () => {
  await tablet.end();
  tablet = await Device.fresh();
  await keepTheTablet();
  await tablet.offline(true);
  await grace.lock();
  await hoursPass(grace.page, 50);
  await grace.unlock(PASSPHRASE);
  // Seen while it is open.
  await grace.page.waitForTimeout(6_000);
  await grace.lock();
  await hoursPass(grace.page, -40);
  await grace.page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await grace.page.getByRole('button', { name: 'Unlock with your passphrase' }).click();
  await grace.page.getByText('This device was offline for too long').waitFor({ timeout: 60_000 });
  await hoursPass(grace.page, 39);
  await hoursPass(grace.page, 1.1);
  await grace.unlock(PASSPHRASE);
  await grace.open(GROUP);
  await grace.message(`for the visit ${MARK}`).waitFor();
});

test('a tablet whose clock is three days fast, or slow, is lent what it needs all the same', async () => {
  for (const hours of [73, -73]) {
    await tablet.end();
    tablet = await Device.fresh();
    await tablet.context.addInitScript((millis) => {
      const now = Date.now;
      Date.now = () => now() + millis;
    }, hours * HOUR);
    await keepTheTablet();
    // Longer than until the lease is looked at.
    await grace.page.waitForTimeout(11_000);
    await grace.lock();
    await grace.unlock(PASSPHRASE);
    await grace.open(GROUP);
    await grace.message(`for the visit ${MARK}`).waitFor();
    await tablet.offline(true);
    await hoursPass(grace.page, 73);
    await grace.page.getByRole('button', { name: /^Sign in/ }).waitFor({ timeout: 60_000 });
    assert.deepEqual(await rows(), {}, 'its lease ended all the same');
  }
});

test('no page complained', () => assert.deepEqual([...stage.complaints, ...tablet.complaints], []));
