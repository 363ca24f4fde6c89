// On and off duty, and what becomes overdue: said by one switch, online and off, on a desktop and a phone. Who is off duty is shown so
// with since when and who covers, wherever they are picked or written to; nothing is taken from them, and what is urgent comes all the
// same. What becomes overdue is told once.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Hands } from './hands.mjs';
import { bringWards } from './sheet.mjs';
import { Person, SIZES, Stage, url } from './stage.mjs';
import { Talk, absent } from './talk.mjs';

const MARK = Math.random().toString(36).slice(2, 8);
const REG = `Night reg ${MARK}`;
const BOARD = `Night board ${MARK}`;
const AWAY = /Off duty since \d\d:\d\d/;

let stage;
let siobhan;
let amina;
let tom;

/** Somebody at the switch. */
class Duty extends Hands {
  static async start(subject, options) {
    const { talk } = await Hands.start(stage, subject, options);
    return new Duty(talk);
  }

  /** The switch, which says how it stands. */
  switch(words) {
    return this.page.getByRole('region', { name: 'Your roles' }).getByRole('button', { name: words });
  }

  dialog() {
    return this.page.getByRole('dialog', { name: 'Your duty' });
  }

  /** Opens what the switch asks. */
  async ask() {
    await this.switch(/^(Duty: not said|On duty|Off duty)/).click();
    await this.dialog().waitFor();
  }

  async comes() {
    await this.ask();
    await this.dialog().getByRole('button', { name: /^(I am on duty|Come on duty)$/ }).click();
    await this.switch(/^On duty since/).waitFor();
  }

  async goes({ back, cover } = {}) {
    await this.ask();
    if (back) await this.dialog().getByLabel(/^Back at/).fill(back);
    if (cover) await this.dialog().getByLabel('Who covers for you').selectOption({ label: cover });
    await this.dialog().getByRole('button', { name: 'Go off duty' }).click();
    await this.switch(/^Off duty since/).waitFor();
  }
}

before(async () => {
  await bringWards();
  stage = await Stage.open();
  siobhan = await Duty.start('siobhan.byrne');
  amina = await Duty.start('amina.khan');
  tom = await Duty.start('tom.fletcher', { viewport: SIZES[0] });
  await siobhan.roles();
  await siobhan.makeRole('Ward 7', REG);
  await amina.roles();
  await amina.role(REG).getByRole('button', { name: `Take ${REG}` }).click();
  await amina.holds(new RegExp(REG));
});
after(() => stage.close());

test('who said nothing is shown as neither, and comes on duty in two taps', async () => {
  await absent(siobhan.role(REG).getByText(/duty/i), 'nothing was said');
  await amina.switch(/^Duty: not said/).click();
  await amina.dialog().getByText('You have not said yet whether you are on duty.').waitFor();
  assert.deepEqual(await amina.person.barriers(), []);
  await amina.dialog().getByRole('button', { name: 'I am on duty' }).click();
  await amina.switch(/^On duty since \d\d:\d\d Change$/).waitFor();
  await absent(siobhan.role(REG).getByText(/off duty/i), 'on duty is nothing to warn of');
});

test('who goes off duty is told what is still theirs and where to hand it on, and it stays theirs all the same', async () => {
  await amina.tasks();
  await amina.into('Ward 7');
  await amina.add(`discharge letter ${MARK} @amina`, `discharge letter ${MARK}`);
  await amina.ask();
  const still = amina.dialog().getByRole('list', { name: 'This stays yours while you are off duty. Hand it on first' });
  await still.getByText(`${REG} (Ward 7)`).first().waitFor();
  await still.getByText(/^\d+ open tasks? \(Ward 7\)$/).first().waitFor();
  await still.getByRole('button', { name: `Offer or hand back ${REG} (Ward 7)` }).waitFor();
  await amina.person.shot('duty-nudge-1280');
  assert.deepEqual(await amina.person.barriers(), []);
  await still.getByRole('button', { name: /^Hand over tasks/ }).click();
  await amina.page.getByRole('heading', { level: 2, name: 'Tasks', exact: true }).waitFor();
  await amina.goes({ back: 'tomorrow 08:00', cover: 'Dr Tom Fletcher' });
  await amina.holds(new RegExp(REG));
  await siobhan.role(REG).getByText(/^Off duty since \d\d:\d\d, back tomorrow 08:00\. Cover: Dr Tom Fletcher$/).waitFor();
  await siobhan.person.shot('duty-held-by-away-1280');
  await amina.ask();
  await amina.dialog().getByText('Change when you are back, or who covers').click();
  assert.equal(await amina.dialog().getByLabel(/^Back at/).inputValue(), 'tomorrow 08:00');
  await amina.dialog().getByLabel(/^Back at/).fill('tomorrow 09:00');
  await amina.dialog().getByRole('button', { name: 'Save' }).click();
  await siobhan.role(REG).getByText(/back tomorrow 09:00\. Cover: Dr Tom Fletcher$/).waitFor();
  await amina.ask();
  await amina.dialog().getByText('Change when you are back, or who covers').click();
  await amina.dialog().getByLabel(/^Back at/).fill('tomorrow 08:00');
  await amina.dialog().getByRole('button', { name: 'Save' }).click();
  await siobhan.role(REG).getByText(/back tomorrow 08:00\. Cover: Dr Tom Fletcher$/).waitFor();
  assert.deepEqual(await siobhan.person.barriers(), []);
});

