// The main job: two people in two browsers write to each other through the real provider, edge and record; a third
// joins and leaves; and nothing of it can be read in between.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { finds } from './leaks.mjs';
import { SIZES, Stage, url } from './stage.mjs';
import { Talk, absent } from './talk.mjs';
import { Wire } from './wire.mjs';

const AMINA = { subject: 'amina.khan', find: 'amina', name: 'Dr Amina Khan' };
const MAREK = { subject: 'marek.kowalski', find: 'kowal', name: 'Mr Marek Kowalski' };
const GRACE = { subject: 'grace.adeyemi', find: 'grace', name: 'Mrs Grace Adeyemi' };
// Words that stand nowhere else, so that finding them anywhere but on a screen is a leak.
const MARK = Math.random().toString(36).slice(2, 8);
const GROUP = `Zebrafinch ${MARK}`;
const said = (what) => `${what} quokka${MARK}`;

const wire = [];
let stage;
let amina;
let marek;

before(async () => {
  stage = await Stage.open();
  amina = await arrive(AMINA);
  marek = await arrive(MAREK);
});
after(() => stage.close());

/** Signs somebody in, keeping every byte that passes the edge on their behalf. */
async function arrive({ subject }) {
  const person = await stage.person(subject);
  const keep = (bytes) => bytes && wire.push(Buffer.from(bytes));
  person.page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => keep(payload));
    socket.on('framereceived', ({ payload }) => keep(payload));
  });
  const origin = new URL(url).origin;
  person.page.on('request', (request) => {
    if (new URL(request.url()).origin === origin) {
      keep(request.url());
      keep(request.postDataBuffer());
    }
  });
  person.page.on('response', async (response) => {
    const at = new URL(response.url());
    if (at.origin === origin && at.pathname === '/ohttp') keep(await response.body().catch(() => ''));
  });
  await person.signIn();
  const talk = new Talk(person);
  await talk.live();
  return talk;
}

test('a message is sent, delivered and read', async () => {
  await amina.start([MAREK, { find: 'osei', name: 'Mr Daniel Osei' }], GROUP);
  await amina.say(said('Bed 4 needs bloods'));
  await amina.status(said('Bed 4 needs bloods'), /^Delivered to 1|^Sent|^Delivered/);
  await marek.open(GROUP);
  await marek.message(said('Bed 4 needs bloods')).waitFor();
  await amina.status(said('Bed 4 needs bloods'), 'Read by 1 of 2');
  await marek.say(said('On my way'));
  await amina.message(said('On my way')).waitFor();
  await amina.message(said('On my way')).getByText('Staff nurse, Ward 7').waitFor();
});

test('typing shows on the other side', async () => {
  // Longer than the pause between two notices.
  await marek.field().pressSequentially('let me see what the lab says about it', { delay: 120 });
  await amina.page.getByText(/Marek Kowalski is writing/).waitFor();
  await marek.field().fill('');
});

test('an urgent message stands out and is acknowledged by name', async () => {
  await amina.say(said('Potassium 6.9, please come'), { urgent: true });
  const urgent = marek.message(said('Potassium 6.9, please come'));
  await urgent.getByText('Urgent', { exact: true }).waitFor();
  await absent(amina.message(said('Potassium 6.9, please come')).getByRole('button', { name: 'Acknowledge' }), 'nobody acknowledges their own');
  await marek.acknowledge(said('Potassium 6.9, please come'));
  await amina.message(said('Potassium 6.9, please come')).getByText('Acknowledged by').waitFor();
  await amina.message(said('Potassium 6.9, please come')).getByText(/Marek Kowalski/).waitFor();
});

test('a correction is marked and keeps what was there', async () => {
  await amina.say(said('Give 50 mg'));
  await marek.message(said('Give 50 mg')).waitFor();
  await amina.correct(said('Give 50 mg'), said('Give 5 mg'));
  const corrected = marek.message(said('Give 5 mg'));
  await corrected.locator('summary').filter({ hasText: /^Corrected/ }).click();
  await corrected.getByText(said('Give 50 mg')).waitFor();
});

test('a withdrawn message is hidden, and says who withdrew it', async () => {
  await amina.say(said('wrong conversation'));
  await marek.message(said('wrong conversation')).waitFor();
  await amina.withdraw(said('wrong conversation'));
  await marek.page.getByText(/Amina Khan withdrew|withdrawn by Dr Amina Khan/i).waitFor();
  await absent(marek.message(said('wrong conversation')), 'the text is gone from the screen');
});

