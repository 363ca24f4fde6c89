// Pictures of a device: what it keeps and how it opens, without a network, locked, and at its end. Walks of `shots.mjs`.

import { hoursPass, runFaster } from './clock.mjs';
import { url } from './stage.mjs';
import { Talk } from './talk.mjs';

const PASSPHRASE = 'kettle mango harbour';

/** Keeping work on a device, taking it along, and each way in which it is locked and opened. */
export async function onTheDevice(person, shot) {
  const { page } = person;
  await person.signIn();
  const talk = new Talk(person);
  await talk.live();
  const device = () => page.getByRole('link', { name: 'Device' }).click();
  await device();
  await shot('device-session');
  await page.getByRole('button', { name: 'Am I ready to go offline?' }).click();
  await page.getByText('Not ready yet').waitFor();
  await shot('device-not-ready');
  await talk.lock();
  await shot('locked-session');
  await person.signIn();
  await talk.live();
  await device();
  await page.getByRole('button', { name: 'Keep on this device' }).click();
  await page.getByLabel('New passphrase').fill('short');
  await page.getByRole('button', { name: 'Use this passphrase' }).click();
  await page.getByText('Use at least 12 characters').waitFor();
  await shot('device-weak-passphrase');
  await page.getByLabel('New passphrase').fill(PASSPHRASE);
  await page.getByLabel('The same passphrase again').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Use this passphrase' }).click();
  await page.getByText('On. Baton opens here without a network.').waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Take with me' }).click();
  await page.getByText(/Ready to go offline|Not ready/).waitFor({ timeout: 60_000 });
  await page.getByLabel('New PIN').fill('1234');
  await page.getByRole('button', { name: 'Set PIN' }).click();
  await shot('device-taken');
  await page.getByLabel('New PIN').fill('2580');
  await page.getByRole('button', { name: 'Set PIN' }).click();
  await page.getByText('Your PIN is set.').waitFor();
  await talk.lock();
  await shot('locked-pin');
  await page.getByLabel('PIN', { exact: true }).fill('0000');
  await page.getByRole('button', { name: /Unlock/ }).first().click();
  await page.getByText('That is not the PIN').waitFor();
  await shot('locked-wrong');
  await page.reload();
  await talk.locked();
  await shot('locked-passphrase');
  await page.getByLabel('Passphrase', { exact: true }).fill('kettle mango harbours');
  await page.getByRole('button', { name: 'Unlock with your passphrase' }).click();
  await page.getByText(/opens nothing that is kept/).waitFor({ timeout: 60_000 });
  await shot('locked-wrong-passphrase');
  await page.context().setOffline(true);
  await page.reload();
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock with your passphrase' }).click();
  // A phone shows where one was, a wider screen the inbox beside it.
  await page.getByRole('button', { name: 'Lock', exact: true }).waitFor({ timeout: 60_000 });
  await shot('offline-start');
  await talk.open('Ward 7');
  await talk.say(`Written at the house, no signal (${person.device})`);
  await talk.inbox();
  await device();
  await shot('device-offline');
  await page.getByRole('button', { name: 'Sign out and erase' }).first().scrollIntoViewIfNeeded();
  await shot('device-offline-end');
  await page.getByRole('button', { name: /^Your account/ }).click();
  await shot('account-unsent');
  await page.keyboard.press('Escape');
  await hoursPass(page, 73);
  await page.getByText('This device was offline for too long').waitFor({ timeout: 60_000 });
  await shot('lease-ended');
  await page.context().setOffline(false);
}

/** A device that nobody touches, and one that is signed out from another. */
export async function atTheEnd(person, shot, stage) {
  const { page } = person;
  await person.signIn();
  const talk = new Talk(person);
  await talk.live();
  await page.getByRole('link', { name: 'Device' }).click();
  await page.getByLabel('New PIN').fill('2580');
  await page.getByRole('button', { name: 'Set PIN' }).click();
  await page.getByText('Your PIN is set.').waitFor();
  await talk.lock();
  await runFaster(page, 20);
  await page.getByLabel('PIN', { exact: true }).fill('2580');
  await page.getByRole('button', { name: 'Unlock', exact: true }).click();
  await page.getByText('Locks in a few seconds').waitFor();
  await shot('locks-soon');
  await talk.locked();
  await person.signIn();
  await talk.live();
  const there = new Talk(await stage.signedIn(person.subject, { viewport: page.viewportSize() }));
  await there.live();
  await there.page.getByRole('link', { name: 'Device' }).click();
  const out = there.page.getByRole('button', { name: /^Sign it out and erase it/ });
  await out.first().scrollIntoViewIfNeeded();
  await there.person.shot(`device-others-${person.suffix}`);
  const ended = page.getByText('This device was signed out for you');
  for (let left = 20; left > 0 && !(await ended.isVisible()); left -= 1) {
    await out.first().click();
    await there.page.getByText('It is signed out.').first().waitFor();
    await there.page.waitForTimeout(500);
  }
  await ended.waitFor();
  await shot('signed-out-from-elsewhere');
  await there.page.context().close();
}

/** What stands in the way of starting. */
export async function problems(person, shot) {
  const { page } = person;
  const began = async (name) => {
    await page.goto(url);
    await page.getByRole('alert').first().waitFor();
    await shot(name);
  };
  await page.context().route('**/config.json', (route) => route.abort());
  await began('problem-unreachable');
  await page.context().unroute('**/config.json');
  await page.context().route('**/config.json', (route) => route.fulfill({ body: '{' }));
  await began('problem-deployment');
  await page.context().unroute('**/config.json');
}
