// A device that has the newest part of a long conversation and, from long before it, an urgent message that waits: what is
// missing in between is marked, comes when it is asked for, and none of it is passed over. Without a network, so that nothing
// comes before somebody has looked.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Device } from './device.mjs';
import { Stage } from './stage.mjs';
import { Talk } from './talk.mjs';

const GRACE = { subject: 'grace.adeyemi', find: 'grace', name: 'Mrs Grace Adeyemi' };
const DANIEL = { subject: 'daniel.osei', find: 'osei', name: 'Mr Daniel Osei' };
const HANNAH = { subject: 'hannah.levy', find: 'levy', name: 'Ms Hannah Levy' };
const MARK = Math.random().toString(36).slice(2, 8);
const GROUP = `Avocet ${MARK}`;
/** More than is drawn at one time. */
const MANY = 330;

let stage;
let grace;
let tablet;
/** Two tabs of one device, of which one has the connection. */
let tabs;

before(async () => {
  stage = await Stage.open();
  const daniel = new Talk(await stage.signedIn(DANIEL.subject));
  await daniel.live();
  await daniel.start([GRACE, HANNAH], GROUP);
  tablet = await Device.fresh();
  const hannah = await tablet.person(HANNAH.subject);
  await hannah.signIn();
  const first = new Talk(hannah);
  // The other gets the keys from it.
  await first.live();
  tabs = [first, new Talk(await tablet.person(HANNAH.subject))];
  for (const tab of tabs) await tab.open(GROUP);
  await tablet.offline(true);
  for (const tab of tabs) await tab.connection(/Offline since/);
  await daniel.say(`Potassium 6.9 ${MARK}`, { urgent: true });
  for (let number = 1; number <= MANY; number++) {
    await daniel.field().fill(`number${number} ${MARK}`);
    await daniel.field().press('Enter');
  }
  await daniel.status(`number${MANY} ${MARK}`, /Sent|Delivered/);
  grace = new Talk(await stage.signedIn(GRACE.subject));
  await grace.live();
  await grace.listed(GROUP).getByText(`number${MANY} ${MARK}`).waitFor();
  await grace.page.context().setOffline(true);
  await grace.connection(/Offline since/);
});
after(() => Promise.all([stage.close(), tablet?.end()]));

test('what is missing between an urgent message and the newest is marked', async () => {
  await grace.open(GROUP);
  await grace.message(`number${MANY} ${MARK}`).waitFor();
  await grace.page.getByRole('region', { name: 'Messages' }).evaluate((pane) => (pane.scrollTop = 800));
  await grace.message(`Potassium 6.9 ${MARK}`).waitFor();
  await grace.page.getByText('Messages in between are not shown.').waitFor();
  assert.deepEqual(await grace.person.barriers(), []);
});

test('reading back shows every message once, in order, and then no mark', async () => {
  await grace.page.context().setOffline(false);
  await grace.live();
  await grace.page.getByRole('button', { name: 'Newest' }).click();
  await grace.message(`number${MANY} ${MARK}`).waitFor();
  const seen = await grace.page.evaluate(async (mark) => {
    const pane = document.querySelector('[role=region][aria-label=Messages]');
    const number = new RegExp(`number(\\d+) ${mark}`);
    const numbers = new Set();
    let isOrdered = true;
    const look = () => {
      const shown = [...pane.querySelectorAll('article')].map((one) => Number(number.exec(one.textContent)?.[1])).filter(Boolean);
      isOrdered &&= shown.every((one, at) => at === 0 || one > shown[at - 1]);
      shown.forEach((one) => numbers.add(one));
    };
    look();
    const observer = new MutationObserver(look);
    observer.observe(pane, { childList: true, subtree: true });
    for (let tries = 0; tries < 600 && !numbers.has(1); tries++) {
      pane.scrollTop = pane.scrollTop === 0 ? 1 : 0;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    observer.disconnect();
    return { many: numbers.size, isOrdered };
  }, MARK);
  assert.deepEqual(seen, { many: MANY, isOrdered: true });
  await grace.message(`Potassium 6.9 ${MARK}`).waitFor();
  assert.equal(await grace.page.getByText('Messages in between are not shown.').count(), 0);
});

test('what a device missed comes to all its tabs, also where it is too much to be told', async () => {
  await tablet.offline(false);
  for (const tab of tabs) {
    await tab.connection(/Live/);
    await tab.message(`number${MANY} ${MARK}`).waitFor();
    await tab.listed(GROUP).getByText(`number${MANY} ${MARK}`).waitFor();
  }
  await tabs[1].say(`from the tab that follows ${MARK}`);
  await tabs[0].message(`from the tab that follows ${MARK}`).waitFor();
  await tabs[1].status(`from the tab that follows ${MARK}`, /Sent|Delivered/);
  assert.deepEqual(tablet.complaints, []);
});
