// A browser that has no room left for the app: the person is told, nothing that they wrote is lost, and it goes on by itself
// when there is room again.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Device } from './device.mjs';
import { Stage, url } from './stage.mjs';
import { Talk, absent } from './talk.mjs';

const GRACE = { subject: 'grace.adeyemi', find: 'grace', name: 'Mrs Grace Adeyemi' };
const DANIEL = { subject: 'daniel.osei', find: 'osei', name: 'Mr Daniel Osei' };
const HANNAH = { subject: 'hannah.levy', find: 'levy', name: 'Ms Hannah Levy' };
const MARK = Math.random().toString(36).slice(2, 8);
const GROUP = `Dotterel ${MARK}`;
const PASSPHRASE = `kettle mango ${MARK}`;
const ORIGIN = new URL(url).origin;

let stage;
let daniel;
let tablet;
let grace;

before(async () => {
  stage = await Stage.open();
  daniel = new Talk(await stage.signedIn(DANIEL.subject));
  await daniel.live();
  tablet = await Device.fresh();
  const person = await tablet.person(GRACE.subject);
  await person.signIn();
  grace = new Talk(person);
  await grace.live();
  await daniel.start([GRACE, HANNAH], GROUP);
  await daniel.say(`first ${MARK}`);
  await grace.keep(PASSPHRASE);
  await grace.open(GROUP);
  await grace.message(`first ${MARK}`).waitFor();
});
after(async () => {
  await stage.close();
  await tablet.end();
});

const trouble = () => grace.page.getByRole('banner').getByRole('alert').filter({ hasText: 'storage is full' });

/**
 * Lets the app keep no more than it has, or again as much as it likes. It holds while the page is open. Chromium goes by what
 * it last asked for half a minute, so the end of the room is waited for.
 */
async function room(is) {
  grace.browser ??= await tablet.context.newCDPSession(grace.page);
  await grace.browser.send('Storage.overrideQuotaForOrigin', { origin: ORIGIN, ...(is ? {} : { quotaSize: 1 }) });
  while (!is && (await takes(grace.page))) await new Promise((resolve) => setTimeout(resolve, 1_000));
}

/** Whether the browser takes something small that is not the app's. */
function takes(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const open = indexedDB.open('probe');
        open.onupgradeneeded = () => open.result.createObjectStore('probe');
        open.onerror = () => resolve(false);
        open.onsuccess = () => {
          const probing = open.result.transaction('probe', 'readwrite');
          probing.objectStore('probe').put(new Uint8Array(100), 1);
          const answer = (is) => () => (open.result.close(), resolve(is));
          Object.assign(probing, { oncomplete: answer(true), onabort: answer(false) });
        };
      }),
  );
}

test('with a network, what cannot be kept is sent all the same, and the person is told', async () => {
  await room(false);
  await grace.say(`second ${MARK}`);
  await trouble().waitFor();
  assert.deepEqual(await grace.person.barriers(), []);
  await grace.status(`second ${MARK}`, /^Sent|^Delivered|^Read/);
  await daniel.open(GROUP);
  await daniel.message(`second ${MARK}`).waitFor();
});

test('the device page says it too', async () => {
  await grace.page.getByRole('link', { name: 'Device' }).click();
  await grace.page.getByRole('main').getByRole('alert').filter({ hasText: 'storage is full' }).waitFor();
  assert.deepEqual(await grace.person.barriers(), []);
});

test('who asks whether they are ready to go offline is told that it is full', async () => {
  await grace.page.getByRole('button', { name: 'Am I ready to go offline?' }).click();
  await grace.page.getByText('This device is full. Free some space, or take fewer conversations.').waitFor();
});

test('it goes on by itself when there is room', async () => {
  await room(true);
  await trouble().waitFor({ state: 'detached', timeout: 60_000 });
});

test('without a network, what could not be kept is kept as soon as there is room, and outlasts a power cut', async () => {
  await tablet.offline(true);
  await grace.connection(/Offline since/);
  await grace.open(GROUP);
  await room(false);
  await grace.say(`third ${MARK}`);
  await grace.say(`fourth ${MARK}`);
  await grace.field().fill(`half a thought ${MARK}`);
  await trouble().waitFor();
  await grace.status(`third ${MARK}`, 'On this device');
  await room(true);
  await trouble().waitFor({ state: 'detached', timeout: 60_000 });
  await tablet.kill();
  await tablet.start();
  await tablet.offline(true);
  grace = new Talk(await tablet.person(GRACE.subject));
  await grace.unlock(PASSPHRASE);
  await grace.connection(/2 items waiting/);
  await grace.open(GROUP);
  await grace.message(`second ${MARK}`).waitFor();
  assert.deepEqual(await grace.order(MARK), ['first', 'second', 'third', 'fourth']);
  assert.equal(await grace.field().inputValue(), `half a thought ${MARK}`);
  await absent(trouble(), 'there is room');
});

