// Handing over: a ward's patients gone through, written about, offered, accepted, refused and read again, by several people, on a
// desktop and a phone, with no network for a while. Until somebody accepts a patient it is said with whom they are.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Hands } from './hands.mjs';
import { report } from './hospital.mjs';
import { Keys } from './keyboard.mjs';
import { pages } from './pdf.mjs';
import { bringWards, Sheet } from './sheet.mjs';
import { SIZES, Stage } from './stage.mjs';
import { absent } from './talk.mjs';

const MARK = Math.random().toString(36).slice(2, 8);
const BOARD = `Board ${MARK}`;
const REG = `Med reg on call ${MARK}`;
const FY1 = `FY1 on call ${MARK}`;
const NIGHT = `Night sister ${MARK}`;

let stage;
let siobhan;
let amina;
let marek;

before(async () => {
  await bringWards();
  stage = await Stage.open();
  siobhan = await Hands.start(stage, 'siobhan.byrne');
  amina = await Hands.start(stage, 'amina.khan', { viewport: SIZES[0] });
  marek = await Hands.start(stage, 'marek.kowalski');
  await siobhan.make(BOARD, 'Ward 7', 'Ward 7');
  await siobhan.page.getByText('11 patients', { exact: true }).waitFor();
  await siobhan.roles();
  for (const role of [REG, FY1, NIGHT]) await siobhan.makeRole('Ward 7', role);
  await siobhan.role(FY1).getByRole('button', { name: `Take ${FY1}` }).click();
  await siobhan.holds(new RegExp(FY1));
  await amina.roles();
  await amina.role(REG).getByRole('button', { name: `Take ${REG}` }).click();
  await amina.holds(new RegExp(REG));
});
after(async () => {
  // Others of a run begin with nobody holding a role.
  await amina.roles();
  for (const role of [REG, FY1]) await amina.role(role).getByRole('button', { name: `Hand back ${role}` }).click();
  await amina.holds('You hold no role');
  await stage.close();
});

test('who is nobody’s is said so, with what is missing, and one takes them with a word before', async () => {
  await siobhan.handover('Ward 7');
  await siobhan.page.getByText('For 11 of them nobody here is responsible.').waitFor();
  const row = siobhan.patient('ASHWORTH');
  for (const words of ['Nobody is responsible yet', 'No resuscitation status', 'No ceiling of care', 'Not judged', '900 100 0371', '10-Jan-1930']) await row.getByText(words).first().waitFor();
  assert.equal(await siobhan.patients().getByText('Similar name').count(), 2, 'two Trelawneys');
  await siobhan.person.shot('handover-nobodys-1280');
  assert.deepEqual(await siobhan.person.barriers(), []);
  await siobhan.page.getByRole('button', { name: 'Take responsibility for those whom nobody has' }).click();
  await siobhan.page.getByRole('dialog').getByText(/^You become responsible for 11 patients/).waitFor();
  await siobhan.page.getByRole('dialog').getByRole('button', { name: 'Take responsibility', exact: true }).click();
  await siobhan.status('You are responsible for 11: 11 not handed over yet.');
  await row.getByText(/^Responsible: you, /).waitFor();
  await marek.handover('Ward 7');
  await marek.patient('ASHWORTH').getByText(/^Responsible: .*Byrne/).waitFor();
  await marek.patient('ASHWORTH').getByText('Not handed over yet').waitFor();
});

