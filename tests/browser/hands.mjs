// What people do to hand patients over, by the names that a screen reader reads out.

import { Sheet } from './sheet.mjs';
import { Work } from './work.mjs';

/** Somebody who hands over or takes over. */
export class Hands extends Work {
  /** Signs somebody in, up to where they are live. */
  static async start(stage, subject, options) {
    const { talk } = await Sheet.arrive(stage, subject, options);
    return new Hands(talk);
  }

  /** Shows the patients of a team as they are handed over. */
  async handover(team) {
    await this.page.getByRole('link', { name: 'Handover', exact: true }).filter({ visible: true }).first().click();
    await this.page.getByRole('heading', { level: 2, name: 'Handover', exact: true }).waitFor();
    if (team) await this.page.getByRole('group', { name: 'Which team' }).getByRole('button', { name: new RegExp(`^${team}`) }).click();
    await this.patients().first().waitFor();
  }

  /** The patients of the team, sickest first. */
  patients() {
    return this.page.getByRole('list', { name: 'Patients, sickest first' }).locator('> li');
  }

  /** A patient of the team. */
  patient(name) {
    return this.patients().filter({ hasText: name });
  }

  /** Opens a patient's sheet. */
  async sheet(name) {
    await this.patient(name).getByRole('link', { name: new RegExp(name) }).click();
    await this.page.getByRole('heading', { level: 2, name: new RegExp(name) }).waitFor();
  }

  /** What stands under a heading of the sheet, and what stood there before. */
  note(title) {
    return this.page.getByRole('region', { name: title, exact: true });
  }

  /** Where one writes under a heading. */
  words(title) {
    return this.page.getByRole('textbox', { name: new RegExp(`^${title} of `) });
  }

  /** Begins to write under a heading. */
  async begin(title, text) {
    await this.note(title).getByRole('button', { name: new RegExp(`^(Write|Change|Write a new one) ${title}$`) }).click();
    await this.words(title).fill(text);
  }

  /** Writes under a heading and saves. */
  async write(title, text) {
    await this.begin(title, text);
    await this.note(title).getByRole('button', { name: `Save ${title}` }).click();
    await this.note(title).getByText(text).first().waitFor();
  }

  /** Begins to offer patients of the team that is shown. */
  async offer() {
    await this.page.locator('main').getByRole('link', { name: 'Hand over', exact: true }).click();
    await this.page.getByRole('heading', { level: 2, name: 'Hand over', exact: true }).waitFor();
  }

  /** Chooses to whom. */
  async to(name) {
    await this.page.getByRole('button', { name: new RegExp(`^Hand over to ${name}`) }).click();
  }

  /** Ticks or unticks a patient, a role, a task or a person. */
  tick(name) {
    return this.page.getByRole('checkbox', { name: new RegExp(name) });
  }

  /** Sends the offer. */
  async send() {
    await this.page.getByRole('button', { name: /^Offer \d+ patients? to / }).click();
    await this.page.getByRole('heading', { level: 2, name: 'Handover of patients' }).waitFor();
  }

  /** Opens what is offered to them, from wherever they are. */
  async see(words) {
    await this.call(words).getByRole('link', { name: 'See the handover' }).click();
    await this.page.getByRole('heading', { level: 2, name: 'Handover of patients' }).waitFor();
  }

  /** A patient of the handover that is shown. */
  part(name) {
    return this.page.getByRole('list', { name: 'Patients of this handover' }).locator('> li').filter({ hasText: name });
  }

  /** How the handover stands. */
  async status(words) {
    await this.page.locator('main').getByRole('status').filter({ hasText: words }).first().waitFor();
  }
}
