// Settling: what waits on a device reaches the record once and in order, wherever in the middle of it the battery ends, and
// whatever else happens meanwhile: another release, somebody else who changes the same.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Device } from './device.mjs';
import { Served, kept, until } from './release.mjs';
import { Stage } from './stage.mjs';
import { Talk } from './talk.mjs';

const GRACE = { subject: 'grace.adeyemi', find: 'grace', name: 'Mrs Grace Adeyemi' };
const DANIEL = { subject: 'daniel.osei', find: 'osei', name: 'Mr Daniel Osei' };
const HANNAH = { subject: 'hannah.levy', find: 'levy', name: 'Ms Hannah Levy' };
const MARK = Math.random().toString(36).slice(2, 8);
const GROUPS = ['Avocet', 'Bittern', 'Curlew'].map((bird) => `${bird} ${MARK}`);
const PASSPHRASE = `ribbon granite ${MARK}`;
/**
 * Where the battery ends: when so many frames of a kind have passed the next of them does not, nor anything after it. A kind is
 * the key of a frame's map (core/src/frame.rs): what is to be appended (`a`, of the tablet), what the record has (`k`) and what
 * stands in the log (`e`, both of the edge, and after something was sent).
 */
const STEPS = [
  { kind: 'a', passed: 0 },
  { kind: 'a', passed: 1 },
  { kind: 'k', passed: 0 },
  { kind: 'k', passed: 1 },
  { kind: 'k', passed: 2 },
  { kind: 'e', passed: 0 },
];

let stage;
let tablet;
let grace;
let daniel;
let served;

before(async () => {
  served = new Served();
  stage = await Stage.open();
  tablet = await Device.fresh();
  daniel = new Talk(await stage.signedIn(DANIEL.subject));
  await daniel.live();
  for (const group of GROUPS) {
    await daniel.start([GRACE, HANNAH], group);
    await daniel.say(`begun ${MARK}`);
  }
  const person = await tablet.person(GRACE.subject);
  await person.signIn();
  grace = new Talk(person);
  await grace.live();
  for (const group of GROUPS) {
    await grace.open(group);
    await grace.message(`begun ${MARK}`).waitFor();
  }
  await grace.page.getByRole('link', { name: 'Device' }).click();
  await grace.page.getByRole('button', { name: 'Keep on this device' }).click();
  await grace.page.getByLabel('New passphrase').fill(PASSPHRASE);
  await grace.page.getByLabel('The same passphrase again').fill(PASSPHRASE);
  await grace.page.getByRole('button', { name: 'Use this passphrase' }).click();
  await grace.page.getByText('On. Baton opens here without a network.').waitFor({ timeout: 60_000 });
  await kept(grace.page, served.version);
});
after(async () => {
  served.restore();
  await stage.close();
  await tablet.end();
});

/** Opens the app again on the tablet, without a network or with one, and unlocks it. */
async function unlock({ offline }) {
  await tablet.offline(offline);
  grace = new Talk(await tablet.person(GRACE.subject));
  await grace.page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await grace.page.getByRole('button', { name: 'Unlock with your passphrase' }).click();
  await grace.page.getByRole('region', { name: 'Inbox' }).waitFor();
}

async function powerCut({ offline }) {
  await tablet.kill();
  await tablet.start();
  if (offline !== undefined) await unlock({ offline });
}

async function writeIn(groups, texts) {
  for (const group of groups) {
    await grace.open(group);
    for (const text of texts) await grace.say(text);
  }
}

/** That Daniel sees these in each conversation, each once and in this order. */
async function sees(texts) {
  for (const group of GROUPS) {
    await daniel.open(group);
    for (const text of texts) await daniel.message(text).first().waitFor({ timeout: 60_000 });
    const shown = await daniel.page.getByRole('article').allInnerTexts();
    const places = texts.map((text) => {
      const found = shown.flatMap((one, place) => (one.includes(text) ? [place] : []));
      assert.equal(found.length, 1, `${text} once in ${group}`);
      return found[0];
    });
    assert.deepEqual(places, [...places].sort((a, b) => a - b));
  }
}

