// Starts Baton with no network: keeps one release of it, whole, and answers every start from there.
//
// The build writes `const RELEASE = { version, files }` before this text: a name for exactly these files, and the SHA-384
// of each by its path. A browser takes any change of the text for a new release and installs that beside the one in use.
//
// Kept: each file of the release, and the deployment's `config.json`, in a cache named after the release. Invariant: the
// page is put last, so a cache that has it is whole; one that is not whole is never served.
// In memory alone: what a tab that reloads asked to be held (`hold`, `take`, `forget`), for 15 seconds at most.
//
// A new release is used when all windows are closed, or the only one starts anew, or somebody asks (`update`). The way
// back: `/release.json` names releases that must not be used, and those are dropped; whatever is not kept comes from the
// network. `service-worker-off.js`, served in this file's place, ends all of it.

/** What caches of ours begin with. */
const FAMILY = 'baton-release-';
const CACHE = FAMILY + RELEASE.version;
const PAGE = '/index.html';
const CONFIG = '/config.json';
const NOTICE = '/release.json';

/** Addresses without an extension that are no place in the app. */
const NO_PLACE = /^\/(edge-metrics|healthz|ohttp|record\/.*|socket)$/;

/** How long a tab may be away when it reloads, in milliseconds. */
const HOLD_MILLIS = 15_000;
/** More than a vault's id and key, which is all that a tab has to carry over, in bytes. */
const HOLD_BYTES = 1024;
/** A look at the network that takes longer is given up: a worker that waits cannot be replaced. In milliseconds. */
const LOOK_MILLIS = 10_000;
/** How long a start is put off until the next release is in use, in milliseconds; it takes one or two turns. */
const LEAVE_MILLIS = 2_000;
/** A look that is no older than this need not be repeated, in milliseconds. */
const RECENT_MILLIS = 60_000;

/** When this worker first made way for the next release; undefined while it has not. */
let leftAt;
/** The last look at the network: when, and a promise of whether the kept release was dropped. */
let looked = { at: -Infinity, dropped: Promise.resolve(false) };
/** What tabs asked to be held, by the tab: the bytes, and how to end the wait. */
const held = new Map();

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== location.origin) return;
  if (mode === 'navigate' && isPlace(pathname)) event.respondWith(start(event));
  else if (pathname === CONFIG || Object.hasOwn(RELEASE.files, pathname)) event.respondWith(serve(pathname, event.request));
});
self.addEventListener('message', (event) => {
  const { type, tab, data } = event.data ?? {};
  if (type === 'forget') [...held.keys()].forEach(drop);
  else if (type === 'hold') event.waitUntil(hold(tab, data));
  else if (type === 'look') event.waitUntil(lookAgain());
  else if (type === 'take') take(tab, event.ports[0]);
  else if (type === 'update') event.waitUntil(skipWaiting());
});

/** Takes the release in whole, or fails and leaves nothing. */
async function install() {
  if (await isWithdrawn()) throw new Error('This release is withdrawn');
  await keep();
  if (registration.active) await tell('update-ready');
}

/** Forgets the releases before this one; pages that are open belong to this worker from now on. */
async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(FAMILY) && name !== CACHE).map((name) => caches.delete(name)));
  await clients.claim();
}

/** Paths without an extension are the app's own, as the edge has it. */
function isPlace(path) {
  return !path.split('/').pop().includes('.') && !NO_PLACE.test(path);
}

/** Answers a start, at whatever place in the app: with the page, once a newer release had its chance. */
async function start(event) {
  if (registration.waiting && (leftAt ?? Date.now()) > Date.now() - LEAVE_MILLIS && (await windows()).length < 2) return makeWay();
  event.waitUntil(look());
  return (await kept(PAGE)) ?? fetch(event.request);
}

/** Lets the next release answer the same start. Whatever lasts longer here than an answer would keep it waiting. */
function makeWay() {
  leftAt ??= Date.now();
  [...held.keys()].forEach(drop);
  registration.waiting.postMessage({ type: 'update' });
  const headers = { 'content-type': 'text/html', 'content-security-policy': "default-src 'none'", refresh: '0' };
  return new Response('<!doctype html><meta name="color-scheme" content="light dark">', { headers });
}

