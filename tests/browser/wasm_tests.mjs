// Rust tests that run in a browser's page (wasm-bindgen-test), with somebody outside of the page who does to the browser what
// no page can.
//
// Told by the environment: BATON_VAULT_TESTS (the tests' wasm), BATON_WASM_TEST_RUNNER (the program that makes a page of
// them).

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

/** What serves the page of tests. */
export class Server {
  #process;

  /** Starts it. The port that was free may be somebody else's by then. */
  static async start() {
    for (let tries = 1; ; tries++) {
      const server = await Server.#try();
      if (server) return server;
      if (tries === 3) throw new Error('the page of tests could not be made');
    }
  }

  static async #try() {
    const server = new Server();
    server.url = `http://127.0.0.1:${await freePort()}`;
    const env = { ...process.env, NO_HEADLESS: '1', WASM_BINDGEN_TEST_ADDRESS: new URL(server.url).host };
    const [runner, tests] = [needed('BATON_WASM_TEST_RUNNER'), needed('BATON_VAULT_TESTS')];
    server.#process = spawn(runner, [tests, '--include-ignored'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface(server.#process.stdout)) if (line.includes('available at')) return server;
    return null;
  }

  /** Opens the page in a browser's context, for those tests that `chosen` says by name. See [TestPage]. */
  async open(context, { chosen, quota, words }) {
    const page = new TestPage(await context.newPage());
    await page.open(this.url, { chosen, quota, words });
    return page;
  }

  stop() {
    this.#process.kill();
  }
}

/** A page that runs tests. */
class TestPage {
  lastDone = 0;
  #page;
  #heard = () => {};

  constructor(page) {
    this.#page = page;
  }

  /**
   * `words` is what tests are told by `batonPlanted`; `quota` how many bytes the browser keeps for the page. `batonCut` cuts
   * its connections to databases, by `batonDone` it says how far it has come.
   */
  async open(url, { chosen, quota, words }) {
    const page = this.#page;
    const context = page.context();
    await page.exposeFunction('batonPlanted', (name) => words[name]);
    await page.exposeFunction('batonCut', () => cut(context));
    await page.exposeFunction('batonDone', (number) => {
      this.lastDone = number;
      this.#heard();
    });
    // Bound before anything is kept: Chromium asks for the bound only when it does not know of enough room.
    const session = await context.newCDPSession(page);
    await session.send('Storage.overrideQuotaForOrigin', { origin: url, quotaSize: quota });
    await page.route('**/run.js', async (route) => {
      const answer = await route.fetch();
      const script = (await answer.text()).replaceAll(/^\s*tests\.push\('(.*)'\);$/gm, (line, name) => (chosen(name.slice(name.indexOf('::') + 2)) ? line : ''));
      await route.fulfill({ response: answer, body: script });
    });
    await page.goto(url);
  }

  /** Waits until all have run. */
  async results() {
    const isDone = () => document.getElementById('output').textContent.includes('test result: ');
    await this.#page.waitForFunction(isDone, null, { timeout: WAIT, polling: 100 }).catch(async (error) => {
      throw new Error(`${error.message}\n${await this.text()}`);
    });
    return [...(await this.text()).matchAll(/^test (\S+) \.\.\. (\w+)/gm)].map(([, name, is]) => ({ name, is: is.toLowerCase() }));
  }

  /** What they say. */
  async text() {
    return this.#page.locator('#output').textContent();
  }

  /** Waits until a test says that it has come so far. */
  async done(count) {
    while (this.lastDone < count) await new Promise((resolve) => (this.#heard = resolve));
  }
}

/** Cuts the connections of all pages to their databases, by the browser's own page for that. */
async function cut(context) {
  const page = await context.newPage();
  await page.goto('chrome://indexeddb-internals/');
  await page.getByText('Force close').first().click();
  await page.close();
}

/** All tests of a page take no longer, in milliseconds. */
const WAIT = 120_000;

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this through cargo xtask`);
  return value;
}
