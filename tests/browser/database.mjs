// What a device keeps, as the browser has it: read and changed from a page of the app's origin that is not the app, in the
// place of a disk that fails or of another release.

import { url } from './stage.mjs';

/**
 * Does something with the device's databases: `doing` is one of those below, called in the page, where `ended` gives what a request
 * of theirs comes to.
 */
async function at(device, doing, argument) {
  const page = await device.context.newPage();
  try {
    await page.goto(new URL('/icon.svg', url).href);
    await page.evaluate(() => {
      window.ended = (request) => new Promise((resolve, reject) => Object.assign(request, { onsuccess: () => resolve(request.result), onerror: () => reject(request.error) }));
    });
    return await page.evaluate(doing, argument);
  } finally {
    await page.close();
  }
}

/** How many rows the vaults of a device have, by table. */
export function rows(device) {
  return at(device, async () => {
    const counts = {};
    for (const { name } of await indexedDB.databases()) {
      if (!name.startsWith('baton-v-')) continue;
      const database = await ended(indexedDB.open(name));
      for (const table of database.objectStoreNames) {
        counts[table] = (counts[table] ?? 0) + (await ended(database.transaction(table).objectStore(table).count()));
      }
      database.close();
    }
    return counts;
  });
}

/** Waits until the vaults of a device have so many rows of a table. */
export async function counted(device, table, count) {
  let found;
  for (const end = Date.now() + 30_000; found !== count; ) {
    if (Date.now() > end) throw new Error(`${found} rows of ${table}, not ${count}`);
    found = (await rows(device))[table];
  }
}

/** Of how many vaults it is kept what happened to them, until the record is told. */
export function used(device) {
  return at(device, async () => {
    const database = await ended(indexedDB.open('baton'));
    const keys = await ended(database.transaction('vaults').objectStore('vaults').getAllKeys());
    database.close();
    return keys.filter((key) => new TextDecoder().decode(key).startsWith('used')).length;
  });
}

/** Waits until the record was told all of it. */
export async function toldOfUse(device) {
  while ((await used(device)) > 0) await new Promise((later) => setTimeout(later, 200));
}

/** Changes the last byte of the first rows of a table, at most so many; gives how many there were to change. */
export function spoil(device, table, most = Infinity) {
  return at(
    device,
    async ({ table, most }) => {
      let spoilt = 0;
      for (const { name } of await indexedDB.databases()) {
        const database = await ended(indexedDB.open(name));
        if (database.objectStoreNames.contains(table)) {
          const store = database.transaction(table, 'readwrite').objectStore(table);
          const keys = await ended(store.getAllKeys());
          for (const key of keys.slice(0, most - spoilt)) {
            const bytes = new Uint8Array(await ended(store.get(key)));
            bytes[bytes.length - 1] ^= 1;
            await ended(store.put(bytes, key));
            spoilt += 1;
          }
        }
        database.close();
      }
      return spoilt;
    },
    { table, most },
  );
}

/** Deletes all rows of a table; gives how many there were. */
export function clear(device, table) {
  return at(
    device,
    async (table) => {
      let many = 0;
      for (const { name } of await indexedDB.databases()) {
        const database = await ended(indexedDB.open(name));
        if (database.objectStoreNames.contains(table)) {
          const store = database.transaction(table, 'readwrite').objectStore(table);
          many += await ended(store.count());
          await ended(store.clear());
        }
        database.close();
      }
      return many;
    },
    table,
  );
}

/** Cuts the first rows of the list of vaults short; gives how many there were. */
export function cutTheList(device) {
  return at(device, async () => {
    const database = await ended(indexedDB.open('baton'));
    const store = database.transaction('vaults', 'readwrite').objectStore('vaults');
    const keys = (await ended(store.getAllKeys())).filter((key) => key.byteLength === 16);
    for (const key of keys) await ended(store.put((await ended(store.get(key))).slice(0, 30), key));
    database.close();
    return keys.length;
  });
}

/** The rows of the list of vaults. */
export async function list(device) {
  const rows = await changeTheList(device, null);
  return rows.map((row) => Buffer.from(row));
}

/** Puts another row in the place of each of the list of vaults. */
export async function relist(device, change) {
  await changeTheList(device, (await list(device)).map((row) => [...change(row)]));
}

