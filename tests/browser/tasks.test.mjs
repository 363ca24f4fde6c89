// Tasks: added by one line and from a message, done in two taps, handed on, done offline by two; by mouse, on a phone, and by keyboard
// alone. The first completion stands, the second person is told, and nobody guesses which patient is meant.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Keys } from './keyboard.mjs';
import { bringWards } from './sheet.mjs';
import { SIZES, Stage } from './stage.mjs';
import { absent } from './talk.mjs';
import { Work } from './work.mjs';

const MARK = Math.random().toString(36).slice(2, 8);
const BOARD = `Board ${MARK}`;
const SHO = `SHO on call ${MARK}`;

let stage;
let siobhan;
let marek;
let grace;

before(async () => {
  await bringWards();
  stage = await Stage.open();
  siobhan = await Work.start(stage, 'siobhan.byrne');
  marek = await Work.start(stage, 'marek.kowalski', { viewport: SIZES[0] });
  grace = await Work.start(stage, 'grace.adeyemi');
  await siobhan.make(BOARD, 'Ward 7', 'Ward 7');
  await siobhan.page.getByText('11 patients', { exact: true }).waitFor();
  await siobhan.roles();
  await siobhan.makeRole('Ward 7', SHO);
});
after(() => stage.close());

test('a line is understood before it is made, and who the patient is, is chosen and asked again where a name is alike', async () => {
  await siobhan.tasks();
  await siobhan.into('Ward 7');
  await siobhan.line().fill(`#trelaw bloods ${MARK} 23:59 @marek !`);
  const form = siobhan.page.locator('form.baton-quick');
  for (const words of [`What: bloods ${MARK}`, 'Due: 23:59', 'Urgent']) await form.getByText(words, { exact: true }).waitFor();
  await form.getByText(/^For: .*Marek Kowalski/).waitFor();
  const group = form.getByRole('list', { name: 'On this device' });
  assert.equal(await group.getByText('Similar name').count(), 2);
  await siobhan.line().press('Enter');
  await form.getByText('Choose the patient first.').waitFor();
  await siobhan.person.shot('tasks-quick-1280');
  assert.deepEqual(await siobhan.person.barriers(), []);
  await group.getByRole('button', { name: /^Choose TRELAWNEY, Arthur/ }).click();
  await form.getByText('A patient with a similar name is in this team').waitFor();
  await form.getByRole('button', { name: /^Yes, TRELAWNEY/ }).click();
  await siobhan.line().press('Enter');
  await siobhan.page.getByText(`Made: bloods ${MARK}`).waitFor();
  await siobhan.whose('My teams’');
  for (const words of ['TRELAWNEY', 'Urgent', /Due 23:59/, /Marek Kowalski/, /Not accepted yet/]) await siobhan.row(`bloods ${MARK}`).getByText(words).first().waitFor();
});

test('what is shown to be due then is due then, though time passes before it is made', async () => {
  await siobhan.line().fill(`turn ${MARK} +1h`);
  const form = siobhan.page.locator('form.baton-quick');
  const shown = await form.getByText(/^Due: (tomorrow )?\d\d:\d\d$/).innerText();
  // A minute and a half passes at once; after two it would lock.
  await siobhan.page.evaluate(() => {
    const now = Date.now;
    Date.now = () => now.call(Date) + 90_000;
    window.backThen = () => (Date.now = now);
  });
  await siobhan.line().press('Enter');
  await siobhan.page.getByText(`Made: turn ${MARK}`).waitFor();
  await siobhan.page.evaluate(() => window.backThen());
  await siobhan.row(`turn ${MARK}`).getByText(new RegExp(shown.replace('Due: ', 'Due '))).waitFor();
  await siobhan.check(`turn ${MARK}`).click();
  await siobhan.did(`Done: turn ${MARK}`);
});

