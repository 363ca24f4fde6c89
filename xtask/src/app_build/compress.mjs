// Compresses a file by Brotli's own encoder, which Node has: it makes a module 0.1 % smaller than the one in Rust does. What is
// large is tried with several sizes of block and several numbers of distances that have a code of their own, none of which is
// always best, and the smallest is taken.
//
//     node compress.mjs FILE COMPRESSED SETTINGS
//
// SETTINGS: so many of them are tried at most.

import { readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

const LARGE = 100_000;
/** The encoder's own choice; block sizes as powers of two, with numbers of direct distances. */
const WAYS = [{}, ...[[16, 8], [17, 12], [17, 15], [18, 10]].map(([block, direct]) => ({
  [constants.BROTLI_PARAM_LGBLOCK]: block,
  [constants.BROTLI_PARAM_NDIRECT]: direct,
}))];

const [file, compressed, settings] = process.argv.slice(2);
const bytes = readFileSync(file);
const compress = (way) => promisify(brotliCompress)(bytes, {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    ...way,
  },
});
const tried = await Promise.all(WAYS.slice(0, bytes.length > LARGE ? Number(settings) : 1).map(compress));
writeFileSync(compressed, tried.reduce((best, next) => (next.length < best.length ? next : best)));
