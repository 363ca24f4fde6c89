// The right patient: finding one by whatever is known, who they are in the banner, messages about them, the conversation around
// them; with no network; and while what is known of them changes under one's eyes.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Counted, Patients, bringIn, inThrees, nhsNumber } from './patients.mjs';
import { SIZES, Stage } from './stage.mjs';
import { Talk, absent } from './talk.mjs';

const AMINA = { subject: 'amina.khan', find: 'amina', name: 'Dr Amina Khan' };
const MAREK = { subject: 'marek.kowalski', find: 'kowal', name: 'Mr Marek Kowalski' };
const DENISE = { subject: 'denise.campbell', find: 'denise', name: 'Denise Campbell' };
// Letters that stand in no other name of this database.
const MARK = Array.from({ length: 4 }, () => 'bdfgklmnprstvz'[Math.floor(Math.random() * 14)]).join('');
const GROUP = `Kestrel ${MARK}`;
const seed = Math.floor(Math.random() * 90_000_000);
const numbers = Array.from({ length: 8 }, (_, place) => nhsNumber(seed + place * 50));
const local = (place) => `Q${MARK.toUpperCase()}${100 + place}`;

const family = `Quail${MARK}`;
const UPPER = family.toUpperCase();
const MARY = {
  number: local(1), nhs_number: numbers[1], nhs_verified: true, family, given: 'Mary Anne', title: 'Mrs', preferred: 'Molly', born: '1945-07-14', gender: 'female',
  address: '12 Larch Close; Eastmere', postcode: 'ZE9 4QX', home_phone: '01632 960001', gp_ods: 'Y99901', gp_name: 'Millbrook Surgery',
  visit_number: local(91), visit: 'admitted', facility: 'Eastmere University Hospital', ward: 'Ward 7', room: 'Bay 2', bed: '3',
};
const MARIA = { number: local(2), nhs_number: numbers[2], nhs_verified: true, family, given: 'Maria', title: 'Ms', born: '1951-02-03', gender: 'female' };
const JOHN = { number: local(3), nhs_number: numbers[3], nhs_verified: true, family: `Heron${MARK}`, given: 'John', title: 'Mr', born: '1938-11-02', died: '2026-01-03', gender: 'male' };
const ANN = { number: local(4), nhs_number: numbers[4], nhs_verified: true, family: `Wren${MARK}`, given: 'Ann', title: 'Mrs', born: '1970-05-06', gender: 'female', restricted: true };
const SAM = { number: local(5), nhs_number: numbers[5], nhs_verified: false, family: `Plover${MARK}`, given: 'Sam', born: '1980-03-04', gender: 'male' };
const BABY = { number: local(6), family: `Dunnock${MARK}`, given: 'Baby', born: '2026', gender: 'not known' };
const LONG = {
  number: local(7), nhs_number: numbers[7], nhs_verified: true, family: `Featherstonehaugh-Cholmondeley-${MARK}`, given: 'Wilhelmina Alexandrina Bartholomea', title: 'Professor', born: '1960-12-31', gender: 'female',
};
const NAME = `${UPPER}, Mary Anne (Mrs)`;

let stage;
let amina;
let marek;

before(async () => {
  stage = await Stage.open();
  const told = await bringIn([MARY, MARIA, JOHN, ANN, SAM, BABY, LONG]);
  assert.match(told, /7 patients added/);
  amina = await arrive(AMINA);
  marek = await arrive(MAREK);
  await amina.talk.start([MAREK, { find: 'osei', name: 'Mr Daniel Osei' }], GROUP);
});
after(() => stage.close());

async function arrive({ subject }, options) {
  const talk = new Talk(await stage.signedIn(subject, options));
  await talk.live();
  return new Patients(talk);
}

