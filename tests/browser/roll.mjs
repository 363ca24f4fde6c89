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
  return execFileSync(process.env.BATON_RECORD, ['patients', 'import', file], { encoding: 'utf8' });
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
