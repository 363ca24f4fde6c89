// Settling, and the battery ends where somebody else has just had a hand in it: while what waits is sealed again, since a member
// was removed and the key changed, and when the record has refused something and its author has not decided yet.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { counted, rows } from './database.mjs';
import { Device } from './device.mjs';
import { Served, kept } from './release.mjs';
import { Sheet, bringWards } from './sheet.mjs';
import { Stage } from './stage.mjs';
import { Talk, absent } from './talk.mjs';
import { Wire } from './wire.mjs';

const DANIEL = { subject: 'daniel.osei', find: 'osei', name: 'Mr Daniel Osei' };
const MAREK = { subject: 'marek.kowalski', find: 'kowal', name: 'Mr Marek Kowalski' };
const OTHERS = [
  { find: 'levy', name: 'Ms Hannah Levy' },
  { find: 'grace', name: 'Mrs Grace Adeyemi' },
  { find: 'khan', name: 'Dr Amina Khan' },
];
const MARK = Math.random().toString(36).slice(2, 8);
const GROUPS = ['Dunlin', 'Egret'].map((bird) => `${bird} ${MARK}`);
const TITLE = `Round ${MARK}`;
const WARD = 'Ward 7';
const PASSPHRASE = `ribbon granite ${MARK}`;

let stage;
let tablet;
let marek;
let daniel;
let siobhan;

before(async () => {
  await bringWards();
  stage = await Stage.open();
  daniel = new Talk(await stage.signedIn(DANIEL.subject));
  await daniel.live();
  for (const group of GROUPS) {
    await daniel.start([MAREK, ...OTHERS], group);
    await daniel.say(`begun ${MARK}`);
  }
  siobhan = await Sheet.arrive(stage, 'siobhan.byrne');
  await siobhan.make(TITLE, WARD);
  for (const [typed, name] of [['hughes gwen', 'HUGHES'], ['delaney', 'DELANEY']]) {
    await siobhan.add(typed, name);
    await siobhan.row(name).waitFor();
  }
  tablet = await Device.fresh();
  const person = await tablet.person(MAREK.subject);
  await person.signIn();
  marek = new Sheet(new Talk(person));
  await marek.talk.live();
  for (const group of GROUPS) {
    await marek.talk.open(group);
    await marek.talk.message(`begun ${MARK}`).waitFor();
  }
  await marek.talk.open(WARD);
  await marek.open(TITLE);
  await marek.row('DELANEY').waitFor();
  await marek.talk.keep(PASSPHRASE);
  await kept(marek.page, new Served().version);
});
after(async () => {
  await stage.close();
  await tablet.end();
});

/** Opens the app again on the tablet, without a network or with one, and unlocks it. */
async function unlock({ offline }) {
  await tablet.offline(offline);
  marek = new Sheet(new Talk(await tablet.person(MAREK.subject)));
  await marek.talk.unlock(PASSPHRASE);
}

async function powerCut({ offline } = {}) {
  await tablet.kill();
  await tablet.start();
  if (offline !== undefined) await unlock({ offline });
}

/** That somebody sees these in a conversation, each once and in this order. */
async function sees(talk, group, texts) {
  await talk.open(group);
  for (const text of texts) await talk.message(text).first().waitFor({ timeout: 60_000 });
  const shown = await talk.page.getByRole('article').allInnerTexts();
  const places = texts.map((text) => {
    const found = shown.flatMap((one, place) => (one.includes(text) ? [place] : []));
    assert.equal(found.length, 1, `${text} once in ${group}`);
    return found[0];
  });
  assert.deepEqual(places, [...places].sort((a, b) => a - b), `the order in ${group}`);
}