test('a patient is found by whatever is known of them, in any usual form', async () => {
  await amina.open();
  const known = [
    `${family.toLowerCase()} m anne`,
    `mary ${family}`,
    `${family.slice(0, 7)} 14/7/45`,
    `${family} 14-Jul-1945`,
    `19450714 ${family}`,
    numbers[1],
    inThrees(numbers[1]),
    `${numbers[1].slice(0, 3)}-${numbers[1].slice(3, 6)}-${numbers[1].slice(6)}`,
    local(1),
    `ze9 4qx ${family.slice(0, 6)}`,
    `molly ${family}`,
  ];
  for (const words of known) {
    await amina.find(words);
    const text = await amina.results().first().innerText();
    assert.ok(text.includes(NAME), `${words} found ${text}`);
    assert.match(text, /Born\s+14-Jul-1945 \(8\dy\)/, words);
    assert.ok(text.replace(/\s/g, ' ').includes(`NHS No. ${inThrees(numbers[1])}`), words);
  }
  await amina.page.getByText(/^Searched for: /).filter({ hasText: 'molly' }).waitFor();
});

test('no result is told by one identifier alone, and similar names are marked', async () => {
  await amina.find(family);
  const all = await amina.results().allInnerTexts();
  assert.equal(all.length, 2);
  for (const text of all) {
    assert.match(text, /Born\s/);
    assert.match(text, /NHS No\.\s/);
    assert.match(text, /Gender\s/);
    assert.match(text, /Similar name/);
  }
  await amina.find(BABY.family);
  const text = await amina.results().first().innerText();
  assert.match(text, /RX1 No\./, 'without an NHS number there is the hospital’s');
});

test('an NHS number that fails its check is said, and so is who has died, is restricted or not verified', async () => {
  const wrong = `${numbers[1].slice(0, 9)}${(Number(numbers[1][9]) + 1) % 10}`;
  await amina.box().fill(wrong);
  await amina.page.getByText('This is not a valid NHS number. Check each digit.').waitFor();
  await amina.find(JOHN.family);
  await amina.results().first().getByText('Deceased').waitFor();
  await amina.find(ANN.family);
  await amina.results().first().getByText('Restricted').waitFor();
  await amina.find(SAM.family);
  await amina.results().first().getByText('Not verified').waitFor();
  await amina.find(`xyzzy${MARK}`);
  await amina.page.getByRole('status').filter({ hasText: 'Nobody found' }).waitFor();
  await amina.box().fill('x');
  await amina.page.getByRole('status').filter({ hasText: 'Type at least 2' }).waitFor();
});

test('by the arrow keys one comes to a result, and Enter opens it', async () => {
  await amina.find(JOHN.family);
  await amina.box().focus();
  await amina.page.keyboard.press('ArrowDown');
  assert.match(await amina.page.evaluate(() => document.activeElement.textContent), new RegExp(JOHN.family, 'i'));
  await amina.page.keyboard.press('ArrowUp');
  assert.equal(await amina.page.evaluate(() => document.activeElement.id), 'find-patients');
  await amina.page.keyboard.press('ArrowDown');
  await amina.page.keyboard.press('Enter');
  await amina.page.getByRole('heading', { level: 2, name: JOHN.family.toUpperCase() }).waitFor();
});

test('who opens a patient whom nothing of theirs is about says why, which goes into the audit', async () => {
  await amina.page.getByText('Why do you need this record?').waitFor();
  await amina.page.getByText(/goes into the record’s audit/).waitFor();
  await absent(amina.page.getByRole('tab'), 'nothing is shown before');
  await amina.page.getByRole('button', { name: 'Open the record' }).click();
  await amina.page.getByText('Choose why you need this record.').waitFor();
  await amina.page.getByLabel('Another reason').check();
  await amina.page.getByLabel('Say why').fill('abc');
  await amina.page.getByRole('button', { name: 'Open the record' }).click();
  await amina.page.getByText('Say in a few words').waitFor();
  await amina.because('Asked for advice about this patient');
  // Again in the same sitting it is not asked again.
  await amina.look(JOHN.family, JOHN.family.toUpperCase());
  await amina.page.getByRole('tab', { name: 'Timeline' }).waitFor();
});

