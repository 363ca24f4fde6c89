// What a PDF that Chromium printed says, page by page: enough of PDF (ISO 32000-1) to read the text back, and no more. A
// character is a glyph of a font, which the font's ToUnicode map (§9.10.3) leads back to text.

import { inflateSync } from 'node:zlib';

/** The pages of a PDF: how large each is, in millimetres, and what stands on it. */
export function pages(bytes) {
  const objects = read(bytes.toString('latin1'));
  const fonts = new Map();
  const fontOf = (reference) => {
    if (!fonts.has(reference)) fonts.set(reference, unicode(objects, objects.get(reference)?.head ?? ''));
    return fonts.get(reference);
  };
  const found = [...objects.values()].filter(({ head }) => /\/Type\s*\/Page\b/.test(head));
  return found.map(({ head }) => {
    const [width, height] = /\/MediaBox\s*\[\s*[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)/.exec(head).slice(1).map((points) => Math.round((points / 72) * 25.4));
    const resources = inline(objects, head, 'Resources');
    const contents = [.../\/Contents\s*(\[[^\]]*\]|\d+ 0 R)/.exec(head)[1].matchAll(/(\d+) 0 R/g)].map(([, id]) => objects.get(id).body);
    return { width, height, text: show(contents.join('\n'), objects, resources, fontOf) };
  });
}

/** All objects by number: what stands before a stream, and the stream as it was before compression. */
function read(file) {
  const objects = new Map();
  for (const [, id, content] of file.matchAll(/(?:^|\n)(\d+) 0 obj\s([\s\S]*?)endobj/g)) {
    const at = content.indexOf('stream');
    const head = at < 0 ? content : content.slice(0, at);
    let body = '';
    if (at >= 0) {
      const start = at + (content[at + 6] === '\r' ? 8 : 7);
      const raw = Buffer.from(content.slice(start, content.lastIndexOf('endstream')), 'latin1');
      body = head.includes('FlateDecode') ? inflateSync(raw, { finishFlush: 2 }).toString('latin1') : raw.toString('latin1');
    }
    objects.set(id, { head, body });
  }
  return objects;
}

/** A dictionary that stands in another, or that it refers to. */
function inline(objects, head, name) {
  const after = new RegExp(`/${name}\\s*(\\d+) 0 R`).exec(head);
  if (after) return objects.get(after[1]).head;
  const at = head.indexOf(`/${name}`);
  return at < 0 ? '' : head.slice(at);
}

/** Glyphs to text. */
function unicode(objects, font) {
  const map = new Map();
  const told = /\/ToUnicode (\d+) 0 R/.exec(font);
  const body = told ? objects.get(told[1]).body : '';
  const text = (hex) => String.fromCharCode(...hex.match(/.{4}/g).map((unit) => Number.parseInt(unit, 16)));
  for (const [, chars] of body.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const [, from, to] of chars.matchAll(/<(\w+)>\s*<(\w+)>/g)) map.set(Number.parseInt(from, 16), text(to));
  }
  for (const [, ranges] of body.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    for (const [, from, to, first] of ranges.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g)) {
      for (let glyph = Number.parseInt(from, 16), step = 0; glyph <= Number.parseInt(to, 16); glyph++, step++) {
        map.set(glyph, String.fromCharCode(Number.parseInt(first, 16) + step));
      }
    }
  }
  return map;
}

/** What a content stream shows, in its order; what it draws from elsewhere too. */
function show(content, objects, resources, fontOf) {
  let font = new Map();
  let text = '';
  for (const [, name, drawn, hex, end] of content.matchAll(/\/(\S+) [\d.]+ Tf|\/(\S+) Do\b|<([0-9A-Fa-f]+)>|\b(ET)\b/g)) {
    const reference = (what) => new RegExp(`/${what} (\\d+) 0 R`).exec(resources)?.[1];
    if (name) font = fontOf(reference(name)) ?? font;
    else if (drawn) {
      const form = objects.get(reference(drawn));
      if (form?.head.includes('/Form')) text += show(form.body, objects, inline(objects, form.head, 'Resources'), fontOf);
    } else if (hex) text += hex.match(/.{4}/g).map((glyph) => font.get(Number.parseInt(glyph, 16)) ?? '�').join('');
    else if (end) text += ' ';
  }
  // A ligature is the letters that it is made of.
  return text.normalize('NFKC').replaceAll(/\s+/g, ' ');
}