test('one goes through the patients by the keyboard, says how sick they are and writes, and letters that are typed go nowhere', async () => {
  await siobhan.page.getByRole('link', { name: 'Go through the patients' }).press('Enter');
  const { keyboard } = siobhan.page;
  const at = (words) => siobhan.page.getByText(words, { exact: true }).first().waitFor();
  await at('1 of 11');
  await keyboard.press('j');
  await at('2 of 11');
  await keyboard.press('ArrowRight');
  await at('3 of 11');
  await keyboard.press('k');
  await keyboard.press('ArrowLeft');
  await at('1 of 11');
  await siobhan.handover('Ward 7');
  await siobhan.sheet('HUGHES');
  const sick = siobhan.page.getByRole('group', { name: 'How sick they are' });
  await sick.getByRole('button', { name: 'Unstable' }).press('Enter');
  await siobhan.page.getByText(/^Unstable, said by you/).waitFor();
  await siobhan.note('Situation').getByRole('button', { name: 'Write Situation' }).press('Enter');
  await siobhan.words('Situation').waitFor();
  await keyboard.type(`jkjk septic ${MARK}`);
  await keyboard.press('ArrowRight');
  await keyboard.press('Control+Enter');
  await siobhan.note('Situation').getByText(`jkjk septic ${MARK}`).waitFor();
  await siobhan.page.getByRole('heading', { level: 2, name: /HUGHES/ }).waitFor();
  await siobhan.write('Resuscitation status', 'For CPR');
  await siobhan.person.shot('handover-sheet-1280');
  assert.deepEqual(await siobhan.person.barriers(), []);
  await siobhan.handover('Ward 7');
  await siobhan.patients().first().getByText('HUGHES').waitFor();
  await siobhan.patient('HUGHES').getByText('Unstable', { exact: true }).waitFor();
  await absent(siobhan.patient('HUGHES').getByText('No resuscitation status'), 'it is written');
  await siobhan.patient('HUGHES').getByText('No ceiling of care').waitFor();
});

test('of a resuscitation status the list and the sheet each show what the other says', async () => {
  const board = new Sheet(siobhan.talk);
  await board.open(BOARD);
  await board.row('HUGHES').getByText('Handover sheet: For CPR').waitFor();
  await board.write('HUGHES', 'Resuscitation status', `DNACPR ${MARK}`);
  await siobhan.person.shot('handover-resuscitation-1280');
  await siobhan.handover('Ward 7');
  await siobhan.sheet('HUGHES');
  await siobhan.note('Resuscitation status').getByText(`On the list ${BOARD}: DNACPR ${MARK}`).waitFor();
  assert.deepEqual(await siobhan.person.barriers(), []);
  await siobhan.handover('Ward 7');
});

test('what was begun stays when one leaves, and what two write at once stays side by side until somebody settles it', async () => {
  await siobhan.sheet('IQBAL');
  await siobhan.begin('Background', `COPD ${MARK}`);
  await siobhan.talk.inbox();
  await siobhan.handover('Ward 7');
  await siobhan.patient('IQBAL').getByText('1 text that you began is not saved').waitFor();
  await marek.sheet('IQBAL');
  await marek.write('Background', `Asthma ${MARK}`);
  await siobhan.sheet('IQBAL');
  assert.equal(await siobhan.words('Background').inputValue(), `COPD ${MARK}`);
  await siobhan.note('Background').getByText(/Kowalski wrote at .* both stay until somebody settles them/).waitFor();
  await siobhan.note('Background').getByRole('button', { name: 'Save Background' }).click();
  await siobhan.note('Background').getByText('2 texts wait to be settled').waitFor();
  await marek.note('Background').getByText('2 texts wait to be settled').waitFor();
  await marek.person.shot('handover-unsettled-1280');
  await marek.note('Background').getByRole('button', { name: new RegExp(`^Keep this one of .*COPD ${MARK}`) }).click();
  await siobhan.note('Background').getByText('2 texts wait to be settled').waitFor({ state: 'detached' });
  await siobhan.note('Background').getByText(`COPD ${MARK}`).waitFor();
});

test('a vacant role says who covers before anything is offered to it', async () => {
  await siobhan.handover('Ward 7');
  await siobhan.offer();
  await siobhan.page.getByRole('button', { name: new RegExp(`^Hand over to ${NIGHT} vacant, and nobody covers`) }).click();
  await siobhan.page.locator('.baton-warning').getByText(`${NIGHT}: vacant, and nobody covers`).waitFor();
  await siobhan.page.getByRole('button', { name: 'Choose somebody else' }).click();
  await marek.tasks();
  await marek.into('Ward 7');
  await marek.add(`late job ${MARK} @byrne`, `late job ${MARK}`);
  await siobhan.tick(`late job ${MARK}`).waitFor();
  assert.ok(!(await siobhan.tick(`late job ${MARK}`).isChecked()), 'what came meanwhile is not handed over unseen');
  assert.ok(await siobhan.tick('HUGHES').isChecked());
  await marek.whose('My teams’');
  await marek.check(`late job ${MARK}`).click();
  await marek.did(`Done: late job ${MARK}`);
  await siobhan.page.getByLabel('Where you hand over').fill(`Doctors’ mess ${MARK}`);
  await siobhan.page.getByLabel('Note to the whole handover').fill(`Quiet so far ${MARK}`);
});

