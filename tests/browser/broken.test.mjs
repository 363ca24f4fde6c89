// The app's own end. A panic is a trap of its module, and so is memory that ran out: no code of the app runs then, and the page
// itself says that Baton has stopped.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { Stage } from './stage.mjs';
import { Talk } from './talk.mjs';

const OTHERS = [
  { find: 'osei', name: 'Mr Daniel Osei' },
  { find: 'levy', name: 'Ms Hannah Levy' },
];

let stage;
let grace;
let mark;
before(async () => {
  stage = await Stage.open();
});
after(() => stage.close());

beforeEach(async () => {
  const person = await stage.person('grace.adeyemi');
  await person.page.addInitScript(() =>
    addEventListener('TrunkApplicationStarted', (event) => {
      window.module = event.detail.wasm;
    }),
  );
  await person.signIn();
  grace = new Talk(person);
  await grace.live();
  mark = Math.random().toString(36).slice(2, 8);
  await grace.start(OTHERS, `Dunlin ${mark}`);
  await grace.say(`secret ${mark}`);
});

/** All that the page shows. */
const shown = () => grace.page.locator('body').innerText();
const stopped = () => grace.page.getByRole('heading', { level: 1, name: 'Baton has stopped' });

/** What the app's module is asked for in these tests: more memory than there is, as Rust's own allocation would. */
for (const [where, trap] of [
  ['in the midst of an event', () => setTimeout(() => window.module.__wbindgen_malloc(0xf0000000, 1))],
  ['in the midst of something awaited', () => void Promise.resolve().then(() => window.module.__wbindgen_malloc(0xf0000000, 1))],
]) {
  test(`an app that stops ${where} says so in its place, and tells nothing of what was in it`, async () => {
    assert.match(await shown(), new RegExp(mark));
    const place = grace.page.url();
    await grace.page.evaluate(trap);
    await stopped().waitFor();
    assert.deepEqual(await grace.person.barriers(), []);
    assert.doesNotMatch(await shown(), new RegExp(mark));
    assert.match(await shown(), /Messages that show as sent are safe/);
    assert.deepEqual(grace.person.complaints, ['uncaught: unreachable']);
    assert.equal(grace.page.url(), place);
    await grace.person.shot('broken');
    await grace.page.getByRole('link', { name: 'Reload Baton' }).click();
    await stopped().waitFor({ state: 'hidden' });
    await grace.live();
    await grace.open(`Dunlin ${mark}`);
    await grace.message(`secret ${mark}`).waitFor();
  });
}

test('a stack that ran out stops the app too, and another error in the page does not', async () => {
  await grace.page.evaluate(() => setTimeout(() => null.other));
  await grace.page.evaluate(() => void Promise.reject(new TypeError('other')));
  await grace.say(`still there ${mark}`);
  assert.equal(await stopped().isVisible(), false);
  assert.equal(grace.person.complaints.length, 2, grace.person.complaints.join('\n'));
  await grace.page.evaluate(() => {
    const deeper = () => 1 + deeper();
    setTimeout(deeper);
  });
  await stopped().waitFor();
});
