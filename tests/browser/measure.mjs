// What a person waits for, measured in Chromium for `cargo xtask bench browser` (tests/src/bench/browser.rs): does what each
// line of standard input says, and answers each with a line.
//
// Told by the environment, beside what stage.mjs is told: BATON_BLANK (a folder with an empty page's `blank.js`).

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as listen, connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { chromium } from 'playwright-core';

import { Device } from './device.mjs';
import { ARGUMENTS, Person, url } from './stage.mjs';
import { Talk } from './talk.mjs';

const PASSPHRASE = 'kettle mango saddle lemon';
const QUIET = 3_000;
const LATE = 60_000;

/** Devices with a profile on the disk, by whose they are. */
const devices = new Map();

/**
 * In each page, before the app: when its inbox can be used (it is live, and the conversations that the screen has room for are
 * there); from when it dialled, how often it said something that the edge's last word led to, or asked the record, and when it
 * had kept the last long frame.
 */
const WATCH = () => {
  const seen = (window.seen = { came: 0, dialled: 0, first: 0, isHeard: false, kept: 0, tapped: 0, trips: 0 });
  const rows = () => [...document.querySelectorAll('.baton-list__rows a')];
  seen.isUsable = ({ spaces, live }) => {
    const connection = [...document.querySelectorAll('[role=status]')].find((one) => one.textContent.includes('Connection:'));
    if (!connection || (live && !connection.textContent.includes('Live'))) return false;
    return rows().length >= spaces || seen.inSight().isFull;
  };
  /** The conversations that the screen shows, from the top, whether they fill it, and how many there are in all. */
  seen.inSight = () => {
    const list = document.querySelector('.baton-list__scroll');
    if (!list) return { count: 0, isFull: false, links: [], urgent: [] };
    const end = list.getBoundingClientRect().bottom;
    const all = rows().map((row) => [row.getBoundingClientRect(), row]);
    return {
      count: all.length,
      isFull: all.length > 0 && all.at(-1)[0].bottom >= end,
      links: all.filter(([{ top }]) => top < end).map(([, row]) => row.getAttribute('href')),
      urgent: all.filter(([, row]) => row.matches('.baton-space--urgent')).map(([, row]) => row.getAttribute('href')),
    };
  };
  seen.shows = {
    count: (words) => document.querySelector('button').textContent === words,
    filter: (words) => [...document.querySelectorAll('.baton-filters__button')].find((one) => one.textContent.startsWith(words)).ariaPressed === 'true',
    counted: (words) => document.querySelector('.baton-sheet__count').textContent.includes(words),
    dialog: () => document.querySelector('dialog[open], dialog:popover-open') !== null,
    editor: () => document.querySelector('.baton-editor__field') !== null,
    menu: () => document.querySelector('[role=menuitem]') !== null,
    order: (words) => document.querySelector('.baton-sheet__includes').textContent.includes(words),
    heading: (words) => [...document.querySelectorAll('h2')].some((one) => one.textContent === words),
    headings: (are) => (document.querySelector('.baton-tasks__group') !== null) === are,
    pressed: (words) => [...document.querySelectorAll('[aria-pressed=true]')].some((one) => one.textContent.startsWith(words)),
    said: (words) => document.querySelector('.baton-done')?.textContent.startsWith(words) ?? false,
    written: (words) => [...document.querySelectorAll('.baton-cell__text')].some((one) => one.textContent === words),
    message: (words) => [...document.querySelectorAll('[role=region][aria-label=Messages] article')].at(-1).textContent.includes(words),
  };
  seen.row = (words) => rows().some((row) => row.textContent.includes(words));
  /** When something is so and has been painted. */
  seen.painted = (is) =>
    new Promise((resolve) => {
      const look = () => {
        if (!is()) return requestAnimationFrame(look);
        const after = new MessageChannel();
        after.port1.onmessage = () => resolve(performance.now());
        after.port2.postMessage(null);
      };
      requestAnimationFrame(look);
    });
  for (const tap of ['pointerdown', 'keydown']) addEventListener(tap, (event) => (seen.tapped = event.timeStamp), true);
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...way) {
      super(...way);
      Object.assign(seen, { came: 0, dialled: performance.now(), isHeard: true, kept: 0, trips: 1 });
      this.addEventListener('message', ({ data }) => {
        seen.isHeard = true;
        seen.first ||= performance.timeOrigin + performance.now();
        if (data.byteLength > 10_000) seen.came = performance.now();
      });
    }
    send(frame) {
      // How far one has received and read (a map of `c`), and a ping, wait for no answer.
      if (typeof frame !== 'string' && new Uint8Array(frame.buffer ?? frame, frame.byteOffset ?? 0)[2] !== 0x63) {
        if (seen.kept === 0 || seen.kept < seen.came) seen.trips += seen.isHeard ? 1 : 0;
        seen.isHeard = false;
      }
      super.send(frame);
    }
  };
  // A page of which the network was emulated away says after a reload that there is one; without a real one none says so.
  const noNetwork = () => { try { return sessionStorage.getItem('no-network') !== null; } catch { return false; } };
  const { get: isOnLine } = Object.getOwnPropertyDescriptor(Navigator.prototype, 'onLine');
  Object.defineProperty(Navigator.prototype, 'onLine', { get: () => !noNetwork() && isOnLine.call(navigator) });
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (tables, mode, ...rest) {
    const transaction = begin.call(this, tables, mode, ...rest);
    const began = performance.now();
    if (mode === 'readwrite' && [tables].flat().includes('log')) {
      transaction.addEventListener('complete', () => {
        if (began > seen.came && seen.kept < seen.came) seen.kept = performance.now();
      });
    }
    return transaction;
  };
};

