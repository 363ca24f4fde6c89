// What people do in a conversation, by the names that a screen reader reads out. A test says who does what; where
// things stand on the page is known here alone.

import assert from 'node:assert/strict';

/** Somebody at work in the app. */
export class Talk {
  constructor(person) {
    this.person = person;
    this.page = person.page;
  }

  /** Waits for the connection to be live. */
  async live() {
    await this.connection(/Live(, \d+ items? not taken)?$/);
  }

  /** Waits until the connection is said to be so. */
  async connection(words) {
    await this.page.getByRole('status').filter({ hasText: 'Connection:' }).filter({ hasText: words }).waitFor();
  }

  /** Shows the inbox, which a phone has on a page of its own. */
  async inbox() {
    if (!(await this.#inbox().isVisible())) await this.page.getByRole('link', { name: /inbox/i }).filter({ visible: true }).first().click();
    await this.#inbox().waitFor();
  }

  /** Opens a conversation from the inbox. */
  async open(title) {
    await this.inbox();
    await this.#inbox().getByRole('link').filter({ hasText: title }).first().click();
    await this.page.getByRole('heading', { level: 2, name: title }).waitFor();
  }

  /** What stands in the conversation that is open, oldest first: of each message that has this mark the word before it. */
  async order(mark) {
    const all = await this.page.getByRole('article').allInnerTexts();
    return all.map((text) => new RegExp(`(\\S+) ${mark}`).exec(text)?.[1]).filter(Boolean);
  }

  /** Whether the inbox lists a conversation. */
  listed(title) {
    return this.#inbox().getByRole('link').filter({ hasText: title });
  }

  /** Starts a conversation with people (by what is typed to find them and their name as shown). */
  async start(people, title) {
    await this.page.getByRole('link', { name: 'New', exact: true }).click();
    await this.#add(people);
    if (title) await this.page.getByLabel('Name of the group').fill(title);
    await this.page.getByRole('button', { name: title ? 'Start group' : 'Start conversation' }).click();
    await this.page.getByRole('region', { name: 'Messages' }).getByText(/^Conversation started/).waitFor();
  }

  async #add(people) {
    for (const { find, name } of people) {
      await this.page.getByRole('searchbox').fill(find);
      await this.page.getByRole('button', { name: new RegExp(`^Add ${name}`) }).click();
    }
  }

  /** Where one writes. */
  field() {
    return this.page.getByLabel('Write a message');
  }

  /** Writes and sends. */
  async say(text, { urgent = false } = {}) {
    if (urgent) await this.page.getByRole('button', { name: 'Urgent', exact: true }).last().click();
    await this.field().fill(text);
    await this.field().press('Enter');
    await this.message(text).waitFor();
    await this.page.waitForFunction((words) => {
      const written = [...document.querySelectorAll('[role=region][aria-label=Messages] article')].findLast((one) => one.textContent.includes(words));
      const { bottom } = written.getBoundingClientRect();
      return bottom <= document.querySelector('[role=region][aria-label=Messages]').getBoundingClientRect().bottom + 1;
    }, text);
  }

  /** A message by what it says. */
  message(text) {
    return this.page.getByRole('article').filter({ hasText: text });
  }

  /** Waits until one's own message has this status. */
  async status(text, words) {
    await this.message(text).getByRole('button', { name: words }).waitFor();
  }

  /** Chooses from a message's menu. */
  async act(text, what) {
    const message = this.message(text);
    await message.hover();
    await message.getByRole('button', { name: /^Actions for/ }).click();
    await this.page.getByRole('menuitem', { name: what }).click();
  }

  async correct(text, better) {
    await this.act(text, 'Correct');
    await this.field().fill(better);
    await this.field().press('Enter');
  }

  async withdraw(text) {
    await this.act(text, 'Withdraw');
    await this.page.getByRole('button', { name: 'Withdraw message' }).click();
  }

  async acknowledge(text) {
    await this.message(text).getByRole('button', { name: 'Acknowledge' }).click();
  }

  /** Opens who belongs to the conversation. */
  async details() {
    await this.page.getByRole('link', { name: 'Members and details' }).click();
    await this.page.getByRole('heading', { name: /\d+ members/ }).waitFor();
  }

  async back() {
    await this.page.locator('main').getByRole('link', { name: 'Back', exact: true }).click();
    await this.page.getByRole('region', { name: 'Messages' }).waitFor();
  }

  /** Adds somebody, and leaves the details. */
  async add({ find, name }) {
    await this.details();
    await this.page.getByRole('button', { name: 'Add a person' }).click();
    await this.#add([{ find, name }]);
    await this.page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
    await this.page.getByRole('dialog').waitFor({ state: 'detached' });
    await this.back();
  }

  /** Removes somebody, and leaves the details. */
  async remove(name) {
    await this.details();
    await this.page.getByRole('listitem').filter({ hasText: name }).getByRole('button', { name: /Remove/ }).first().click();
    await this.page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await this.page.getByRole('dialog').waitFor({ state: 'detached' });
    await this.back();
  }

  /** Keeps what is here past the tab, to be opened by a passphrase. */
  async keep(passphrase) {
    await this.page.getByRole('link', { name: 'Device' }).click();
    await this.page.getByRole('button', { name: 'Keep on this device' }).click();
    await this.page.getByLabel('New passphrase').fill(passphrase);
    await this.page.getByLabel('The same passphrase again').fill(passphrase);
    await this.page.getByRole('button', { name: 'Use this passphrase' }).click();
    await this.page.getByText('On. Baton opens here without a network.').waitFor({ timeout: 60_000 });
  }

  /** Locks all tabs of this device. */
  async lock() {
    await this.page.getByRole('button', { name: 'Lock', exact: true }).click();
    await this.locked();
  }

  /** Waits until it is locked. */
  async locked() {
    await this.page.getByRole('heading', { name: 'Baton is locked' }).waitFor();
  }

  /** Opens what is locked. */
  async unlock(passphrase) {
    await this.locked();
    await this.page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
    await this.page.getByRole('button', { name: 'Unlock with your passphrase' }).click();
    await this.page.getByRole('region', { name: 'Inbox' }).waitFor({ timeout: 60_000 });
  }

  async signOut() {
    await this.page.getByRole('button', { name: /^Your account/ }).click();
    await this.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await this.page.getByRole('button', { name: 'Sign in with your work account' }).waitFor();
  }

  /** Everything that the browser holds for this page's origin, but for the app itself, which is the same for everybody. */
  async left() {
    return this.page.evaluate(async () => ({
      session: Object.entries(sessionStorage).filter(([, value]) => value.length > 32).map(([key]) => key),
      local: Object.keys(localStorage),
      databases: (await indexedDB.databases()).map(({ name }) => name),
      caches: (await caches.keys()).filter((name) => !name.startsWith('baton-release-')),
      cookies: document.cookie,
    }));
  }

  #inbox() {
    return this.page.getByRole('region', { name: 'Inbox' });
  }
}

/** That something is not there, now that something else has come. */
export async function absent(locator, why) {
  assert.equal(await locator.count(), 0, why);
}