test('from the page everything is offered to the role of the next shift in three taps, with roles and tasks', async () => {
  await siobhan.tasks();
  await siobhan.into('Ward 7');
  await siobhan.add(`chase bloods ${MARK} @byrne`, `chase bloods ${MARK}`);
  await siobhan.handover('Ward 7');
  let taps = 0;
  const tap = async (locator) => {
    taps += 1;
    await locator.click();
  };
  await tap(siobhan.page.locator('main').getByRole('link', { name: 'Hand over', exact: true }));
  assert.equal(await siobhan.page.getByLabel('Where you hand over').inputValue(), `Doctors’ mess ${MARK}`, 'what was typed before is there');
  for (const name of [FY1, `chase bloods ${MARK}`, 'HUGHES']) assert.ok(await siobhan.tick(name).isChecked(), `${name} goes along`);
  await siobhan.person.shot('handover-offer-1280');
  assert.deepEqual(await siobhan.person.barriers(), []);
  await tap(siobhan.page.getByRole('button', { name: new RegExp(`^Hand over to ${REG}`) }));
  await tap(siobhan.page.getByRole('button', { name: `Offer 11 patients to ${REG}` }));
  await siobhan.page.getByText('11 patients stay your responsibility until accepted.').waitFor();
  assert.ok(taps <= 3, `${taps} taps`);
  await siobhan.status('11 patients: 11 not accepted yet');
  await siobhan.handover('Ward 7');
  await siobhan.patient('HUGHES').getByText(new RegExp(`^Offered to ${REG} .*Not accepted yet: stays with You until then`)).waitFor();
});

test('who receives sees it on every page, asks, reads back, accepts one, refuses one with a reason, and accepts all others', async () => {
  await amina.see('offers you 11 patients');
  for (const words of [`Doctors’ mess ${MARK}`, `Quiet so far ${MARK}`]) await amina.page.getByText(words).waitFor();
  await amina.page.getByText(/^11 patients stay the responsibility of .*Byrne until accepted/).waitFor();
  await amina.part('HUGHES').getByText(`jkjk septic ${MARK}`).waitFor();
  await amina.person.shot('handover-receive-360');
  assert.deepEqual(await amina.person.barriers(), []);
  assert.equal(await amina.page.evaluate(() => document.documentElement.scrollWidth), SIZES[0].width, 'nothing is wider than the phone');
  await amina.part('HUGHES').getByRole('button', { name: /^Ask about HUGHES/ }).click();
  await amina.page.getByRole('dialog').getByText('900 100 3338').waitFor();
  await amina.says(`Cultures taken? ${MARK}`, 'Ask');
  await siobhan.page.getByRole('group', { name: 'Which team' }).waitFor();
  await siobhan.page.getByText('Handovers of this team').click();
  await siobhan.page.getByRole('list', { name: 'Handovers of this team' }).getByRole('link', { name: new RegExp(REG) }).first().click();
  await siobhan.part('HUGHES').getByRole('paragraph').filter({ hasText: `Cultures taken? ${MARK}` }).waitFor();
  await siobhan.part('HUGHES').getByRole('button', { name: `Answer Cultures taken? ${MARK}` }).click();
  await siobhan.says(`Yes, at 20:00 ${MARK}`, 'Answer');
  await amina.part('HUGHES').getByText(`Yes, at 20:00 ${MARK}`).waitFor();
  await amina.part('HUGHES').getByRole('button', { name: /^Read back HUGHES/ }).click();
  await amina.says(`septic, cultures taken ${MARK}`, 'Read back');
  await amina.part('HUGHES').getByRole('button', { name: /^Accept HUGHES/ }).click();
  await amina.page.getByText(/^Accepted: you are responsible for HUGHES/).waitFor();
  await amina.part('IQBAL').getByRole('button', { name: /^Refuse IQBAL/ }).click();
  await amina.page.getByRole('dialog').getByRole('button', { name: 'Refuse', exact: true }).click();
  await amina.page.getByRole('dialog').getByText('There is nothing to send. Write something first.').waitFor();
  await amina.says(`not seen by the team yet ${MARK}`, 'Refuse');
  await siobhan.part('IQBAL').getByText(new RegExp(`^Refused by .*Amina Khan.*not seen by the team yet ${MARK}`)).waitFor();
  await siobhan.page.getByText('9 patients stay your responsibility until accepted.').waitFor();
  await amina.page.getByRole('button', { name: /^Accept all 9/ }).click();
  await amina.status('11 patients: 10 accepted, 1 refused');
  await amina.page.getByText(`Role ${FY1}: went along, to you`).waitFor();
  await amina.page.getByText(new RegExp(`Task “chase bloods ${MARK}”: went along, to you`)).waitFor();
  await amina.holds(new RegExp(FY1));
  await amina.person.shot('handover-accepted-360');
  await siobhan.status('11 patients: 10 accepted, 1 refused');
  await siobhan.handover('Ward 7');
  await siobhan.patient('HUGHES').getByText(/^Responsible: .*Amina Khan.*from you/).waitFor();
  await siobhan.patient('IQBAL').getByText(/^Refused by .*Amina Khan/).waitFor();
  await siobhan.status('You are responsible for 1: 1 not handed over yet.');
  await siobhan.talk.inbox();
  await siobhan.call('did not take 1 patient from you: still your responsibility').getByRole('link', { name: 'See the handover' }).waitFor();
  await siobhan.handover('Ward 7');
});

