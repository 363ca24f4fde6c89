// Starts Baton with no network: keeps one release of it, whole, and answers every start from there.
//
// The build writes `const RELEASE = { version, files }` before this text: a name for exactly these files, and the SHA-384
// of each by its path. A browser takes any change of the text for a new release and installs that beside the one in use.
//
// Kept: each file of the release, and the deployment's `config.json`, in a cache named after the release. Invariant: the
// page is put last, so a cache that has it is whole; the page of one that is not whole is never served. The cache of an
// earlier release stays until no page that may be of it is open: what such a page asks for later is served from there.
// In memory alone: what a tab that reloads asked to be held (`hold`, `take`, `forget`), and photos that another app shared
// (`shared`), for 15 seconds at most.
//
// A new release is used when all windows are closed, or the only one starts anew, or somebody asks (`update`). The way
// back: `/release.json` names releases that must not be used, and those are dropped; whatever is not kept comes from the
// network. While that cannot be read what is kept stays, and nothing new is taken in. `service-worker-off.js`, served in
// this file's place, ends all of it.

/** What caches of ours begin with. */
const FAMILY = 'baton-release-';
const CACHE = FAMILY + RELEASE.version;
const PAGE = '/index.html';
const CONFIG = '/config.json';
const NOTICE = '/release.json';

/** Names with the hash of their content in them: whichever release such a file was kept for, it is the same. */
const HASHED = /-[0-9a-f]{16}[._]/;
/** Addresses without an extension that are no place in the app. */
const NO_PLACE = /^\/(edge-metrics|healthz|ohttp|record\/.*|socket)$/;

/** Where another app shares photos (the manifest's `share_target`). */
const SHARE = '/share';
/** As many as a message shows (core/src/op/message.rs). */
const MOST_SHARED = 4;

/** How long a tab may be away when it reloads, in milliseconds. */
const HOLD_MILLIS = 15_000;
/** More than a vault's id and key, which is all that a tab has to carry over, in bytes. */
const HOLD_BYTES = 1024;
/** A look at the network that takes longer is given up: a worker that waits cannot be replaced. In milliseconds. */
const LOOK_MILLIS = 10_000;
/**
 * How long starts are put off until the next release is in use, in milliseconds. It takes one or two turns, and much longer on
 * a device that is busy; what a tab carries over is held for longer than this.
 */
const LEAVE_MILLIS = 12_000;
/** A start that is put off for longer than this says so, and is tried again less often; in milliseconds. */
const SLOW_MILLIS = 2_000;
/** A look that is no older than this need not be repeated, in milliseconds. */
const RECENT_MILLIS = 60_000;

/** The release that this worker makes way for, and since when; undefined while it has not. */
let leaving;
/** The last look at the network: when, and a promise of whether the kept release was dropped. */
let looked = { at: -Infinity, dropped: Promise.resolve(false) };
/** Gives up the look that is under way. */
let looking = new AbortController();
/** The pages that this worker has started. Those of its life before this one are not known. */
const started = new Set();
/** Photos that another app shared, until a page asks for them. */
let shared = [];
/** What tabs asked to be held, by the tab: the bytes, and how to end the wait. */
const held = new Map();

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(clients.claim()));
self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (origin !== location.origin) return;
  if (method === 'POST' && pathname === SHARE) event.respondWith(share(event));
  if (method !== 'GET') return;
  if (mode === 'navigate' && isPlace(pathname)) event.respondWith(start(event));
  else if (isOurs(pathname) || HASHED.test(pathname)) event.respondWith(serve(event, pathname));
});
self.addEventListener('message', (event) => {
  const { type, tab, data } = event.data ?? {};
  if (type === 'forget') {
    [...held.keys()].forEach(drop);
    shared = [];
  } else if (type === 'hold') event.waitUntil(hold(tab, data));
  else if (type === 'kept') event.waitUntil(answerKept(event.ports[0]));
  else if (type === 'look') event.waitUntil(lookAgain());
  else if (type === 'shared') giveShared(event.ports[0]);
  else if (type === 'take') take(tab, event.ports[0]);
  else if (type === 'update') event.waitUntil(skipWaiting());
});

/** Takes the release in whole, or fails and leaves nothing. */
async function install() {
  if ((await isWithdrawn()) || !(await keep())) throw new Error('This release is withdrawn');
  if (registration.active) await tell('update-ready');
}

/** Forgets all other releases, once each page that is open was started by this worker: one of another may still ask for its files. */
async function forgetOthers() {
  if (!(await windows()).every(({ id }) => started.has(id))) return;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(FAMILY) && name !== CACHE).map((name) => caches.delete(name)));
}

/** Paths without an extension are the app's own, as the edge has it. */
function isPlace(path) {
  return !path.split('/').pop().includes('.') && !NO_PLACE.test(path);
}

function isOurs(path) {
  return path === CONFIG || Object.hasOwn(RELEASE.files, path);
}

/** Takes photos that another app shares: they go to the page alone, and nowhere out of the device. */
async function share(event) {
  const form = await event.request.formData().catch(() => new FormData());
  shared = form.getAll('photo').filter((file) => file instanceof File && file.type.startsWith('image/')).slice(0, MOST_SHARED);
  const these = shared;
  event.waitUntil(new Promise((end) => setTimeout(end, HOLD_MILLIS)).then(() => shared === these && (shared = [])));
  return Response.redirect(SHARE, 303);
}

