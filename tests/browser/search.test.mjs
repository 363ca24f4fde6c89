// Search over what a device holds: as one types, with slips, narrowed down, with no network and after a power cut; never
// what was withdrawn, corrected or is no longer one's own to read; and nothing of it in the clear on the disk.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Device } from './device.mjs';
import { Served, kept, promise } from './release.mjs';
import { SIZES, Stage } from './stage.mjs';
import { Talk } from './talk.mjs';

const GRACE = { subject: 'grace.adeyemi', find: 'grace', name: 'Mrs Grace Adeyemi' };
const DANIEL = { subject: 'daniel.osei', find: 'osei', name: 'Mr Daniel Osei' };
const HANNAH = { subject: 'hannah.levy', find: 'levy', name: 'Ms Hannah Levy' };
const MARK = Math.random().toString(36).slice(2, 8).replace(/\d/g, 'q');
const [WARD, HOME] = ['Wagtail', 'Dipper'].map((bird) => `${bird} ${MARK}`);
const FIRST = `First of all, the dressing of ${MARK}ulna is changed on Mondays`;
const PASSPHRASE = `lantern pepper ${MARK}`;
/** More than a device holds unasked. */
const MANY = 130;

let stage;
let tablet;
let grace;
let daniel;

before(async () => {
  stage = await Stage.open();
  tablet = await Device.fresh();
  const person = await tablet.person(GRACE.subject);
  await person.signIn();
  grace = new Talk(person);
  await grace.live();
  daniel = new Talk(await stage.signedIn(DANIEL.subject));
  await daniel.live();
  await daniel.start([GRACE, HANNAH], WARD);
  for (const text of [`Bed 4 potassium${MARK} 6.1, please review`, `Bed 7 lactate${MARK} 2.3`, `Bed 9 sodium${MARK} 118`]) await daniel.say(text);
  await daniel.correct(`lactate${MARK} 2.3`, `Bed 7 bilirubin${MARK} 40`);
  await daniel.message(`bilirubin${MARK}`).waitFor();
  await daniel.withdraw(`sodium${MARK}`);
  await daniel.page.getByText(/withdrew|withdrawn/i).last().waitFor();
  await daniel.start([GRACE, HANNAH], HOME);
  await daniel.say(FIRST);
  for (let number = 1; number < MANY; number++) {
    await daniel.field().fill(`Visit ${number} is done`);
    await daniel.field().press('Enter');
  }
  await daniel.message(`Visit ${MANY - 1} is done`).waitFor();
  await grace.open(HOME);
  await grace.message(`Visit ${MANY - 1} is done`).waitFor();
});
after(async () => {
  await stage.close();
  await tablet.end();
});

/** What search shows. */
class Search {
  constructor(talk) {
    this.page = talk.page;
  }

  async open() {
    await this.page.getByRole('link', { name: 'Search', exact: true }).click();
    await this.page.getByRole('searchbox', { name: 'Search messages and people' }).waitFor();
  }

  async type(words) {
    await this.page.getByRole('searchbox').fill(words);
  }

  /** Waits until so many are said to be found. */
  async count(words) {
    await this.page.getByRole('status').filter({ hasText: new RegExp(`^${words}$`) }).waitFor();
  }

  hits() {
    return this.page.locator('main').getByRole('list', { name: /^Messages/ }).getByRole('link');
  }

  async marked() {
    return this.hits().first().locator('mark').allTextContents();
  }
}

test('a message is found while one types, also with a slip, and what is looked for is marked', async () => {
  const search = new Search(grace);
  await search.open();
  await search.type(`potassium${MARK.slice(0, 3)}`);
  await search.count('1 message');
  assert.deepEqual(await search.marked(), [`potassium${MARK}`]);
  assert.match(await search.hits().first().textContent(), new RegExp(`${WARD}.*Mr Daniel Osei.*Bed 4`));
  await search.type(`potasium${MARK}`);
  await search.count('1 message, spelt in another way');
  assert.deepEqual(await search.marked(), [`potassium${MARK}`]);
  await search.type(`review bed ${MARK}`);
  await search.count('No messages found');
});

test('what was corrected is found as it stands, and what was withdrawn not at all', async () => {
  const search = new Search(grace);
  await search.type(`bilirubin${MARK}`);
  await search.count('1 message');
  for (const gone of ['lactate', 'sodium']) {
    await search.type(`${gone}${MARK}`);
    await search.count('No messages found');
  }
  await daniel.open(WARD);
  await daniel.correct(`bilirubin${MARK}`, `Bed 7 albumin${MARK} 31`);
  await search.type(`albumin${MARK}`);
  await search.count('1 message');
  await daniel.withdraw(`albumin${MARK}`);
  await search.count('No messages found');
});

test('it is narrowed down by person, conversation and day', async () => {
  const search = new Search(grace);
  await grace.open(WARD);
  await grace.say(`On my way to potassium${MARK}`);
  await search.open();
  await search.type(`potassium${MARK}`);
  await search.count('2 messages');
  await grace.page.getByText('Narrow it down').click();
  await grace.page.getByLabel('Who wrote it').selectOption(DANIEL.name);
  await search.count('1 message');
  await grace.page.getByLabel('Conversation', { exact: true }).selectOption(HOME);
  await search.count('No messages found');
  await grace.page.getByRole('button', { name: 'Clear these' }).click();
  await search.count('2 messages');
  const today = await grace.page.evaluate(() => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10));
  await grace.page.getByLabel('To', { exact: true }).fill('2020-01-01');
  await search.count('No messages found');
  await grace.page.getByLabel('To', { exact: true }).fill(today);
  await grace.page.getByLabel('From', { exact: true }).fill(today);
  await search.count('2 messages');
  await grace.page.getByRole('button', { name: 'Clear these' }).click();
});

