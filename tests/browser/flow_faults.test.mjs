// What a person sees when things go wrong: offline, an expired way in, hostile input at the doors.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Stage, url } from './stage.mjs';
import { Talk, absent } from './talk.mjs';

const DANIEL = { subject: 'daniel.osei', find: 'osei', name: 'Mr Daniel Osei' };
const HANNAH = { subject: 'hannah.levy', find: 'levy', name: 'Ms Hannah Levy' };
const MARK = Math.random().toString(36).slice(2, 8);

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage.close());

async function arrive({ subject }) {
  const talk = new Talk(await stage.signedIn(subject));
  await talk.live();
  return talk;
}

test('what is written offline says so, waits, and goes in order when the connection is back', async () => {
  const daniel = await arrive(DANIEL);
  const hannah = await arrive(HANNAH);
  await daniel.start([HANNAH]);
  await daniel.say(`first ${MARK}`);
  await hannah.open('Daniel Osei');
  await hannah.message(`first ${MARK}`).waitFor();

  await daniel.page.context().setOffline(true);
  await daniel.connection(/Offline since \d\d:\d\d/);
  for (const text of ['second', 'third', 'fourth']) await daniel.say(`${text} ${MARK}`);
  await daniel.status(`third ${MARK}`, 'On this device');
  await daniel.connection(/3 items waiting/);
  await absent(hannah.message(`second ${MARK}`), 'it has not left the device');

  await daniel.page.context().setOffline(false);
  await hannah.message(`fourth ${MARK}`).waitFor({ timeout: 60_000 });
  const order = await hannah.page.getByRole('article').allInnerTexts();
  const places = ['first', 'second', 'third', 'fourth'].map((text) => order.findIndex((shown) => shown.includes(`${text} ${MARK}`)));
  assert.deepEqual(places, [...places].sort((a, b) => a - b));
  await daniel.status(`fourth ${MARK}`, /Read|Delivered/);
});

test('who was removed while offline keeps what could not be sent, with the reason', async () => {
  const group = `Sandpiper ${MARK}`;
  const daniel = await arrive(DANIEL);
  const hannah = await arrive(HANNAH);
  await daniel.start([HANNAH, { find: 'grace', name: 'Mrs Grace Adeyemi' }], group);
  await hannah.open(group);
  await hannah.page.context().setOffline(true);
  await hannah.connection(/Offline since/);
  await hannah.say(`The family rang ${MARK}`);
  await hannah.status(`The family rang ${MARK}`, 'On this device');
  await daniel.remove(HANNAH.name);

  await hannah.page.context().setOffline(false);
  const kept = hannah.message(`The family rang ${MARK}`);
  await kept.getByRole('alert').getByText('Not sent').waitFor();
  await kept.getByText(/not a member|no longer/i).first().waitFor();
  await hannah.page.getByText(/no longer a member of this conversation/).waitFor();
  await absent(hannah.page.getByRole('button', { name: 'Edit and send again' }), 'it cannot be sent there');
  await kept.getByRole('button', { name: 'Copy the text' }).waitFor();
  await kept.getByRole('button', { name: 'Discard' }).click();
  await kept.waitFor({ state: 'detached' });
  await absent(daniel.message(`The family rang ${MARK}`), 'nobody else has it');
});

test('a person who is not in the directory is told whom to ask', async () => {
  const person = await stage.person('nobody');
  await person.page.goto(`${url}/signed-in?error=access_denied&state=none`);
  await person.page.getByRole('heading', { level: 1 }).waitFor();
  await person.page.getByRole('button', { name: /sign in|try again/i }).first().waitFor();
  assert.doesNotMatch(person.page.url(), /error=|state=/, 'nothing of it stays in the address');
});

test('a forged way back from the provider is refused', async () => {
  const person = await stage.person('nobody');
  await person.page.goto(`${url}/signed-in?code=stolen&state=forged`);
  await person.page.getByRole('heading', { level: 1 }).waitFor();
  await absent(person.page.getByRole('region', { name: 'Inbox' }), 'nobody is signed in');
});
