// Urgent messages in many conversations at once: the newest are said on every page, the others are counted, and most of the screen
// stays with the page.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { SIZES, Stage } from './stage.mjs';
import { Talk } from './talk.mjs';

const GRACE = { subject: 'grace.adeyemi', find: 'grace', name: 'Mrs Grace Adeyemi' };
const DANIEL = { subject: 'daniel.osei', find: 'osei', name: 'Mr Daniel Osei' };
const HANNAH = { subject: 'hannah.levy', find: 'levy', name: 'Ms Hannah Levy' };
const MARK = Math.random().toString(36).slice(2, 8);
const GROUPS = ['Dunlin', 'Knot', 'Ruff', 'Sanderling', 'Whimbrel', 'Godwit'].map((bird) => `${bird} ${MARK}`);

let stage;
let grace;
let daniel;

before(async () => {
  stage = await Stage.open();
  daniel = new Talk(await stage.signedIn(DANIEL.subject));
  grace = new Talk(await stage.signedIn(GRACE.subject));
  await daniel.live();
  await grace.live();
  await grace.page.getByRole('link', { name: 'Device' }).click();
  for (const group of GROUPS) {
    await daniel.start([GRACE, HANNAH], group);
    await daniel.say(`come now ${MARK}`, { urgent: true });
  }
});
after(() => stage.close());

const said = () => grace.page.getByRole('region', { name: 'Your roles' }).getByRole('list', { name: 'Urgent messages' }).getByRole('listitem');

/** What is said, without what one may do. */
const words = async () => (await said().allInnerTexts()).map((text) => text.split('\n')[0]);

test('the three newest are said, and how many more there are', async () => {
  await said().filter({ hasText: GROUPS.at(-1) }).waitFor();
  const [first, second, third, more, ...rest] = await words();
  assert.deepEqual([first, second, third], GROUPS.slice(-3).reverse().map((group) => `Urgent message in ${group}`));
  const [, count] = /^(\d+) more conversations with urgent messages$/.exec(more);
  assert.ok(Number(count) >= 3, more);
  assert.deepEqual(rest, []);
});

test('in any size most of the screen is the page’s', async () => {
  for (const size of [...SIZES, { width: 1280, height: 600 }]) {
    await grace.page.setViewportSize(size);
    const { height, top } = await grace.page.evaluate(() => ({ height: innerHeight, top: document.querySelector('main').getBoundingClientRect().top }));
    assert.ok(top <= height * 0.5, `the page begins at ${top} of ${height}`);
    await grace.person.shot(`urgent-${size.width}x${size.height}`);
    assert.deepEqual(await grace.person.barriers(), []);
  }
  await grace.page.setViewportSize(SIZES[2]);
});

test('one comes to the others from there, and none is said any more when it is acknowledged', async () => {
  await said().getByRole('link', { name: 'See the inbox' }).click();
  for (const group of GROUPS) {
    await grace.open(group);
    await grace.acknowledge(`come now ${MARK}`);
  }
  await grace.page.getByRole('link', { name: 'Device' }).click();
  for (const group of GROUPS) await said().filter({ hasText: group }).waitFor({ state: 'detached' });
});

test('no page complained', () => assert.deepEqual(stage.complaints, []));
