// The way out, served in the place of `service-worker.js`: browsers that kept Baton forget what they kept and go to the
// network again. Open pages are left alone.

self.addEventListener('install', () => skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(end()));

async function end() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith('baton-release-')).map((name) => caches.delete(name)));
  await registration.unregister();
}
