// Looks for words where they must not be: in what passed the edge, in its store, in PostgreSQL's files and write-ahead
// log, in every log. As UTF-8, UTF-16 and base64, since a leak may be encoded.

import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The places at which any of the words stands, as `place: word`. `wire` is what was watched, in buffers. */
export function finds(words, { wire = [], skip = [] } = {}) {
  const needles = words.flatMap((word) => forms(word).map((bytes) => ({ word, bytes })));
  const found = new Set();
  const look = (place, bytes) => {
    for (const { word, bytes: needle } of needles) if (bytes.includes(needle)) found.add(`${place}: ${word}`);
  };
  for (const bytes of wire) look('wire', bytes);
  const folder = process.env.BATON_STATE_DIR;
  if (!folder) throw new Error('BATON_STATE_DIR is not set: run this through cargo xtask');
  let files = 0;
  for (const file of everyFile(folder)) {
    if (skip.some((part) => file.includes(part))) continue;
    files += 1;
    look(file.slice(folder.length + 1), readFileSync(file));
  }
  if (files < 20) throw new Error(`only ${files} files were read in ${folder}: the search would prove nothing`);
  return [...found];
}

/** The last 3n bytes of a base64 text depend on what stands before; the middle of each alignment does not. */
export function forms(word) {
  const utf8 = Buffer.from(word);
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), utf8]).toString('base64');
    return Buffer.from(text.slice(shift === 0 ? 0 : 4, Math.floor((shift + utf8.length) / 3) * 4));
  });
  return [utf8, Buffer.from(word, 'utf16le'), ...base64.filter((bytes) => bytes.length >= 8)];
}

/** Every file below a folder. */
export function* everyFile(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* everyFile(path);
    else if (entry.isFile() && statSync(path).size < 512 * 1024 * 1024) yield path;
  }
}
