// Work that waits on a device is found again by its author, however many others keep work there; what is gone is told; what is
// being typed is kept while it is typed; signing out says what it would lose.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { crowd, cutTheList, giveUp } from './database.mjs';
import { begin } from './kept.mjs';
import { Stage } from './stage.mjs';
import { Talk, absent } from './talk.mjs';

const GRACE = { subject: 'grace.adeyemi', find: 'grace', name: 'Mrs Grace Adeyemi' };
const DANIEL = { subject: 'daniel.osei', find: 'osei', name: 'Mr Daniel Osei' };
/** More than were once asked for at one sign-in. */
const OTHERS = 24;

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

/** A tablet that is kept and has no network. */
beforeEach(async () => {
  ({ mark, group, passphrase, tablet, grace } = await begin(daniel, 'Whimbrel'));
  await grace.keep(passphrase);
  await tablet.offline(true);
  await grace.connection(/Offline since/);
  await grace.open(group);
});
afterEach(() => tablet.end());

/** The tablet is switched off and on again, and has a network. */
async function again() {
  await tablet.kill();
  await tablet.start();
}

test('who signs in among many others finds what they had not sent, and it is sent', async () => {
  await grace.say(`not sent yet ${mark}`);
  await grace.lock();
  await again();
  await crowd(tablet, OTHERS);
  grace = new Talk(await tablet.person(GRACE.subject));
  await grace.page.getByText(`${OTHERS + 1} people have work on this device`).waitFor();
  await grace.person.signIn();
  await grace.live();
  await grace.open(group);
  await grace.status(`not sent yet ${mark}`, /^Sent|^Delivered|^Read/);
  await daniel.open(group);
  await daniel.message(`not sent yet ${mark}`).waitFor();
});

test('a vault that the browser has deleted: the person is told what is lost, and signs in afresh', async () => {
  await grace.say(`not sent yet ${mark}`);
  await grace.lock();
  await again();
  assert.equal(await giveUp(tablet), 1);
  grace = new Talk(await tablet.person(GRACE.subject));
  await grace.locked();
  await grace.page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await grace.page.getByRole('button', { name: 'Unlock with your passphrase' }).click();
  await grace.page.getByRole('heading', { name: 'What Baton kept here is gone' }).waitFor({ timeout: 60_000 });
  await grace.page.getByRole('alert').filter({ hasText: 'had not sent is lost' }).waitFor();
  assert.deepEqual(await grace.person.barriers(), []);
  await grace.person.signIn();
  await grace.live();
  await grace.open(group);
  await absent(grace.message(`not sent yet ${mark}`), 'it is gone');
});

test('a list of vaults that cannot be read: whoever comes is told once, and nothing is left of it', async () => {
  await grace.lock();
  await again();
  assert.equal(await cutTheList(tablet), 1);
  const told = () => grace.page.getByRole('alert').filter({ hasText: 'could not be read any more and was erased' });
  grace = new Talk(await tablet.person(GRACE.subject));
  await told().waitFor();
  await grace.page.getByRole('button', { name: 'Sign in with your work account' }).waitFor();
  assert.deepEqual(await grace.person.barriers(), []);
  assert.deepEqual((await grace.left()).databases, []);
  await grace.page.reload();
  await grace.page.getByRole('button', { name: 'Sign in with your work account' }).waitFor();
  await absent(told(), 'it was told');
});

test('what is typed without a pause is kept while it is typed', async () => {
  const words = `each word of this is worth keeping ${mark} `;
  await grace.field().pressSequentially(words, { delay: 90 });
  await again();
  await tablet.offline(true);
  grace = new Talk(await tablet.person(GRACE.subject));
  await grace.unlock(passphrase);
  await grace.open(group);
  const kept = await grace.field().inputValue();
  assert.ok(words.startsWith(kept) && kept.length > words.length / 2, `kept: "${kept}"`);
});

test('signing out says what would be lost, in the account and on the device page, drafts too', async () => {
  const loss = (words) => grace.page.getByRole('alert').filter({ hasText: words });
  const device = () => grace.page.getByRole('link', { name: 'Device' }).click();
  await device();
  await grace.page.getByRole('button', { name: 'Sign out and erase' }).waitFor();
  await absent(loss('would be lost by signing out'), 'nothing waits');
  await grace.open(group);
  await grace.field().fill(`half a thought ${mark}`);
  await device();
  await loss('1 item has not been sent and would be lost by signing out').waitFor();
  await grace.open(group);
  await grace.field().fill('');
  await grace.say(`not sent yet ${mark}`);
  await grace.field().fill(`half a thought ${mark}`);
  await device();
  await loss('Some items have not been sent and would be lost by signing out').waitFor();
  assert.deepEqual(await grace.person.barriers(), []);
  await grace.page.getByRole('button', { name: /^Your account/ }).click();
  await grace.page.getByRole('dialog').getByRole('alert').filter({ hasText: 'Some items have not been sent' }).waitFor();
});