/** What a frame to append holds (core/src/frame.rs): its space, its operations, and the epoch that the first is sealed under. */
function appended({ bytes }) {
  const space = bytes.subarray(7, 23);
  const ids = [];
  // {"o": 16 bytes, ...}
  const begins = Buffer.from([0xa2, 0x61, 0x6f, 0x50]);
  for (let at = bytes.indexOf(begins); at >= 0; at = bytes.indexOf(begins, at + 20)) ids.push(bytes.subarray(at + 4, at + 20));
  // The epoch's label in the protected header, -70001.
  const epoch = bytes[bytes.indexOf(Buffer.from([0x3a, 0x00, 0x01, 0x11, 0x70])) + 5];
  return { space, ids, epoch };
}

/** The edge's word that these operations are sealed under an epoch that has ended. */
function stale({ space, ids }) {
  const each = ids.flatMap((id) => [Buffer.from([0x50]), id]);
  return Buffer.concat([Buffer.from([0xa1, 0x61, 0x78, 0xa2, 0x61, 0x70, 0x50]), space, Buffer.from([0x61, 0x6f, 0x80 | ids.length]), ...each]);
}

/** Has what waits on the tablet stopped on its way, removes somebody from its conversations, and tells the tablet that the key changed. */
async function isSealedAgain(colleague, wire) {
  const isAppend = ({ kind }) => kind === 'a';
  wire.passes = (frame) => !isAppend(frame);
  await unlock({ offline: false });
  while (wire.frames.filter(isAppend).length < GROUPS.length) await wire.frame((frame) => isAppend(frame) && wire.frames.filter(isAppend).length >= GROUPS.length);
  // Nothing but the word of it tells the tablet of the new key.
  wire.passes = ({ bytes }) => typeof bytes === 'string';
  for (const group of GROUPS) {
    await daniel.open(group);
    await daniel.remove(colleague.name);
  }
  const held = wire.frames.filter(isAppend).map(appended);
  return { held, tell: () => held.forEach((one) => wire.tell(stale(one))) };
}

test('the battery ends while what waits is sealed again after a member was removed: all of it comes, once and in order', async () => {
  const all = [];
  for (const [step, where] of ['keys are asked for', 'it is sent again', 'the record has it'].entries()) {
    const texts = ['one', 'two', 'three'].map((word) => `${word} of step ${step} ${MARK}`);
    all.push(...texts);
    await powerCut({ offline: true });
    const { outbox } = await rows(tablet);
    for (const group of GROUPS) {
      await marek.talk.open(group);
      for (const text of texts) await marek.talk.say(text);
    }
    await counted(tablet, 'outbox', outbox + GROUPS.length * texts.length);
    await powerCut();
    const wire = await Wire.of(tablet.context);
    const { held, tell } = await isSealedAgain(OTHERS[step], wire);
    const before = wire.frames.length;
    const isAfter = (kind) => (frame) => frame.kind === kind && wire.frames.indexOf(frame) >= before;
    let cut;
    if (where === 'keys are asked for') {
      cut = new Promise((isCut) => tablet.context.route('**/ohttp', () => isCut()));
    } else if (where === 'it is sent again') {
      cut = wire.frame(isAfter('a'));
    } else {
      wire.passes = ({ way, bytes }) => way === 'to the edge' || typeof bytes === 'string';
      cut = wire.frame(isAfter('k'));
    }
    tell();
    await cut;
    const again = wire.frames.slice(before).filter(({ kind }) => kind === 'a');
    if (where === 'keys are asked for') assert.equal(again.length, 0, 'nothing was sealed again yet');
    else for (const { epoch } of again.map(appended)) assert.ok(epoch > held[0].epoch, `sealed under ${epoch}, at first under ${held[0].epoch}`);
    await powerCut({ offline: false });
    await marek.talk.live();
    for (const group of GROUPS) await sees(daniel, group, all);
    await marek.talk.open(GROUPS[0]);
    await marek.talk.status(texts[2], /^Sent|^Delivered|^Read/);
    await marek.talk.connection(/Live$/);
  }
});