test('one who fits alone is not taken either, and a vacant role says who covers before anything is given to it', async () => {
  await siobhan.line().fill(`#iqbal cannula ${MARK} @sho`);
  const form = siobhan.page.locator('form.baton-quick');
  await form.getByText(`For: ${SHO} (vacant, and nobody covers)`).waitFor();
  await siobhan.line().press('Enter');
  await form.getByText('Choose the patient first.').waitFor();
  await form.getByRole('button', { name: /^Choose IQBAL/ }).click();
  await siobhan.line().press('Enter');
  await siobhan.page.getByText(`Made: cannula ${MARK}`).waitFor();
  await siobhan.row(`cannula ${MARK}`).getByText(`${SHO}: vacant, and nobody covers`).waitFor();
});

test('an urgent task interrupts whoever it is for, on every page', async () => {
  await marek.call(`Urgent task for you: bloods ${MARK}`).waitFor();
  await absent(grace.call(`bloods ${MARK}`), 'it is not hers');
  await marek.person.shot('tasks-urgent-360');
  await marek.call(`bloods ${MARK}`).getByRole('button', { name: `Accept bloods ${MARK}` }).click();
  await marek.call(`bloods ${MARK}`).waitFor({ state: 'detached' });
  await siobhan.row(`bloods ${MARK}`).getByText(/Accepted by .*Marek Kowalski/).waitFor();
});

test('from the inbox a task of mine is done in two taps, and can be taken back', async () => {
  await marek.talk.inbox();
  let taps = 0;
  const tap = async (locator) => {
    taps += 1;
    await locator.click();
  };
  await tap(marek.page.getByRole('link', { name: /^Tasks/ }));
  await marek.row(`bloods ${MARK}`).waitFor();
  await marek.person.shot('tasks-360');
  assert.deepEqual(await marek.person.barriers(), []);
  await tap(marek.page.getByRole('button', { name: new RegExp(`^Done: bloods ${MARK}, for TRELAWNEY`) }));
  await marek.did(`Done: bloods ${MARK}`);
  assert.ok(taps <= 2, `${taps} taps`);
  await siobhan.row(`bloods ${MARK}`).waitFor({ state: 'detached' });
  await marek.page.getByRole('button', { name: /^Undo/ }).click();
  await marek.row(`bloods ${MARK}`).getByText(/Accepted by you/).waitFor();
  await siobhan.row(`bloods ${MARK}`).waitFor();
});

test('from a message a task is made in three taps, as it was written, and each leads to the other', async () => {
  await siobhan.talk.open('Ward 7');
  await siobhan.talk.say(`Repeat obs at 18:00 please ${MARK}`);
  const message = siobhan.talk.message(`Repeat obs at 18:00 please ${MARK}`);
  await message.hover();
  let taps = 0;
  const tap = async (locator) => {
    taps += 1;
    await locator.click();
  };
  await tap(message.getByRole('button', { name: /^Actions for/ }));
  await tap(siobhan.page.getByRole('menuitem', { name: 'Make a task' }));
  await siobhan.page.getByRole('dialog').getByText('Due: when there is time').waitFor();
  await tap(siobhan.page.getByRole('dialog').getByRole('button', { name: 'Make the task' }));
  assert.ok(taps <= 3, `${taps} taps`);
  await message.getByRole('link', { name: new RegExp(`^Task: Repeat obs at 18:00 please ${MARK}`) }).click();
  await siobhan.page.getByRole('heading', { level: 2, name: 'Task', exact: true }).waitFor();
  await siobhan.page.getByRole('button', { name: 'Made from a message: show it' }).click();
  await message.waitFor();
});

