// What every browser test stands on: one Chromium, a context for each person, signing in, screenshots.
//
// Told by the environment (`cargo xtask test browser` and `cargo xtask shots` set it): BATON_URL (where the app is),
// BATON_ISSUER (the OpenID provider), BATON_CHROMIUM (the browser), BATON_SHOTS (a folder for pictures),
// BATON_STATE_DIR (the stack's state and logs).

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import AxeBuilder from '@axe-core/playwright';
import { chromium } from 'playwright-core';

import { pressesAgain } from './press.mjs';

/** Where the app is. */
export const url = needed('BATON_URL');

/** The sizes that screens are looked at in. */
export const SIZES = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1280, height: 800 },
];

/** How Chromium is started. */
export const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

const WAIT = 15_000;

/** A browser with a context (cookies, storage, all) for each person. */
export class Stage {
  #browser;
  #people = [];

  /** Opens the browser. */
  static async open(args = ARGUMENTS) {
    const stage = new Stage();
    stage.#browser = await chromium.launch({ executablePath: needed('BATON_CHROMIUM'), args });
    return stage;
  }

  /** A new person at a new device, at the start page. Options are Playwright's context options. */
  async person(subject, options = {}) {
    const context = await this.#browser.newContext({ viewport: SIZES[2], locale: 'en-GB', timezoneId: 'Europe/London', ...options });
    context.setDefaultTimeout(WAIT);
    const page = await context.newPage();
    const person = new Person(subject, page);
    this.#people.push(person);
    await page.goto(url);
    return person;
  }

  /** A new person, signed in. */
  async signedIn(subject, options) {
    const person = await this.person(subject, options);
    await person.signIn();
    return person;
  }

  /** Everything that went wrong in any page without a test asking: errors, failed loads, breaches of policy. */
  get complaints() {
    return this.#people.flatMap((person) => person.complaints.map((complaint) => `${person.subject}: ${complaint}`));
  }

  /** Closes everything. */
  async close() {
    await this.#browser?.close();
  }
}

/** A person at a device. */
export class Person {
  /** What the page complained of: uncaught errors and error lines of its console. */
  complaints = [];

  constructor(subject, page) {
    this.subject = subject;
    this.page = page;
    pressesAgain(page);
    page.on('pageerror', (error) => this.complaints.push(`uncaught: ${error.message}`));
    page.on('console', (line) => {
      // That there is no network is the browser's word for what a test did, and the app asks all the same.
      const isOffline = line.text().includes('net::ERR_INTERNET_DISCONNECTED');
      if (line.type() === 'error' && !isOffline) this.complaints.push(`console: ${line.text()}`);
    });
  }

  /** From the start page through the provider and back; ends when the app shows that one is signed in. */
  async signIn() {
    await this.page.getByRole('button', { name: /sign in/i }).or(this.page.getByRole('link', { name: /sign in/i })).first().click();
    await this.chooseAtProvider();
    await this.page.waitForURL((at) => at.origin === new URL(url).origin && at.pathname !== '/signed-in');
  }

  /** At the provider's page: says who one is. */
  async chooseAtProvider() {
    await this.page.locator(`button[name=subject][value="${this.subject}"]`).click();
  }

  /** Saves a picture as `<name>.png` where pictures go; does nothing when no folder is given. */
  async shot(name) {
    const folder = process.env.BATON_SHOTS;
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }

  /** What axe finds against WCAG 2.2 AA, as sentences; none is as it should be. */
  async barriers() {
    const found = await new AxeBuilder({ page: this.page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
    return found.violations.map((rule) => `${rule.id}: ${rule.help} (${rule.nodes.map((node) => node.target.join(' ')).join(', ')})`);
  }
}

function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this through cargo xtask`);
  return value;
}
