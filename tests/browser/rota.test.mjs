// A rota from a file: what would be planned is shown with each line that is not taken and why, and one press plans it. Nothing moves.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { SIZES, Stage } from './stage.mjs';
import { absent } from './talk.mjs';
import { Work } from './work.mjs';

const MARK = Math.random().toString(36).slice(2, 8);
const REG = `Rota reg ${MARK}`;

let stage;
let siobhan;
let amina;

before(async () => {
  stage = await Stage.open();
  siobhan = await Work.start(stage, 'siobhan.byrne', { viewport: SIZES[0] });
  amina = await Work.start(stage, 'amina.khan');
  await siobhan.roles();
  await siobhan.makeRole('Ward 7', REG);
  await amina.roles();
});
after(() => stage.close());

function dialog() {
  return siobhan.page.getByRole('dialog', { name: `Rota from a file: ${REG}` });
}

async function choose(name, lines) {
  const file = { name, mimeType: 'text/plain', buffer: Buffer.from(lines.join('\r\n')) };
  await dialog().getByLabel('File', { exact: true }).setInputFiles(file);
}

test('what is not taken is said by line with the reason, and what is taken by person and time, before anything is planned', async () => {
  await siobhan.role(REG).getByRole('button', { name: `Rota from a file ${REG}` }).click();
  await choose('nights.csv', [
    'person,from,until',
    'Amina Khan,2031-03-04T20:00,2031-03-05T08:00',
    'Nobody Known,2031-03-05T20:00,2031-03-06T08:00',
    'Tom Fletcher,2031-03-06T20:00,2031-03-06T08:00',
    'Tom Fletcher,2031-03-06T20:00,2031-03-07T08:00',
  ]);
  const refused = dialog().getByRole('list', { name: 'Lines that are not taken' }).getByRole('listitem');
  await refused.filter({ hasText: 'Line 3: No member of the team has this name.' }).waitFor();
  await refused.filter({ hasText: 'Line 4: The shift ends before it begins.' }).waitFor();
  const shifts = dialog().getByRole('list', { name: 'Shifts that would be planned' }).getByRole('listitem');
  assert.equal(await shifts.count(), 2);
  await shifts.filter({ hasText: 'Dr Amina Khan, 04-Mar-2031 20:00 to 05-Mar-2031 08:00' }).waitFor();
  await siobhan.person.shot('rota-file-360');
  assert.deepEqual(await siobhan.person.barriers(), []);
  await absent(amina.role(REG).getByText('Next on the rota'), 'nothing is planned yet');
});

test('one press plans it, everybody sees it, and the role moves to nobody', async () => {
  await dialog().getByRole('button', { name: 'Plan 2 shifts' }).press('Enter');
  await dialog().waitFor({ state: 'detached' });
  await siobhan.page.getByText('2 shifts planned.').waitFor();
  await amina.role(REG).getByText('Next on the rota: You, 04-Mar-2031 20:00 to 05-Mar-2031 08:00').waitFor();
  await amina.role(REG).getByText('Vacant, and nobody covers').waitFor();
});

test('a calendar is read too, and what is no rota is refused whole', async () => {
  await siobhan.role(REG).getByRole('button', { name: `Rota from a file ${REG}` }).click();
  await choose('notes.ics', ['dear all,', 'see you tomorrow']);
  await dialog().getByText(/The file is not an iCalendar file\./).waitFor();
  await absent(dialog().getByRole('button', { name: /^Plan/ }), 'there is nothing to plan');
  await choose('nights.ICS', [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'BEGIN:VEVENT',
    'DTSTART:20310303T200000Z',
    'DTEND:20310304T080000Z',
    'SUMMARY:Tom Fletcher',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ]);
  await dialog().getByText('All of the file can be planned: 1 shift.').waitFor();
  await dialog().getByRole('button', { name: 'Plan 1 shift' }).click();
  await amina.role(REG).getByText(/Next on the rota: .*Tom Fletcher, 03-Mar-2031 20:00 to 04-Mar-2031 08:00/).waitFor();
  assert.deepEqual(stage.complaints, []);
});