test('one sees it before one writes to them, in the head and above the field, and writes to the cover by one tap', async () => {
  await siobhan.role(REG).getByRole('button', { name: /^Message/ }).click();
  await siobhan.page.getByRole('heading', { level: 2, name: /Amina Khan/ }).waitFor();
  await siobhan.page.locator('.baton-head').getByText(AWAY).waitFor();
  const off = siobhan.page.getByRole('list', { name: 'Off duty' });
  await off.getByText(/Amina Khan is off duty since \d\d:\d\d, back tomorrow 08:00\. Cover: Dr Tom Fletcher/).waitFor();
  await siobhan.page.getByRole('button', { name: 'Urgent', exact: true }).last().click();
  await siobhan.person.shot('duty-urgent-1280');
  assert.deepEqual(await siobhan.person.barriers(), []);
  await siobhan.talk.field().fill(`call me ${MARK}`);
  await siobhan.talk.field().press('Enter');
  await siobhan.talk.message(`call me ${MARK}`).waitFor();
  await off.getByRole('button', { name: 'Message Dr Tom Fletcher instead' }).click();
  await siobhan.page.getByRole('heading', { level: 2, name: /Tom Fletcher/ }).waitFor();
  await absent(siobhan.page.getByRole('list', { name: 'Off duty' }), 'he said nothing');
});

test('in a team it is said when the message is urgent, and not before', async () => {
  await siobhan.talk.open('Ward 7');
  await siobhan.talk.field().waitFor();
  await absent(siobhan.page.getByRole('list', { name: 'Off duty' }), 'a routine message waits');
  await siobhan.page.getByRole('button', { name: 'Urgent', exact: true }).last().click();
  await siobhan.page.getByRole('list', { name: 'Off duty' }).getByText(/Amina Khan is off duty since/).waitFor();
  await siobhan.page.getByRole('button', { name: 'Urgent', exact: true }).last().click();
});

test('each picker says so with the cover, and refuses nothing: a task, a role, a handover', async () => {
  const says = /Off duty since .*Cover: Dr Tom Fletcher/;
  await siobhan.tasks();
  await siobhan.into('Ward 7');
  await siobhan.line().fill(`review ${MARK} @amina`);
  await siobhan.page.locator('form.baton-quick').getByText(new RegExp(`^For: .*Amina Khan .*${says.source}`)).waitFor();
  await siobhan.line().press('Enter');
  await siobhan.page.getByText(`Made: review ${MARK}`).waitFor();
  await siobhan.whose('My teams’');
  await siobhan.row(`review ${MARK}`).getByText(/Amina Khan, off duty since/).waitFor();
  await siobhan.page.getByRole('link', { name: 'Board', exact: true }).click();
  await siobhan.page.getByLabel('Team', { exact: true }).selectOption({ label: 'Ward 7' });
  const people = siobhan.page.getByRole('list', { name: 'People and what they have to do' });
  await people.getByRole('button', { name: /Amina Khan/ }).getByText(says).waitFor();
  await siobhan.roles();
  await siobhan.makeRole('Ward 7', `Second on call ${MARK}`);
  await siobhan.role(`Second on call ${MARK}`).getByRole('button', { name: /^Take / }).click();
  await siobhan.role(`Second on call ${MARK}`).getByRole('button', { name: /^Offer to/ }).click();
  await siobhan.page.getByRole('dialog').getByRole('button', { name: /^Offer to .*Amina Khan/ }).getByText(says).waitFor();
  await siobhan.page.getByRole('dialog').getByRole('button', { name: /^Offer to .*Amina Khan/ }).click();
  await siobhan.role(`Second on call ${MARK}`).getByText(/You offered it to .*Amina Khan/).waitFor();
  await siobhan.make(BOARD, 'Ward 7', 'Ward 7');
  await siobhan.page.getByText('11 patients', { exact: true }).waitFor();
  await siobhan.handover('Ward 7');
  await siobhan.offer();
  await siobhan.page.getByRole('button', { name: /^Hand over to Dr Amina Khan/ }).getByText(says).waitFor();
  await siobhan.to('Dr Amina Khan');
  await siobhan.page.locator('.baton-warning').filter({ hasText: says }).waitFor();
  assert.deepEqual(await siobhan.person.barriers(), []);
});

