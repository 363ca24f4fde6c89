// Prints a style sheet without those classes of NHS.UK frontend that the app names nowhere.
//
//     node unused.mjs STYLES SOURCES

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { PurgeCSS } from 'purgecss';

const [styles, folder] = process.argv.slice(2);
const sources = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.rs')).map((name) => join(folder, name));
const all = sources.map((file) => readFileSync(file, 'utf8')).join('\n');
// The class of a tag is put together with its colour (app/src/nhs/tag.rs): of every colour that stands anywhere as a text it stays.
const isTag = /^nhsuk-tag--(.*)$/;
const [{ css }] = await new PurgeCSS().purge({
  css: [styles],
  content: sources,
  // Ours are all in use, and some of their names are put together too.
  safelist: { standard: [/^(?!nhsuk-)/, { test: (name) => all.includes(`"${isTag.exec(name)?.[1]}"`) }] },
});
process.stdout.write(css);
