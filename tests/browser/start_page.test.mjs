// The first thing anyone sees, and that it is served as strictly as it should be.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { SIZES, Stage, url } from './stage.mjs';

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage.close());

test('the start page offers to sign in, in every size, light and dark, without barriers', async () => {
  for (const viewport of SIZES) {
    for (const colorScheme of ['light', 'dark']) {
      const person = await stage.person('amina.khan', { viewport, colorScheme });
      await person.page.getByText(/sign in/i).first().waitFor();
      await person.shot(`start-${viewport.width}-${colorScheme}`);
      assert.deepEqual(await person.barriers(), []);
      assert.equal(await person.page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, 'nothing scrolls sideways');
    }
  }
  assert.deepEqual(stage.complaints, []);
});

test('a person signs in through the provider', async () => {
  const person = await stage.signedIn('tom.fletcher');
  assert.equal(new URL(person.page.url()).origin, new URL(url).origin);
  await person.shot('signed-in');
  assert.deepEqual(stage.complaints, []);
});

test('pages allow no inline script and no other origin', async () => {
  const answer = await fetch(url);
  const policy = answer.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'|default-src 'self'/);
  assert.doesNotMatch(policy, /unsafe-inline|(?<!wasm-)unsafe-eval|\*/);
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  assert.doesNotMatch(await answer.text(), /<script(?![^>]*\bsrc=)[^>]*>/);
});