test('who is off duty is not interrupted by what is routine, which waits folded away, and is by what is urgent', async () => {
  const quiet = amina.page.getByRole('region', { name: 'Your roles' }).locator('details');
  await quiet.getByText('Not urgent, waits until you are back').waitFor();
  assert.equal(await amina.call(`offers you Second on call ${MARK}`).isVisible(), false);
  await siobhan.tasks();
  await siobhan.into('Ward 7');
  await siobhan.add(`gas ${MARK} @amina !`, `gas ${MARK}`);
  await amina.call(`Urgent task for you: gas ${MARK}`).waitFor();
  assert.equal(await amina.call(`gas ${MARK}`).isVisible(), true);
  await quiet.locator('summary').click();
  await amina.call(`offers you Second on call ${MARK}`).waitFor();
  assert.deepEqual(await amina.person.barriers(), []);
  await amina.call(`gas ${MARK}`).getByRole('button', { name: `Accept gas ${MARK}` }).click();
  await amina.comes();
  await amina.call(`offers you Second on call ${MARK}`).getByRole('button', { name: /^Accept/ }).click();
});

test('a cover who goes off duty too is said so, and no button leads to them', async () => {
  await amina.goes({ cover: 'Dr Tom Fletcher' });
  await tom.goes();
  await siobhan.roles();
  await siobhan.role(REG).getByText(/^Off duty since \d\d:\d\d\. Cover: Dr Tom Fletcher, who is off duty too$/).waitFor();
  await siobhan.role(REG).getByRole('button', { name: /^Message/ }).click();
  await siobhan.page.getByRole('list', { name: 'Off duty' }).getByText(/who is off duty too/).waitFor();
  await absent(siobhan.page.getByRole('button', { name: /instead$/ }), 'nobody is there');
  await tom.comes();
  await siobhan.page.getByRole('button', { name: 'Message Dr Tom Fletcher instead' }).waitFor();
});

test('with no network it is said at once on the device, and to the others when there is one', async () => {
  await tom.page.context().setOffline(true);
  await tom.talk.connection(/Offline since/);
  await tom.goes({ cover: `${REG} (Ward 7)` });
  await tom.person.shot('duty-offline-360');
  assert.deepEqual(await tom.person.barriers(), []);
  await siobhan.page.getByRole('button', { name: 'Message Dr Tom Fletcher instead' }).waitFor();
  await tom.page.context().setOffline(false);
  await siobhan.page.getByRole('list', { name: 'Off duty' }).getByText(/who is off duty too/).waitFor();
  await siobhan.talk.open('Ward 7');
  await siobhan.talk.details();
  const line = siobhan.page.getByRole('listitem').filter({ hasText: 'Tom Fletcher' });
  await line.getByText(new RegExp(`^Off duty since .*Cover: ${REG}, .*Amina Khan, who is off duty too$`)).waitFor();
});

test('the switch works by keyboard alone on a phone, says what is wrong, and gives the focus back', async () => {
  const { page } = tom;
  const told = page.getByRole('region', { name: 'Your roles' }).getByRole('button', { name: /^Off duty since \d\d:\d\d Change$/ });
  await told.focus();
  await page.keyboard.press('Enter');
  await tom.dialog().getByText(AWAY).waitFor();
  await tom.dialog().getByText('Change when you are back, or who covers').click();
  await tom.dialog().getByLabel(/^Back at/).fill('soon');
  await page.keyboard.press('Enter');
  await tom.dialog().getByRole('alert').filter({ hasText: /^Write when you are back/ }).waitFor();
  await tom.person.shot('duty-dialog-360');
  const { x, width: wide } = await tom.dialog().getByLabel(/^Back at/).boundingBox();
  assert.ok(x + wide <= SIZES[0].width, `the field ends at ${x + wide}`);
  assert.deepEqual(await tom.person.barriers(), []);
  await tom.dialog().getByRole('button', { name: 'Come on duty' }).focus();
  await page.keyboard.press('Enter');
  await tom.switch(/^On duty since/).waitFor();
  await page.locator('.baton-mine__duty:focus').waitFor();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= SIZES[0].width, `${width} px wide`);
  await amina.comes();
});