test('what was handed over stays as it was, and the sheet shows it beside what is written now, with what changed since', async () => {
  await amina.handover('Ward 7');
  await amina.person.shot('handover-360');
  assert.deepEqual(await amina.person.barriers(), []);
  await amina.sheet('HUGHES');
  await amina.page.getByText('1 of 11', { exact: true }).first().waitFor();
  await amina.page.getByRole('link', { name: 'Next', exact: true }).first().click();
  await amina.page.getByText('2 of 11', { exact: true }).first().waitFor();
  await amina.page.getByRole('link', { name: 'Previous', exact: true }).first().click();
  await amina.page.getByRole('heading', { level: 2, name: /HUGHES/ }).waitFor();
  await amina.note('Situation').getByText('The same as now.').waitFor();
  await amina.write('Situation', `better ${MARK}`);
  await amina.note('Situation').getByText(/^At the last handover, by .*Byrne/).waitFor();
  await amina.note('Situation').getByText(`jkjk septic ${MARK}`).waitFor();
  await amina.person.shot('handover-sheet-360');
  assert.deepEqual(await amina.person.barriers(), []);
  await siobhan.patient('HUGHES').getByText(/changes? since your last handover, \d\d:\d\d: Written: Situation/).waitFor();
  await siobhan.sheet('HUGHES');
  await siobhan.page.getByText('Handovers of this patient').click();
  await siobhan.page.getByRole('list', { name: 'Handovers of this patient' }).getByRole('link').first().click();
  await siobhan.part('HUGHES').getByText(`jkjk septic ${MARK}`).waitFor();
  await absent(siobhan.part('HUGHES').getByText(`better ${MARK}`), 'it was written later');
});

test('both sides sign off, and an incident can be marked', async () => {
  await siobhan.page.getByRole('button', { name: 'Sign off', exact: true }).click();
  await siobhan.page.getByRole('dialog').getByLabel('How the handover was').selectOption({ label: 'As it should be' });
  await siobhan.page.getByRole('dialog').getByRole('button', { name: 'Sign off', exact: true }).click();
  await siobhan.status('Signed off by who offered');
  await amina.handover('Ward 7');
  await amina.page.getByText('Handovers of this team').click();
  await amina.page.getByRole('list', { name: 'Handovers of this team' }).getByRole('link', { name: new RegExp(REG) }).first().click();
  await amina.page.getByRole('button', { name: 'Sign off', exact: true }).click();
  await amina.page.getByRole('dialog').getByLabel('How the handover was').selectOption({ label: 'To be followed up as an incident' });
  await amina.page.getByRole('dialog').getByRole('textbox').fill(`late by an hour ${MARK}`);
  await amina.page.getByRole('dialog').getByRole('button', { name: 'Sign off', exact: true }).click();
  await siobhan.status('Signed off by both sides');
  await siobhan.page.getByText(/^Signed off for who received, by .*Amina Khan.*To be followed up as an incident/).waitFor();
  await siobhan.page.getByText(`late by an hour ${MARK}`).waitFor();
  await siobhan.person.shot('handover-closed-1280');
});