/** Answers with a file of the release. One that is neither kept nor served any more means that this release cannot start. */
async function serve(path, request) {
  const file = await kept(path);
  if (file) return file;
  const answer = await fetch(request);
  if (answer.status === 404) await caches.delete(CACHE);
  return answer;
}

function kept(path) {
  return caches.match(path, { cacheName: CACHE, ignoreVary: true }).catch(() => undefined);
}

/** Fetches everything and puts it away. */
async function keep() {
  const paths = [CONFIG, ...Object.keys(RELEASE.files).filter((path) => path !== PAGE), PAGE];
  const answers = await Promise.all(paths.map((path) => (path === CONFIG ? fetchConfig() : fetchWhole(path))));
  const cache = await caches.open(CACHE);
  try {
    for (const [place, path] of paths.entries()) await cache.put(path, answers[place]);
  } catch (full) {
    await caches.delete(CACHE);
    throw full;
  }
}

/** Fetches a file, which the browser takes only if it has this very digest. A name with a hash may be in its own cache. */
async function fetchWhole(path, options) {
  const integrity = RELEASE.files[path];
  const ask = (cache) => fetch(path, { cache, integrity, redirect: 'error', ...options });
  return /-[0-9a-f]{16}[._]/.test(path) ? ask('default').catch(() => ask('reload')) : ask('reload');
}

/** Fetches the deployment's configuration, and takes nothing else for it. */
async function fetchConfig(options) {
  const answer = await fetch(CONFIG, { cache: 'no-store', redirect: 'error', ...options });
  if (!answer.ok) throw new Error(`No configuration: ${answer.status}`);
  await answer.clone().json();
  return answer;
}

/** Looks what is new at the edge: whether this release is withdrawn, the configuration, the headers of the page. */
function look() {
  if (leftAt || !navigator.onLine) return undefined;
  const dropped = lookOnce().catch(() => false);
  looked = { at: Date.now(), dropped };
  return dropped;
}

/** Looks for an open page, which is told when it runs what is not to be used any more. */
async function lookAgain() {
  if (Date.now() - looked.at > RECENT_MILLIS) {
    look();
    registration.update().catch(() => {});
  }
  if (await looked.dropped) await tell('update-ready');
}

async function lookOnce() {
  const options = { signal: AbortSignal.timeout(LOOK_MILLIS) };
  if (await isWithdrawn(options)) return caches.delete(CACHE);
  if (!(await kept(PAGE))) {
    await keep();
    return false;
  }
  const cache = await caches.open(CACHE);
  await cache.put(CONFIG, await fetchConfig(options));
  await cache.put(PAGE, await fetchWhole(PAGE, options));
  return false;
}

/** Whether the deployment says that this release must not be used. No answer means no. */
async function isWithdrawn(options) {
  try {
    const answer = await fetch(NOTICE, { cache: 'no-store', redirect: 'error', ...options });
    return answer.ok && (await answer.json()).withdrawn.includes(RELEASE.version);
  } catch {
    return false;
  }
}

async function tell(type) {
  for (const client of await windows()) client.postMessage({ type });
}

function windows() {
  return clients.matchAll({ type: 'window', includeUncontrolled: true });
}

/** Holds what a tab needs to carry on after it has reloaded, and keeps this worker alive for it. */
function hold(tab, data) {
  if (leftAt || typeof tab !== 'string' || !(data instanceof ArrayBuffer) || data.byteLength > HOLD_BYTES) return undefined;
  drop(tab);
  return new Promise((end) => {
    const timer = setTimeout(() => drop(tab), HOLD_MILLIS);
    held.set(tab, { data, end: () => end(clearTimeout(timer)) });
  });
}

/** Gives it back, once. The bytes move to whoever asked, so that no copy stays. */
function take(tab, port) {
  const data = held.get(tab)?.data ?? null;
  port?.postMessage(data, data ? [data] : []);
  drop(tab);
}

function drop(tab) {
  const one = held.get(tab);
  if (!one) return;
  held.delete(tab);
  if (one.data.byteLength > 0) new Uint8Array(one.data).fill(0);
  one.end();
}