test('what is urgent and for anybody interrupts all others until somebody takes it on, and its maker is told once that it was declined', async () => {
  const pain = `chest pain ${MARK}`;
  await siobhan.tasks();
  await siobhan.add(`${pain} !`, pain);
  await marek.call(`Urgent task for anybody in Ward 7: ${pain}`).waitFor();
  await absent(siobhan.call(pain), 'she made it');
  await grace.call(`Urgent task for anybody in Ward 7: ${pain}`).getByRole('button', { name: `Accept ${pain}` }).click();
  await marek.call(pain).waitFor({ state: 'detached' });
  await grace.tasks();
  await grace.see(pain);
  await grace.does('Decline');
  await grace.says(`in isolation ${MARK}`, 'Decline');
  await siobhan.call(`${pain}: Declined by `).getByText(/Grace Adeyemi, \d\d:\d\d: nobody has it yet/).first().waitFor();
  await siobhan.person.shot('tasks-declined-1280');
  assert.deepEqual(await siobhan.person.barriers(), []);
  await siobhan.call(`${pain}: Declined by `).getByRole('button', { name: /^Seen/ }).click();
  await siobhan.page.reload();
  await siobhan.talk.live();
  await marek.call(`Urgent task for anybody in Ward 7: ${pain}`).getByRole('button', { name: `Accept ${pain}` }).click();
  await siobhan.tasks();
  await siobhan.whose('My teams’');
  await siobhan.row(pain).getByText(/Accepted by .*Marek Kowalski/).waitFor();
  await absent(siobhan.call(`${pain}: Declined by `), 'it was told');
  await siobhan.check(pain).click();
  await siobhan.did(`Done: ${pain}`);
});

test('two who do the same with no network: the first stands, and the second is told who did it and when', async () => {
  await grace.tasks();
  await grace.into('Ward 7');
  await grace.add(`dressing ${MARK}`, `dressing ${MARK}`);
  await grace.whose('My teams’');
  await marek.whose('My teams’');
  await marek.row(`dressing ${MARK}`).waitFor();
  await grace.page.context().setOffline(true);
  await grace.talk.connection(/Offline since/);
  await grace.check(`dressing ${MARK}`).click();
  await grace.only('Ended, not signed off');
  await grace.row(`dressing ${MARK}`).getByText(/On this device/).waitFor();
  await marek.check(`dressing ${MARK}`).click();
  await marek.did(`Done: dressing ${MARK}`);
  await marek.only('Ended, not signed off');
  await marek.row(`dressing ${MARK}`).getByText(/Done by you/).waitFor();
  await grace.page.context().setOffline(false);
  await grace.talk.live();
  const told = grace.call(`dressing ${MARK} was done twice`);
  await told.getByText(/Done first by .*Marek Kowalski, \d\d:\d\d\. Also done by you/).waitFor();
  await marek.call(`dressing ${MARK} was done twice`).getByText(/Done first by you.*Also done by .*Grace Adeyemi/).waitFor();
  await grace.person.shot('tasks-twice-1280');
  await told.getByRole('link', { name: 'See the task' }).click();
  await grace.does('Sign off');
  await grace.call(`dressing ${MARK}`).waitFor({ state: 'detached' });
  await marek.call(`dressing ${MARK}`).waitFor({ state: 'detached' });
  await marek.only('To be done');
});

