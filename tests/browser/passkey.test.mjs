// Keeping work with a passkey, and opening it again: a virtual authenticator with the pseudo-random function, as Chromium has it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Device } from './device.mjs';
import { Talk } from './talk.mjs';

const GRACE = { subject: 'grace.adeyemi', find: 'grace', name: 'Mrs Grace Adeyemi' };
const MARK = Math.random().toString(36).slice(2, 8);

let laptop;
let grace;

/** An authenticator of the device itself, which has verified whoever uses it. */
async function authenticator(page, credentials = []) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true, hasPrf: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  for (const credential of credentials) await session.send('WebAuthn.addCredential', { authenticatorId, credential });
  return { session, authenticatorId };
}

before(async () => {
  laptop = await Device.fresh();
  const person = await laptop.person(GRACE.subject);
  await person.signIn();
  grace = new Talk(person);
  await grace.live();
});
after(() => laptop.end());

test('work is kept with a passkey, and a passkey opens it without a network', async () => {
  await authenticator(grace.page);
  await grace.page.getByRole('link', { name: 'Device' }).click();
  await grace.page.getByRole('button', { name: 'Keep on this device' }).click();
  await grace.page.getByRole('button', { name: 'Use a passkey' }).click();
  await grace.page.getByText('On. Baton opens here without a network.').waitFor({ timeout: 60_000 });
  await laptop.offline(true);
  await grace.connection(/Offline since/);
  await grace.page.getByRole('button', { name: 'Lock', exact: true }).click();
  await grace.page.getByRole('button', { name: 'Unlock with your passkey' }).click();
  await grace.page.getByRole('region', { name: 'Inbox' }).waitFor();
  await laptop.offline(false);
  await grace.live();
});

test('a passkey of somebody else opens nothing', async () => {
  await grace.page.getByRole('button', { name: 'Lock', exact: true }).click();
  await grace.page.getByRole('heading', { name: 'Baton is locked' }).waitFor();
  const session = await grace.page.context().newCDPSession(grace.page);
  await session.send('WebAuthn.disable').catch(() => {});
  await grace.page.reload();
  await authenticator(grace.page);
  await grace.page.getByRole('button', { name: 'Unlock with your passkey' }).click();
  await grace.page.getByRole('alert').first().waitFor();
  assert.equal(await grace.page.getByRole('region', { name: 'Inbox' }).count(), 0, `nothing is open ${MARK}`);
});
