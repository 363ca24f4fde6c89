// A browser that keeps nothing for any site: the setting that some organisations and careful people make. Baton cannot work in
// it, and says so at once and what to do, in place of losing what is written later.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Device } from './device.mjs';

const BLOCK = 2;

let tablet;
let person;

before(async () => {
  tablet = new Device();
  tablet.profile = await mkdtemp(join(tmpdir(), 'baton-device-'));
  mkdirSync(join(tablet.profile, 'Default'));
  const preferences = { profile: { default_content_setting_values: { cookies: BLOCK } } };
  writeFileSync(join(tablet.profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  await tablet.start();
  person = await tablet.person('marek.kowalski');
});
after(() => tablet?.end());

const refused = () => person.page.getByRole('heading', { name: 'Your browser does not let Baton sign you in' });

test('the browser blocks what sites keep', async () => {
  const kept = await person.page.evaluate(() => {
    try {
      return String(window.sessionStorage.length);
    } catch (error) {
      return error.name;
    }
  });
  assert.equal(kept, 'SecurityError');
});

test('signing in says what stands in the way and what to do, and does not go to the provider in vain', async () => {
  const signIn = person.page.getByRole('button', { name: 'Sign in' });
  await signIn.or(refused()).first().waitFor();
  if (await signIn.isVisible()) await signIn.click();
  await refused().waitFor();
  await person.page.getByText('Allow it for this site, or use another browser').waitFor();
  assert.deepEqual(await person.barriers(), []);
});

test('it can be tried again, and the app has not stopped', async () => {
  await person.page.getByRole('button', { name: 'Sign in again' }).first().click();
  await refused().waitFor();
  assert.equal(await person.page.locator('#broken').isVisible(), false);
});
