// What people do with a list of patients, by the names that a screen reader reads out, and patients for it.

import { readFileSync } from 'node:fs';

import { bringIn } from './patients.mjs';
import { Talk } from './talk.mjs';

/** The hospital of the patients. */
export const HOSPITAL = 'RXT';

/** Brings in patients who are made up: two wards of a hospital, two with like names. */
export async function bringWards() {
  const [heading, ...lines] = readFileSync(new URL('patients.csv', import.meta.url), 'utf8').trim().split('\n');
  const names = heading.split(',');
  const cells = (line) => line.split(',').map((cell, at) => [names[at], cell]).filter(([, cell]) => cell !== '');
  return bringIn(lines.map((line) => Object.fromEntries(cells(line))));
}

/** Somebody at a list. */
export class Sheet {
  constructor(talk) {
    this.talk = talk;
    this.page = talk.page;
  }

  /** Signs somebody in, up to where they are live. */
  static async arrive(stage, subject, options) {
    const talk = new Talk(await stage.signedIn(subject, options));
    await talk.live();
    return new Sheet(talk);
  }

  /** Shows all lists. */
  async all() {
    await this.page.getByRole('link', { name: 'Patients', exact: true }).filter({ visible: true }).first().click();
    await this.page.getByRole('heading', { name: 'Lists', exact: true }).waitFor();
  }

  /** Opens a list from among all. */
  async open(title) {
    await this.all();
    await this.page.getByRole('list', { name: /lists|Archive/ }).getByRole('link').filter({ hasText: title }).first().click();
    await this.page.getByRole('heading', { level: 2, name: title }).waitFor();
  }

  /** Makes a list: `of` is what an automatic one is of. */
  async make(title, whose, of) {
    await this.all();
    await this.page.getByRole('button', { name: 'Make a list' }).click();
    await this.page.getByLabel('Title').fill(title);
    await this.page.getByLabel('Whose list').selectOption({ label: whose });
    if (of) {
      await this.page.getByLabel('Its patients').selectOption({ label: 'A ward, unit or home' });
      await this.page.getByLabel(/^Ward, unit or home, as/).fill(of);
      await this.page.getByLabel(/^Hospital or home/).fill(HOSPITAL);
    }
    await this.page.getByRole('button', { name: 'Make the list' }).click();
    await this.page.getByRole('heading', { level: 2, name: title }).waitFor();
  }

  /** Adds a patient, by what is typed and the name as it is shown. */
  async add(typed, name) {
    await this.page.getByRole('button', { name: 'Add a patient' }).click();
    await this.choose(typed, name);
  }

  /** In the dialog that adds: finds and chooses. */
  async choose(typed, name) {
    await this.page.getByRole('dialog').getByRole('searchbox').fill(typed);
    await this.page.getByRole('dialog').getByRole('button', { name: new RegExp(`^Add.*${name}`) }).first().click();
  }

  /** A patient's row. */
  row(name) {
    return this.page.getByRole('row').filter({ has: this.page.getByRole('rowheader').filter({ hasText: name }) });
  }

  /** A cell of it, by the heading of its column. */
  cell(name, title) {
    return this.row(name).getByRole('gridcell').filter({ has: this.page.locator('.baton-cell__label', { hasText: title }) });
  }

  /** Writes in a cell. */
  async write(name, title, text) {
    await this.begin(name, title, text);
    await this.cell(name, title).getByRole('button', { name: 'Save' }).click();
  }

  /** Begins to write in a cell. */
  async begin(name, title, text) {
    await this.cell(name, title).click();
    await this.field(name, title).fill(text);
  }

  /** Where one writes. */
  field(name, title) {
    return this.page.getByRole('textbox', { name: new RegExp(`^${title} of ${name}`) });
  }

  /** Opens what may be done with a row, and does it. */
  async act(name, what) {
    await this.row(name).getByRole('button', { name: /^Actions for/ }).click();
    await this.page.getByRole('dialog').getByRole('button', { name: what, exact: true }).click();
  }

  /** What is folded away above the rows. */
  async more() {
    const more = this.page.locator('.baton-sheet__more');
    if ((await more.getAttribute('open')) === null) await more.locator('summary').click();
  }

  /** The family names on the list, from the top, also of rows that are not drawn since they are out of sight. */
  async order() {
    const names = await this.page.locator('tr[data-patient]:not([hidden]) .baton-patient-line__name').allTextContents();
    return names.map((name) => name.split(',')[0]);
  }
}
