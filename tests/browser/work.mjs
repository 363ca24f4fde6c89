// What people do with tasks and roles, by the names that a screen reader reads out.

import { Sheet } from './sheet.mjs';

/** Somebody with tasks and roles. */
export class Work extends Sheet {
  /** Signs somebody in, up to where they are live. */
  static async start(stage, subject, options) {
    const { talk } = await Sheet.arrive(stage, subject, options);
    return new Work(talk);
  }

  /** Who it is, at their device. */
  get person() {
    return this.talk.person;
  }

  /** Shows the tasks. */
  async tasks() {
    await this.page.getByRole('link', { name: /^Tasks/ }).filter({ visible: true }).first().click();
    await this.page.getByRole('heading', { level: 2, name: 'Tasks', exact: true }).waitFor();
  }

  /** Chooses whose tasks are shown: `Mine`, `My roles’`, `My teams’`. */
  async whose(name) {
    await this.page.getByRole('group', { name: 'Whose tasks' }).getByRole('button', { name: new RegExp(`^${name}`) }).click();
  }

  /** Chooses which of them. */
  async only(label) {
    await this.page.getByRole('combobox', { name: 'Show' }).selectOption({ label });
  }

  /** Where one adds a task. */
  line() {
    return this.page.getByLabel('Add a task');
  }

  /** Chooses the team in which it is made. */
  async into(team) {
    await this.page.getByLabel('In', { exact: true }).selectOption({ label: team });
  }

  /** Adds a task that is about no patient. */
  async add(line, title) {
    await this.line().fill(line);
    await this.line().press('Enter');
    await this.page.getByText(`Made: ${title}`).waitFor();
  }

  /** Waits until it is said what was done. */
  async did(words) {
    await this.page.locator('.baton-done').filter({ hasText: words }).waitFor();
  }

  /** A task in the list. */
  row(title) {
    return this.page.getByRole('list', { name: /^(Tasks|Jobs that nobody has accepted)$/ }).getByRole('listitem').filter({ hasText: title });
  }

  /** The button that completes it. */
  check(title) {
    return this.row(title).getByRole('button', { name: /^Done: / });
  }

  /** Opens a task from the list. */
  async see(title) {
    await this.row(title).getByRole('link', { name: title }).first().click();
    await this.page.getByRole('heading', { level: 2, name: 'Task', exact: true }).waitFor();
  }

  /** Does something with the open task. */
  async does(what) {
    await this.page.getByRole('group', { name: 'What you can do' }).getByRole('button', { name: what, exact: true }).click();
  }

  /** Says why, or what, and confirms. */
  async says(text, verb) {
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox').fill(text);
    await dialog.getByRole('button', { name: verb, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  /** What waits for them on every page. */
  call(text) {
    return this.page.getByRole('region', { name: 'Your roles' }).getByRole('listitem').filter({ hasText: text });
  }

  /** Shows the roles. */
  async roles() {
    await this.page.getByRole('region', { name: 'Your roles' }).getByRole('link', { name: /^You hold/ }).click();
    await this.page.getByRole('heading', { level: 2, name: 'Roles' }).waitFor();
  }

  /** A role of a team. */
  role(title) {
    return this.page.getByRole('list', { name: /^Roles of / }).getByRole('listitem').filter({ has: this.page.getByRole('heading', { level: 4, name: title, exact: true }) });
  }

  /** Makes a role. */
  async makeRole(team, title, cover) {
    await this.page.getByRole('button', { name: `Make a role of ${team}` }).click();
    await this.page.getByLabel('What it is called').fill(title);
    if (cover) await this.page.getByLabel('Who covers while nobody holds it').selectOption({ label: cover });
    await this.page.getByRole('dialog').getByRole('button', { name: 'Make the role' }).click();
    await this.role(title).waitFor();
  }

  /** What they are shown to hold. */
  async holds(words) {
    await this.page.getByRole('region', { name: 'Your roles' }).getByRole('link', { name: words }).waitFor();
  }
}