test('on paper a handover says who printed it and when, and all that it held', async () => {
  await siobhan.page.getByRole('link', { name: 'Print', exact: true }).click();
  await siobhan.page.getByText(/^Printed by /).waitFor();
  const paper = pages(await siobhan.page.pdf({ preferCSSPageSize: true, printBackground: true }));
  assert.deepEqual([paper[0].width, paper[0].height], [210, 297]);
  for (const page of paper) assert.ok(page.text.includes('Printed by'), page.text);
  const all = paper.map((page) => page.text).join(' ');
  for (const words of ['HUGHES, Gwen (Mrs)', '900 100 3338', `jkjk septic ${MARK}`, `Cultures taken? ${MARK}`, `not seen by the team yet ${MARK}`, `late by an hour ${MARK}`, 'Ceiling of care', 'Byrne']) assert.ok(all.includes(words), words);
  assert.match(all, /Byrne, \d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d/, 'each time has its date');
  for (const words of ['Inbox', 'by you', 'Read back HUGHES', `better ${MARK}`]) assert.ok(!all.includes(words), `${words} is not on paper`);
  await siobhan.person.shot('handover-paper-1280');
});

test('an offer that changed is told so, and who offered withdraws it', async () => {
  await siobhan.handover('Ward 7');
  await siobhan.offer();
  await siobhan.to('.*Marek Kowalski');
  await siobhan.page.getByRole('button', { name: /^Offer 1 patient to / }).click();
  await siobhan.page.getByText('1 patient stays your responsibility until accepted.').waitFor();
  await marek.see('offers you 1 patient');
  await siobhan.part('IQBAL').getByRole('link', { name: /IQBAL/ }).click();
  await siobhan.write('Assessment', `wheeze ${MARK}`);
  await marek.part('IQBAL').getByText(/^Changed after the offer/).waitFor();
  await siobhan.page.getByText('Handovers of this patient').click();
  await siobhan.page.getByRole('list', { name: 'Handovers of this patient' }).getByRole('link').first().click();
  await siobhan.page.getByRole('button', { name: /^Withdraw/ }).click();
  await marek.part('IQBAL').getByText(/^Withdrawn by .*Byrne/).waitFor();
  await absent(marek.part('IQBAL').getByRole('button', { name: /^Accept/ }), 'it is withdrawn');
  await marek.call('offers you').waitFor({ state: 'detached' });
});

test('with no network one writes and offers, nothing is lost, and what the record did not take is missing on both sides in words', async () => {
  const other = await Hands.start(stage, 'siobhan.byrne');
  await siobhan.handover('Ward 7');
  await siobhan.sheet('IQBAL');
  await siobhan.page.context().setOffline(true);
  await siobhan.talk.connection(/Offline since/);
  await siobhan.write('Recommendation', `nebulisers ${MARK}`);
  await siobhan.write('Results awaited', `CT chest ${MARK}`);
  await siobhan.note('Recommendation').getByText('On this device').waitFor();
  await siobhan.handover('Ward 7');
  await siobhan.offer();
  await siobhan.page.getByText(/^2 texts about 1 patient are only on this device/).waitFor();
  await siobhan.to('.*Marek Kowalski');
  await siobhan.page.getByRole('button', { name: /^Offer 1 patient to / }).click();
  await siobhan.page.getByText('On this device', { exact: true }).waitFor();
  await siobhan.person.shot('handover-offline-1280');
  await other.handover('Ward 7');
  await other.page.getByRole('button', { name: 'Headings of the sheets' }).click();
  const dialog = other.page.getByRole('dialog');
  await dialog.getByLabel('Or one of your own').fill(`Family ${MARK}`);
  await dialog.getByRole('button', { name: 'Add it as a heading' }).click();
  await dialog.getByRole('button', { name: 'Up Results awaited' }).click();
  await dialog.getByRole('button', { name: 'Remove Results awaited' }).click();
  await other.person.shot('handover-headings-1280');
  assert.deepEqual(await other.person.barriers(), []);
  await dialog.getByRole('button', { name: 'Save the headings' }).click();
  await other.page.getByText('The headings are changed.').waitFor();
  await siobhan.page.context().setOffline(false);
  await siobhan.talk.live();
  await marek.see('offers you 1 patient');
  await marek.part('IQBAL').getByText(`nebulisers ${MARK}`).waitFor();
  const missing = /^Who offered had written more, which the record did not take/;
  await marek.part('IQBAL').getByText(missing).waitFor();
  await siobhan.part('IQBAL').getByText(missing).waitFor();
  const refused = siobhan.page.getByRole('list', { name: 'Not taken by the record' });
  await refused.getByText(new RegExp(`CT chest ${MARK}`)).waitFor();
  await marek.part('IQBAL').getByRole('button', { name: /^Accept IQBAL/ }).click();
  await siobhan.status('1 patient: 1 accepted');
  await other.handover('Ward 7');
  await other.sheet('IQBAL');
  await other.note(`Family ${MARK}`).waitFor();
});