test('a task is accepted, started, declined with a reason, given to a role, commented, ticked off and done with a note', async () => {
  await grace.tasks();
  await grace.only('To be done');
  await grace.add(`catheter ${MARK} @grace`, `catheter ${MARK}`);
  await grace.see(`catheter ${MARK}`);
  await grace.does('Accept');
  await grace.page.getByText(/Accepted by you/).first().waitFor();
  await grace.does('Start');
  await grace.page.getByText(/Started by you/).first().waitFor();
  await grace.page.getByRole('button', { name: 'Add a step' }).click();
  await grace.says(`consent ${MARK}`, 'Add');
  await grace.page.getByRole('button', { name: new RegExp(`Done: .*consent ${MARK}`) }).click();
  await grace.page.getByText('1 of 1 steps done').waitFor();
  await grace.does('Comment');
  await grace.says(`size 14 ${MARK}`, 'Save');
  await grace.page.getByRole('list', { name: 'What was said' }).getByText(`size 14 ${MARK}`).waitFor();
  await grace.does('Decline');
  await grace.page.getByRole('dialog').getByRole('button', { name: 'Decline' }).click();
  await grace.page.getByRole('dialog').getByText('There is nothing to send. Write something first.').waitFor();
  await grace.says(`end of shift ${MARK}`, 'Decline');
  await grace.page.getByText(/Declined by you.*nobody has it yet/).waitFor();
  await grace.does('Give to');
  await grace.page.getByRole('dialog').getByRole('button', { name: new RegExp(`^Give to ${SHO} vacant, and nobody covers`) }).click();
  await grace.page.getByText(`${SHO}: vacant, and nobody covers`).waitFor();
  await grace.does('Change when it is due');
  await grace.page.getByRole('dialog').getByRole('textbox').fill('soon');
  await grace.page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await grace.page.getByRole('dialog').getByText('Write a time, such as 18:00, tomorrow 08:00 or +2h.').waitFor();
  await grace.says('tomorrow 08:00', 'Save');
  await grace.page.getByText('Due tomorrow 08:00').waitFor();
  await grace.person.shot('task-1280');
  assert.deepEqual(await grace.person.barriers(), []);
  await grace.does('Done, with a note');
  await grace.says(`went in easily ${MARK}`, 'Done');
  await grace.page.getByRole('list', { name: 'What was said' }).getByText(`went in easily ${MARK}`).waitFor();
  await grace.does('Reopen');
  await grace.says(`blocked ${MARK}`, 'Reopen');
  await grace.page.getByText('Reopened, not accepted yet').waitFor();
  await grace.does('Cancel the task');
  await grace.says(`removed ${MARK}`, 'Cancel the task');
  await grace.page.getByText(/Cancelled by you/).first().waitFor();
  await grace.does('Sign off');
});

test('where, details and steps are said as a task is made', async () => {
  const title = `walk to the gym ${MARK}`;
  await siobhan.tasks();
  await siobhan.into('Ward 7');
  await siobhan.line().fill(title);
  await siobhan.page.getByText('Place, details and steps').click();
  await siobhan.page.getByLabel('Place', { exact: true }).fill(`Bay 2, bed 4 ${MARK}`);
  await siobhan.page.getByLabel('Details', { exact: true }).fill(`with the frame ${MARK}`);
  await siobhan.page.getByLabel('Steps, a line for each').fill(`shoes ${MARK}\n\nwalk ${MARK}`);
  assert.deepEqual(await siobhan.person.barriers(), []);
  await siobhan.person.shot('tasks-more-1280');
  await siobhan.line().press('Enter');
  await siobhan.page.getByText(`Made: ${title}`).waitFor();
  await siobhan.whose('My teams’');
  await siobhan.see(title);
  for (const words of [`Bay 2, bed 4 ${MARK}`, `with the frame ${MARK}`, `shoes ${MARK}`, `walk ${MARK}`]) await siobhan.page.getByText(words).first().waitFor();
  await siobhan.page.getByText('0 of 2 steps done').waitFor();
  await siobhan.does('Done');
  await siobhan.does('Sign off');
});

test('a coordinator sees what nobody has accepted and what each person has to do, and gives a job by one tap', async () => {
  await siobhan.tasks();
  await siobhan.page.getByRole('link', { name: 'Board', exact: true }).click();
  await siobhan.page.getByLabel('Team', { exact: true }).selectOption({ label: 'Ward 7' });
  await siobhan.row(`cannula ${MARK}`).getByText(/Waits for \d+ min/).waitFor();
  const people = siobhan.page.getByRole('list', { name: 'People and what they have to do' });
  await people.getByRole('button', { name: /Grace Adeyemi/ }).click();
  await siobhan.person.shot('board-1280');
  assert.deepEqual(await siobhan.person.barriers(), []);
  await siobhan.row(`cannula ${MARK}`).getByRole('button', { name: /^Give to .*Grace Adeyemi/ }).click();
  await siobhan.page.getByText(new RegExp(`cannula ${MARK}: given to .*Grace Adeyemi`)).waitFor();
  await people.getByRole('button', { name: /Grace Adeyemi/ }).getByText(/1 open/).waitFor();
  await grace.tasks();
  await grace.whose('Mine');
  await grace.row(`cannula ${MARK}`).waitFor();
});

