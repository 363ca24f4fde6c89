// A home visit: conversations are taken along, the network goes, the browser is killed as by an empty battery, and what was
// written meanwhile settles in order when the network is back, beside what colleagues wrote. Whoever finds the tablet finds
// nothing.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { toldOfUse, used } from './database.mjs';
import { Device } from './device.mjs';
import { Served, kept, promise } from './release.mjs';
import { Stage } from './stage.mjs';
import { Talk, absent } from './talk.mjs';

const GRACE = { subject: 'grace.adeyemi', find: 'grace', name: 'Mrs Grace Adeyemi' };
const DANIEL = { subject: 'daniel.osei', find: 'osei', name: 'Mr Daniel Osei' };
const HANNAH = { subject: 'hannah.levy', find: 'levy', name: 'Ms Hannah Levy' };
const MARK = Math.random().toString(36).slice(2, 8);
const GROUPS = ['Heron', 'Kingfisher', 'Dunlin'].map((bird) => `${bird} ${MARK}`);
const PASSPHRASE = `kettle mango ${MARK}`;
const NHS_NUMBER = '900 000 0009';
const said = (what) => `${what} quokka${MARK}`;

let stage;
let tablet;
let grace;
let daniel;

before(async () => {
  stage = await Stage.open();
  tablet = await Device.fresh();
  daniel = new Talk(await stage.signedIn(DANIEL.subject));
  await daniel.live();
  const person = await tablet.person(GRACE.subject);
  await person.signIn();
  grace = new Talk(person);
  await grace.live();
});
after(async () => {
  await stage.close();
  await tablet.end();
});

/** Asks whether one can go, and waits for what is said. */
async function check(words) {
  await grace.page.getByRole('button', { name: 'Am I ready to go offline?' }).click();
  await grace.page.getByText(words).waitFor({ timeout: 60_000 });
}

/** Opens the app again on the tablet, and unlocks it. */
async function unlock() {
  grace = new Talk(await tablet.person(GRACE.subject));
  await grace.page.getByRole('heading', { name: 'Baton is locked' }).waitFor();
  await grace.page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await grace.page.getByRole('button', { name: 'Unlock with your passphrase' }).click();
  await grace.page.getByRole('region', { name: 'Inbox' }).waitFor();
}

test('three conversations are kept on the tablet and taken on a visit', async () => {
  for (const group of GROUPS) {
    await daniel.start([GRACE, HANNAH], group);
    await daniel.say(said(`About ${NHS_NUMBER} in ${group}`));
    await grace.open(group);
    await grace.message(said(`About ${NHS_NUMBER} in ${group}`)).waitFor();
  }
  await grace.page.getByRole('link', { name: 'Device' }).click();
  await grace.page.getByRole('button', { name: 'Keep on this device' }).click();
  await grace.page.getByLabel('New passphrase').fill('hospital');
  await grace.page.getByRole('button', { name: 'Use this passphrase' }).click();
  await grace.page.getByText('Use at least 12 characters').waitFor();
  await grace.page.getByLabel('New passphrase').fill(PASSPHRASE);
  await grace.page.getByLabel('The same passphrase again').fill(PASSPHRASE);
  await grace.page.getByRole('button', { name: 'Use this passphrase' }).click();
  await grace.page.getByText('On. Baton opens here without a network.').waitFor({ timeout: 60_000 });
  await kept(grace.page, new Served().version);
  await promise(grace.page, true);
  for (const group of GROUPS) await grace.page.getByRole('checkbox', { name: new RegExp(`^${group} [1-9][0-9]* messages and changes$`) }).waitFor();
  await grace.page.getByRole('button', { name: 'Take with me' }).click();
  await grace.page.getByText('Ready to go offline.').waitFor({ timeout: 60_000 });
  assert.deepEqual(await grace.person.barriers(), []);
});

test('nobody is told that they are ready while something that they need is missing', async () => {
  await promise(grace.page, false);
  await check('This browser may erase what is here when the device is full.');
  await promise(grace.page, true);
  await check('Ready to go offline.');

  const name = `baton-release-${new Served().version}`;
  await grace.page.evaluate(async (release) => {
    const cache = await caches.open(release);
    window.page = await cache.match('/index.html');
    await cache.delete('/index.html');
  }, name);
  await check('Baton itself is not on this device yet.');
  assert.equal(await grace.page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).active.state), 'activated');
  await grace.page.evaluate(async (release) => (await caches.open(release)).put('/index.html', window.page), name);
  await check('Ready to go offline.');

  // Everything of what it knows is here, and it does not know what was said meanwhile.
  await tablet.offline(true);
  await grace.connection(/Offline since/);
  await check('The record could not be reached.');
  await daniel.open(GROUPS[0]);
  await daniel.say(said('While you were away'));
  await tablet.offline(false);
  await grace.connection(/Live$/);
  await check('Ready to go offline.');
});

