// The release that the edge serves and those that a browser has. To serve another, files are changed where the edge of the
// tests' stack has them. Each is written anew rather than over the old one, which may be the build's own file under a second name.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = 'index.html';
const WORKER = 'service-worker.js';
const NOTICE = 'release.json';

/** What the edge serves, and what it served at first. */
export class Served {
  #folder;
  /** What each changed file held at first; null for none. */
  #first = new Map();

  constructor() {
    const state = process.env.BATON_STATE_DIR;
    if (!state) throw new Error('BATON_STATE_DIR is not set: run this through cargo xtask');
    this.#folder = join(state, 'dist');
  }

  /** The name of the release that is served. */
  get version() {
    return this.#worker().release.version;
  }

  /** The paths of its files. */
  get paths() {
    return Object.keys(this.#worker().release.files);
  }

  /** Serves a release whose page carries this mark; `missing` is in its list alone, and `gone` in it no more. */
  publish(mark, { missing = [], gone = [] } = {}) {
    const page = this.read(PAGE).toString().replace(/<meta name="release"[^>]*>|(?=<\/head>)/, `<meta name="release" content="${mark}">`);
    this.write(PAGE, page);
    const { release, source } = this.#worker();
    release.files[`/${PAGE}`] = integrity(page);
    for (const path of missing) release.files[path] = integrity(path);
    for (const path of gone) {
      delete release.files[path];
      rmSync(join(this.#folder, path), { force: true });
    }
    release.version = createHash('sha256').update(JSON.stringify(release.files)).digest('hex').slice(0, 16);
    this.write(WORKER, `const RELEASE=${JSON.stringify(release)};\n${source}`);
  }

  /** Serves the page of another release than the service worker's. */
  markPage(mark) {
    this.write(PAGE, this.read(PAGE).toString().replace('</head>', `<meta name="release" content="${mark}"></head>`));
  }

  /** Says that these releases must not be used. */
  withdraw(versions) {
    this.write(NOTICE, JSON.stringify({ ...JSON.parse(this.read(NOTICE)), withdrawn: versions }));
  }

  /** Serves the way out in the place of the service worker. */
  switchOff() {
    this.write(WORKER, this.read('service-worker-off.js'));
  }

  /** Serves what was served at first. */
  restore() {
    for (const [name, content] of this.#first) {
      rmSync(join(this.#folder, name), { force: true });
      if (content) writeFileSync(join(this.#folder, name), content);
    }
    this.#first.clear();
  }

  read(name) {
    return readFileSync(join(this.#folder, name));
  }

  write(name, content) {
    for (const one of [name, `${name}.br`]) {
      const path = join(this.#folder, one);
      if (!this.#first.has(one)) this.#first.set(one, existsSync(path) ? readFileSync(path) : null);
      rmSync(path, { force: true });
    }
    writeFileSync(join(this.#folder, name), content);
  }

  #worker() {
    const [, list, source] = /^const RELEASE=(\{.*?\}\});\n([^]*)$/.exec(this.read(WORKER).toString());
    return { release: JSON.parse(list), source };
  }
}

/** Waits until the app has started, with nobody signed in. */
export async function start(page) {
  await page.getByRole('button', { name: 'Sign in with your work account' }).waitFor();
}

/**
 * Waits until something asked of the page is so, even if the page is loaded anew meanwhile: what was asked of a page that gives way
 * to the next may never be answered.
 */
export async function until(page, is, argument) {
  const end = Date.now() + 15_000;
  while (!(await answered(page.evaluate(is, argument)))) assert.ok(Date.now() < end, `never so: ${is}`);
}

/** The answer, or false when there is none within a second. */
async function answered(asked) {
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, 1_000, false)));
  const answer = await Promise.race([asked.catch(() => false), late]);
  clearTimeout(timer);
  return answer;
}

/** Waits until the worker is in use and has the release of this name. */
export async function kept(page, version) {
  const isKept = async (cacheName) =>
    navigator.serviceWorker.controller?.state === 'activated' && Boolean(await caches.match('/index.html', { cacheName }));
  await until(page, isKept, `baton-release-${version}`);
}

/** Has the browser say whether it has promised not to give up what is kept, for as long as the page is loaded. */
export function promise(page, isGiven) {
  return page.evaluate((given) => void (StorageManager.prototype.persisted = async () => given), isGiven);
}

/** The releases that a browser has. */
export function releases(page) {
  return page.evaluate(async () => (await caches.keys()).map((name) => name.replace('baton-release-', '')));
}

/** Has the browser look for another worker, as it does by itself at each start; says what became of the one it found. */
export function lookForRelease(page) {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration.update().catch(() => {});
    const found = registration.installing;
    if (!found) return registration.waiting ? 'installed' : 'none';
    while (found.state === 'installing') await new Promise((later) => setTimeout(later, 20));
    return found.state;
  });
}

/** Waits until the page of the release with this mark is shown, and has started. */
export async function startOf(page, name) {
  await until(page, (expected) => document.querySelector('meta[name=release]')?.content === expected, name);
  await start(page);
}

/** Keeps a worker busy: whatever it fetches, and so its look for what is new, waits until `goOn()` is called in it. */
export async function keepBusy(page, worker) {
  await worker.evaluate(() => {
    const [real, wait] = [self.fetch, new Promise((goOn) => Object.assign(self, { goOn }))];
    self.fetch = async (...asked) => (await wait, real(...asked));
    looked.at = -Infinity;
  });
  const before = await worker.evaluate(() => looked.at);
  await ask(page, { type: 'look' });
  while ((await worker.evaluate(() => looked.at)) === before);
}

/** The mark of the release whose page is shown. */
export function mark(page) {
  return page.evaluate(() => document.querySelector('meta[name=release]')?.content ?? 'first');
}

/** Says something to the worker in use and gives its answer. */
export function ask(page, message) {
  return page.evaluate(async ({ bytes, ...said }) => {
    const worker = (await navigator.serviceWorker.getRegistration()).active;
    const data = bytes && new Uint8Array(bytes).buffer;
    if (!['kept', 'take'].includes(said.type)) return worker.postMessage({ ...said, data });
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((heard) => (port1.onmessage = heard));
    worker.postMessage(said, [port2]);
    const { data: told } = await answer;
    return told instanceof ArrayBuffer ? [...new Uint8Array(told)] : told;
  }, message);
}

function integrity(content) {
  return `sha384-${createHash('sha384').update(content).digest('base64')}`;
}