test('what is open is handed over at once to a role, and goes along by name', async () => {
  await grace.page.getByRole('button', { name: 'Hand over open tasks' }).click();
  const dialog = grace.page.getByRole('dialog');
  await dialog.getByRole('list', { name: 'Tasks that go along' }).getByText(new RegExp(`cannula ${MARK}, IQBAL`)).waitFor();
  await absent(dialog.getByText(`dressing ${MARK}`), 'it is done');
  await grace.person.shot('tasks-hand-over-1280');
  assert.deepEqual(await grace.person.barriers(), []);
  await dialog.getByRole('button', { name: new RegExp(`^Hand over to ${SHO}`) }).click();
  await grace.page.getByText('1 task handed over.').waitFor();
  await absent(grace.row(`cannula ${MARK}`), 'it is no longer hers');
  await marek.roles();
  await marek.role(SHO).getByRole('button', { name: `Take ${SHO}` }).click();
  await marek.holds(`You hold: ${SHO}`);
  await marek.tasks();
  await marek.whose('My roles’');
  await marek.row(`cannula ${MARK}`).waitFor();
});

test('the jobs of a template are made for one patient, and stand on the patient’s page', async () => {
  await siobhan.tasks();
  await siobhan.page.getByRole('button', { name: 'Templates' }).click();
  const dialog = siobhan.page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Make a template' }).click();
  await dialog.getByLabel('What it is for').fill(`Admission ${MARK}`);
  await dialog.getByLabel('Its tasks').fill(`clerking ${MARK} @sho +4h\nVTE assessment ${MARK} !`);
  await dialog.getByRole('button', { name: 'Make the template' }).click();
  await dialog.getByRole('button', { name: `Use Admission ${MARK}`, exact: true }).click();
  await dialog.getByRole('searchbox').fill('greenhalgh');
  await dialog.getByRole('button', { name: /^Choose GREENHALGH/ }).first().click();
  assert.deepEqual(await siobhan.person.barriers(), []);
  await dialog.getByRole('button', { name: 'Make 2 tasks' }).click();
  await siobhan.page.getByText('2 tasks made').waitFor();
  await siobhan.row(`clerking ${MARK}`).getByRole('link', { name: /About patient GREENHALGH/ }).click();
  await siobhan.page.getByRole('tab', { name: 'Tasks' }).click();
  await siobhan.person.shot('patient-template-1280');
  for (const title of ['clerking', 'VTE assessment']) await siobhan.row(`${title} ${MARK}`).waitFor();
  await absent(siobhan.row(`cannula ${MARK}`), 'it is about somebody else');
  await siobhan.line().fill(`ECG ${MARK} +1h`);
  await siobhan.page.locator('form.baton-quick').getByText(/GREENHALGH/).waitFor();
  await siobhan.line().press('Enter');
  await siobhan.row(`ECG ${MARK}`).waitFor();
  await siobhan.person.shot('patient-tasks-1280');
  assert.deepEqual(await siobhan.person.barriers(), []);
});

test('a template is changed in the words in which it was made', async () => {
  await siobhan.tasks();
  await siobhan.page.getByRole('button', { name: 'Templates' }).click();
  const dialog = siobhan.page.getByRole('dialog');
  await dialog.getByRole('button', { name: `Change Admission ${MARK}` }).click();
  const lines = dialog.getByLabel('Its tasks');
  const sho = SHO.replaceAll(' ', '-');
  assert.equal(await lines.inputValue(), `clerking ${MARK} @${sho} +4h\nVTE assessment ${MARK} !`);
  await lines.fill(`clerking ${MARK} @${sho} +2h\nVTE assessment ${MARK} !\nallergies ${MARK}`);
  assert.deepEqual(await siobhan.person.barriers(), []);
  await dialog.getByRole('button', { name: 'Save the template' }).click();
  await dialog.getByText('3 tasks').waitFor();
  await absent(dialog.getByText('2 tasks'), 'there is one template');
  await dialog.getByRole('button', { name: `Change Admission ${MARK}` }).click();
  assert.match(await lines.inputValue(), /\+2h\n/);
  await siobhan.page.keyboard.press('Escape');
});

