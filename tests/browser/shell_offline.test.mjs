// The app without a network, and from one release to the next: what starts, what is told, what is never interrupted, and
// the way back from a bad release.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, test } from 'node:test';

import { Device } from './device.mjs';
import { Served, ask, keepBusy, kept, lookForRelease, mark, releases, start, startOf, until } from './release.mjs';
import { SIZES, Stage, url } from './stage.mjs';
import { Talk } from './talk.mjs';

const ORIGIN = new URL(url).origin;
const DEEP = '/conversation/01890a5d-ac96-774b-bcce-b302099a8057';
/** A file of a release that is not in the next. */
const EXTRA = '/extra-0123456789abcdef.js';

const served = new Served();
let stage;
before(async () => {
  stage = await Stage.open();
});
afterEach(() => served.restore());
after(() => stage.close());

/** Serves a release with a file that the next will not have. */
function publishWithExtra() {
  served.publish('one', { missing: [EXTRA] });
  served.write(EXTRA.slice(1), EXTRA);
}

/** Whether a page gets what it asks for; `undefined` when it gets no answer. */
const status = (page, path) => page.evaluate(async (at) => (await fetch(at).catch(() => undefined))?.status, path);

/** Waits until no release waits to come into use. */
const settled = (page) => until(page, async () => !(await navigator.serviceWorker.getRegistration()).waiting);

/** Somebody whose browser has taken in the release that is served. */
async function visitor(subject = 'amina.khan', options) {
  const person = await stage.person(subject, options);
  await start(person.page);
  await kept(person.page, served.version);
  return person;
}

const notice = (page) => page.getByText('A new version of Baton is ready.');

test('after one visit the app starts without a network, at any of its places', async () => {
  const { page } = await visitor();
  assert.deepEqual(await releases(page), [served.version]);
  const files = await page.evaluate(async (name) => (await (await caches.open(name)).keys()).map(({ url: at }) => new URL(at).pathname), `baton-release-${served.version}`);
  assert.deepEqual(files.sort(), [...served.paths, '/config.json'].sort(), 'the app and its configuration, and nothing else');
  await page.context().setOffline(true);
  await page.reload();
  await start(page);
  for (const path of [DEEP, `${DEEP}/details`, '/new', '/']) {
    await page.goto(`${url}${path}`);
    await start(page);
    assert.equal(new URL(page.url()).pathname, path, 'the place stays in the address');
  }
  assert.equal(await page.evaluate(async () => (await fetch('/config.json')).status), 200, 'the configuration is there');
  await assert.rejects(page.goto(`${url}/healthz`), 'what is no place of the app comes from the edge alone');
});

test('a start asks the network for nothing', async () => {
  const { page } = await visitor();
  const asked = [];
  page.on('response', (response) => {
    if (!response.fromServiceWorker()) asked.push(response.url());
  });
  page.on('requestfailed', (request) => asked.push(`${request.url()} failed`));
  await page.goto(`${url}${DEEP}`);
  await start(page);
  assert.deepEqual(asked, []);
});

test('a browser that was killed starts without a network', async () => {
  const device = await Device.fresh();
  try {
    const { page } = await device.person('amina.khan');
    await start(page);
    await kept(page, served.version);
    await device.kill();
    await device.start();
    await device.offline(true);
    const again = await device.person('amina.khan', DEEP);
    await start(again.page);
    assert.deepEqual(device.complaints, []);
  } finally {
    await device.end();
  }
});

test('a change of the configuration is there at the start after the next', async () => {
  const { page } = await visitor();
  const config = JSON.parse(served.read('config.json'));
  served.write('config.json', JSON.stringify({ ...config, organisation: 'Westmere Hospice' }));
  await page.reload();
  await start(page);
  await until(page, async () => (await (await caches.match('/config.json')).json()).organisation === 'Westmere Hospice');
  await page.reload();
  await page.getByText('Westmere Hospice').waitFor();
});

