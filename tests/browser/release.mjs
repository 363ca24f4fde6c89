// The release that the edge serves, and how to serve another: files are changed where the edge of the tests' stack has
// them. Each is written anew rather than over the old one, which may be the build's own file under a second name.

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

  /** Serves a release whose page carries this mark; `files` are added to it, and `missing` is in its list alone. */
  publish(mark, { missing = [] } = {}) {
    const page = this.read(PAGE).toString().replace(/<meta name="release"[^>]*>|(?=<\/head>)/, `<meta name="release" content="${mark}">`);
    this.write(PAGE, page);
    const { release, source } = this.#worker();
    release.files[`/${PAGE}`] = integrity(page);
    for (const path of missing) release.files[path] = integrity(path);
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

function integrity(content) {
  return `sha384-${createHash('sha384').update(content).digest('base64')}`;
}