test('a device that starts with no room opens, says so, and sends what waits', async () => {
  await grace.lock();
  await room(false);
  await grace.unlock(PASSPHRASE);
  await grace.open(GROUP);
  await grace.say(`fifth ${MARK}`);
  await trouble().waitFor();
  await tablet.offline(false);
  await grace.live();
  await grace.status(`fifth ${MARK}`, /^Sent|^Delivered|^Read/);
  await daniel.message(`fifth ${MARK}`).waitFor();
  assert.deepEqual(await daniel.order(MARK), ['first', 'second', 'third', 'fourth', 'fifth']);
  await room(true);
  await trouble().waitFor({ state: 'detached', timeout: 60_000 });
});

const unkept = (talk = grace) => talk.page.getByRole('alert').filter({ hasText: 'could not be kept yet' });

test('locked without a network and without room, what was written stays in the tab, opens again, and is kept once there is room', async () => {
  await tablet.offline(true);
  await grace.connection(/Offline since/);
  await room(false);
  await grace.say(`sixth ${MARK}`);
  await grace.field().fill(`a second thought ${MARK}`);
  await trouble().waitFor();
  await grace.lock();
  await unkept().waitFor();
  assert.deepEqual(await grace.person.barriers(), []);
  await grace.unlock(PASSPHRASE);
  await grace.open(GROUP);
  await grace.status(`sixth ${MARK}`, 'On this device');
  assert.equal(await grace.field().inputValue(), `a second thought ${MARK}`);
  await grace.field().fill(`a third thought ${MARK}`);
  await trouble().waitFor();
  await grace.lock();
  await unkept().waitFor();
  await room(true);
  await unkept().waitFor({ state: 'detached', timeout: 60_000 });
  await tablet.kill();
  await tablet.start();
  await tablet.offline(true);
  grace = new Talk(await tablet.person(GRACE.subject));
  await grace.unlock(PASSPHRASE);
  await grace.connection(/1 item waiting/);
  await grace.open(GROUP);
  assert.deepEqual(await grace.order(MARK), ['first', 'second', 'third', 'fourth', 'fifth', 'sixth']);
  assert.equal(await grace.field().inputValue(), `a third thought ${MARK}`);
  await absent(unkept(), 'it is kept');
});

test('what a tab could not keep is there when another tab is unlocked, and is sent', async () => {
  const other = new Talk(await tablet.person(GRACE.subject));
  await other.open(GROUP);
  await room(false);
  await other.say(`seventh ${MARK}`);
  await other.page.getByRole('banner').getByRole('alert').filter({ hasText: 'storage is full' }).waitFor();
  await other.lock();
  await unkept(other).waitFor();
  await grace.locked();
  await grace.unlock(PASSPHRASE);
  await grace.open(GROUP);
  await grace.message(`seventh ${MARK}`).waitFor();
  await unkept(other).waitFor({ state: 'detached' });
  await tablet.offline(false);
  await grace.live();
  await grace.status(`seventh ${MARK}`, /^Sent|^Delivered|^Read/);
  await room(true);
  await trouble().waitFor({ state: 'detached', timeout: 60_000 });
});

test('who signs out loses what could not be kept, and nothing of it is left', async () => {
  await room(false);
  await tablet.offline(true);
  await grace.connection(/Offline since/);
  await grace.open(GROUP);
  await grace.field().fill(`not to be kept ${MARK}`);
  await trouble().waitFor();
  await grace.signOut();
  await absent(unkept(), 'it was to be lost');
  await room(true);
  // Longer than it would be tried again.
  await grace.page.waitForTimeout(4_000);
  assert.deepEqual((await grace.left()).databases.filter((name) => name.startsWith('baton-')), []);
});

test('who signs in with no room is told so, and goes on once there is', async () => {
  await room(false);
  await tablet.offline(false);
  await grace.person.signIn();
  await grace.page.getByRole('heading', { name: 'This device is full' }).waitFor();
  assert.deepEqual(await grace.person.barriers(), []);
  await room(true);
  await grace.page.getByRole('button', { name: 'Try again' }).click();
  await grace.person.signIn();
  await grace.live();
  await grace.open(GROUP);
  await grace.message(`seventh ${MARK}`).waitFor();
});
