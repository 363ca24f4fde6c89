// A tablet at the nurses' station: locking, a PIN, the next person, two and five tabs, and an order to erase.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { toldOfUse, used } from './database.mjs';
import { Device } from './device.mjs';
import { Counted } from './patients.mjs';
import { Stage, url } from './stage.mjs';
import { Talk, absent } from './talk.mjs';

const HANNAH = { subject: 'hannah.levy', find: 'levy', name: 'Ms Hannah Levy' };
const MAREK = { subject: 'marek.kowalski', find: 'kowal', name: 'Mr Marek Kowalski' };
const GRACE = { subject: 'grace.adeyemi', find: 'grace', name: 'Mrs Grace Adeyemi' };
const MARK = Math.random().toString(36).slice(2, 8);
const GROUP = `Plover ${MARK}`;

let stage;
let tablet;
let hannah;

before(async () => {
  stage = await Stage.open();
  tablet = await Device.fresh();
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

const locked = (page) => page.getByRole('heading', { name: 'Baton is locked' }).waitFor();

async function lock() {
  await hannah.page.getByRole('button', { name: 'Lock', exact: true }).click();
  await locked(hannah.page);
}

test('a reload carries on, without anything secret on the disk', async () => {
  await hannah.field().fill(`draft ${MARK}`);
  await hannah.page.reload();
  await hannah.live();
  await hannah.message(`first ${MARK}`).waitFor();
  assert.equal(await hannah.field().inputValue(), `draft ${MARK}`);
  const { session } = await hannah.left();
  assert.deepEqual(session.filter((key) => !['baton.mine'].includes(key)), []);
});

test('one tap locks; a PIN opens it again; five wrong ones do not, and signing in loses nothing', async () => {
  await hannah.page.getByRole('link', { name: 'Device' }).click();
  await hannah.page.getByLabel('New PIN').fill('1234');
  await hannah.page.getByRole('button', { name: 'Set PIN' }).click();
  await hannah.page.getByText('That is easy to guess').waitFor();
  await hannah.page.getByLabel('New PIN').fill('2580');
  await hannah.page.getByRole('button', { name: 'Set PIN' }).click();
  await hannah.page.getByText('Your PIN is set.').waitFor();
  await lock();
  assert.deepEqual(await hannah.person.barriers(), []);
  await hannah.page.getByLabel('PIN', { exact: true }).fill('2580');
  await hannah.page.getByRole('button', { name: 'Unlock', exact: true }).click();
  await hannah.live();
  await lock();
  assert.equal(await used(tablet), 0, 'the record was told of it before it was locked');
  for (const left of [4, 3, 2]) {
    await hannah.page.getByLabel('PIN', { exact: true }).fill('9999');
    await hannah.page.getByRole('button', { name: 'Unlock', exact: true }).click();
    await hannah.page.getByText(`${left} tries left`).waitFor();
  }
  await hannah.page.getByLabel('PIN', { exact: true }).fill('9999');
  await hannah.page.getByRole('button', { name: 'Unlock', exact: true }).click();
  await hannah.page.getByText('This is the last try').waitFor();
  await hannah.page.getByLabel('PIN', { exact: true }).fill('9999');
  await hannah.page.getByRole('button', { name: 'Unlock', exact: true }).click();
  await hannah.page.getByText('There are no more tries').waitFor();
  await absent(hannah.page.getByLabel('PIN', { exact: true }), 'there is nothing to try any more');
  assert.equal(await used(tablet), 1, 'the wrong tries are still to be told');
  await hannah.person.signIn();
  await hannah.live();
  await toldOfUse(tablet);
  await hannah.open(GROUP);
  await hannah.message(`first ${MARK}`).waitFor();
  assert.equal(await hannah.field().inputValue(), `draft ${MARK}`);
});

test('the next person signs in on the same tablet, sees nothing of hers, and she finds her own again', async () => {
  await tablet.offline(true);
  await hannah.connection(/Offline since/);
  await hannah.say(`not sent yet ${MARK}`);
  await lock();
  await tablet.offline(false);
  hannah.person.subject = MAREK.subject;
  await hannah.person.signIn();
  await hannah.live();
  await absent(hannah.page.getByText(`not sent yet ${MARK}`), 'it is hers');
  await hannah.open(GROUP);
  await absent(hannah.message(`not sent yet ${MARK}`), 'it has not been sent');
  const hand = new Counted(hannah.page);
  await hand.click(hannah.page.getByRole('button', { name: 'Lock', exact: true }));
  await hannah.page.getByText('2 people have work on this device').waitFor();
  hannah.person.subject = HANNAH.subject;
  await hand.click(hannah.page.getByRole('button', { name: /sign in/i }));
  assert.ok(hand.count <= 2, `${hand.count} presses besides their sign-in`);
  await hannah.person.chooseAtProvider();
  await hannah.live();
  await hannah.open(GROUP);
  await hannah.status(`not sent yet ${MARK}`, /^Sent|^Delivered|^Read/);
});

test('five tabs show the same; when the one with the connection is gone another has it within a second', async () => {
  const others = [];
  for (let count = 0; count < 4; count += 1) {
    const other = new Talk(await tablet.person(HANNAH.subject));
    await other.live();
    await other.open(GROUP);
    others.push(other);
  }
  await others[1].say(`from the third tab ${MARK}`);
  for (const one of [hannah, ...others]) await one.message(`from the third tab ${MARK}`).waitFor();
  await others[1].status(`from the third tab ${MARK}`, /^Sent|^Delivered|^Read/);
  await hannah.page.close({ runBeforeUnload: false });
  const start = Date.now();
  await others[0].say(`after the first is gone ${MARK}`);
  await others[3].status(`after the first is gone ${MARK}`, /^Sent|^Delivered|^Read/);
  assert.ok(Date.now() - start < 10_000, 'another tab has the connection');
  hannah = others[0];
  await others[2].page.getByRole('button', { name: 'Lock', exact: true }).click();
  for (const one of others) await locked(one.page);
  for (const one of others.slice(1)) await one.page.close();
  await hannah.person.signIn();
  await hannah.live();
});

test('a tab that is being locked gives its keys to no other, and one that is being opened meanwhile is locked too', async () => {
  const { context } = tablet;
  const opened = await context.newPage();
  // It has the keys, and is busy with opening the vault.
  await opened.addInitScript(() => {
    const request = navigator.locks.request.bind(navigator.locks);
    const goes = new Promise((done) => (window.go = done));
    navigator.locks.request = async (name, ...rest) => {
      if (name.startsWith('baton-vault-')) {
        window.opens = true;
        await goes;
      }
      return request(name, ...rest);
    };
  });
  await opened.goto(url);
  await opened.waitForFunction(() => window.opens);
  // The record takes its time to hear of it, and the first tab is as long about to be locked.
  let answers;
  const answer = new Promise((done) => (answers = done));
  await context.route('**/ohttp', async (route) => answer.then(() => route.continue()));
  await hannah.page.getByRole('button', { name: 'Lock', exact: true }).click();
  await hannah.page.getByText('Locking').waitFor();
  await assert.rejects(tablet.keys(), /no tab has a vault open/);
  await opened.evaluate(() => window.go());
  answers();
  for (const page of [hannah.page, opened]) await locked(page);
  await context.unroute('**/ohttp');
  await opened.close();
  await hannah.person.signIn();
  await hannah.live();
});

test('a lost tablet is ended from another device, and erases itself at its next contact, locked as it is', async () => {
  await hannah.page.getByRole('link', { name: 'Device' }).click();
  await hannah.page.getByRole('button', { name: 'Keep on this device' }).click();
  await hannah.page.getByLabel('New passphrase').fill(`kettle mango ${MARK}`);
  await hannah.page.getByLabel('The same passphrase again').fill(`kettle mango ${MARK}`);
  await hannah.page.getByRole('button', { name: 'Use this passphrase' }).click();
  await hannah.page.getByText('On. Baton opens here without a network.').waitFor({ timeout: 60_000 });
  await lock();
  await tablet.offline(true);
  const desk = new Talk(await stage.signedIn(HANNAH.subject));
  await desk.live();
  await desk.page.getByRole('link', { name: 'Device' }).click();
  await desk.page.getByRole('listitem').filter({ hasText: 'Keeps work until' }).first().getByRole('button', { name: /Sign it out/ }).click();
  await desk.page.getByText('It is signed out.').waitFor();
  await tablet.offline(false);
  await hannah.page.goto(url);
  await hannah.page.getByRole('button', { name: 'Sign in with your work account' }).waitFor();
  // What is locked is shown until the record has answered; then nothing is kept here any more.
  await hannah.page.getByLabel('Passphrase').waitFor({ state: 'detached', timeout: 60_000 });
  await hannah.page.waitForFunction(async () => (await indexedDB.databases()).every(({ name }) => !name.startsWith('baton-v-')));
});