test('tasks are grouped by patient, with the patient’s identifiers above, and by the ward where the patient is', async () => {
  await siobhan.tasks();
  await siobhan.page.getByLabel('Group by').selectOption({ label: 'Patient' });
  await siobhan.page.getByRole('list', { name: 'Tasks' }).getByRole('heading', { name: /GREENHALGH.*900 100 2595/ }).waitFor();
  await siobhan.person.shot('tasks-by-patient-1280');
  await siobhan.page.getByLabel('Group by').selectOption({ label: 'Place' });
  const ward = siobhan.page.getByRole('list', { name: 'Tasks' }).getByRole('heading', { name: 'Ward 7', exact: true });
  await ward.waitFor();
  await siobhan.person.shot('tasks-by-place-1280');
  await siobhan.page.getByLabel('Group by').selectOption({ label: 'Nothing' });
});

test('keyboard alone a coordinator comes to a job that nobody has accepted, and gives it to somebody', async () => {
  const { page } = siobhan;
  const keys = new Keys(siobhan);
  await siobhan.into('Ward 7');
  await siobhan.add(`swab ${MARK}`, `swab ${MARK}`);
  await page.getByRole('heading', { level: 2, name: 'Tasks', exact: true }).focus();
  await keys.press(page.locator('main').getByRole('link', { name: 'Board', exact: true }));
  await page.getByRole('heading', { level: 2, name: 'Board', exact: true }).and(page.locator(':focus')).waitFor();
  await keys.type(page.getByLabel('Team', { exact: true }), 'Ward 7');
  await siobhan.row(`swab ${MARK}`).waitFor();
  const person = page.getByRole('list', { name: 'People and what they have to do' }).getByRole('button', { name: /Grace Adeyemi/ });
  await keys.press(person, 'Space');
  assert.equal(await person.getAttribute('aria-pressed'), 'true');
  await keys.press(siobhan.row(`swab ${MARK}`).getByRole('button', { name: /^Give to .*Grace Adeyemi/ }));
  await page.getByText(new RegExp(`swab ${MARK}: given to .*Grace Adeyemi`)).waitFor();
  await grace.row(`swab ${MARK}`).waitFor();
  await keys.held('the job was given');
  keys.end();
});

test('keyboard alone an urgent job is taken on from any page, and what comes and goes meanwhile leaves the focus where it was', async () => {
  const keys = new Keys(grace);
  const accept = (who, title) => who.call(`${title} ${MARK}`).getByRole('button', { name: `Accept ${title} ${MARK}` });
  await siobhan.tasks();
  await siobhan.add(`spill ${MARK} !`, `spill ${MARK}`);
  await grace.page.getByRole('heading', { level: 2, name: 'Tasks', exact: true }).focus();
  await keys.to(accept(grace, 'spill'));
  await siobhan.add(`fire door ${MARK} !`, `fire door ${MARK}`);
  await accept(grace, 'fire door').waitFor();
  await keys.on(accept(grace, 'spill'), 'another job came');
  await accept(marek, 'spill').click();
  await accept(grace, 'spill').waitFor({ state: 'detached' });
  await keys.off(accept(grace, 'fire door'), 'somebody else took on the first');
  await keys.press(accept(grace, 'fire door'));
  await accept(grace, 'fire door').waitFor({ state: 'detached' });
  await keys.held('it was taken on');
  keys.end();
});

