// Signing out is the person's own doing, and the page says so: the record ends the device and orders it to erase what it keeps,
// and that order often comes before the answer to what asked for it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Device } from './device.mjs';
import { Stage } from './stage.mjs';
import { Talk } from './talk.mjs';

const HANNAH = { subject: 'hannah.levy' };

let stage;
let tablet;

before(async () => {
  stage = await Stage.open();
  tablet = await Device.fresh();
});
after(async () => {
  await stage.close();
  await tablet.end();
});

/** Two tabs of one person: the first leads. */
async function twoTabs() {
  const tabs = [];
  for (let number = 0; number < 2; number++) {
    const person = await tablet.person(HANNAH.subject);
    if (number === 0) await person.signIn();
    tabs.push(new Talk(person));
    await tabs[number].live();
  }
  return tabs;
}

/** Both tabs invite to sign in, and neither says anything else afterwards. */
async function signedOut(tabs) {
  for (const tab of tabs) await tab.page.getByRole('button', { name: 'Sign in with your work account' }).waitFor();
  // Longer than an order that came meanwhile is put off for.
  await tabs[0].page.waitForTimeout(8_000);
  for (const tab of tabs) {
    assert.ok(await tab.page.getByRole('button', { name: 'Sign in with your work account' }).isVisible(), await tab.page.innerText('body'));
    await tab.page.close();
  }
}

for (const [number, from] of ['the tab that leads', 'a tab that follows'].entries()) {
  test(`the order comes before the answer, signing out in ${from}: nobody is told of an administrator`, async () => {
    const tabs = await twoTabs();
    await tablet.context.route('**/ohttp', async (route) => {
      const answer = await route.fetch();
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await route.fulfill({ response: answer });
    });
    await tabs[number].signOut();
    // Not before the answers that are on their way have come.
    await tablet.context.unrouteAll({ behavior: 'wait' });
    await signedOut(tabs);
  });
}

test('the record cannot be reached: everything is erased all the same', async () => {
  const tabs = await twoTabs();
  await tablet.context.route('**/ohttp', (route) => route.abort());
  await tabs[0].signOut();
  await tablet.context.unroute('**/ohttp');
  assert.deepEqual((await tabs[0].left()).databases, []);
  await signedOut(tabs);
});

test('no page complained', () => assert.deepEqual([...stage.complaints, ...tablet.complaints].filter((said) => !said.includes('ERR_FAILED')), []));