test('a patient who has died is marked by colour and pattern, with the date below that of birth', async () => {
  const banner = amina.banner();
  assert.match(await amina.shown(), /Died 03-Jan-2026 Age at Death 87y/);
  const look = await banner.locator('.baton-banner__identity').evaluate((zone) => getComputedStyle(zone).backgroundImage);
  assert.match(look, /repeating-linear-gradient/);
  const top = (label) => banner.locator('dt', { hasText: label }).first().evaluate((term) => term.getBoundingClientRect());
  const [born, died] = [await top('Born'), await top('Died')];
  assert.ok(died.top >= born.bottom - 1 && Math.abs(died.left - born.left) < 2, 'below Born, aligned with it');
});

test('the banner has name, birth, gender and number in this order, for the eye, the keyboard and the screen reader', async () => {
  await amina.look(`mary ${family}`, NAME);
  await amina.because('Caring for this patient now');
  const banner = amina.banner();
  const labels = await banner.locator('.baton-banner__facts dt').allInnerTexts();
  assert.deepEqual(labels, ['Born', 'Gender', 'NHS No.']);
  const values = await banner.locator('.baton-banner__facts dd').allInnerTexts();
  assert.match(values[0], /14-Jul-1945 \(8\dy\)/);
  assert.match(values[0], /14 July 1945, 8\d years old/, 'as a screen reader hears it');
  assert.match(values[1], /^Female$/);
  assert.ok(values[2].includes(inThrees(numbers[1])));
  assert.doesNotMatch(labels.join(), /:/);
  assert.match(await banner.innerText(), /Preferred name\s+Molly/);
  await banner.getByRole('heading').focus();
  const stops = [];
  for (let stop = 0; stop < 3; stop += 1) {
    await amina.page.keyboard.press('Tab');
    stops.push(await amina.page.evaluate(() => document.activeElement.querySelector('dt')?.textContent));
  }
  assert.deepEqual(stops, labels);
  const weight = (part) => banner.locator(`.baton-banner__facts ${part}`).first().evaluate((one) => Number(getComputedStyle(one).fontWeight));
  assert.ok((await weight('dt')) < (await weight('dd')), 'a label is lighter than its value');
});

test('the five sections open and close together', async () => {
  const banner = amina.banner();
  const toggle = banner.getByRole('button', { name: /about this patient/ });
  assert.equal(await toggle.getAttribute('aria-expanded'), 'false');
  const titles = async () => (await banner.locator('.baton-banner__section-title .baton-banner__label').allInnerTexts()).slice(0, 5);
  assert.deepEqual(await titles(), ['Address', 'Phone and email', 'Other numbers', 'GP practice', 'Allergies unavailable']);
  await toggle.click();
  assert.equal(await toggle.getAttribute('aria-expanded'), 'true');
  await banner.getByText('12 Larch Close, Eastmere, ZE9 4QX').waitFor();
  await banner.getByText('01632 960001').waitFor();
  await banner.getByText('Millbrook Surgery').waitFor();
  await banner.getByText('What the labels mean').waitFor();
  await toggle.click();
  assert.deepEqual(await titles(), ['Address', 'Phone and email', 'Other numbers', 'GP practice', 'Allergies unavailable']);
});

test('of a restricted patient nothing is shown by which they could be found', async () => {
  await amina.look(ANN.family, ANN.family.toUpperCase());
  await amina.because('Caring for this patient now');
  await amina.banner().getByText('Restricted: address and phone numbers are withheld').first().waitFor();
  await amina.tab('Details');
  await amina.page.getByRole('tabpanel').getByText('Restricted: address and phone numbers are withheld').first().waitFor();
});