test('keyboard alone adds a task and does it, and the focus stays with the tasks', async () => {
  const { page } = grace;
  await page.getByRole('heading', { level: 2, name: 'Tasks', exact: true }).focus();
  await grace.line().focus();
  await page.keyboard.type(`#hughes weigh ${MARK} @grace`);
  await page.getByText(`What: weigh ${MARK}`).waitFor();
  await page.locator('form.baton-quick').getByRole('button', { name: /^Choose HUGHES/ }).focus();
  await page.keyboard.press('Enter');
  await grace.line().and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText(`Made: weigh ${MARK}`).waitFor();
  await grace.add(`pressure areas ${MARK} @grace`, `pressure areas ${MARK}`);
  await grace.check(`weigh ${MARK}`).focus();
  await page.keyboard.press('Space');
  await grace.did(`Done: weigh ${MARK}`);
  await page.locator('.baton-task__check:focus').waitFor();
  assert.deepEqual(await grace.person.barriers(), []);
  assert.deepEqual(stage.complaints, []);
});

test('two quick presses and a key that is held down do one task and not the next', async () => {
  const titles = ['first', 'second', 'third'].map((word) => `${word} of three ${MARK}`);
  for (const title of titles) await grace.add(`${title} @grace`, title);
  const left = async () => {
    const open = await Promise.all(titles.map(async (title) => ((await grace.check(title).count()) > 0 ? title : null)));
    return open.filter(Boolean).length;
  };
  // The next comes to stand where the one was.
  await grace.check(titles[0]).scrollIntoViewIfNeeded();
  const place = await grace.check(titles[0]).boundingBox();
  const middle = [place.x + place.width / 2, place.y + place.height / 2];
  await grace.page.mouse.click(...middle, { clickCount: 2, delay: 20 });
  await grace.did(`Done: ${titles[0]}`);
  await grace.page.waitForTimeout(600);
  assert.equal(await left(), 2, 'the second press was meant for the first task');
  await grace.check(titles[1]).focus();
  for (let at = 0; at < 4; at += 1) await grace.page.keyboard.down('Enter');
  await grace.page.keyboard.up('Enter');
  await grace.did(`Done: ${titles[1]}`);
  await grace.page.waitForTimeout(600);
  assert.equal(await left(), 1, 'the key was held down for the second');
  await grace.check(titles[2]).click();
  await grace.did(`Done: ${titles[2]}`);
});