test('a new release is told of, interrupts no typing, and is used when one says so', async () => {
  for (const viewport of [SIZES[0], SIZES[2]]) {
    const person = await stage.signedIn('siobhan.byrne', { viewport });
    const { page } = person;
    const talk = new Talk(person);
    await talk.live();
    await kept(page, served.version);
    await talk.open('Ward 7');
    await talk.field().pressSequentially('Bed 12 is ready for');
    served.publish(`two-${viewport.width}`);
    assert.equal(await lookForRelease(page), 'installed');
    await notice(page).waitFor();
    await page.keyboard.type(' the admission');
    assert.equal(await talk.field().inputValue(), 'Bed 12 is ready for the admission');
    assert.equal(await mark(page), 'first', 'nothing was loaded anew');
    await person.shot(`update-${viewport.width}`);
    assert.deepEqual(await person.barriers(), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, 'nothing scrolls sideways');

    await talk.field().fill('');
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Update now' }).click()]);
    assert.equal(await mark(page), `two-${viewport.width}`);
    await kept(page, served.version);
    await until(page, async (name) => (await caches.keys()).every((one) => one === name), `baton-release-${served.version}`);
    await talk.live();
    assert.equal(await notice(page).count(), 0);
    served.restore();
  }
  assert.deepEqual(stage.complaints, []);
});

test('a release that nobody asked for is used at the next start', async () => {
  const { page } = await visitor();
  served.publish('two');
  assert.equal(await lookForRelease(page), 'installed');
  assert.equal(await mark(page), 'first');
  await page.context().setOffline(true);
  await page.goto(`${url}${DEEP}`);
  await startOf(page, 'two');
  assert.equal(new URL(page.url()).pathname, DEEP);
});

test('a start waits for the next release as long as that takes to come into use, and starts with no other', async () => {
  const { page } = await visitor();
  const [worker] = page.context().serviceWorkers();
  served.publish('two');
  assert.equal(await lookForRelease(page), 'installed');
  await keepBusy(page, worker);
  await worker.evaluate(() => void setTimeout(goOn, 4_000));
  await page.goto(`${url}${DEEP}`);
  await startOf(page, 'two');
});

test('a release that cannot come into use is not waited for without end, and the one before it stays whole', async () => {
  publishWithExtra();
  const { page } = await visitor();
  await startOf(page, 'one');
  const [worker] = page.context().serviceWorkers();
  served.publish('two', { gone: [EXTRA] });
  assert.equal(await lookForRelease(page), 'installed');
  await keepBusy(page, worker);
  await page.goto(url);
  while (!(await worker.evaluate(() => Boolean(leaving))));
  await worker.evaluate(() => (leaving.since = -Infinity));
  await startOf(page, 'one');
  await ask(page, { type: 'hold', tab: 'one', bytes: [1] });
  assert.deepEqual(await ask(page, { type: 'take', tab: 'one' }), [1], 'what a tab carries over is held again');
  await worker.evaluate(() => goOn());
  await settled(page);
  assert.equal(await mark(page), 'one');
  assert.equal(await status(page, EXTRA), 200, 'its files are there though nobody serves them');
  await page.reload();
  await startOf(page, 'two');
  await until(page, async (name) => (await caches.keys()).every((one) => one === name), `baton-release-${served.version}`);
});

test('a start in one window leaves the release of another alone, and updating one does not reload the other', async () => {
  publishWithExtra();
  const { page } = await visitor();
  const other = await page.context().newPage();
  await other.goto(url);
  await start(other);
  const first = served.version;
  served.publish('two', { gone: [EXTRA] });
  assert.equal(await lookForRelease(page), 'installed');
  await page.reload();
  await startOf(page, 'one');
  await other.evaluate(() => (document.title = 'not loaded anew'));
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).waiting.postMessage({ type: 'update' }));
  await settled(page);
  await page.reload();
  await startOf(page, 'two');
  assert.equal(await other.title(), 'not loaded anew');
  await ask(page, { type: 'look' });
  assert.deepEqual((await releases(page)).sort(), [first, served.version].sort(), 'both are there while both are open');
  assert.equal(await status(other, EXTRA), 200);
  await other.reload();
  await startOf(other, 'two');
  await until(page, async (name) => (await caches.keys()).every((one) => one === name), `baton-release-${served.version}`);
});

test('a release of which a file is missing or another one is not taken, and is when it is whole', async () => {
  const { page } = await visitor();
  const first = served.version;
  served.publish('half', { missing: [EXTRA] });
  assert.equal(await lookForRelease(page), 'redundant');
  served.write(EXTRA.slice(1), 'not what the release says');
  assert.equal(await lookForRelease(page), 'redundant');
  assert.deepEqual(await releases(page), [first]);
  await page.context().setOffline(true);
  await page.reload();
  await start(page);
  assert.equal(await mark(page), 'first', 'the whole one goes on');
  await page.context().setOffline(false);
  served.write(EXTRA.slice(1), EXTRA);
  assert.equal(await lookForRelease(page), 'installed');
});

