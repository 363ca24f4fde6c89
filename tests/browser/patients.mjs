// The record's index of patients, as an operator fills it: from a file, by the record's own command.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Patients who are made up: two wards, two with like names. NHS numbers are of the range for tests. */
export const FILE = new URL('patients.csv', import.meta.url).pathname;

/** The heading of the file. */
export const HEADING = readFileSync(FILE, 'utf8').split('\n')[0];

/** Brings patients from a file. */
export function bring(file = FILE) {
  const { program, settings } = JSON.parse(process.env.BATON_RECORD_COMMANDS);
  return execFileSync(program, ['patients', 'import', file], { env: { ...process.env, ...settings }, encoding: 'utf8' });
}

/** Brings lines of a file with this heading. */
export function bringLines(heading, lines) {
  const folder = mkdtempSync(join(tmpdir(), 'baton-patients-'));
  const file = join(folder, 'patients.csv');
  writeFileSync(file, `${[heading, ...lines].join('\n')}\n`);
  try {
    return bring(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A valid NHS number (modulus 11) of the range for tests, the next from nine digits on. */
export function nhsNumber(from) {
  for (let nine = from; ; nine++) {
    const digits = `${nine}`;
    const sum = [...digits].reduce((sum, digit, at) => sum + Number(digit) * (10 - at), 0);
    const check = 11 - (sum % 11);
    if (check !== 10) return `${digits}${check === 11 ? 0 : check}`;
  }
}
