// Patients in browser tests: made up ones, brought into the record's index as an operator does, and what people do with them
// in the app, by the names that a screen reader reads out.

import { execFile } from 'node:child_process';
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
let files = 0;
let asOf = Math.floor(Date.now() / 1000) - 3600;

/** Brings patients into the index: objects by the columns of `baton-record patients import`. */
export async function bringIn(patients) {
  files += 1;
  const file = join(process.env.BATON_STATE_DIR, `patients-${process.pid}-${files}.ndjson`);
  writeFileSync(file, patients.map((patient) => JSON.stringify({ assigner: 'RX1', ...patient })).join('\n'));
  // What a file says holds from when it was written: each speaks of a later moment than the one before.
  asOf += 60;
  utimesSync(file, asOf, asOf);
  const { stdout } = await run(process.env.BATON_RECORD, ['patients', 'import', file]);
  return stdout;
}

/** A number of the range kept for tests (900 to 999) that holds by modulus 11, made of seven digits; the next that does. */
export function nhsNumber(seed) {
  for (let number = seed; ; number += 1) {
    const digits = `9${String(number % 100_000_000).padStart(8, '0')}`;
    const sum = [...digits].reduce((sum, digit, place) => sum + Number(digit) * (10 - place), 0);
    const check = (11 - (sum % 11)) % 11;
    if (check < 10) return `${digits}${check}`;
  }
}

/** As people read it. */
export function inThrees(number) {
  return `${number.slice(0, 3)} ${number.slice(3, 6)} ${number.slice(6)}`;
}

/** Somebody who looks after patients, in the app. */
export class Patients {
  constructor(talk) {
    this.talk = talk;
    this.page = talk.page;
  }

  /** Opens the page of patients. */
  async open() {
    await this.page.getByRole('link', { name: 'Patients', exact: true }).click();
    await this.box().waitFor();
  }

  /** The box. */
  box() {
    return this.page.getByRole('searchbox', { name: 'Find a patient' });
  }

  /** Types, and waits until the record was asked. */
  async find(words) {
    await this.box().fill(words);
    await this.page.getByRole('status').filter({ hasText: /from the whole index\.|Nobody found|without a network/i }).waitFor();
  }

  /** Who was found. */
  results() {
    return this.page.getByRole('list', { name: /On this device|From the whole index/ }).getByRole('button');
  }

  /** Finds one and opens them. */
  async look(words, name) {
    await this.open();
    await this.find(words);
    await this.results().filter({ hasText: name }).first().click();
    await this.page.getByRole('heading', { level: 2, name }).waitFor();
  }

  /** Says why, where nothing of one's own is about them. */
  async because(reason) {
    await this.page.getByLabel(reason).check();
    await this.page.getByRole('button', { name: 'Open the record' }).click();
    await this.page.getByRole('tab', { name: 'Timeline' }).waitFor();
  }

  /** The banner. */
  banner() {
    return this.page.getByRole('region', { name: 'Patient', exact: true });
  }

  /** What the banner shows, without what only a screen reader hears. */
  async shown() {
    return this.banner().evaluate((banner) => {
      const copy = banner.cloneNode(true);
      for (const hidden of copy.querySelectorAll('.nhsuk-u-visually-hidden')) hidden.remove();
      for (const part of copy.querySelectorAll('dt, dd, h2, p, li, button')) part.append(' ');
      return copy.textContent.replace(/\s+/g, ' ');
    });
  }

  /** Chooses a tab of the open patient. */
  async tab(name) {
    await this.page.getByRole('tab', { name }).click();
  }
}

/** Counts what somebody presses besides what they type. */
export class Counted {
  count = 0;

  constructor(page) {
    this.page = page;
  }

  async click(locator) {
    this.count += 1;
    await locator.click();
  }

  async press(key) {
    this.count += 1;
    await this.page.keyboard.press(key);
  }

  /** Typing the text is not counted. */
  async type(text) {
    await this.page.keyboard.type(text);
  }
}
