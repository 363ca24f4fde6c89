// Keeping work with a passkey, and opening it again: a virtual authenticator with the pseudo-random function, as Chromium has it.
// And what happens where the passkey that is made can keep nothing.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Device } from './device.mjs';
import { Talk } from './talk.mjs';

const GRACE = { subject: 'grace.adeyemi', find: 'grace', name: 'Mrs Grace Adeyemi' };
const MARK = Math.random().toString(36).slice(2, 8);

let laptop;
let grace;

/** An authenticator of the device itself, which has verified whoever uses it; gives a way to look at its passkeys, and to take it away. */
async function authenticator(page, { hasPrf = true } = {}) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true, hasPrf, isUserVerified: true, automaticPresenceSimulation: true },
  });
  const passkeys = async () => (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length;
  let made = 0;
  session.on('WebAuthn.credentialAdded', () => (made += 1));
  return { passkeys, made: () => made, end: () => session.send('WebAuthn.disable') };
}

before(async () => {
  laptop = await Device.fresh();
  const person = await laptop.person(GRACE.subject);
  await person.signIn();
  grace = new Talk(person);
  await grace.live();
});
after(() => laptop.end());

test('a passkey without the function keeps nothing and does not stay: one is told so, and a passphrase does', async () => {
  const passphrase = `kettle mango ${MARK}`;
  const { passkeys, made, end } = await authenticator(grace.page, { hasPrf: false });
  await grace.page.getByRole('link', { name: 'Device' }).click();
  await grace.page.getByRole('button', { name: 'Keep on this device' }).click();
  await grace.page.getByRole('button', { name: 'Use a passkey' }).click();
  await grace.page.getByRole('alert').filter({ hasText: 'A passkey made here cannot open what Baton keeps, so none is used. Choose a passphrase below.' }).waitFor();
  assert.deepEqual([made(), await passkeys()], [1, 0], 'it was made, and is there no more');
  assert.deepEqual(await grace.person.barriers(), []);
  await grace.page.getByRole('button', { name: 'Cancel' }).click();
  await grace.page.getByText('Do not do this on a computer that others use too.').waitFor();
  await grace.keep(passphrase);
  await grace.lock();
  assert.equal(await grace.page.getByRole('button', { name: 'Unlock with your passkey' }).count(), 0, 'no passkey opens it');
  await grace.unlock(passphrase);
  await grace.live();
  await end();
});

test('where the record cannot be reached no passkey is made, which would take the place of the one before', async () => {
  const { passkeys, made, end } = await authenticator(grace.page);
  await laptop.offline(true);
  await grace.connection(/Offline since/);
  await grace.page.getByRole('link', { name: 'Device' }).click();
  await grace.page.getByRole('button', { name: 'Change how it opens' }).click();
  await grace.page.getByRole('button', { name: 'Use a passkey' }).click();
  await grace.page.getByRole('alert').filter({ hasText: 'The record has to be reached for this.' }).waitFor();
  assert.deepEqual([made(), await passkeys()], [0, 0]);
  await grace.page.getByRole('button', { name: 'Cancel' }).click();
  await laptop.offline(false);
  await grace.live();
  await end();
});

test('work is kept with a passkey, and a passkey opens it without a network', async () => {
  await authenticator(grace.page);
  await grace.page.getByRole('link', { name: 'Device' }).click();
  await grace.page.getByRole('button', { name: 'Change how it opens' }).click();
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
