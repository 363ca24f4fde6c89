// A picture of every screen in every size, light and dark. Run by `cargo xtask shots`.
//
// A walk is done once for each size and theme by one person at one device, and takes pictures on its way. Whoever adds
// a screen to the app adds it to a walk.

import { Patients, bringIn, nhsNumber } from './patients.mjs';
import { Sheet, bringWards } from './sheet.mjs';
import { atTheEnd, onTheDevice, problems } from './shots_device.mjs';
import { SIZES, Stage, url } from './stage.mjs';
import { Talk } from './talk.mjs';

const TEAM = 'Ward 7';
const BOARD = 'Ward 7 board';
const LATE = { number: 'T2001', nhs_number: nhsNumber(41_000_000), nhs_verified: true, family: 'Fairweather', given: 'Albert', title: 'Mr', born: '1938-11-02', died: '2026-01-03', gender: 'male', restricted: true };
const LONG = {
  number: 'T2002', nhs_number: nhsNumber(42_000_000), nhs_verified: false, family: 'Featherstonehaugh-Cholmondeley', given: 'Wilhelmina Alexandrina Bartholomea', title: 'Professor',
  preferred: 'Billie', born: '1960-12-31', gender: 'female', superseded_nhs_numbers: nhsNumber(43_000_000),
};

/** Pictures before anybody has signed in. */
async function outside(person, shot) {
  await person.page.getByRole('button', { name: /sign in/i }).waitFor();
  await shot('start');
  await person.page.goto(`${url}/signed-in?error=access_denied&state=none`);
  await person.page.getByRole('heading', { level: 1 }).waitFor();
  await shot('sign-in-refused');
  await person.page.goto(url);
  await person.page.getByRole('button', { name: /sign in/i }).click();
  await person.page.locator('button[name=subject]').first().waitFor();
  await shot('provider');
}

/** Pictures of a day at work. */
async function atWork(person, shot) {
  const { page } = person;
  await person.signIn();
  const talk = new Talk(person);
  await talk.live();
  await shot('inbox');
  await talk.open(TEAM);
  await talk.message('Bed 4').first().waitFor();
  await shot('thread');
  await talk.field().fill('Can somebody look at the drain in bed 6');
  await page.getByRole('button', { name: 'Urgent', exact: true }).last().click();
  await shot('composer-urgent');
  await page.getByRole('button', { name: 'Urgent', exact: true }).last().click();
  await talk.field().fill('');
  await talk.message('Bed 4').first().hover();
  await talk.message('Bed 4').first().getByRole('button', { name: /^Actions for/ }).click();
  await shot('message-actions');
  await page.keyboard.press('Escape');
  await talk.details();
  await shot('members');
  await talk.back();
  await page.context().setOffline(true);
  await page.getByText(/Offline since/).filter({ visible: true }).first().waitFor();
  await talk.say(`Written on the lift, no signal (${person.device})`);
  await shot('offline');
  await page.context().setOffline(false);
  await talk.live();
  await page.getByRole('button', { name: /^Your account/ }).click();
  await shot('account');
  await page.keyboard.press('Escape');
  await page.goto(`${url}/new`);
  await shot('new-after-reload');
  await talk.live();
  await page.getByRole('link', { name: 'Search', exact: true }).click();
  await shot('search-empty');
  await page.getByRole('searchbox').fill('clean bed');
  await page.getByText('Narrow it down').click();
  await shot('search-narrowed');
  await page.getByText('Narrow it down').click();
  await page.getByRole('searchbox').fill('oxigen');
  await page.getByText('1 message, spelt in another way').waitFor();
  await shot('search-similar');
  await page.getByRole('searchbox').fill('bed');
  await page.getByText(/^\d+ messages/).waitFor();
  await shot('search-found');
  await page.getByRole('searchbox').fill('nothing like it');
  await shot('search-none');
}

/** Pictures of finding a patient, and of the patient. */
async function atPatients(person, shot) {
  await person.signIn();
  const patients = new Patients(new Talk(person));
  const { page, talk } = patients;
  await talk.live();
  await patients.open();
  await shot('patients');
  await patients.box().fill('9');
  await shot('find-too-little');
  await patients.find('hughes');
  await shot('find-found');
  await patients.box().fill('999 123 4567');
  await page.getByText('This is not a valid NHS number').waitFor();
  await shot('find-wrong-number');
  await patients.find('zyxwv');
  await shot('find-none');
  await patients.find(LATE.family);
  await patients.results().first().click();
  await page.getByText('Why do you need this record?').waitFor();
  await shot('patient-reason');
  await patients.because('Caring for this patient now');
  await shot('patient-deceased');
  await patients.look(LONG.family, LONG.family.toUpperCase());
  await shot('patient-long-name');
  await patients.look('iqbal', 'IQBAL');
  await page.getByRole('tab', { name: 'Timeline' }).waitFor();
  await shot('patient-timeline');
  await patients.banner().getByRole('button', { name: /about this patient/ }).click();
  await shot('patient-banner-open');
  await patients.banner().getByRole('button', { name: /about this patient/ }).click();
  await patients.tab('People and teams');
  await shot('patient-people');
  await patients.tab('Details');
  await shot('patient-details');
  await page.getByRole('button', { name: 'Write about this patient' }).click();
  await shot('patient-write');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Add to a list' }).click();
  await shot('patient-add-to-list');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /the conversation around this patient/ }).click();
  await page.getByRole('heading', { level: 2, name: 'IQBAL' }).waitFor();
  await shot('patient-conversation');
  await talk.open(TEAM);
  await talk.field().focus();
  await page.keyboard.type('#hug');
  const offered = page.getByRole('list', { name: /whom the message may be about/ });
  await offered.waitFor();
  await shot('composer-picker');
  await offered.getByRole('button', { name: 'HUGHES' }).first().click();
  const asked = page.getByRole('dialog', { name: 'Which patient?' });
  const chosen = page.getByRole('group', { name: 'This message is about' });
  await asked.or(chosen).first().waitFor();
  if (await asked.isVisible()) {
    await shot('patient-similar');
    await asked.getByRole('button', { name: /^Yes, / }).click();
  }
  await talk.field().fill('Repeat potassium at 14:00 please');
  await shot('composer-patient');
  await talk.field().press('Enter');
  await talk.message('Repeat potassium').last().getByRole('link', { name: /About patient/ }).waitFor();
  await shot('thread-patient');
  await talk.inbox();
  await patients.open();
  await page.context().setOffline(true);
  await page.getByText(/Offline since/).filter({ visible: true }).first().waitFor();
  await patients.find('iqbal');
  await shot('find-offline');
  await page.context().setOffline(false);
}