/** Passes bytes on to the edge, and counts those that come from it. */
async function relay() {
  const { hostname, port } = new URL(url);
  const counted = { bytes: 0 };
  const server = listen((browser) => {
    const edge = connect(Number(port), hostname);
    browser.pipe(edge);
    edge.on('data', (bytes) => (counted.bytes += bytes.length));
    edge.pipe(browser);
    for (const [one, other] of [[browser, edge], [edge, browser]]) one.on('error', () => other.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const rule = `--host-resolver-rules=MAP ${hostname}:${port} 127.0.0.1:${server.address().port}`;
  return { counted, rule, end: () => server.close() };
}

/** When the inbox could be used, from the beginning of the page. */
async function usable(page, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(async () => reject(new Error(`the inbox cannot be used: ${await page.innerText('body')}`)), LATE);
  });
  try {
    return await Promise.race([late, page.evaluate((what) => window.seen.painted(() => window.seen.isUsable(what)), what)]);
  } finally {
    clearTimeout(timer);
  }
}

/** From coming back from the provider until the inbox can be used, on a browser that has never been here. */
async function opened(browser, subject, spaces) {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/London' });
  await context.addInitScript(WATCH);
  const person = new Person(subject, await context.newPage());
  await person.page.goto(url);
  await person.signIn();
  const millis = await usable(person.page, { spaces, live: true });
  const { links } = await person.page.evaluate(() => window.seen.inSight());
  await person.page.waitForTimeout(QUIET);
  const later = await person.page.evaluate(() => window.seen.inSight());
  // What was in sight stays where it was, but that what is urgent goes on top as it comes, and the rest has come.
  const came = later.links.filter((link) => !links.includes(link));
  const stayed = later.links.filter((link) => links.includes(link));
  const isPushed = came.length > 0 && came.every((link) => later.urgent.includes(link));
  if (stayed.join() !== links.slice(0, stayed.length).join() || (stayed.length < links.length && !isPushed)) {
    throw new Error(`other conversations came into sight: ${links}; ${later.links}; ${await person.page.innerText('.baton-bar')}`);
  }
  if (later.count < spaces) throw new Error(`${later.count} conversations of ${spaces}`);
  await context.close();
  return millis;
}

/** A device that has been in use, kept past its tab. */
async function device(subject) {
  if (devices.has(subject)) {
    // It locks itself while others are measured.
    const known = devices.get(subject);
    if (await known.talk.page.getByRole('heading', { name: 'Baton is locked' }).isVisible()) await known.talk.unlock(PASSPHRASE);
    return known;
  }
  const device = await Device.fresh();
  await device.context.addInitScript(WATCH);
  const person = await device.person(subject);
  await person.signIn();
  const talk = new Talk(person);
  await talk.live();
  await talk.keep(PASSPHRASE);
  await person.page.goto(url);
  await talk.live();
  await person.page.waitForTimeout(QUIET);
  devices.set(subject, { device, talk });
  return devices.get(subject);
}

/** The wait between a tap and what it shows (one of `shows` in the page), on the screen. */
async function tapped(page, shows, words, tap) {
  const painted = page.evaluate(([shows, words]) => window.seen.painted(() => window.seen.shows[shows](words)), [shows, words]);
  await page.waitForTimeout(50);
  await tap();
  const late = new Promise((_, reject) => setTimeout(reject, LATE, new Error(`a tap did not show: ${shows} ${words}`)).unref());
  return (await Promise.race([painted, late])) - (await page.evaluate(() => window.seen.tapped));
}

const deeds = {
  async 'first-open'({ long, nothing, spaces, times }) {
    const { counted, rule, end } = await relay();
    const browser = await chromium.launch({ executablePath: process.env.BATON_CHROMIUM, args: [...ARGUMENTS, rule] });
    const seen = { long: [], nothing: [], bytes: 0 };
    for (let time = 0; time < times; time++) {
      seen.nothing.push(await opened(browser, nothing, 0));
      counted.bytes = 0;
      seen.long.push(await opened(browser, long, spaces));
      seen.bytes = Math.max(seen.bytes, counted.bytes);
    }
    await browser.close();
    end();
    if (seen.bytes < 100_000) throw new Error('the bytes did not go through the relay');
    return seen;
  },

  async 'start-offline'({ subject, spaces, times }) {
    const { device: tablet, talk } = await device(subject);
    await tablet.offline(true);
    await talk.connection(/Offline/);
    const browser = await tablet.context.newCDPSession(talk.page);
    await browser.send('Performance.enable', { timeDomain: 'threadTicks' });
    // Of the page that is loaded: a page begins with nothing.
    const spent = async () => (await browser.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value * 1_000;
    const seen = { millis: [], work: [], requests: 0 };
    const left = (request) => (seen.requests += request.failure()?.errorText.includes('INTERNET_DISCONNECTED') ? 1 : 0);
    talk.page.on('requestfailed', left);
    await talk.page.evaluate(() => sessionStorage.setItem('no-network', 'so'));
    for (let time = 0; time < times; time++) {
      await talk.page.reload();
      seen.millis.push(await usable(talk.page, { spaces }));
      seen.work.push(await spent());
      await talk.page.waitForTimeout(QUIET);
    }
    talk.page.off('requestfailed', left);
    await browser.detach();
    await talk.page.evaluate(() => sessionStorage.removeItem('no-network'));
    await tablet.offline(false);
    await talk.page.reload();
    await talk.live();
    return seen;
  },

  async leave({ subject }) {
    const { device: tablet, talk } = await device(subject);
    // Somebody is there, and what a device does after it was unlocked is done.
    await talk.page.mouse.move(300 + Math.random() * 50, 300);
    await talk.page.waitForTimeout(2 * QUIET);
    await tablet.offline(true);
    await talk.connection(/Offline/);
    return null;
  },

  async 'come-back'({ subject, last }) {
    const { device: tablet, talk } = await device(subject);
    const shown = talk.page.evaluate((last) => window.seen.painted(() => window.seen.row(last)), last);
    const asked = [];
    const asks = (request) => request.url().endsWith('/ohttp') && asked.push(request);
    talk.page.on('request', asks);
    await tablet.offline(false);
    await shown;
    await talk.page.waitForTimeout(QUIET);
    talk.page.off('request', asks);
    const { dialled, kept, trips, origin } = await talk.page.evaluate(() => ({ ...window.seen, origin: performance.timeOrigin }));
    const there = Math.max(await shown, kept);
    // What is asked once all of it is there, nobody waited for.
    const before = asked.filter((request) => request.timing().startTime <= origin + there);
    return { millis: there - dialled, trips: trips + before.length };
  },

  /** From the end of the tab that leads until the edge has answered the one that follows. */
  async 'take-over'({ subject, times }) {
    const { device: tablet, talk } = await device(subject);
    const millis = [];
    for (let time = 0; time < times; time++) {
      const next = new Talk(await tablet.person(subject));
      await next.live();
      await next.page.waitForTimeout(QUIET);
      if ((await next.page.evaluate(() => window.seen.first)) > 0) throw new Error('the tab that follows has a connection of its own');
      const ended = Date.now();
      await talk.page.close({ runBeforeUnload: false });
      await next.page.waitForFunction(() => window.seen.first > 0);
      millis.push((await next.page.evaluate(() => window.seen.first)) - ended);
      Object.assign(talk, next);
    }
    return millis;
  },

  async act({ subject, title, thread, times }) {
    const { talk } = await device(subject);
    const page = talk.page;
    await talk.open(title);
    const messages = await readBack(page, thread);
    const newest = page.getByRole('button', { name: 'Newest' });
    if (await newest.isVisible()) await newest.click();
    const kinds = { send: [], filter: [], menu: [] };
    const inbox = page.getByRole('region', { name: 'Inbox' });
    for (let time = 0; time < times * 3; time++) {
      const words = `It is ${time} of ${Math.random()}`;
      await talk.field().fill(words);
      kinds.send.push(await tapped(page, 'message', words, () => talk.field().press('Enter')));
      for (const name of ['Unread', 'All']) {
        const button = inbox.getByRole('button', { name: new RegExp(`^${name}`) });
        kinds.filter.push(await tapped(page, 'filter', name, () => button.click()));
      }
      const message = page.getByRole('article').last();
      await message.hover();
      kinds.menu.push(await tapped(page, 'menu', null, () => message.getByRole('button', { name: /^Actions for/ }).click()));
      await page.keyboard.press('Escape');
      await page.getByRole('menuitem').first().waitFor({ state: 'detached' });
    }
    return acted(messages, kinds, times * 9);
  },
};

/** The taps of each kind, among so many rows, beside so many of an empty page. */
async function acted(rows, kinds, blanks) {
  const slowest = Object.entries(kinds).map(([kind, all]) => `${kind} ${Math.max(...all).toFixed(0)} ms`).join(', ');
  return { rows, taps: Object.values(kinds).flat(), slowest, blank: await blank(blanks) };
}

/** What is done in a list of patients, once all of its rows are drawn. */
async function actInList({ subject, title, rows, times }) {
  const { talk } = await device(subject);
  const page = talk.page;
  await page.getByRole('link', { name: 'Patients', exact: true }).click();
  await page.getByRole('link').filter({ hasText: title }).first().click();
  await page.waitForFunction((rows) => document.querySelectorAll('tr[data-patient]').length === rows, rows, { timeout: LATE });
  await page.locator('.baton-sheet__more summary').click();
  const kinds = { filter: [], sort: [], edit: [], save: [], menu: [] };
  const [find, sort] = [page.getByLabel('Show only rows with this text'), page.getByLabel('Order')];
  for (let time = 0; time < times * 2; time++) {
    await find.focus();
    kinds.filter.push(await tapped(page, 'counted', 'shown. Filter', () => page.keyboard.press('7')));
    kinds.filter.push(await tapped(page, 'counted', `${rows} patients`, () => page.keyboard.press('Backspace')));
    await sort.focus();
    kinds.sort.push(await tapped(page, 'order', 'Sorted by name', () => page.keyboard.press('ArrowDown')));
    kinds.sort.push(await tapped(page, 'order', 'Sorted by bed', () => page.keyboard.press('ArrowUp')));
    const row = page.locator('tr[data-patient]').nth(time);
    kinds.edit.push(await tapped(page, 'editor', null, () => row.locator('.baton-cell').first().click()));
    const words = `It is ${time} of ${Math.random()}`;
    await page.locator('.baton-editor__field').fill(words);
    kinds.save.push(await tapped(page, 'written', words, () => page.keyboard.press('Enter')));
    kinds.menu.push(await tapped(page, 'dialog', null, () => row.getByRole('button', { name: /^Actions for/ }).click()));
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
  }
  return acted(rows, kinds, times * 9);
}

deeds.list = actInList;

/** What is done among the open tasks of a team: those of the first page are drawn, all are ordered and counted. */
deeds.tasks = async ({ subject, tasks, times }) => {
  const { talk } = await device(subject);
  const page = talk.page;
  await page.getByRole('link', { name: /^Tasks/ }).filter({ visible: true }).first().click();
  const whose = page.getByRole('group', { name: 'Whose tasks' });
  await whose.getByRole('button', { name: `My teams’ ${tasks}` }).click();
  const kinds = { whose: [], group: [], open: [], done: [], again: [], add: [] };
  const [group, line] = [page.getByLabel('Group by', { exact: true }), page.getByLabel('Add a task')];
  for (let time = 0; time < times * 2; time++) {
    for (const name of ['Mine', 'My teams’']) {
      kinds.whose.push(await tapped(page, 'pressed', name, () => whose.getByRole('button', { name: new RegExp(`^${name}`) }).click()));
    }
    await group.focus();
    kinds.group.push(await tapped(page, 'headings', true, () => page.keyboard.press('ArrowDown')));
    kinds.group.push(await tapped(page, 'headings', false, () => page.keyboard.press('ArrowUp')));
    const row = page.getByRole('list', { name: 'Tasks' }).getByRole('listitem').nth(time % 20);
    kinds.done.push(await tapped(page, 'said', 'Done', () => row.getByRole('button', { name: /^Done: / }).click()));
    kinds.again.push(await tapped(page, 'said', 'It is to be done again', () => page.getByRole('button', { name: /^Undo/ }).click()));
    const words = `Task ${time} of ${Math.random()}`;
    await line.fill(words);
    kinds.add.push(await tapped(page, 'said', `Made: ${words}`, () => line.press('Enter')));
    kinds.open.push(await tapped(page, 'heading', 'Task', () => row.getByRole('link').first().click()));
    await page.goBack();
    await line.waitFor();
  }
  return acted(tasks, kinds, times * 16);
};

/**
 * Reads back in the open conversation until so many of its messages were on the screen, or none came for long; gives how many there
 * were. Somebody is there while it takes: a device that nobody touches locks itself.
 */
async function readBack(page, wanted) {
  const shown = new Set();
  let idle = 0;
  while (shown.size < wanted && idle < 5) {
    const before = shown.size;
    for (const id of await page.evaluate(readBackFor, 15_000)) shown.add(id);
    idle = shown.size > before ? 0 : idle + 1;
    await page.mouse.move(300 + (shown.size % 50), 300);
  }
  return shown.size;
}

/** In the page: reads back for so many milliseconds, and gives what came. */
async function readBackFor(millis) {
  const pane = document.querySelector('[role=region][aria-label=Messages]');
  const shown = new Set();
  const look = () => {
    for (const row of pane.querySelectorAll('article')) shown.add(row.closest('[data-seq]').id);
  };
  look();
  const observer = new MutationObserver(look);
  observer.observe(pane, { childList: true, subtree: true });
  const until = performance.now() + millis;
  while (performance.now() < until) {
    pane.scrollTop = pane.scrollTop === 0 ? 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  observer.disconnect();
  return [...shown];
}

/** The same of a page with one button. */
async function blank(times) {
  const { page, end } = await blankPage();
  const button = page.getByRole('button');
  await button.waitFor();
  const taps = [];
  for (let time = 1; time <= times; time++) taps.push(await tapped(page, 'count', `${time}`, () => button.click()));
  await end();
  return taps;
}

/** Milliseconds that AES-256-GCM alone takes, in WASM in this browser, to open as many texts of these sizes. */
deeds['open-alone'] = async ({ sizes }) => {
  const { page, end } = await blankPage();
  await page.getByRole('button').waitFor();
  const millis = await page.evaluate(async (sizes) => {
    const { open_alone: open } = await import('/blank.js');
    const texts = new Uint32Array(sizes);
    const times = [];
    for (let time = 0; time < 3; time++) times.push(open(texts, () => performance.now()));
    return times.sort((one, other) => one - other)[1];
  }, sizes);
  await end();
  return millis;
};

/** A page of a browser of its own with an empty app in it. */
async function blankPage() {
  const page = '<!doctype html><script type="module">import start from "/blank.js"; start();</script>';
  const kinds = { js: 'text/javascript', wasm: 'application/wasm' };
  const server = createServer((request, answer) => {
    const name = request.url.slice(1);
    const kind = kinds[name.split('.').at(-1)];
    if (!kind) return answer.setHeader('content-type', 'text/html').end(page);
    answer.setHeader('content-type', kind).end(readFileSync(join(process.env.BATON_BLANK, name)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const device = await Device.fresh();
  await device.context.addInitScript(WATCH);
  const tab = await device.context.newPage();
  await tab.goto(`http://127.0.0.1:${server.address().port}/`);
  const end = async () => {
    await device.end();
    server.close();
  };
  return { page: tab, end };
}

for await (const line of createInterface(process.stdin)) {
  const told = JSON.parse(line);
  console.log(JSON.stringify(await deeds[told.do](told)));
}
for (const { device } of devices.values()) await device.end();
process.exit();