test('who is no administrator sees the headings and cannot change them', async () => {
  await marek.handover('Ward 7');
  await marek.page.getByRole('button', { name: 'Headings of the sheets' }).click();
  await marek.page.getByRole('dialog').getByText('Administrators of the team choose them.').waitFor();
  await absent(marek.page.getByRole('dialog').getByRole('button', { name: 'Save the headings' }), 'only administrators');
  await marek.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
});

test('one takes over from somebody with a word before, and the patient’s page says who is responsible and what is on the sheet', async () => {
  await marek.sheet('HUGHES');
  await marek.page.getByRole('button', { name: /^Take over/ }).first().click();
  await marek.page.getByRole('dialog').getByText(/Amina Khan is responsible now/).waitFor();
  await marek.page.getByRole('dialog').getByRole('button', { name: 'Take over', exact: true }).click();
  await marek.page.getByText(/^Responsible: you, .*from .*Amina Khan/).waitFor();
  await marek.page.getByRole('link', { name: 'Everything about this patient' }).click();
  await marek.page.getByRole('tab', { name: 'Handover' }).click();
  const panel = marek.page.getByRole('tabpanel');
  for (const words of [/^Responsible: you/, `better ${MARK}`, 'No ceiling of care', 'Ward 7']) await panel.getByText(words).first().waitFor();
  await marek.person.shot('handover-tab-1280');
  assert.deepEqual(await marek.person.barriers(), []);
});

test('by keyboard alone a handover is opened from any page, read, asked about, accepted, refused with a reason, and signed off', async () => {
  await amina.handover('Ward 7');
  await amina.offer();
  for (const role of [REG, FY1]) await amina.tick(role).click();
  await amina.to('.*Marek Kowalski');
  await amina.send();
  const { page } = marek;
  const keys = new Keys(marek);
  const part = (place) => page.getByRole('list', { name: 'Patients of this handover' }).locator('> li').nth(place);
  const dialog = page.getByRole('dialog');
  const offer = marek.call('offers you 9 patients');
  await offer.waitFor();
  await page.getByRole('tab', { name: 'Handover' }).focus();
  await keys.press(offer.getByRole('link', { name: 'See the handover' }));
  await page.getByRole('heading', { level: 2, name: 'Handover of patients' }).and(page.locator(':focus')).waitFor();
  const ask = part(0).getByRole('button', { name: /^Ask about/ });
  await keys.press(ask);
  await keys.press(dialog.getByRole('button', { name: 'Close' }));
  await keys.on(ask, 'the question was left');
  await keys.press(ask);
  await keys.type(dialog.getByRole('textbox'), `Fluids? ${MARK}`);
  await keys.press(dialog.getByRole('button', { name: 'Ask', exact: true }));
  await part(0).getByText(`Fluids? ${MARK}`).first().waitFor();
  await amina.page.getByRole('button', { name: `Answer Fluids? ${MARK}` }).waitFor();
  await keys.held('the question was kept');
  await keys.press(part(0).getByRole('button', { name: /^Accept/ }), 'Space');
  await part(0).getByText(/^Accepted by you/).waitFor();
  await amina.status('9 patients: 1 accepted, 8 not accepted yet');
  await keys.held('one was accepted');
  const refuse = part(1).getByRole('button', { name: /^Refuse/ });
  await keys.press(refuse);
  await page.keyboard.press('Escape');
  await keys.on(refuse, 'the reason was left');
  await keys.press(refuse);
  await keys.type(dialog.getByRole('textbox'), `theirs elsewhere ${MARK}`);
  await keys.press(dialog.getByRole('button', { name: 'Refuse', exact: true }));
  await part(1).getByText(new RegExp(`^Refused by you.*theirs elsewhere ${MARK}`)).waitFor();
  await keys.press(page.getByRole('button', { name: /^Accept all 7/ }));
  await amina.status('9 patients: 8 accepted, 1 refused');
  await keys.held('all others were accepted');
  await keys.press(page.getByRole('button', { name: 'Sign off', exact: true }));
  await keys.type(dialog.getByLabel('How the handover was'), 'As it');
  await keys.press(dialog.getByRole('button', { name: 'Sign off', exact: true }));
  await amina.status('Signed off by who received');
  await page.getByText(/^Signed off for who received, by you.*As it should be/).waitFor();
  await keys.held('it was signed off');
  keys.end();
});