test('while the edge does not say which releases are withdrawn nothing is taken in, and what is kept stays', async () => {
  const { page } = await visitor();
  const [worker] = page.context().serviceWorkers();
  const [first, notice] = [served.version, served.read('release.json')];
  served.publish('two');
  for (const answer of ['', 'not JSON', '{}']) {
    served.write('release.json', answer);
    assert.equal(await lookForRelease(page), 'redundant');
  }
  await worker.evaluate(() => look());
  assert.deepEqual(await releases(page), [first]);
  await page.evaluate(async () => Promise.all((await caches.keys()).map((name) => caches.delete(name))));
  served.restore();
  served.write('release.json', 'not JSON');
  await worker.evaluate(() => look());
  assert.deepEqual(await releases(page), [], 'it may have been withdrawn');
  assert.equal(await ask(page, { type: 'kept' }), false);
  served.write('release.json', notice);
  await worker.evaluate(() => look());
  assert.deepEqual(await releases(page), [first]);
  assert.equal(await ask(page, { type: 'kept' }), true);
});

test('looks for what is new come one after the other, and a withdrawal in the midst of one counts', async () => {
  const { page } = await visitor();
  const [worker] = page.context().serviceWorkers();
  await worker.evaluate(async () => {
    await looked.dropped;
    self.asked = [];
    const [real, wait] = [self.fetch, new Promise((goOn) => Object.assign(self, { goOn }))];
    self.fetch = async (path, options) => {
      asked.push(path);
      if (path === '/config.json') await wait;
      return real(path, options);
    };
    self.both = Promise.all([look(), look()]);
  });
  while (!(await worker.evaluate(() => asked.includes('/config.json'))));
  await worker.evaluate(() => (goOn(), both));
  const one = ['/release.json', '/config.json', '/index.html', '/release.json'];
  assert.deepEqual(await worker.evaluate(() => asked), [...one, ...one]);
  await worker.evaluate(() => {
    const [real, wait] = [self.fetch, new Promise((goOn) => Object.assign(self, { goOn }))];
    self.asked.length = 0;
    self.fetch = async (path, options) => {
      if (path === '/index.html') await wait;
      return real(path, options);
    };
    self.both = look();
  });
  while (!(await worker.evaluate(() => asked.includes('/config.json'))));
  served.withdraw([served.version]);
  await worker.evaluate(() => (goOn(), both));
  assert.deepEqual(await releases(page), []);
});

test('a withdrawn release is dropped at the next start, and the network is asked from then on', async () => {
  const { page } = await visitor();
  served.markPage('from the network');
  served.withdraw([served.version]);
  await page.reload();
  await start(page);
  await until(page, async () => (await caches.keys()).length === 0);
  await page.reload();
  await start(page);
  assert.equal(await mark(page), 'from the network');
  assert.deepEqual(await releases(page), [], 'and it is not taken again');
  assert.equal(await lookForRelease(page), 'none');

  served.publish('better');
  await page.reload();
  await start(page);
  await lookForRelease(page);
  await page.goto(url);
  // Until then it may be the page that gives way to the next release.
  await startOf(page, 'better');
  await kept(page, served.version);
  await page.context().setOffline(true);
  await page.reload();
  await startOf(page, 'better');
});

test('an open page is told when its release is withdrawn', async () => {
  const person = await stage.signedIn('marek.kowalski');
  const { page } = person;
  await new Talk(person).live();
  await kept(page, served.version);
  served.withdraw([served.version]);
  const [worker] = page.context().serviceWorkers();
  await worker.evaluate(() => (looked.at = -Infinity));
  await ask(page, { type: 'look' });
  await notice(page).waitFor();
});

test('what a browser has thrown away is asked from the network and kept anew', async () => {
  const { page } = await visitor();
  await page.evaluate(async () => Promise.all((await caches.keys()).map((name) => caches.delete(name))));
  await page.reload();
  await start(page);
  await kept(page, served.version);
  await page.context().setOffline(true);
  await page.reload();
  await start(page);
});

test('the way out ends all of it', async () => {
  const { page } = await visitor();
  served.switchOff();
  await lookForRelease(page);
  await until(page, async () => (await caches.keys()).length === 0 && !(await navigator.serviceWorker.getRegistration()));
  served.markPage('from the network');
  await page.reload();
  await start(page);
  assert.equal(await mark(page), 'from the network');
});