test('a task becomes overdue by time alone and is told once, not after a reload and not in a second tab', async () => {
  await tom.page.context().addInitScript(() => {
    const now = Date.now;
    Date.now = () => now() + Number(localStorage.getItem('ahead') ?? 0);
  });
  await tom.page.reload();
  await tom.talk.live();
  await tom.tasks();
  // On a phone what is asked of a new task comes as one types it.
  await tom.line().fill(`cultures ${MARK}`);
  await tom.into('Ward 7');
  await tom.add(`cultures ${MARK} @tom +1m`, `cultures ${MARK}`);
  await absent(tom.call(`Overdue: cultures ${MARK}`), 'it is not due yet');
  await tom.page.evaluate(() => localStorage.setItem('ahead', String(3 * 60_000)));
  await tom.call(`Overdue: cultures ${MARK}`).waitFor({ timeout: 45_000 });
  await tom.page.locator('[aria-live=polite]').filter({ hasText: `Overdue: cultures ${MARK}` }).waitFor();
  await tom.person.shot('duty-overdue-360');
  assert.deepEqual(await tom.person.barriers(), []);
  await tom.page.reload();
  await tom.talk.live();
  await tom.row(`cultures ${MARK}`).getByText(/Overdue by/).waitFor();
  await absent(tom.call(`Overdue: cultures ${MARK}`), 'it was told before the reload');
  const page = await tom.page.context().newPage();
  await page.goto(url);
  const second = new Duty(new Talk(new Person(tom.person.subject, page)));
  await second.talk.live();
  await second.tasks();
  await second.row(`cultures ${MARK}`).getByText(/Overdue by/).waitFor();
  await absent(second.call(`Overdue: cultures ${MARK}`), 'it was told in the first tab');
  await page.close();
});

test('the board shows what is overdue, also what somebody has taken on, and due at another time it is told anew', async () => {
  await tom.line().fill(`bloods ${MARK}`);
  await tom.into('Ward 7');
  await tom.add(`bloods ${MARK} @tom +1m`, `bloods ${MARK}`);
  await tom.row(`bloods ${MARK}`).getByRole('link', { name: `bloods ${MARK}` }).first().click();
  await tom.page.getByRole('heading', { level: 2, name: 'Task', exact: true }).waitFor();
  await tom.does('Accept');
  await tom.tasks();
  await tom.page.evaluate(() => localStorage.setItem('ahead', String(4.5 * 60_000)));
  await tom.call(`Overdue: bloods ${MARK}`).waitFor({ timeout: 45_000 });
  await tom.call(`Overdue: bloods ${MARK}`).getByRole('button', { name: /^Seen/ }).click();
  await tom.call(`Overdue: bloods ${MARK}`).waitFor({ state: 'detached' });
  await tom.page.getByRole('link', { name: 'Board', exact: true }).click();
  await tom.page.getByLabel('Team', { exact: true }).selectOption({ label: 'Ward 7' });
  const late = tom.page.getByRole('list', { name: 'Overdue jobs that somebody has taken on' });
  await late.getByRole('listitem').filter({ hasText: `bloods ${MARK}` }).getByText(/Overdue by/).waitFor();
  assert.deepEqual(await tom.person.barriers(), []);
  await tom.tasks();
  for (const title of ['bloods', 'cultures']) {
    await tom.check(`${title} ${MARK}`).click();
    await tom.did(`Done: ${title} ${MARK}`);
  }
});

test('what is handed back leaves nothing behind', async () => {
  await amina.roles();
  for (const role of [REG, `Second on call ${MARK}`]) await amina.role(role).getByRole('button', { name: `Hand back ${role}` }).click();
  await amina.holds('You hold no role');
  await amina.tasks();
  for (const title of ['gas', 'review', 'discharge letter']) {
    await amina.check(`${title} ${MARK}`).click();
    await amina.did(`Done: ${title} ${MARK}`);
  }
  await amina.ask();
  await absent(amina.dialog().getByRole('button', { name: /^Offer or hand back/ }), 'nothing is held');
  await amina.page.keyboard.press('Escape');
  await amina.dialog().waitFor({ state: 'detached' });
  assert.deepEqual(stage.complaints, []);
});