/** Pictures of lists of patients. */
async function atLists(person, shot) {
  await person.signIn();
  const talk = new Talk(person);
  await talk.live();
  const sheet = new Sheet(talk);
  const { page } = person;
  await sheet.all();
  await shot('lists');
  await page.getByRole('button', { name: 'Make a list' }).click();
  await page.getByLabel('Whose list').selectOption({ label: TEAM });
  await shot('list-make');
  await page.keyboard.press('Escape');
  await sheet.open(BOARD);
  await sheet.row('IQBAL').waitFor();
  await shot('list');
  await sheet.more();
  await page.getByLabel('Group by').selectOption('location');
  await page.getByLabel('Flags').selectOption('falls');
  await shot('list-filtered');
  await page.getByRole('button', { name: 'Show everybody' }).click();
  await sheet.cell('HUGHES', 'Jobs').click();
  await shot('list-writing');
  await page.keyboard.press('Escape');
  await sheet.row('HUGHES').getByRole('button', { name: /^Actions for/ }).click();
  await shot('list-row');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'History of this list' }).click();
  await page.getByText('All of it, as the record has it').waitFor();
  await shot('list-history');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Add a patient' }).click();
  await page.getByRole('dialog').getByRole('searchbox').fill('trelawny');
  await page.getByRole('dialog').getByText('TRELAWNY, Artur').first().waitFor();
  await shot('list-add');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await page.context().setOffline(true);
  await page.getByText(/Offline since/).filter({ visible: true }).first().waitFor();
  await shot('list-offline');
  await page.context().setOffline(false);
  await page.getByRole('link', { name: 'Print', exact: true }).click();
  await shot('list-print');
}

/** A list to look at. */
async function fillBoard(stage) {
  await bringWards();
  const sheet = new Sheet(new Talk(await stage.signedIn('siobhan.byrne')));
  await sheet.talk.live();
  await sheet.make(BOARD, TEAM, TEAM);
  await sheet.row('IQBAL').waitFor();
  for (const [name, title, text] of [
    ['IQBAL', 'Summary', 'Community-acquired pneumonia, day 3. Oxygen 2 l/min, weaning.'],
    ['IQBAL', 'Jobs', 'Chase sputum\nRepeat CXR'],
    ['HUGHES', 'Summary', 'Fractured neck of femur, day 1 after hemiarthroplasty.'],
    ['HUGHES', 'Flags', 'falls, pressure area'],
    ['HUGHES', 'Resuscitation status', 'For resuscitation, discussed 03-Jan'],
    ['DELANEY', 'Flags', 'isolate'],
  ]) await sheet.write(name, title, text);
}

/** Something to look at: a conversation on a ward. */
async function fillTeam(stage) {
  const siobhan = new Talk(await stage.signedIn('siobhan.byrne'));
  const tom = new Talk(await stage.signedIn('tom.fletcher'));
  for (const talk of [siobhan, tom]) {
    await talk.live();
    await talk.open(TEAM);
  }
  await siobhan.say('Morning all. Two beds free, bay C is closed until the deep clean at noon.');
  await tom.say('Thanks. Bed 4 went for CT at 08:40, back before ten.');
  await siobhan.message('Bed 4').first().waitFor();
  await siobhan.say('Bed 9: NEWS 7, rising oxygen requirement. Please review now.', { urgent: true });
  await tom.message('NEWS 7').first().waitFor();
  await tom.acknowledge('NEWS 7');
  await tom.say('On my way, gases taken. Critical care outreach is told.');
  await tom.correct('On my way', 'On my way, gases and cultures taken. Critical care outreach is told.');
}

/** The walks; BATON_WALKS names some of them. */
const WALKS = [outside, atWork, atPatients, atLists, onTheDevice, atTheEnd, problems].filter(({ name }) => (process.env.BATON_WALKS ?? name).split(' ').includes(name));

const stage = await Stage.open();
let failed = false;
try {
  await fillTeam(stage);
  await fillBoard(stage);
  await bringIn([LATE, LONG]);
  for (const viewport of SIZES) {
    for (const colorScheme of ['light', 'dark']) {
      for (const walk of WALKS) {
        const person = await stage.person('amina.khan', { viewport, colorScheme });
        person.device = `${viewport.width}, ${colorScheme}`;
        person.suffix = `${viewport.width}-${colorScheme}`;
        const shot = (name) => person.shot(`${name}-${person.suffix}`);
        try {
          await walk(person, shot, stage);
        } catch (error) {
          failed = true;
          console.error(`${walk.name} at ${viewport.width}, ${colorScheme}: ${error.message}`);
          await shot(`stuck-${walk.name}`);
        }
        await person.page.context().close();
      }
    }
  }
  if (stage.complaints.length > 0) console.error(stage.complaints.join('\n'));
} finally {
  await stage.close();
}
process.exitCode = failed ? 1 : 0;
