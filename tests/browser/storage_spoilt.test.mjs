// What a person sees when something that their device kept cannot be read, or was made by a newer release: they are told, what
// can be had is had, and what cannot be read is left alone. The storage itself is tested in app/tests/vault/.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { outdate, rows, spoil } from './database.mjs';
import { begin } from './kept.mjs';
import { Stage } from './stage.mjs';
import { Talk, absent } from './talk.mjs';

const GRACE = { subject: 'grace.adeyemi', find: 'grace', name: 'Mrs Grace Adeyemi' };
const DANIEL = { subject: 'daniel.osei', find: 'osei', name: 'Mr Daniel Osei' };

let stage;
let daniel;
let tablet;
let grace;
let mark;
let group;
let passphrase;

before(async () => {
  stage = await Stage.open();
  daniel = new Talk(await stage.signedIn(DANIEL.subject));
  await daniel.live();
});
after(() => stage.close());

/** A tablet that was taken along, with two messages that wait and one that is half written, and was switched off. */
beforeEach(async () => {
  ({ mark, group, passphrase, tablet, grace } = await begin(daniel, 'Pochard'));
  await daniel.say(`seen ${mark}`);
  await grace.message(`seen ${mark}`).waitFor();
  await grace.keep(passphrase);
  await tablet.offline(true);
  await grace.connection(/Offline since/);
  await grace.open(group);
  await grace.say(`one ${mark}`);
  await grace.say(`two ${mark}`);
  await grace.field().fill(`half a thought ${mark}`);
  await grace.lock();
  await tablet.kill();
  await tablet.start();
});
afterEach(() => tablet.end());

const told = () => grace.page.getByRole('banner').getByRole('alert').filter({ hasText: 'could not be read' });

/** Opens the app on the tablet, and the vault. */
async function unlock({ offline }) {
  await tablet.offline(offline);
  grace = new Talk(await tablet.person(GRACE.subject));
  await grace.unlock(passphrase);
}

test('nothing is told where everything can be read', async () => {
  await unlock({ offline: true });
  await grace.connection(/2 items waiting/);
  await absent(told(), 'everything could be read');
});

test('a message that was not sent and cannot be read: the person is told, and the other one is sent', async () => {
  assert.equal(await spoil(tablet, 'outbox', 1), 1);
  await unlock({ offline: true });
  await told().waitFor();
  assert.deepEqual(await grace.person.barriers(), []);
  await grace.connection(/1 item waiting/);
  await grace.open(group);
  const [, left, ...rest] = await grace.order(mark);
  assert.ok(['one', 'two'].includes(left) && rest.length === 0, `${left} ${rest}`);
  await tablet.offline(false);
  await grace.live();
  await grace.status(`${left} ${mark}`, /^Sent|^Delivered|^Read/);
  await daniel.open(group);
  await daniel.message(`${left} ${mark}`).waitFor();
  assert.deepEqual(await daniel.order(mark), ['seen', left]);
});

for (const table of ['space', 'log', 'people']) {
  test(`conversations that cannot be read come from the record again, and what was written is sent (${table})`, async () => {
    assert.ok((await spoil(tablet, table)) > 0);
    await unlock({ offline: false });
    if (table !== 'log') await told().waitFor();
    await grace.live();
    await grace.open(group);
    await grace.message(`seen ${mark}`).waitFor();
    await grace.status(`two ${mark}`, /^Sent|^Delivered|^Read/);
    assert.equal(await grace.field().inputValue(), `half a thought ${mark}`);
    await daniel.open(group);
    await daniel.message(`two ${mark}`).waitFor();
    assert.deepEqual(await daniel.order(mark), ['seen', 'one', 'two']);
  });
}

test('a device that no longer knows who it is asks for a sign-in, and what was written is sent', async () => {
  assert.equal(await spoil(tablet, 'me'), 1);
  await tablet.offline(false);
  grace = new Talk(await tablet.person(GRACE.subject));
  await grace.locked();
  await grace.page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await grace.page.getByRole('button', { name: 'Unlock with your passphrase' }).click();
  await grace.page.getByRole('button', { name: 'Sign in with your work account' }).waitFor();
  await grace.person.signIn();
  await grace.live();
  await grace.open(group);
  await grace.status(`two ${mark}`, /^Sent|^Delivered|^Read/);
  assert.equal(await grace.field().inputValue(), `half a thought ${mark}`);
});

for (const [what, beginning] of [['a vault', 'baton-v-'], ['the list of vaults', 'baton']]) {
  test(`${what} that a newer release made is left alone, and the person is told what to do`, async () => {
    const before = await rows(tablet);
    assert.ok(before.outbox === 2, JSON.stringify(before));
    assert.ok((await outdate(tablet, beginning)) > 0);
    await tablet.offline(true);
    grace = new Talk(await tablet.person(GRACE.subject));
    if (beginning === 'baton-v-') {
      await grace.locked();
      await grace.page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
      await grace.page.getByRole('button', { name: 'Unlock with your passphrase' }).click();
    }
    await grace.page.getByRole('heading', { name: 'This page is out of date' }).waitFor();
    assert.deepEqual(await grace.person.barriers(), []);
    assert.deepEqual(await rows(tablet), before);
  });
}

test('a newer release that is used in another tab: this one says so, and sends what is written', async () => {
  await unlock({ offline: false });
  await grace.live();
  assert.equal(await outdate(tablet, 'baton-v-'), 1);
  await grace.open(group);
  await grace.say(`three ${mark}`);
  await grace.page.getByRole('banner').getByRole('alert').filter({ hasText: 'A newer version of Baton has been used here' }).waitFor();
  assert.deepEqual(await grace.person.barriers(), []);
  await grace.status(`three ${mark}`, /^Sent|^Delivered|^Read/);
  await daniel.open(group);
  await daniel.message(`three ${mark}`).waitFor();
});
