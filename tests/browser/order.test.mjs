// An order to erase: a device that is open and online obeys the record's at once, in all its tabs, and nobody else's.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';

import { Device } from './device.mjs';
import { Stage } from './stage.mjs';
import { Talk, absent } from './talk.mjs';

const HANNAH = { subject: 'hannah.levy', find: 'levy', name: 'Ms Hannah Levy' };
const MAREK = { subject: 'marek.kowalski', find: 'kowal', name: 'Mr Marek Kowalski' };
const GRACE = { subject: 'grace.adeyemi', find: 'grace', name: 'Mrs Grace Adeyemi' };
const MARK = Math.random().toString(36).slice(2, 8);
const GROUP = `Turnstone ${MARK}`;

let stage;
let tablet;
let hannah;
let desk;
/** The sockets of the tablet's pages, from the edge's side. */
const sockets = [];

before(async () => {
  stage = await Stage.open();
  tablet = await Device.fresh();
  await tablet.context.routeWebSocket(/\/socket/, (socket) => {
    const edge = socket.connectToServer();
    socket.onMessage((message) => edge.send(message));
    edge.onMessage((message) => socket.send(message));
    sockets.push(socket);
  });
  const person = await tablet.person(HANNAH.subject);
  await person.signIn();
  hannah = new Talk(person);
  await hannah.live();
  await hannah.start([MAREK, GRACE], GROUP);
  await hannah.say(`first ${MARK}`);
});
after(async () => {
  await stage.close();
  await tablet.end();
});

test('an edge that makes up an order erases nothing', async () => {
  // A frame `v` with an order `s` of 64 bytes, and one with none.
  const orders = [Buffer.concat([Buffer.from([0xa1, 0x61, 0x76, 0xa1, 0x61, 0x73, 0x58, 0x40]), randomBytes(64)]), Buffer.from([0xa1, 0x61, 0x76, 0xa1, 0x61, 0x73, 0x40])];
  for (const order of orders) {
    sockets.at(-1).send(order);
    await hannah.say(`still here ${order.length} ${MARK}`);
    await hannah.status(`still here ${order.length} ${MARK}`, /^Sent|^Delivered|^Read/);
  }
  await hannah.message(`first ${MARK}`).waitFor();
  await hannah.page.reload();
  await hannah.live();
  await hannah.message(`first ${MARK}`).waitFor();
});

test('a device that is signed out from another one while it is used erases itself at once, in all tabs', async () => {
  const second = new Talk(await tablet.person(HANNAH.subject));
  await second.live();
  await second.open(GROUP);
  await hannah.field().fill(`half a sentence ${MARK}`);
  desk = new Talk(await stage.signedIn(HANNAH.subject));
  await desk.live();
  await desk.page.getByRole('link', { name: 'Device' }).click();
  await desk.page.getByRole('listitem').getByRole('button', { name: /Sign it out/ }).first().click();
  await desk.page.getByText('It is signed out.').waitFor();
  for (const one of [hannah, second]) {
    await one.page.getByText('This device was signed out for you').waitFor();
    await absent(one.message(`first ${MARK}`), 'nothing is shown any more');
  }
  await hannah.page.waitForFunction(async () => (await indexedDB.databases()).length === 0);
  assert.deepEqual(tablet.finds([`first ${MARK}`, `half a sentence ${MARK}`, GROUP]), []);
});

test('a device that is open and has no network when it is ended erases itself once it has one', async () => {
  await hannah.person.signIn();
  await hannah.live();
  await hannah.open(GROUP);
  await hannah.message(`first ${MARK}`).waitFor();
  await tablet.offline(true);
  await hannah.connection(/Offline since/);
  await hannah.say(`written on the way ${MARK}`);
  await desk.page.reload();
  await desk.live();
  await desk.page.getByRole('listitem').getByRole('button', { name: /Sign it out/ }).first().click();
  await desk.page.getByText('It is signed out.').waitFor();
  await tablet.offline(false);
  await hannah.page.getByText('This device was signed out for you').waitFor({ timeout: 60_000 });
  await hannah.page.waitForFunction(async () => (await indexedDB.databases()).length === 0);
  assert.deepEqual(tablet.finds([`first ${MARK}`, `written on the way ${MARK}`, GROUP]), []);
});

test('no page complained', () => assert.deepEqual([...stage.complaints, ...tablet.complaints], []));
