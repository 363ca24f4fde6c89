// Prints a style sheet without those classes of NHS.UK frontend that the app names nowhere.
//
//     node unused.mjs STYLES SOURCES

import { PurgeCSS } from 'purgecss';

const [styles, sources] = process.argv.slice(2);
const [{ css }] = await new PurgeCSS().purge({
  css: [styles],
  content: [sources],
  // Ours are all in use, and some names are put together of parts.
  safelist: [/^(?!nhsuk-)/, /^nhsuk-tag--/],
});
process.stdout.write(css);