test('what has the focus is never under the banner, in any size', async () => {
  for (const viewport of [SIZES[0], SIZES[2], { width: 640, height: 400 }]) {
    await amina.page.setViewportSize(viewport);
    await amina.page.getByRole('tabpanel').focus();
    const hidden = [];
    for (let stop = 0; stop < 40; stop += 1) {
      await amina.page.keyboard.press(stop < 20 ? 'Tab' : 'Shift+Tab');
      const told = await amina.page.evaluate(() => {
        const now = document.activeElement;
        if (!now?.closest('main')) return null;
        const { left, top, bottom, width } = now.getBoundingClientRect();
        const under = (height) => {
          const at = document.elementFromPoint(left + Math.min(width, 40) / 2, height);
          const cover = at?.closest('.baton-banner');
          return Boolean(cover && !now.closest('.baton-banner') && !now.contains(at));
        };
        // Of a page that is longer than half the screen the beginning may be above it: then some of it is to be seen (WCAG 2.4.11).
        const isLong = bottom - top > innerHeight / 2;
        const [from, to] = [Math.max(top, 0), Math.min(bottom, innerHeight) - 1];
        const places = isLong ? [...Array(20).keys()].map((part) => from + ((to - from) * part) / 19) : [top + Math.min(bottom - top, 30) / 2];
        return places.every(under) ? now.textContent : null;
      });
      if (told) hidden.push(told);
    }
    assert.deepEqual(hidden, [], `${viewport.width}`);
  }
  await amina.page.setViewportSize(SIZES[2]);
});

test('on a phone it is the micro banner, and no name is cut short', async () => {
  await amina.page.setViewportSize(SIZES[0]);
  await amina.look(LONG.family, LONG.family.toUpperCase());
  const banner = amina.banner();
  await banner.getByText('NHS No.').first().waitFor();
  assert.deepEqual(await banner.locator('.baton-banner__facts dt').allInnerTexts(), ['Born', 'NHS No.']);
  const name = banner.getByRole('heading');
  assert.match(await name.innerText(), /^FEATHERSTONEHAUGH-CHOLMONDELEY-.*, Wilhelmina Alexandrina Bartholomea \(Professor\)$/);
  const fits = await name.evaluate((one) => one.scrollWidth <= one.clientWidth && getComputedStyle(one).textOverflow !== 'ellipsis');
  assert.ok(fits, 'it wraps');
  assert.equal(await amina.page.evaluate(() => document.documentElement.scrollWidth), SIZES[0].width, 'nothing is wider than the screen');
  await amina.because('Caring for this patient now');
  await banner.getByRole('button', { name: /Show more/ }).click();
  await banner.getByText('Gender', { exact: true }).first().waitFor();
  await amina.page.setViewportSize(SIZES[2]);
});

test('neither the page’s title nor its address names a patient', async () => {
  assert.match(await amina.page.title(), /^(\(\d+\) )?Patient – Baton$/);
  assert.match(new URL(amina.page.url()).pathname, /^\/patient\/[0-9a-f-]{36}$/);
});

test('a message about a patient takes at most five presses from the inbox, and shows who it is about before it is sent', async () => {
  await amina.talk.inbox();
  const hand = new Counted(amina.page);
  await hand.click(amina.talk.listed(GROUP).first());
  await amina.talk.field().focus();
  await hand.type(`#mary ${family}`);
  await hand.click(amina.page.getByRole('list', { name: /whom the message may be about/ }).getByRole('button', { name: NAME }));
  const chip = amina.page.getByRole('group', { name: 'This message is about' });
  const about = (await chip.innerText()).replace(/\s+/g, ' ');
  assert.match(about, new RegExp(`${UPPER}, Mary Anne \\(Mrs\\) Born 14-Jul-1945 \\(8\\dy\\) NHS No\\. ${inThrees(numbers[1])}`));
  assert.equal(await amina.talk.field().inputValue(), '', 'what was typed to find them gave way to the chip');
  await hand.type(`Please review potassium ${MARK}`);
  await hand.press('Enter');
  await amina.talk.message(`potassium ${MARK}`).waitFor();
  assert.ok(hand.count <= 5, `${hand.count} presses`);
});