test('a person is found, and written to', async () => {
  const search = new Search(grace);
  await search.open();
  await search.type('hanah levi');
  await grace.page.getByRole('button', { name: `Message ${HANNAH.name}` }).click();
  await grace.page.getByRole('heading', { level: 2, name: HANNAH.name }).waitFor();
});

test('a hit leads to its message, and Back to what was found', async () => {
  const search = new Search(grace);
  await search.open();
  await search.type(`potassium${MARK}`);
  await search.hits().last().click();
  await grace.page.getByRole('heading', { level: 2, name: WARD }).waitFor();
  await grace.message(`potassium${MARK} 6.1`).waitFor();
  await grace.page.goBack();
  await search.count('2 messages');
  assert.equal(await grace.page.getByRole('searchbox').inputValue(), `potassium${MARK}`);
});

test('no barrier is in the way, in every size, light and dark', async () => {
  const search = new Search(grace);
  for (const words of ['', `potasium${MARK}`, 'no such word']) {
    await search.type(words);
    for (const size of [SIZES[0], SIZES[2]]) {
      for (const colorScheme of ['light', 'dark']) {
        await grace.page.setViewportSize(size);
        await grace.page.emulateMedia({ colorScheme });
        assert.deepEqual(await grace.person.barriers(), []);
      }
    }
  }
  await grace.page.emulateMedia({ colorScheme: null });
});

test('on a new device it says what is missing, and finds it when it is brought there', async () => {
  const hannah = new Talk(await stage.signedIn(HANNAH.subject));
  await hannah.live();
  const search = new Search(hannah);
  await search.open();
  await search.type('Visit is done');
  await search.hits().first().waitFor();
  await hannah.page.getByText(/Older messages of \d+ conversations? are not/).waitFor();
  await search.type(`${MARK}ulna`);
  await search.count('No messages found');
  await hannah.page.getByRole('link', { name: 'Bring them here' }).click();
  await hannah.page.getByRole('button', { name: 'Take with me' }).click();
  await hannah.page.getByText(/Ready to go offline|Not ready/).waitFor({ timeout: 60_000 });
  await search.open();
  await search.count('1 message');
  await hannah.page.getByText('All of it is on this device.').waitFor();
  await search.hits().first().click();
  await hannah.message(FIRST).waitFor();
  const { top } = await hannah.message(FIRST).evaluate((one) => one.getBoundingClientRect());
  assert.ok(top > 0 && top < hannah.page.viewportSize().height, 'it is in view');
});

test('with no network and after a power cut it finds the same, and the disk tells nothing', async () => {
  await grace.page.setViewportSize(SIZES[2]);
  await grace.page.getByRole('link', { name: 'Device' }).click();
  await grace.page.getByRole('button', { name: 'Keep on this device' }).click();
  await grace.page.getByLabel('New passphrase').fill(PASSPHRASE);
  await grace.page.getByLabel('The same passphrase again').fill(PASSPHRASE);
  await grace.page.getByRole('button', { name: 'Use this passphrase' }).click();
  await grace.page.getByText('On. Baton opens here without a network.').waitFor({ timeout: 60_000 });
  await kept(grace.page, new Served().version);
  await promise(grace.page, true);
  await grace.page.getByRole('button', { name: 'Take with me' }).click();
  await grace.page.getByText('Ready to go offline.').waitFor({ timeout: 60_000 });
  const search = new Search(grace);
  await search.open();
  await search.type(`${MARK}ulna`);
  await search.count('1 message');
  await tablet.offline(true);
  await tablet.kill();
  assert.deepEqual(tablet.finds([`potassium${MARK}`, `${MARK}ulna`, WARD, 'Adeyemi']), []);
  await tablet.start();
  await tablet.offline(true);
  grace = new Talk(await tablet.person(GRACE.subject));
  await grace.page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await grace.page.getByRole('button', { name: 'Unlock with your passphrase' }).click();
  await grace.page.getByRole('region', { name: 'Inbox' }).waitFor();
  await grace.open(WARD);
  await grace.say(`Without signal potassium${MARK}`);
  const offline = new Search(grace);
  await offline.open();
  await offline.type(`potassium${MARK}`);
  await offline.count('3 messages');
  await offline.type(`${MARK}ulna`);
  await offline.count('1 message');
  const other = await tablet.person(GRACE.subject);
  const second = new Search(new Talk(other));
  await second.open();
  await second.type(`potassium${MARK}`);
  await second.count('3 messages');
  await other.page.close();
});

test('what is no longer hers to read is no longer found', async () => {
  await tablet.offline(false);
  await grace.live();
  const search = new Search(grace);
  await search.type(`potassium${MARK}`);
  await search.count('3 messages');
  await daniel.open(WARD);
  await daniel.remove(GRACE.name);
  await search.count('No messages found');
});

test('no page complained', () => assert.deepEqual([...stage.complaints, ...tablet.complaints], []));
