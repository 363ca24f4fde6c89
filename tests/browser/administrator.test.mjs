// A tablet that is lost, and whose owner is not at hand: whoever administrates the devices of the organisation ends it for them. Nobody
// else is offered that, and nobody of another organisation is shown.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Device } from './device.mjs';
import { Stage } from './stage.mjs';
import { Talk, absent } from './talk.mjs';

let stage;
let tablet;
let priya;
let olivia;

before(async () => {
  stage = await Stage.open();
  tablet = await Device.fresh();
  const person = await tablet.person('priya.nair');
  await person.signIn();
  priya = new Talk(person);
  await priya.live();
  await priya.keep(`plover lantern ${Math.random()}`);
  olivia = new Talk(await stage.signedIn('olivia.grant'));
  await olivia.live();
  await olivia.page.getByRole('link', { name: 'Device' }).click();
});
after(async () => {
  await stage.close();
  await tablet.end();
});

const fold = (talk) => talk.page.getByText('Devices of a colleague', { exact: true });

async function find(words, name) {
  await olivia.page.getByLabel('Find a colleague').fill(words);
  await olivia.page.getByRole('button', { name: new RegExp(`^Devices of ${name}`) }).click();
  await olivia.page.getByRole('heading', { level: 3, name: `Devices of ${name}` }).waitFor();
}

test('who administrates no devices is not offered those of others', async () => {
  await priya.page.getByRole('heading', { name: 'Your other devices' }).waitFor();
  await absent(fold(priya), 'she administrates none');
});

test('devices of another organisation are not shown', async () => {
  await fold(olivia).click();
  await find('whitcombe', 'Dr Eleanor Whitcombe');
  await olivia.page.getByText('Only the devices of people of your own organisation are shown').waitFor();
  await absent(olivia.page.getByRole('button', { name: /^Sign it out and erase it/ }), 'there is nothing to end');
});

test('a colleague’s device is ended, and erases itself', async () => {
  await find('nair', 'Ms Priya Nair');
  assert.deepEqual(await olivia.person.barriers(), []);
  await olivia.page.getByRole('listitem').filter({ hasText: 'Keeps work until' }).first().getByRole('button', { name: /^Sign it out and erase it/ }).click();
  await olivia.page.getByText('It is signed out.').waitFor();
  await priya.page.getByText('This device was signed out for you').waitFor();
  await priya.page.waitForFunction(async () => (await indexedDB.databases()).every(({ name }) => !name.startsWith('baton-v-')));
  await olivia.page.getByRole('button', { name: 'Your own devices' }).click();
  await olivia.page.getByRole('heading', { name: 'Your other devices' }).waitFor();
});

test('no page complained', () => assert.deepEqual([...stage.complaints, ...tablet.complaints], []));