test('who reads it sees whom it is about, though they never looked them up, and comes to the patient', async () => {
  await marek.talk.open(GROUP);
  const message = marek.talk.message(`potassium ${MARK}`);
  const chip = message.getByRole('link', { name: /About patient/ });
  await chip.filter({ hasText: NAME }).waitFor();
  assert.ok((await chip.innerText()).includes(inThrees(numbers[1])));
  await chip.click();
  await marek.page.getByRole('tab', { name: 'Timeline' }).waitFor();
  // A conversation of his is about them: no reason is asked.
  await marek.page.getByRole('tabpanel').getByText(`Please review potassium ${MARK}`).waitFor();
  await marek.page.getByRole('tabpanel').getByRole('link', { name: GROUP }).click();
  await marek.talk.message(`potassium ${MARK}`).waitFor();
  await marek.talk.act(`potassium ${MARK}`, 'Reply');
  await marek.page.getByRole('group', { name: 'This message is about' }).getByText(NAME).waitFor();
  await marek.talk.say(`On my way ${MARK}`);
  await marek.talk.message(`On my way ${MARK}`).getByRole('link', { name: /About patient/ }).waitFor();
});

test('where another of a like name is spoken about, it is asked which one is meant', async () => {
  await amina.talk.open(GROUP);
  await amina.page.getByRole('button', { name: 'Patient', exact: true }).click();
  await amina.find(`maria ${family}`);
  await amina.results().filter({ hasText: 'Maria' }).first().click();
  const dialog = amina.page.getByRole('dialog', { name: 'Which patient?' });
  await dialog.getByText('A patient with a similar name is in this conversation').waitFor();
  assert.match(await dialog.innerText(), new RegExp(`${UPPER}, Maria \\(Ms\\)[\\s\\S]*${UPPER}, Mary Anne \\(Mrs\\)`), 'the other one is named');
  await dialog.getByRole('button', { name: /^Yes, / }).click();
  await amina.page.getByRole('group', { name: 'This message is about' }).getByText('Maria').waitFor();
});

test('a draft keeps its patient over a reload, and lets them go when told', async () => {
  await amina.talk.field().fill(`half written ${MARK}`);
  await amina.page.waitForTimeout(600);
  await amina.page.reload();
  await amina.talk.live();
  await amina.page.getByRole('group', { name: 'This message is about' }).getByText('Maria').waitFor();
  assert.equal(await amina.talk.field().inputValue(), `half written ${MARK}`);
  await amina.page.getByRole('button', { name: 'Not about this patient' }).click();
  await absent(amina.page.getByRole('group', { name: 'This message is about' }), 'gone');
  await amina.talk.field().fill('');
});

test('a fracture is no patient: text with # is sent as it is', async () => {
  await amina.talk.field().fill('');
  await amina.talk.field().pressSequentially(`#NOF theatre ${MARK}`);
  await amina.page.keyboard.press('Control+Enter');
  await amina.talk.message(`#NOF theatre ${MARK}`).waitFor();
});