test('the battery ends at each step of settling: nothing is lost, nothing comes twice, nothing out of order', async () => {
  const all = [];
  for (const [step, { kind, passed }] of STEPS.entries()) {
    const texts = ['one', 'two', 'three'].map((word) => `${word} of step ${step} ${MARK}`);
    all.push(...texts);
    await powerCut({ offline: true });
    await writeIn(GROUPS, texts);
    await powerCut({});
    let [seen, isSent, isCut, tellCut] = [0, false, false, null];
    const cut = new Promise((resolve) => (tellCut = resolve));
    const passes = (message) => {
      const is = Buffer.isBuffer(message) && message[0] === 0xa1 && message[1] === 0x61 ? String.fromCharCode(message[2]) : '';
      if (is === kind && (isSent || kind === 'a') && seen++ >= passed) isCut = true;
      isSent ||= is === 'a';
      if (isCut) tellCut();
      return !isCut;
    };
    await tablet.context.routeWebSocket(/\/socket/, (socket) => {
      const edge = socket.connectToServer();
      socket.onMessage((message) => passes(message) && edge.send(message));
      edge.onMessage((message) => passes(message) && socket.send(message));
    });
    await unlock({ offline: false });
    await cut;
    await powerCut({ offline: false });
    await grace.live();
    await sees(all);
    await grace.open(GROUPS[0]);
    await grace.status(texts[2], /^Sent|^Delivered|^Read/);
  }
});

test('another release comes into use while something waits: it is still there, and settles', async () => {
  const text = `written before the update ${MARK}`;
  await tablet.offline(true);
  await grace.connection(/Offline since/);
  await writeIn(GROUPS, [text]);
  // The edge is there again for the update, and not for what waits.
  await tablet.context.routeWebSocket(/\/socket/, (socket) => socket.close());
  served.publish('with waiting');
  await tablet.offline(false);
  await grace.page.evaluate(() => navigator.serviceWorker.getRegistration().then((registration) => registration.update()).then(() => {}));
  await grace.page.getByRole('button', { name: 'Update now' }).click();
  await until(grace.page, () => document.querySelector('meta[name=release]')?.content === 'with waiting');
  await grace.page.getByText('items waiting').or(grace.page.getByText('item waiting')).first().waitFor();
  await grace.open(GROUPS[1]);
  await grace.status(text, 'On this device');
  await powerCut({ offline: false });
  await sees([text]);
});

test('two who change a name at once see both, and settle it', async () => {
  const [group] = GROUPS;
  const [ours, theirs, settled] = ['home', 'ward', 'both'].map((word) => `Avocet ${word} ${MARK}`);
  const rename = async (talk, name) => {
    await talk.details();
    await talk.page.getByLabel('Name of the conversation').fill(name);
    await talk.page.getByRole('button', { name: 'Save' }).click();
  };
  await grace.live();
  await grace.open(group);
  await tablet.offline(true);
  await grace.connection(/Offline since/);
  await rename(grace, ours);
  await grace.back();
  await grace.page.getByRole('heading', { level: 2, name: ours }).waitFor();
  await daniel.open(group);
  await rename(daniel, theirs);
  await daniel.back();
  await tablet.offline(false);
  for (const talk of [grace, daniel]) {
    const notice = talk.page.getByText('Two people changed the name at the same time');
    await notice.waitFor({ timeout: 60_000 });
    for (const name of [ours, theirs]) assert.match(await notice.textContent(), new RegExp(name));
  }
  await rename(daniel, settled);
  await daniel.back();
  for (const talk of [grace, daniel]) {
    await talk.page.getByRole('heading', { level: 2, name: settled }).waitFor();
    await talk.page.getByText('Two people changed the name at the same time').waitFor({ state: 'detached' });
  }
});

test('no page complained', () => {
  const complaints = [...stage.complaints, ...tablet.complaints];
  assert.deepEqual(complaints.filter((line) => !line.includes('WebSocket connection to')), []);
});