test('results that were reported since stand in the handover and on the patient’s page, without their values, and in no conversation', async () => {
  const gwen = 'PID|1||T1007^^^RXT^MR||HUGHES^Gwen^^^Mrs||19510817|F';
  const [count, urea] = [`Full blood count ${MARK}`, `Urea ${MARK}`];
  await report([
    gwen,
    `OBR|1|||FBC^${count}|||||||||||||||||||||F`,
    'OBX|1|NM|HB^Haemoglobin||62|g/L|115-165|LL|||F',
    `OBR|2|||U^${urea}|||||||||||||||||||||P`,
  ]);
  // Of another who was given her number by mistake nothing comes.
  await report(['PID|1||T1007^^^RXT^MR||HUGHES^Owen^^^Mr||19510817|M', `OBR|1|||TROP^Troponin ${MARK}|||||||||||||||||||||F`]);
  await siobhan.handover('Ward 7');
  const says = new RegExp(`Results reported: ${count} \\(final, flagged critical\\), ${urea} \\(preliminary\\)`);
  await siobhan.patient('HUGHES').getByText(says).waitFor();
  await siobhan.person.shot('handover-results-1280');
  assert.deepEqual(await siobhan.person.barriers(), []);
  await siobhan.sheet('HUGHES');
  await siobhan.page.getByRole('link', { name: 'Everything about this patient' }).click();
  await siobhan.page.getByRole('tab', { name: 'Timeline' }).click();
  await siobhan.page.getByText(`Result reported: ${count} (final, flagged critical)`).waitFor();
  await siobhan.person.shot('patient-results-1280');
  assert.deepEqual(await siobhan.person.barriers(), []);
  const all = await siobhan.page.innerText('body');
  for (const word of ['Troponin', '115-165', 'Haemoglobin']) assert.ok(!all.includes(word), `it says ${word}`);
  await siobhan.talk.open('Ward 7');
  await absent(siobhan.page.getByRole('region', { name: 'Messages' }).getByText(count), 'a conversation has messages');
});

test('a handover that is not on the device is asked of the record, which says where it has none such', async () => {
  const { page } = siobhan;
  await siobhan.handover('Ward 7');
  await siobhan.sheet('HUGHES');
  const [, space] = page.url().match(/handover\/([0-9a-f-]{36})/) ?? [];
  assert.ok(space, page.url());
  for (const place of [`/handover/${space}/01900000-0000-7000-8000-000000000000`, `/handover/${space}/01900000-0000-7000-8000-000000000000/print`]) {
    await page.goto(new URL(place, page.url()).href);
    await siobhan.talk.live();
    await page.getByText(/^This handover is not on this device/).waitFor();
    await page.getByRole('button', { name: 'Fetch it from the record' }).click();
    await page.getByRole('alert').filter({ hasText: 'The record has no such handover.' }).waitFor();
    assert.deepEqual(await siobhan.person.barriers(), []);
  }
});

test('nothing went wrong in any page', () => {
  assert.deepEqual(stage.complaints, []);
});
