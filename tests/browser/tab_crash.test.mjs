// Two tabs of one device, of which the one with the connection is gone all at once, as when its memory runs out: the other
// one has the connection, and what was on its way is neither lost nor sent twice.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { Device } from './device.mjs';
import { Stage } from './stage.mjs';
import { Talk } from './talk.mjs';
import { Wire } from './wire.mjs';

const GRACE = { subject: 'grace.adeyemi', find: 'grace', name: 'Mrs Grace Adeyemi' };
const DANIEL = { subject: 'daniel.osei', find: 'osei', name: 'Mr Daniel Osei' };
const HANNAH = { subject: 'hannah.levy', find: 'levy', name: 'Ms Hannah Levy' };
/** Another tab leads within a second; this is for a machine that is busy. */
const SOON = 10_000;

let stage;
let daniel;
let tablet;
let leader;
let follower;
let mark;

before(async () => {
  stage = await Stage.open();
  daniel = new Talk(await stage.signedIn(DANIEL.subject));
  await daniel.live();
});
after(() => stage.close());

beforeEach(async () => {
  mark = Math.random().toString(36).slice(2, 8);
  tablet = await Device.fresh();
  leader = await tab();
  await leader.person.signIn();
  await leader.live();
  await daniel.start([GRACE, HANNAH], `Smew ${mark}`);
  await leader.open(`Smew ${mark}`);
  follower = await tab();
  await follower.live();
  await follower.open(`Smew ${mark}`);
  assert.ok(leader.wire.frames.length > 0, 'the first tab has the connection');
  assert.equal(follower.wire.frames.length, 0, 'and the second has none');
});
afterEach(() => tablet.end());

/** Another tab of the device, with its own connection in the test's hands. */
async function tab() {
  const page = tablet.context.pages().find((one) => one.url() === 'about:blank') ?? (await tablet.context.newPage());
  const wire = await Wire.of(page);
  const talk = new Talk(await tablet.person(GRACE.subject));
  assert.equal(talk.page, page);
  return Object.assign(talk, { wire });
}

/** The tab's process ends without a word. */
async function crash(talk) {
  const browser = await tablet.context.newCDPSession(talk.page);
  const gone = talk.page.waitForEvent('crash');
  browser.send('Page.crash').catch(() => {});
  await gone;
}

test('what is done in a tab that follows settles and shows in the other', async () => {
  await follower.say(`said ${mark}`);
  await follower.status(`said ${mark}`, /^Sent|^Delivered|^Read/);
  await leader.message(`said ${mark}`).waitFor();
  await follower.correct(`said ${mark}`, `corrected ${mark}`);
  for (const talk of [leader, daniel]) {
    await talk.open(`Smew ${mark}`);
    await talk.message(`corrected ${mark}`).waitFor();
  }
  assert.equal(follower.wire.frames.length, 0, 'it went through the tab that leads');
  assert.deepEqual(await daniel.order(mark), ['corrected']);
});

for (const answered of [false, true]) {
  const how = answered ? 'after the record had it, before anybody here heard of it' : 'before it was sent';
  test(`the tab that leads crashes with something on its way (${how}): the other sends it, once`, async () => {
    leader.wire.passes = ({ way, kind }) => (way === 'to the edge' ? answered || kind !== 'a' : !['k', 'e'].includes(kind));
    const sent = leader.wire.frame(({ way, kind }) => way === 'to the edge' && kind === 'a');
    await follower.say(`one ${mark}`);
    await sent;
    await daniel.open(`Smew ${mark}`);
    if (answered) await daniel.message(`one ${mark}`).waitFor();
    await follower.status(`one ${mark}`, 'On this device');
    const keys = await tablet.keys();
    await crash(leader);
    const start = Date.now();
    await follower.wire.frame(({ kind }) => kind === 'w');
    assert.ok(Date.now() - start < SOON, 'another tab has the connection');
    await follower.status(`one ${mark}`, /^Sent|^Delivered|^Read/);
    await follower.say(`two ${mark}`);
    await daniel.message(`two ${mark}`).waitFor();
    assert.deepEqual(await daniel.order(mark), ['one', 'two']);
    assert.deepEqual(await follower.order(mark), ['one', 'two']);
    assert.deepEqual(tablet.finds([`one ${mark}`, `Smew ${mark}`, 'Adeyemi', ...keys]), [], 'nothing of it is on the disk');
  });
}

test('the tab that leads is closed: the other has the connection', async () => {
  await leader.page.close({ runBeforeUnload: false });
  const start = Date.now();
  await follower.wire.frame(({ kind }) => kind === 'w');
  assert.ok(Date.now() - start < SOON, 'another tab has the connection');
  await follower.say(`one ${mark}`);
  await daniel.open(`Smew ${mark}`);
  await daniel.message(`one ${mark}`).waitFor();
});