/** Reads the rows of the list, and writes others in their place if there are any. */
function changeTheList(device, others) {
  return at(
    device,
    async (others) => {
      const database = await ended(indexedDB.open('baton'));
      const store = database.transaction('vaults', 'readwrite').objectStore('vaults');
      const keys = (await ended(store.getAllKeys())).filter((key) => key.byteLength === 16);
      const rows = [];
      for (const [place, key] of keys.entries()) {
        rows.push([...(await ended(store.get(key)))]);
        if (others) await ended(store.put(Uint8Array.from(others[place]), key));
      }
      database.close();
      return rows;
    },
    others,
  );
}

/** Lists so many vaults before all others, each of somebody else: the first row again, under ids of their own. */
export function crowd(device, count) {
  return at(
    device,
    async (count) => {
      const database = await ended(indexedDB.open('baton'));
      const store = database.transaction('vaults', 'readwrite').objectStore('vaults');
      // Beside them stands what happened to them.
      const [key] = (await ended(store.getAllKeys())).filter((key) => key.byteLength === 16);
      const [row, mine] = [await ended(store.get(key)), new Uint8Array(key)];
      const at = row.findIndex((_, start) => mine.every((byte, place) => row[start + place] === byte));
      if (at < 0) throw new Error('a row names its vault');
      for (let number = 0; number < count; number++) {
        const id = crypto.getRandomValues(new Uint8Array(16));
        id[0] = 0;
        const other = row.slice();
        other.set(id, at);
        await ended(store.put(other, id));
      }
      database.close();
    },
    count,
  );
}

/** Deletes the vaults and leaves the list of them, as a browser that gives up storage may. */
export function giveUp(device) {
  return at(device, async () => {
    const vaults = (await indexedDB.databases()).filter(({ name }) => name.startsWith('baton-v-'));
    for (const { name } of vaults) {
      await new Promise((resolve, reject) => Object.assign(indexedDB.deleteDatabase(name), { onsuccess: resolve, onerror: reject, onblocked: reject }));
    }
    return vaults.length;
  });
}

/** Makes each database whose name begins so one of a version that this app does not know; gives how many there were. */
export function outdate(device, beginning) {
  return at(
    device,
    async (beginning) => {
      const names = (await indexedDB.databases()).filter(({ name }) => name.startsWith(beginning));
      for (const { name, version } of names) {
        const database = await ended(indexedDB.open(name, version + 1));
        database.close();
      }
      return names.length;
    },
    beginning,
  );
}

/**
 * Makes each vault one of another version again, with these tables and the rows that are in them, and nothing else; gives what it was:
 * the version and the tables of each.
 */
export function asOfVersion(device, version, tables) {
  return at(
    device,
    async ({ version, tables }) => {
      const were = [];
      for (const { name } of await indexedDB.databases()) {
        if (!name.startsWith('baton-v-')) continue;
        const newer = await ended(indexedDB.open(name));
        were.push({ version: newer.version, tables: [...newer.objectStoreNames] });
        const kept = [];
        for (const table of tables) {
          const store = newer.transaction(table).objectStore(table);
          kept.push({ table, keys: await ended(store.getAllKeys()), values: await ended(store.getAll()) });
        }
        newer.close();
        await ended(indexedDB.deleteDatabase(name));
        const opening = indexedDB.open(name, version);
        opening.onupgradeneeded = () => tables.forEach((table) => opening.result.createObjectStore(table));
        const older = await ended(opening);
        for (const { table, keys, values } of kept) {
          const store = older.transaction(table, 'readwrite').objectStore(table);
          for (const [place, key] of keys.entries()) await ended(store.put(values[place], key));
        }
        older.close();
      }
      return were;
    },
    { version, tables },
  );
}

/** The version and the tables of each vault. */
export function shapes(device) {
  return at(device, async () => {
    const all = [];
    for (const { name } of await indexedDB.databases()) {
      if (!name.startsWith('baton-v-')) continue;
      const database = await ended(indexedDB.open(name));
      all.push({ version: database.version, tables: [...database.objectStoreNames] });
      database.close();
    }
    return all;
  });
}
