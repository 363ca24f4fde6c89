// A device of its own: a browser whose profile is a folder on the disk, which can be killed like a tablet whose battery is
// taken out, started again, and read through by whoever finds it.

import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright-core';
import snappy from 'snappyjs';

import { ARGUMENTS, Person, SIZES, url } from './stage.mjs';
import { everyFile, forms } from './leaks.mjs';

/** A device with a profile on the disk. */
export class Device {
  /** The folder of its profile. */
  profile;
  #context;
  #people = [];

  /** A device that nobody has used yet. Options are Playwright's context options. */
  static async fresh(options = {}) {
    const device = new Device();
    device.options = options;
    device.profile = await mkdtemp(join(tmpdir(), 'baton-device-'));
    await device.start();
    return device;
  }

  /** Starts its browser. */
  async start() {
    this.#context = await chromium.launchPersistentContext(this.profile, {
      executablePath: process.env.BATON_CHROMIUM,
      args: ARGUMENTS,
      viewport: SIZES[2],
      locale: 'en-GB',
      timezoneId: 'Europe/London',
      ...this.options,
    });
    this.#context.setDefaultTimeout(20_000);
  }

  get context() {
    return this.#context;
  }

  /** Somebody opens the app in a new tab. */
  async person(subject, path = '/') {
    const blank = this.#context.pages().find((page) => page.url() === 'about:blank');
    const page = blank ?? (await this.#context.newPage());
    const person = new Person(subject, page);
    this.#people.push(person);
    // The browser asks before something unsent is left: yes, leave.
    if (!page.answers) page.on('dialog', (dialog) => dialog.accept());
    page.answers = true;
    await page.goto(new URL(path, url).href);
    return person;
  }

  /**
   * The keys of the vault that is open in some tab, 32 bytes each: asked for as another tab of the app asks, from a page of the
   * same origin that is not the app.
   */
  async keys() {
    const page = await this.#context.newPage();
    await page.goto(new URL('/icon.svg', url).href);
    const told = await page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const channel = new BroadcastChannel('baton-keys');
          channel.onmessage = ({ data }) => resolve([...data]);
          // {"Asked": 7}, in CBOR.
          channel.postMessage(Uint8Array.from([0xa1, 0x65, 0x41, 0x73, 0x6b, 0x65, 0x64, 0x07]));
          setTimeout(() => reject(new Error('no tab has a vault open')), 5_000);
        }),
    );
    await page.close();
    const bytes = Buffer.from(told);
    const keys = [];
    for (let at = bytes.indexOf(Buffer.from([0x58, 0x20])); at >= 0; at = bytes.indexOf(Buffer.from([0x58, 0x20]), at + 34)) keys.push(bytes.subarray(at + 2, at + 34));
    if (keys.length !== 2) throw new Error(`${keys.length} keys were told, not the vault key and the lock key`);
    return keys;
  }

  /** Without a network, or with one again. */
  async offline(isOffline) {
    await this.#context.setOffline(isOffline);
  }

  /** Ends every process of the browser at once, as a power cut does. */
  async kill() {
    for (const pid of this.#processes()) process.kill(pid, 'SIGKILL');
    await this.#context.close().catch(() => {});
    while (this.#processes().length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Closes the browser as a person does. */
  async close() {
    await this.#context.close().catch(() => {});
  }

  /** Closes it and throws it away. */
  async end() {
    await this.close();
    rmSync(this.profile, { recursive: true, force: true });
  }

  #processes() {
    const ours = (pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(this.profile);
      } catch {
        return false;
      }
    };
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter(ours);
  }

  /** What the pages complained of. */
  get complaints() {
    return this.#people.flatMap((person) => person.complaints.map((complaint) => `${person.subject}: ${complaint}`));
  }

  /**
   * The files of the profile in which any of the words (texts or buffers) stands, as `file: word`: in the bytes as they
   * are, and in what LevelDB compressed (IndexedDB and session storage are kept in it).
   */
  finds(words) {
    const needles = words.flatMap((word) =>
      (Buffer.isBuffer(word) ? [word, Buffer.from(word.toString('base64').slice(0, -3)), Buffer.from(word.toString('hex'))] : forms(word)).map((bytes) => ({ word, bytes })),
    );
    const found = new Set();
    let files = 0;
    for (const file of everyFile(this.profile)) {
      let bytes;
      try {
        bytes = readFileSync(file);
      } catch {
        continue;
      }
      files += 1;
      for (const part of [bytes, ...(file.endsWith('.ldb') || file.endsWith('.sst') ? blocks(bytes) : [])]) {
        for (const { word, bytes: needle } of needles) {
          if (part.includes(needle)) found.add(`${file.slice(this.profile.length + 1)}: ${Buffer.isBuffer(word) ? 'key bytes' : word}`);
        }
      }
    }
    if (files < 20) throw new Error(`only ${files} files were read in ${this.profile}: the search would prove nothing`);
    return [...found];
  }
}

/** The blocks of a LevelDB table (github.com/google/leveldb, doc/table_format.md), each as it was before compression. */
export function blocks(table) {
  const out = [];
  try {
    const footer = table.subarray(table.length - 48);
    const at = { offset: 0 };
    varint(footer, at);
    varint(footer, at);
    const index = block(table, varint(footer, at), varint(footer, at));
    for (const handle of values(index)) {
      const read = { offset: 0 };
      out.push(block(table, varint(handle, read), varint(handle, read)));
    }
  } catch {
    // A table that was being written when the browser was killed has no footer yet; its bytes are searched as they are.
  }
  return out;
}

function block(table, offset, size) {
  const bytes = table.subarray(offset, offset + size);
  return table[offset + size] === 1 ? Buffer.from(snappy.uncompress(bytes)) : bytes;
}

/** The values of a block's entries. */
function values(bytes) {
  const restarts = bytes.readUInt32LE(bytes.length - 4);
  const end = bytes.length - 4 - restarts * 4;
  const out = [];
  const at = { offset: 0 };
  while (at.offset < end) {
    varint(bytes, at);
    const key = varint(bytes, at);
    const value = varint(bytes, at);
    out.push(bytes.subarray(at.offset + key, at.offset + key + value));
    at.offset += key + value;
  }
  return out;
}

function varint(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at.offset];
    if (byte === undefined) throw new Error('a table ended early');
    at.offset += 1;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return value;
  }
}
