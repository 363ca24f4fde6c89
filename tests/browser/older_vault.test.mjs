// A vault that the first version of it made, with only the tables that it had: what was in it is there after an update of the app, and
// what waited settles.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { asOfVersion, counted, rows, shapes } from './database.mjs';
import { begin } from './kept.mjs';
import { Served, kept } from './release.mjs';
import { Stage } from './stage.mjs';
import { Talk } from './talk.mjs';

const GRACE = 'grace.adeyemi';
const DANIEL = 'daniel.osei';
/** The tables of version 1 (app/src/vault.rs `VERSION`). */
const TABLES = ['draft', 'log', 'me', 'outbox', 'people', 'search', 'space'];

let stage;
let daniel;
let made;

before(async () => {
  stage = await Stage.open();
  daniel = new Talk(await stage.signedIn(DANIEL));
  await daniel.live();
  made = await begin(daniel, 'Lapwing');
});
after(async () => {
  await stage.close();
  await made.tablet.end();
});

test('a vault of version 1 opens with its messages, what waits and what was being written, and settles', async () => {
  const { tablet, group, mark, passphrase } = made;
  let { grace } = made;
  await daniel.say(`from before ${mark}`);
  await grace.message(`from before ${mark}`).waitFor();
  await grace.keep(passphrase);
  await kept(grace.page, new Served().version);
  await tablet.offline(true);
  await grace.connection(/Offline since/);
  await grace.open(group);
  for (const word of ['first', 'second']) await grace.say(`waits ${word} ${mark}`);
  await grace.field().fill(`half a sentence ${mark}`);
  await counted(tablet, 'draft', 1);
  await grace.lock();
  await tablet.kill();
  await tablet.start();

  const [newest] = await asOfVersion(tablet, 1, TABLES);
  assert.ok(newest.version > 1 && newest.tables.length > TABLES.length, 'later versions have more tables');
  assert.deepEqual(await shapes(tablet), [{ version: 1, tables: TABLES }]);
  const { outbox, draft } = await rows(tablet);
  assert.deepEqual({ outbox, draft }, { outbox: 2, draft: 1 });

  await tablet.offline(true);
  grace = new Talk(await tablet.person(GRACE));
  await grace.unlock(passphrase);
  await grace.open(group);
  await grace.message(`from before ${mark}`).waitFor();
  for (const word of ['first', 'second']) await grace.status(`waits ${word} ${mark}`, 'On this device');
  assert.equal(await grace.field().inputValue(), `half a sentence ${mark}`);
  await tablet.offline(false);
  await grace.live();
  await grace.status(`waits second ${mark}`, /^Sent|^Delivered|^Read/);
  await daniel.message(`waits second ${mark}`).waitFor();
  const order = await daniel.page.getByRole('article').allInnerTexts();
  const places = ['from before', 'waits first', 'waits second'].map((text) => order.flatMap((one, place) => (one.includes(`${text} ${mark}`) ? [place] : [])));
  assert.ok(places.every(({ length }) => length === 1), 'each once');
  assert.deepEqual(places.flat(), places.flat().sort((a, b) => a - b));
  await grace.connection(/Live$/);
  assert.deepEqual(await shapes(tablet), [newest], 'it is a vault as the app makes them');

  await grace.lock();
  await grace.unlock(passphrase);
  await grace.open(group);
  await grace.message(`waits second ${mark}`).waitFor();
  assert.equal(await grace.field().inputValue(), `half a sentence ${mark}`);
});

test('no page complained', () => assert.deepEqual([...stage.complaints, ...made.tablet.complaints].filter((line) => !line.includes('WebSocket connection to')), []));
