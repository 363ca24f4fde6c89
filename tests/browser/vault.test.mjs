// The vault's own tests (app/tests/vault/), in Chromium on a real profile, and what happens to it from outside of a page.

import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { Device } from './device.mjs';
import { everyFile } from './leaks.mjs';
import { Server } from './wasm_tests.mjs';

/** What the page may keep in all: the tests keep a few MiB, and one tries to keep 32. */
const QUOTA = 24 * 1024 * 1024;

/** Words that stand in no program: whatever holds them got them from the tests. */
const PLANTED = {
  name: `Quillfeather-${randomBytes(6).toString('hex')}`,
  number: String(randomBytes(5).readUIntBE(0, 5)).padStart(10, '9').slice(0, 10),
  space: randomUUID(),
  /** Kept without a seal, so that it is found. */
  control: randomBytes(16).toString('hex'),
};

let server;
before(async () => {
  server = await Server.start();
});
after(() => server?.stop());

test('what is kept, in a real browser', async (t) => {
  const device = await Device.fresh();
  t.after(() => device.end());
  const page = await open(device, (name) => !/^kill::|something_large|whose_file_was_lost/.test(name));
  const results = await page.results();
  assert.ok(results.length > 20, `only ${results.length} tests ran:\n${await page.text()}`);
  for (const { name, is } of results) {
    await t.test(name.replaceAll('::', ': ').replaceAll('_', ' '), async () => assert.equal(is, 'ok', await page.text()));
  }
  await t.test('the profile holds nothing of what was planted', async () => {
    await device.close();
    assert.notDeepEqual(device.finds([PLANTED.control]), []);
    const space = Buffer.from(PLANTED.space.replaceAll('-', ''), 'hex');
    assert.deepEqual(device.finds([PLANTED.name, PLANTED.number, PLANTED.space, space]), []);
  });
});

test('a browser that is killed while it writes leaves each batch whole or not at all', async (t) => {
  for (const count of [1, 7, 40]) {
    const device = await Device.fresh();
    t.after(() => device.end());
    const page = await open(device, named('kill::batches_are_written_until_the_browser_is_killed'));
    await page.done(count);
    await device.kill();
    const done = String(page.lastDone);
    await device.start();
    const again = await open(device, named('kill::each_batch_is_there_whole_or_not_at_all_and_none_that_was_done_is_missing'), { done });
    assert.deepEqual((await again.results()).map(({ is }) => is), ['ok'], await again.text());
    await device.end();
  }
});

test('a value whose file was lost takes no other with it', async (t) => {
  const device = await Device.fresh();
  t.after(() => device.end());
  const page = await open(device, named('unreadable::something_large_is_kept'));
  assert.deepEqual((await page.results()).map(({ is }) => is), ['ok'], await page.text());
  await device.close();
  const lost = [...everyFile(device.profile)].filter((file) => file.includes('.indexeddb.blob'));
  assert.equal(lost.length, 2, 'each large value has a file of its own');
  for (const file of lost) rmSync(file);
  await device.start();
  const again = await open(device, named('unreadable::a_value_whose_file_was_lost_is_told_of_and_the_rest_is_read'));
  assert.deepEqual((await again.results()).map(({ is }) => is), ['ok'], await again.text());
});

function named(wanted) {
  return (name) => name === wanted;
}

/** Opens the page of those tests that `chosen` says, told the planted words and any others. */
function open(device, chosen, words = {}) {
  return server.open(device.context, { chosen, quota: QUOTA, words: { ...PLANTED, ...words } });
}