test('without a network and after a power cut everything is there, and can be written to', async () => {
  await tablet.offline(true);
  await grace.connection(/Offline since/);
  await tablet.kill();
  await tablet.start();
  await tablet.offline(true);
  await unlock();
  await grace.connection(/Offline since/);
  for (const group of GROUPS) await grace.listed(group).waitFor();
  assert.doesNotMatch(await grace.page.innerText('body'), /Unknown person/);
  for (const [index, group] of GROUPS.entries()) {
    await grace.open(group);
    await grace.message(said(`About ${NHS_NUMBER} in ${group}`)).waitFor();
    for (let count = 1; count <= (index === 0 ? 18 : 16); count += 1) await grace.say(said(`Visit ${index}.${count}.`));
    await grace.status(said(`Visit ${index}.1.`), 'On this device');
  }
  await grace.connection(/50 items waiting/);
});

/** What nobody may find in the files of the tablet, beside the bytes of its keys. */
const PLANTED = () => [`quokka${MARK}`, `half a thought ${MARK}`, PASSPHRASE, ...GROUPS, 'Adeyemi', 'Osei', NHS_NUMBER.replaceAll(' ', '')];

test('a draft and what waits are there after another power cut', async () => {
  await grace.field().fill(`half a thought ${MARK}`);
  await grace.page.waitForTimeout(500);
  const keys = await tablet.keys();
  await tablet.kill();
  assert.deepEqual(tablet.finds([...PLANTED(), ...keys]), [], 'also when it was unlocked');
  await tablet.start();
  await tablet.offline(true);
  await unlock();
  await grace.connection(/50 items waiting/);
  await grace.open(GROUPS[2]);
  assert.equal(await grace.field().inputValue(), `half a thought ${MARK}`);
});

test('a tablet that is found tells nothing', async () => {
  const keys = await tablet.keys();
  await grace.page.getByRole('button', { name: 'Lock', exact: true }).click();
  await grace.page.getByRole('heading', { name: 'Baton is locked' }).waitFor();
  assert.equal(await used(tablet), 1, 'that it was unlocked and locked without a network is still to be told');
  await tablet.kill();
  assert.deepEqual(tablet.finds([...PLANTED(), ...keys]), []);
  await tablet.start();
});

test('back in coverage everything settles in order beside what others wrote, and nothing twice', async () => {
  for (const group of GROUPS) {
    await daniel.open(group);
    await daniel.say(said(`Meanwhile in ${group}`));
  }
  await unlock();
  await grace.connection(/Live$/);
  await toldOfUse(tablet);
  for (const [index, group] of GROUPS.entries()) {
    const count = index === 0 ? 18 : 16;
    await daniel.open(group);
    await daniel.message(said(`Visit ${index}.${count}.`)).waitFor({ timeout: 60_000 });
    const all = await daniel.page.getByRole('article').allInnerTexts();
    const numbers = all.map((text) => new RegExp(`Visit ${index}\\.(\\d+)\\. quokka`).exec(text)?.[1]).filter(Boolean).map(Number);
    assert.deepEqual(numbers, [...Array(count).keys()].map((number) => number + 1));
    await grace.open(group);
    await grace.message(said(`Meanwhile in ${group}`)).waitFor();
    await grace.status(said(`Visit ${index}.${count}.`), /^Sent|^Delivered|^Read/);
  }
  await grace.connection(/^Connection: Live$/);
});

test('signing out erases everything from the tablet', async () => {
  const keys = await tablet.keys();
  await grace.signOut();
  assert.deepEqual((await grace.left()).databases.filter((name) => name !== 'baton'), []);
  await tablet.close();
  assert.deepEqual(tablet.finds([...PLANTED(), ...keys]), []);
  await tablet.start();
  const next = await tablet.person('nobody');
  await next.page.getByRole('button', { name: 'Sign in with your work account' }).waitFor();
  await absent(next.page.getByRole('heading', { name: 'Baton is locked' }), 'nothing is kept here any more');
});