test('what a tab carries over a reload is given back to that tab once', async () => {
  const { page } = await visitor();
  await ask(page, { type: 'hold', tab: 'one', bytes: [1, 2, 3] });
  await page.reload();
  await start(page);
  assert.equal(await ask(page, { type: 'take', tab: 'two' }), null, 'another tab gets nothing');
  assert.deepEqual(await ask(page, { type: 'take', tab: 'one' }), [1, 2, 3]);
  assert.equal(await ask(page, { type: 'take', tab: 'one' }), null);
  await ask(page, { type: 'hold', tab: 'one', bytes: [4] });
  await ask(page, { type: 'hold', tab: 'two', bytes: [5] });
  await ask(page, { type: 'forget' });
  assert.equal(await ask(page, { type: 'take', tab: 'one' }), null);
  assert.equal(await ask(page, { type: 'take', tab: 'two' }), null);
  await ask(page, { type: 'hold', tab: 'one', bytes: new Array(1025).fill(7) });
  assert.equal(await ask(page, { type: 'take', tab: 'one' }), null, 'nothing large is held');
});

test('what nobody takes back is forgotten after 15 seconds and is never written', async () => {
  const device = await Device.fresh();
  try {
    const { page } = await device.person('amina.khan');
    await start(page);
    await kept(page, served.version);
    const key = randomBytes(32);
    await ask(page, { type: 'hold', tab: 'one', bytes: [...key] });
    const [worker] = page.context().serviceWorkers();
    assert.equal(await worker.evaluate(() => held.size), 1);
    const bytes = await worker.evaluateHandle(() => held.get('one').data);
    const before = Date.now();
    while ((await worker.evaluate(() => held.size)) > 0) assert.ok(Date.now() - before < 25_000);
    assert.deepEqual(await bytes.evaluate((data) => [...new Uint8Array(data)]), new Array(32).fill(0));
    await ask(page, { type: 'hold', tab: 'two', bytes: [...key] });
    await device.kill();
    assert.deepEqual(device.finds([key]), []);
  } finally {
    await device.end();
  }
});

test('what is held goes on to the release that comes next', async () => {
  const { page } = await visitor();
  served.publish('two');
  assert.equal(await lookForRelease(page), 'installed');
  await page.evaluate(() => {
    addEventListener('pagehide', async () => {
      const { active, waiting } = window.registration;
      for (const worker of [active, waiting]) worker?.postMessage({ type: 'hold', tab: 'one', data: new Uint8Array([9]).buffer });
    });
    return navigator.serviceWorker.getRegistration().then((registration) => (window.registration = registration)).then(() => {});
  });
  await page.reload();
  await startOf(page, 'two');
  assert.deepEqual(await ask(page, { type: 'take', tab: 'one' }), [9]);
});

test('who works on a device that keeps things stays unlocked, and loses nothing, when the next release comes into use', async () => {
  const { page, ...person } = await stage.signedIn('grace.adeyemi');
  const talk = new Talk({ ...person, page });
  await talk.live();
  await page.getByRole('link', { name: 'Device' }).click();
  await page.getByRole('button', { name: 'Keep on this device' }).click();
  await page.getByLabel('New passphrase').fill('kettle mango harbour');
  await page.getByLabel('The same passphrase again').fill('kettle mango harbour');
  await page.getByRole('button', { name: 'Use this passphrase' }).click();
  await page.getByText('On. Baton opens here without a network.').waitFor({ timeout: 60_000 });
  await kept(page, served.version);
  await talk.open('Ward 7');
  for (const update of ['by the button', 'at the next start']) {
    const text = `The family of bed 3 comes at four (${update})`;
    await talk.field().fill(text);
    served.publish(update);
    assert.equal(await lookForRelease(page), 'installed');
    if (update === 'by the button') await page.getByRole('button', { name: 'Update now' }).click();
    else await page.reload();
    await until(page, (name) => document.querySelector('meta[name=release]')?.content === name, update);
    await talk.live();
    await until(page, (words) => document.querySelector('main textarea')?.value === words, text);
  }
});

test('what installs the app is complete', async () => {
  const manifest = JSON.parse(served.read('manifest.webmanifest'));
  assert.deepEqual(manifest.shortcuts.map(({ name, url: to }) => [name, to]), [['New message', '/new'], ['Inbox', '/']]);
  for (const purpose of ['any', 'maskable']) assert.ok(manifest.icons.some((icon) => icon.purpose === purpose), purpose);
  const icons = [...manifest.icons, ...manifest.shortcuts.flatMap((shortcut) => shortcut.icons)];
  for (const { src, type } of icons) {
    const answer = await fetch(new URL(src, ORIGIN));
    assert.equal(answer.status, 200, src);
    assert.equal(answer.headers.get('content-type'), type, src);
    assert.ok(served.paths.includes(src), `${src} is part of the release`);
  }
});

test('no page complained', () => assert.deepEqual(stage.complaints, []));