test('who is added reads the history; who is removed gets nothing more', async () => {
  const grace = await arrive(GRACE);
  await absent(grace.listed(GROUP), 'not a member yet');
  await amina.add(GRACE);
  await grace.listed(GROUP).waitFor();
  await grace.open(GROUP);
  await grace.message(said('Bed 4 needs bloods')).waitFor();
  await marek.page.getByText(/added Mrs Grace Adeyemi|Grace Adeyemi/).first().waitFor();

  const framesBefore = wire.length;
  await amina.remove(GRACE.name);
  await grace.person.shot('removed');
  await grace.page.getByText(/no longer a member/i).waitFor();
  await amina.say(said('without Grace'));
  await marek.message(said('without Grace')).waitFor();
  await absent(grace.message(said('without Grace')), 'no new entry');
  assert.ok(wire.length > framesBefore);
  await grace.page.reload();
  await grace.live();
  await absent(grace.listed(GROUP), 'gone from the inbox');
  await absent(grace.message(said('without Grace')), 'and no new key');
});

test('on a phone nothing of a message or its menu is cut off', async () => {
  await amina.page.setViewportSize(SIZES[0]);
  await amina.open(GROUP);
  const message = amina.message(said('without Grace'));
  await message.getByRole('button', { name: /^Actions for/ }).click();
  for (const item of await amina.page.getByRole('menuitem').all()) await item.click({ trial: true });
  await amina.page.keyboard.press('Escape');
  const cutting = await message.evaluate((message) => {
    const cuts = [];
    for (let one = message; one.role !== 'region'; one = one.parentElement) if (getComputedStyle(one).overflow !== 'visible') cuts.push(one.className);
    return cuts;
  });
  assert.deepEqual(cutting, []);
  await amina.page.setViewportSize(SIZES[2]);
});

test('no screen has a barrier that can be told, on a phone or a desktop, light or dark', async () => {
  const found = [];
  for (const viewport of [SIZES[0], SIZES[2]]) {
    await amina.page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark']) {
      await amina.page.emulateMedia({ colorScheme });
      const look = async (screen) => {
        for (const barrier of await amina.person.barriers()) found.push(`${screen}, ${viewport.width}, ${colorScheme}: ${barrier}`);
      };
      await amina.open(GROUP);
      await look('thread');
      await amina.details();
      await look('members');
      await amina.page.getByRole('button', { name: 'Add a person' }).click();
      await amina.page.getByRole('searchbox').waitFor();
      await look('add a person');
      await amina.back();
      await amina.inbox();
      await look('inbox');
      await amina.page.getByRole('link', { name: 'New conversation' }).click();
      await amina.page.getByRole('searchbox').waitFor();
      await look('new conversation');
      await amina.inbox();
    }
  }
  await amina.page.setViewportSize(SIZES[2]);
  await amina.page.emulateMedia({ colorScheme: null });
  await amina.open(GROUP);
  assert.deepEqual(found, []);
});

test('a reload loses nothing', async () => {
  await marek.page.reload();
  await marek.live();
  await marek.open(GROUP);
  for (const text of ['Bed 4 needs bloods', 'On my way', 'Give 5 mg', 'without Grace']) await marek.message(said(text)).waitFor();
});

test('on a new device what has not come yet is counted, and nothing is said to be all', async () => {
  const person = await stage.person(MAREK.subject, { viewport: SIZES[0] });
  const held = await Wire.of(person.page);
  held.passes = ({ way }) => way === 'to the edge';
  await person.signIn();
  const talk = new Talk(person);
  const inbox = person.page.getByRole('region', { name: 'Inbox' });
  await inbox.getByRole('status').filter({ hasText: /^Loading \d+ conversations?…$/ }).waitFor();
  await person.shot('inbox-loading');
  assert.equal(await inbox.getByRole('listitem').count(), 0, 'a row without a name helps nobody');
  await absent(inbox.getByText('You have no conversations yet'), 'that is not known');
  await inbox.getByRole('button', { name: 'Unread' }).click();
  await absent(inbox.getByText('Everything is read'), 'nor is that');
  assert.deepEqual(await person.barriers(), []);
  await inbox.getByRole('button', { name: 'All' }).click();
  held.passes = () => true;
  await person.page.reload();
  await talk.live();
  await talk.listed(GROUP).waitFor();
  await absent(inbox.getByText(/^Loading/), 'all have come');
});

test('nothing that was said or titled passed the edge, lies in its store, the database or any log in the clear', async () => {
  assert.ok(wire.length > 50, 'the wire was watched');
  const words = [`quokka${MARK}`, `Zebrafinch ${MARK}`, 'Kowalski', 'KOWALSKI', 'Adeyemi', 'Okafor', 'marek.kowalski'];
  assert.deepEqual(finds(words, { wire }), []);
});

test('sign-out leaves nothing', async () => {
  await marek.signOut();
  assert.deepEqual(await marek.left(), { session: [], local: [], databases: [], caches: [], cookies: '' });
  await marek.page.goBack().catch(() => {});
  await absent(marek.message(said('On my way')), 'not by going back either');
});

test('no page complained', () => assert.deepEqual(stage.complaints, []));