test('whoever has a task is told once what others do with it, one who undoes a slip leaves it theirs, and what is routine interrupts nobody', async () => {
  // Of what is told a few are shown at a time: those of before are seen.
  const sees = async (one) => {
    const seen = one.page.getByRole('region', { name: 'Your roles' }).getByRole('button', { name: /^Seen / });
    while ((await seen.count()) > 0) await seen.first().dispatchEvent('click');
  };
  for (const one of [siobhan, marek, grace]) await sees(one);
  const [chart, drip, lines] = ['rewrite chart', 'change drip', 'check lines'].map((word) => `${word} ${MARK}`);
  await siobhan.tasks();
  await siobhan.into('Ward 7');
  for (const title of [chart, drip, lines]) await siobhan.add(title, title);
  await siobhan.whose('My teams’');
  await marek.tasks();
  await marek.whose('My teams’');
  await marek.row(chart).waitFor();
  await absent(marek.call(chart), 'it is routine');
  for (const title of [chart, drip, lines]) {
    await marek.see(title);
    await marek.does('Accept');
    await marek.page.getByText(/Accepted by you/).first().waitFor();
    await marek.tasks();
  }
  await grace.tasks();
  await grace.whose('My teams’');
  await grace.see(drip);
  await grace.does('Watch');
  await grace.page.getByRole('button', { name: 'Stop watching' }).waitFor();
  await siobhan.row(chart).getByText(/Accepted by .*Marek Kowalski/).waitFor();
  await siobhan.check(chart).click();
  await siobhan.did(`Done: ${chart}`);
  await siobhan.page.getByRole('button', { name: /^Undo/ }).click();
  await siobhan.row(chart).getByText(/Accepted by .*Marek Kowalski/).waitFor();
  await siobhan.see(chart);
  await siobhan.does('Make urgent');
  await marek.call(`${chart}: made urgent by `).getByText(/Siobh.n Byrne, \d\d:\d\d/).first().waitFor();
  await marek.call(`${chart}: made urgent by `).getByRole('button', { name: /^Seen/ }).click();
  await siobhan.does('Give to');
  await siobhan.page.getByRole('dialog').getByRole('button', { name: /^Give to .*Grace Adeyemi/ }).click();
  await marek.call(`${chart}: not yours any more. Given to `).getByText(/Grace Adeyemi by .*Siobh.n Byrne, \d\d:\d\d/).first().waitFor();
  await sees(marek);
  await grace.call(`Urgent task for you: ${chart}`).getByRole('button', { name: `Accept ${chart}` }).click();
  await siobhan.tasks();
  await siobhan.check(drip).click();
  await siobhan.did(`Done: ${drip}`);
  await marek.call(`${drip}: Done by `).waitFor();
  await grace.call(`${drip}: Done by `).waitFor();
  await siobhan.see(lines);
  await siobhan.does('Cancel the task');
  await siobhan.says(`gone home ${MARK}`, 'Cancel the task');
  await marek.call(`${lines}: Cancelled by `).waitFor();
  await marek.page.reload();
  await marek.talk.live();
  await absent(marek.call(`${lines}: Cancelled by `), 'it was told');
  for (const one of [marek, grace]) await sees(one);
  await grace.tasks();
  await grace.check(chart).click();
  await grace.did(`Done: ${chart}`);
  await grace.whose('Mine');
});

test('what is being typed about a task and in the line outlasts a reload', async () => {
  const title = `weigh again ${MARK}`;
  await siobhan.tasks();
  await siobhan.add(title, title);
  await siobhan.line().fill(`half a task ${MARK}`);
  await siobhan.see(title);
  await siobhan.does('Comment');
  await siobhan.page.getByRole('dialog').getByRole('textbox').fill(`half a comment ${MARK}`);
  // As long as what is typed waits to be kept.
  await siobhan.page.waitForTimeout(1_500);
  await siobhan.page.reload();
  await siobhan.talk.live();
  await siobhan.does('Comment');
  assert.equal(await siobhan.page.getByRole('dialog').getByRole('textbox').inputValue(), `half a comment ${MARK}`);
  await siobhan.says(`a comment ${MARK}`, 'Save');
  await siobhan.does('Comment');
  assert.equal(await siobhan.page.getByRole('dialog').getByRole('textbox').inputValue(), '', 'it was sent');
  await siobhan.page.keyboard.press('Escape');
  await siobhan.tasks();
  assert.equal(await siobhan.line().inputValue(), `half a task ${MARK}`);
  await siobhan.line().fill('');
  await siobhan.whose('My teams’');
  await siobhan.check(title).click();
  await siobhan.did(`Done: ${title}`);
});

test('of sixty tasks only those are built to which somebody scrolls', async () => {
  const made = 60;
  for (let at = 0; at < made; at += 1) await grace.add(`round ${MARK}-${at} @grace`, `round ${MARK}-${at}`);
  const built = () => grace.page.locator('.baton-task').count();
  assert.ok((await built()) <= 24, `${await built()} rows are built`);
  await grace.page.getByText(/^Mine 6\d$/).waitFor();
  // Without a pointer, which would scroll to it: what is scrolled to is built, and takes its place.
  const more = grace.page.getByRole('button', { name: /^Show more: \d+ are below/ });
  await more.dispatchEvent('click');
  await grace.row(`round ${MARK}-40`).waitFor();
  await more.dispatchEvent('click');
  await grace.row(`round ${MARK}-59`).waitFor();
});