/** Gives them to the page, once. */
function giveShared(port) {
  port?.postMessage(shared);
  shared = [];
}

/** Answers a start, at whatever place in the app: with the page, once a newer release had its chance. */
async function start(event) {
  const next = registration.waiting;
  if (next && next !== leaving?.to && (await windows()).length < 2) leaving = { to: next, since: Date.now() };
  if (isLeaving()) return makeWay();
  started.add(event.resultingClientId);
  event.waitUntil(look());
  return (await kept(PAGE)) ?? fetch(event.request);
}

/**
 * Whether the next release was told to come into use and is still expected to. Until then no start is answered with the page of
 * this one: the next would come into use in the midst of it.
 */
function isLeaving() {
  return Boolean(leaving) && leaving.to === registration.waiting && Date.now() - leaving.since < LEAVE_MILLIS;
}

/** Lets the next release answer the same start. Whatever lasts longer here than an answer would keep it waiting. */
function makeWay() {
  [...held.keys()].forEach(drop);
  looking.abort();
  leaving.to.postMessage({ type: 'update' });
  const isSlow = Date.now() - leaving.since > SLOW_MILLIS;
  const headers = { 'content-type': 'text/html;charset=utf-8', 'content-security-policy': "default-src 'none'", refresh: isSlow ? '1' : '0' };
  const words = isSlow ? '<p>Updating Baton…' : '';
  return new Response(`<!doctype html><html lang="en-GB"><meta name="color-scheme" content="light dark"><title>Baton</title>${words}`, { headers });
}

/** Answers with a file. One of this release that is neither kept nor served any more means that it cannot start. */
async function serve(event, path) {
  const file = await kept(path);
  if (file) return file;
  const answer = await fetch(event.request);
  if (answer.status === 404 && isOurs(path)) event.waitUntil(inTurn(() => caches.delete(CACHE)));
  return answer;
}

function kept(path) {
  const where = HASHED.test(path) ? {} : { cacheName: CACHE };
  return caches.match(path, { ignoreVary: true, ...where }).catch(() => undefined);
}

/** Says whether this release would start without a network. */
async function answerKept(port) {
  port?.postMessage(Boolean(await kept(PAGE)));
}

/** Fetches everything and puts it away, or leaves nothing. False when the release was withdrawn meanwhile. */
async function keep(options) {
  const paths = [CONFIG, ...Object.keys(RELEASE.files).filter((path) => path !== PAGE), PAGE];
  try {
    const answers = await Promise.all(paths.map((path) => (path === CONFIG ? fetchConfig(options) : fetchWhole(path, options))));
    if (await isWithdrawn(options)) return false;
    const cache = await caches.open(CACHE);
    for (const [place, path] of paths.entries()) await cache.put(path, answers[place]);
    return true;
  } catch (failed) {
    await caches.delete(CACHE);
    throw failed;
  }
}

/** Fetches a file, which the browser takes only if it has this very digest. A name with a hash may be in its own cache. */
async function fetchWhole(path, options) {
  const integrity = RELEASE.files[path];
  const ask = (cache) => fetch(path, { cache, integrity, redirect: 'error', ...options });
  return HASHED.test(path) ? ask('default').catch(() => ask('reload')) : ask('reload');
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
  if (isLeaving() || !navigator.onLine) return undefined;
  looked.at = Date.now();
  return inTurn(lookOnce);
}

/** Does something to what is kept after whatever is being done to it, so that nothing is put where another has just dropped it. */
function inTurn(act) {
  looked.dropped = looked.dropped.then(act).catch(() => false);
  return looked.dropped;
}

/** Looks for an open page, which is told when it runs what is not to be used any more. */
async function lookAgain() {
  await forgetOthers();
  if (Date.now() - looked.at > RECENT_MILLIS) {
    look();
    registration.update().catch(() => {});
  }
  if (await looked.dropped) await tell('update-ready');
}

async function lookOnce() {
  if (isLeaving()) return false;
  const one = (looking = new AbortController());
  const options = { signal: one.signal };
  const timer = setTimeout(() => one.abort(), LOOK_MILLIS);
  try {
    if (await isWithdrawn(options)) return await caches.delete(CACHE);
    const cache = await caches.open(CACHE);
    if (!(await cache.match(PAGE, { ignoreVary: true }))) {
      // All of it takes its time on a slow network.
      clearTimeout(timer);
      return !(await keep(options)) && (await caches.delete(CACHE));
    }
    await cache.put(CONFIG, await fetchConfig(options));
    const page = await fetchWhole(PAGE, options);
    if (await isWithdrawn(options)) return await caches.delete(CACHE);
    await cache.put(PAGE, page);
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the deployment says that this release must not be used. Fails when it says neither: nothing is taken in then. */
async function isWithdrawn(options) {
  const answer = await fetch(NOTICE, { cache: 'no-store', redirect: 'error', ...options });
  if (!answer.ok) throw new Error(`No notice: ${answer.status}`);
  return (await answer.json()).withdrawn.includes(RELEASE.version);
}

async function tell(type) {
  for (const client of await windows()) client.postMessage({ type });
}

function windows() {
  return clients.matchAll({ type: 'window', includeUncontrolled: true });
}

/** Holds what a tab needs to carry on after it has reloaded, and keeps this worker alive for it. */
function hold(tab, data) {
  if (isLeaving() || typeof tab !== 'string' || !(data instanceof ArrayBuffer) || data.byteLength > HOLD_BYTES) return undefined;
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