test('who a patient is does not change unseen: it is told until it was seen, and what is pressed right then is not done', async () => {
  await amina.look(`maria ${family}`, `${UPPER}, Maria (Ms)`);
  await amina.because('Caring for this patient now');
  // Something of hers has to be about the patient for the record to tell her device.
  await amina.page.getByRole('button', { name: 'Write about this patient' }).click();
  await amina.page.getByRole('dialog').getByRole('button', { name: GROUP }).click();
  const yes = amina.page.getByRole('button', { name: /^Yes, / });
  await yes.click();
  await amina.talk.say(`about Maria ${MARK}`);
  await amina.talk.message(`about Maria ${MARK}`).getByRole('link', { name: /About patient/ }).click();
  await amina.page.getByRole('tab', { name: 'Timeline' }).waitFor();
  await amina.page.evaluate(() => {
    window.pressed = 'not yet';
    new MutationObserver((_, observer) => {
      if (!document.querySelector('.baton-banner__changed')) return;
      observer.disconnect();
      [...document.querySelectorAll('button')].find((button) => button.textContent.includes('Add to a list')).click();
      window.pressed = document.querySelector('dialog') ? 'opened' : 'held back';
    }).observe(document.body, { childList: true, subtree: true });
  });
  await bringIn([{ ...MARIA, family: `Egret${MARK}` }]);
  const changed = amina.banner().getByRole('alert');
  await changed.getByText(/These details changed at \d\d:\d\d/).waitFor({ timeout: 60_000 });
  const words = (await changed.innerText()).replace(/\s+/g, ' ');
  assert.match(words, new RegExp(`Name was ${UPPER}, Maria \\(Ms\\).*is now EGRET${MARK.toUpperCase()}, Maria \\(Ms\\)`));
  assert.equal(await amina.page.evaluate(() => window.pressed), 'held back');
  await changed.getByText('What you pressed was not done').waitFor();
  await amina.page.waitForTimeout(800);
  await amina.page.getByRole('button', { name: 'I have seen this' }).click();
  await absent(amina.banner().getByRole('alert'), 'seen');
  await amina.page.getByRole('button', { name: 'Add to a list' }).click();
  await amina.page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();
  // The conversation tells it too.
  await amina.talk.open(GROUP);
  await amina.page.getByText(/Name, date of birth, gender or NHS number changed/).first().waitFor();
});

test('the conversation around a patient is one, named by them, across organisations', async () => {
  await amina.look(`mary ${family}`, NAME);
  await amina.page.getByRole('button', { name: 'Open the conversation around this patient' }).click();
  await amina.page.getByRole('region', { name: 'Messages' }).waitFor();
  await amina.page.getByRole('heading', { level: 2, name: NAME }).waitFor({ timeout: 60_000 });
  const banner = amina.banner();
  await banner.getByText('NHS No.').first().waitFor();
  assert.deepEqual(await banner.locator('.baton-banner__facts dt').allInnerTexts(), ['Born', 'NHS No.'], 'the micro banner');
  await absent(amina.page.getByRole('button', { name: 'Patient', exact: true }), 'every message here is about this patient');
  await amina.talk.say(`Discharge planning ${MARK}`);

  const denise = await arrive(DENISE);
  await denise.look(inThrees(numbers[1]), NAME);
  await denise.because('Caring for this patient now');
  await denise.page.getByRole('button', { name: 'Open the conversation around this patient' }).click();
  await denise.talk.message(`Discharge planning ${MARK}`).waitFor();
  await denise.talk.say(`Care package is agreed ${MARK}`);
  await amina.talk.message(`Care package is agreed ${MARK}`).waitFor();
  await amina.talk.listed(NAME).filter({ hasText: 'Born 14-Jul-1945' }).waitFor();
  await amina.page.getByRole('link', { name: 'Open the patient' }).click();
  await amina.tab('People and teams');
  await amina.page.getByRole('tabpanel').getByText('Denise Campbell').waitFor();
  await amina.page.getByRole('tabpanel').getByRole('link', { name: GROUP }).waitFor();
  await amina.tab('Timeline');
  await amina.page.getByRole('tabpanel').getByText(`Care package is agreed ${MARK}`).waitFor();
});