/** What the record did not take, as its author sees it. */
const refused = () => marek.page.getByRole('alert').filter({ hasText: 'Not taken by the record' });

/** Writes of somebody on a list between two messages to the same team, with no network; they are taken off the list meanwhile. */
async function writeOffline(word) {
  await powerCut({ offline: true });
  const { outbox } = await rows(tablet);
  await marek.talk.open(WARD);
  await marek.talk.say(`before ${word} ${MARK}`);
  await marek.open(TITLE);
  await marek.write('DELANEY', 'Jobs', `bloods ${word} ${MARK}`);
  await marek.cell('DELANEY', 'Jobs').getByText('On this device').waitFor();
  await marek.write('HUGHES', 'Jobs', `scan ${word} ${MARK}`);
  await marek.cell('HUGHES', 'Jobs').getByText('On this device').waitFor();
  await marek.talk.open(WARD);
  await marek.talk.say(`after ${word} ${MARK}`);
  await counted(tablet, 'outbox', outbox + 4);
  await siobhan.open(TITLE);
  await siobhan.act('DELANEY', 'Take off the list');
  await siobhan.row('DELANEY').waitFor({ state: 'detached' });
}

/** That everything else is there once and in order, and the refused text before its author with a reason and both ways on. */
async function isThereToDecide(words, word) {
  await marek.talk.live();
  await marek.open(TITLE);
  await refused().getByText(`bloods ${word} ${MARK}`).waitFor();
  await refused().getByText('This patient is not on the list any more.').waitFor();
  for (const name of ['Correct', 'Discard']) await refused().getByRole('button', { name }).waitFor();
  await siobhan.cell('HUGHES', 'Jobs').getByText(`scan ${word} ${MARK}`).waitFor();
  await sees(siobhan.talk, WARD, words.flatMap((word) => [`before ${word} ${MARK}`, `after ${word} ${MARK}`]));
  await marek.talk.connection(/Live, 1 item not taken$/);
  await absent(refused().nth(1), 'it was refused once');
}

test('the battery ends as a refusal comes and its author has not decided: it is there with its reason, and the rest has settled', async () => {
  const words = [];
  for (const word of ['unheard', 'heard', 'shown']) {
    words.push(word);
    await writeOffline(word);
    await powerCut();
    const wire = await Wire.of(tablet.context);
    let isCut = false;
    wire.passes = ({ kind }) => {
      const passes = !isCut && (word !== 'unheard' || kind !== 'r');
      isCut ||= kind === 'r' && word !== 'shown';
      return passes;
    };
    await unlock({ offline: false });
    await wire.frame(({ kind }) => kind === 'r');
    if (word === 'shown') {
      await marek.open(TITLE);
      await refused().getByText(`bloods ${word} ${MARK}`).waitFor();
    }
    await powerCut({ offline: false });
    await isThereToDecide(words, word);
    await siobhan.open(TITLE);
    await siobhan.add('delaney', 'DELANEY');
    await siobhan.row('DELANEY').waitFor();
    if (word === 'unheard') {
      await refused().getByRole('button', { name: 'Discard' }).click();
      await refused().waitFor({ state: 'detached' });
    } else {
      await marek.row('DELANEY').waitFor();
      await refused().getByRole('button', { name: 'Correct' }).click();
      assert.equal(await marek.field('DELANEY', 'Jobs').inputValue(), `bloods ${word} ${MARK}`);
      await marek.cell('DELANEY', 'Jobs').getByRole('button', { name: 'Save' }).click();
      await siobhan.cell('DELANEY', 'Jobs').getByText(`bloods ${word} ${MARK}`).waitFor();
      await refused().waitFor({ state: 'detached' });
    }
    await marek.talk.connection(/Live$/);
  }
});

test('no page complained', () => {
  const complaints = [...stage.complaints, ...tablet.complaints];
  assert.deepEqual(complaints.filter((line) => !line.includes('WebSocket connection to')), []);
});
