// Another record than the one that lent what a device keeps: one that an edge makes up, whose orders nobody obeys, and the same
// one under new keys, which a full sign-in gets to know.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { list, relist } from './database.mjs';
import { FalseRecord, bytes } from './false_record.mjs';
import { begin } from './kept.mjs';
import { Served, kept, until } from './release.mjs';
import { Stage } from './stage.mjs';
import { Talk } from './talk.mjs';
import { Wire } from './wire.mjs';

const DANIEL = 'daniel.osei';
const OTHER = 'This address now names another record than this device’s.';
/** Where a row of the list says which record lent the vault: its last field, `r`. */
const RECORD = Buffer.from([0x61, 0x72]);

let stage;
let served;
let daniel;
let made;
let wire;
let device;
const forger = new FalseRecord();
/** Requests to the record that the edge could not read. */
let passedOn = 0;

before(async () => {
  served = new Served();
  stage = await Stage.open();
  daniel = new Talk(await stage.signedIn(DANIEL));
  await daniel.live();
  made = await begin(daniel, 'Redshank');
  const { grace, mark, passphrase, tablet } = made;
  await grace.say(`first ${mark}`);
  await grace.keep(passphrase);
  await kept(grace.page, served.version);
  wire = await Wire.of(tablet.context);
  const [row] = await list(tablet);
  const known = row.indexOf(Buffer.from([0x61, 0x64, 0x81, 0x50]));
  device = row.subarray(known + 4, known + 20);
});
after(async () => {
  served.restore();
  await stage.close();
  await made.tablet.end();
});

/** The app starts under a configuration, once its service worker has it. */
async function startUnder(config) {
  const { page } = made.grace;
  served.write('config.json', config);
  const key = JSON.parse(config).verify_key;
  await page.reload();
  // A tab that is loaded anew before it has taken its keys has none.
  await page.getByRole('region', { name: 'Inbox' }).or(page.getByRole('heading', { name: 'Baton is locked' })).first().waitFor();
  await until(page, async (key) => (await (await caches.match('/config.json')).json()).verify_key === key, key);
  await page.reload();
}

/** A row of a release that kept no keys of the record. */
function withoutKeys(row) {
  const without = Buffer.from(row.subarray(0, row.lastIndexOf(RECORD)));
  without[0] -= 1;
  return without;
}

/** Every request to the record goes through the edge's hands, which answers what it can read. */
async function interpose() {
  await made.tablet.context.route('**/ohttp', async (route) => {
    const body = forger.answer(route.request().postDataBuffer(), device);
    if (!body) passedOn += 1;
    await (body ? route.fulfill({ status: 200, contentType: 'message/ohttp-res', body }) : route.continue());
  });
}

/** Loads the locked page anew and waits until it has asked whether it is to erase itself. */
async function askForOrders() {
  const { page } = made.grace;
  const asked = page.waitForResponse('**/ohttp');
  await page.reload();
  await (await asked).finished();
}

test('an edge that names a record of its own has nothing erased by its orders, open or locked', async () => {
  const { grace, mark, group, passphrase, tablet } = made;
  await interpose();
  await startUnder(forger.config(served.read('config.json')));
  await grace.page.getByText(OTHER).waitFor();
  await grace.live();
  await grace.open(group);
  wire.tell(forger.orderFrame(device));
  await grace.say(`after the order ${mark}`);
  await grace.status(`after the order ${mark}`, /^Sent|^Delivered|^Read/);
  await grace.lock();
  for (let time = 0; time < 2; time++) await askForOrders();
  await grace.page.getByLabel('Passphrase', { exact: true }).waitFor();
  assert.equal((await list(tablet)).length, 1, 'the vault is listed');
  await grace.unlock(passphrase);
  await grace.live();
  await grace.open(group);
  for (const text of ['first', 'after the order']) await grace.message(`${text} ${mark}`).waitFor();
  assert.deepEqual(forger.read, [], 'nothing was sealed for the record that the edge made up');
  assert.ok(passedOn > 2, `${passedOn} requests went to the record that lent the vault`);
});

test('a record that has new keys is known again after a full sign-in, and what waited is sent', async () => {
  const { grace, mark, group, passphrase, tablet } = made;
  served.restore();
  await startUnder(served.read('config.json'));
  await grace.live();
  assert.equal(await grace.page.getByText(OTHER).count(), 0, 'the configuration names the record that lent the vault');
  await grace.lock();
  // To this device it is as if its record had others before.
  await relist(tablet, (row) => Buffer.concat([row.subarray(0, row.lastIndexOf(RECORD) + 2), bytes(new FalseRecord().keys)]));
  await grace.unlock(passphrase);
  await grace.page.getByText(OTHER).waitFor();
  await grace.open(group);
  await grace.message(`first ${mark}`).waitFor();
  await grace.say(`waits for new keys ${mark}`);
  await grace.status(`waits for new keys ${mark}`, 'On this device');
  await grace.lock();
  await grace.person.signIn();
  await grace.live();
  assert.equal(await grace.page.getByText(OTHER).count(), 0, 'it is the record of this device now');
  await daniel.open(group);
  await daniel.message(`waits for new keys ${mark}`).waitFor();
});

test('a vault of a release that kept no keys opens, and its device hears the record that the configuration names', async () => {
  const { grace, mark, group, passphrase, tablet } = made;
  await grace.lock();
  await relist(tablet, withoutKeys);
  await grace.unlock(passphrase);
  await grace.live();
  await grace.open(group);
  await grace.message(`first ${mark}`).waitFor();
  await until(grace.page, async () => {
    const database = await new Promise((opened) => (indexedDB.open('baton').onsuccess = ({ target }) => opened(target.result)));
    const rows = await new Promise((read) => (database.transaction('vaults').objectStore('vaults').getAll().onsuccess = ({ target }) => read(target.result)));
    database.close();
    return rows.some((row) => row[0] === 0xa7);
  });
});

test('before that it would have obeyed the very order that was forged', async () => {
  const { grace, tablet } = made;
  await grace.lock();
  await startUnder(forger.config(served.read('config.json')));
  const [row] = await list(tablet);
  assert.ok(row.includes(device), 'it was this device');
  await relist(tablet, withoutKeys);
  await grace.page.reload();
  await grace.page.getByLabel('Passphrase', { exact: true }).waitFor({ state: 'detached', timeout: 60_000 });
  await grace.page.getByRole('button', { name: 'Sign in with your work account' }).waitFor();
  assert.deepEqual([...new Set(forger.read)], ['/device/orders']);
});

test('no page complained', () => {
  const complaints = [...stage.complaints, ...made.tablet.complaints];
  // The record cannot read what was sealed under the keys that it never had.
  assert.deepEqual(complaints.filter((line) => !line.includes('the server responded with a status of 4')), []);
});