test('without a network those whom the device holds are found, shown and written about', async () => {
  await amina.page.context().setOffline(true);
  await amina.talk.connection(/Offline since/);
  await amina.look(`mary ${family}`, NAME);
  await amina.page.getByText('There is no network. Shown is what this device holds.').waitFor();
  await amina.open();
  await amina.find(`nobody${MARK}`);
  await amina.page.getByText('Without a network, only patients on this device are found.').waitFor();
  await amina.talk.open(GROUP);
  await amina.talk.field().focus();
  await amina.page.keyboard.type(`#mary ${family}`);
  await amina.page.getByRole('list', { name: /whom the message may be about/ }).getByRole('button', { name: NAME }).click();
  await amina.talk.say(`from the lift ${MARK}`);
  await amina.talk.message(`from the lift ${MARK}`).getByRole('link', { name: /About patient/ }).filter({ hasText: NAME }).waitFor();
  await amina.page.context().setOffline(false);
  await amina.talk.live();
  await marek.talk.open(GROUP);
  await marek.talk.message(`from the lift ${MARK}`).getByRole('link', { name: /About patient/ }).waitFor();
});

test('who was looked up is kept for the next time, and listed first', async () => {
  await amina.open();
  await amina.box().fill('');
  await amina.page.getByRole('heading', { name: 'Looked up last on this device' }).waitFor();
  await amina.page.reload();
  await amina.talk.live();
  await amina.open();
  await amina.page.getByRole('region', { name: 'Looked up last on this device' }).getByRole('link').first().waitFor();
});

test('no screen of patients has a barrier that can be told, on a phone or a desktop, light or dark', async () => {
  const found = [];
  for (const viewport of [SIZES[0], SIZES[2]]) {
    await amina.page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark']) {
      await amina.page.emulateMedia({ colorScheme });
      const look = async (screen) => {
        for (const barrier of await amina.talk.person.barriers()) found.push(`${screen}, ${viewport.width}, ${colorScheme}: ${barrier}`);
        assert.ok((await amina.page.evaluate(() => document.documentElement.scrollWidth)) <= viewport.width, `${screen} is wider than ${viewport.width}`);
      };
      await amina.talk.inbox();
      await amina.open();
      await amina.box().fill('');
      await look('patients');
      await amina.find(family.slice(0, 5));
      await look('results');
      await amina.find(SAM.family);
      await amina.results().first().click();
      await amina.page.getByText('Why do you need this record?').waitFor();
      await look('reason');
      await amina.look(JOHN.family, JOHN.family.toUpperCase());
      await amina.page.getByRole('tab', { name: 'Timeline' }).or(amina.page.getByText('Why do you need this record?')).first().waitFor();
      await look('deceased');
      await amina.look(`mary ${family}`, NAME);
      await amina.page.getByRole('tab', { name: 'Timeline' }).waitFor();
      await look('timeline');
      await amina.banner().getByRole('button', { name: /about this patient/ }).click();
      await look('banner opened');
      await amina.banner().getByRole('button', { name: /about this patient/ }).click();
      await amina.tab('People and teams');
      await look('people');
      await amina.tab('Details');
      await look('details');
      await amina.page.getByRole('button', { name: 'Write about this patient' }).click();
      await look('write about');
      await amina.page.keyboard.press('Escape');
      await amina.page.getByRole('button', { name: 'Add to a list' }).click();
      await look('add to a list');
      await amina.page.keyboard.press('Escape');
      await amina.talk.inbox();
      await amina.talk.open(GROUP);
      await amina.talk.message(`potassium ${MARK}`).first().waitFor();
      await look('thread with patients');
      await amina.talk.field().focus();
      await amina.page.keyboard.type(`#${family.slice(0, 6)}`);
      await amina.page.getByRole('list', { name: /whom the message may be about/ }).waitFor();
      await look('picker');
      await amina.page.keyboard.press('Escape');
      await amina.talk.field().fill('');
      await amina.talk.inbox();
      await amina.talk.open(NAME);
      await look('around a patient');
    }
  }
  await amina.page.setViewportSize(SIZES[2]);
  await amina.page.emulateMedia({ colorScheme: null });
  assert.deepEqual(found, []);
});

test('no page complained', () => assert.deepEqual(stage.complaints, []));
