// What a screen reader calls the controls of a screen, by the browser's own accessibility tree. What it is to call them stands in
// `names/`, screen by screen in the order in which it reads them, with `<...>` for what is another in each run. `BATON_NAMES=write`
// writes those files anew, for somebody to read what changed.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const FOLDER = new URL('names/', import.meta.url);
const IS_WRITTEN = process.env.BATON_NAMES === 'write';

/** What one can press, follow, tick, choose or write in, as the browser calls it and as it is called here. */
const CONTROLS = new Map(
  [
    ...['button', 'checkbox', 'combobox', 'link', 'listbox', 'menuitem', 'menuitemcheckbox', 'menuitemradio', 'option', 'radio'].map((role) => [role, role]),
    ...['searchbox', 'slider', 'spinbutton', 'switch', 'tab', 'textbox', 'treeitem'].map((role) => [role, role]),
    ['ComboBoxSelect', 'combobox'],
    ['DisclosureTriangle', 'summary'],
    ['DisclosureTriangleGrouped', 'summary'],
    ['PopUpButton', 'button'],
  ],
);

/** So often a screen is looked at until it is as it should be, or stays as it is. */
const LOOKS = 40;
const BETWEEN = 150;

/** The screens of one file in `names/`. */
export class Names {
  #file;
  #mark;
  #screens = new Map();
  #seen = new Set();
  #wrong = [];

  constructor(file, mark) {
    this.#file = new URL(`${file}.txt`, FOLDER);
    this.#mark = new RegExp(mark, 'gi');
    if (!IS_WRITTEN && existsSync(this.#file)) this.#screens = read(readFileSync(this.#file, 'utf8'));
  }

  /** Looks whether the controls of a screen are called as they are to be, each has a name, and none has that of another. */
  async of({ page }, screen, inside = 'main', without = '') {
    assert.ok(!this.#seen.has(screen), `${screen} is looked at once`);
    this.#seen.add(screen);
    const wanted = this.#screens.get(screen)?.join('\n');
    const looked = async () => {
      const all = await controls(page, inside, without);
      return { all, lines: all.map(({ role, name }) => `${role} "${this.#steady(name)}"`) };
    };
    let last = await looked();
    for (let look = 1, same = 0; look < LOOKS && same < 4; look += 1) {
      const now = last.lines.join('\n');
      if (!IS_WRITTEN && now === wanted) break;
      await page.waitForTimeout(BETWEEN);
      last = await looked();
      same = IS_WRITTEN && last.lines.join('\n') === now ? same + 1 : 0;
    }
    if (IS_WRITTEN) this.#write(screen, last.lines);
    const { added, missing } = apart(last.lines, this.#screens.get(screen) ?? []);
    const found = [
      ...last.all.filter(({ name }) => name === '').map(({ role }) => `a ${role} has no name`),
      ...alike(last.all).map((name) => `several are called ${name}, and do not do the same`),
      ...added.map((line) => `not in the list: ${line}`),
      ...missing.map((line) => `not on the screen: ${line}`),
    ];
    if (found.length === 0 && last.lines.join('\n') !== this.#screens.get(screen)?.join('\n')) found.push('they stand in another order');
    this.#wrong.push(...found.map((words) => `${screen}: ${words}`));
  }

  /** Looks at the dialog that is open. */
  async asks(who, screen, title) {
    await who.page.getByRole('dialog', { name: title }).waitFor();
    await this.of(who, screen, 'dialog[open]');
  }

  /** Opens a dialog, looks at it, and leaves it. */
  async opens(who, button, screen, title) {
    await button.click();
    await this.asks(who, screen, title);
    await who.page.keyboard.press('Escape');
    await who.page.getByRole('dialog', { name: title }).waitFor({ state: 'detached' });
  }

  /** That nothing was wrong on any screen, and that every screen of the file was looked at. */
  end() {
    assert.deepEqual(this.#wrong, []);
    assert.deepEqual([...this.#screens.keys()].filter((screen) => !this.#seen.has(screen)), [], 'no screen of the list is passed over');
  }

  /** A name without what is another in each run. Patients were born before 2000: of them the date stays. */
  #steady(name) {
    return name
      .replace(this.#mark, '<mark>')
      .replace(/(?:\b(?:yesterday|tomorrow|\d\d-[A-Z][a-z]{2}(?:-20\d\d)?) )?\b\d\d:\d\d\b/g, '<time>')
      .replace(/\b\d\d-[A-Z][a-z]{2}-20\d\d\b/g, '<date>')
      .replace(/\(\d+y\)/g, '(<age>)');
  }

  #write(screen, lines) {
    this.#screens.set(screen, lines);
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(this.#file, [...this.#screens].map(([screen, lines]) => `== ${screen}\n${lines.join('\n')}\n`).join('\n'));
  }
}

function read(text) {
  const parts = text.split(/^== /m).slice(1);
  return new Map(parts.map((part) => part.trimEnd().split('\n')).map(([screen, ...lines]) => [screen, lines]));
}

/** The controls inside of something, in the order in which they are read, but for those inside of something else. */
async function controls(page, inside, without) {
  const session = await page.context().newCDPSession(page);
  try {
    const below = async (selector) => {
      const { result } = await session.send('Runtime.evaluate', { expression: `document.querySelectorAll(${JSON.stringify(selector)})` });
      const { result: all } = await session.send('Runtime.getProperties', { objectId: result.objectId, ownProperties: true });
      const elements = all.filter(({ name, value }) => /^\d+$/.test(name) && value?.objectId);
      const described = await Promise.all(elements.map(({ value }) => session.send('DOM.describeNode', { objectId: value.objectId, depth: -1 })));
      return new Set(described.flatMap(({ node }) => ids(node)));
    };
    const [here, past] = [await below(inside), without ? await below(without) : new Set()];
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const byId = new Map(nodes.map((node) => [node.nodeId, node]));
    const all = [];
    const walk = (node) => {
      if (!node) return;
      const role = node.ignored ? undefined : CONTROLS.get(node.role?.value);
      const id = node.backendDOMNodeId;
      if (role && here.has(id) && !past.has(id)) all.push({ role, name: (node.name?.value ?? '').replace(/\s+/g, ' ').trim(), node: id });
      // What a closed choice would offer is not shown.
      if (role !== 'combobox') for (const child of node.childIds ?? []) walk(byId.get(child));
    };
    walk(nodes.find(({ parentId }) => parentId === undefined));
    for (const control of all) control.to = await leadsTo(session, control, all);
    return all.map(({ role, name, to }) => ({ role, name, to }));
  } finally {
    await session.detach();
  }
}

function ids(node) {
  return [node.backendNodeId, ...(node.children ?? []).flatMap(ids)];
}

/** Where a link leads that is called as another. */
async function leadsTo(session, { role, name, node }, all) {
  const many = all.filter((other) => other.role === role && other.name === name).length;
  if (role !== 'link' || many === 1) return '';
  const { node: described } = await session.send('DOM.describeNode', { backendNodeId: node });
  const at = described.attributes.indexOf('href');
  return described.attributes[at + 1];
}

/** What of one list is not in the other, each as often as it stands there. */
function apart(lines, wanted) {
  const left = [...wanted];
  const added = lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return { added, missing: left };
}

/** Which are called as another that does something else. Two links to one place do the same. */
function alike(all) {
  const key = ({ role, name }) => `${role} "${name}"`;
  const isSame = (one, other) => key(one) === key(other) && (one.role !== 'link' || one.to !== other.to);
  const found = all.filter((one, at) => all.some((other, place) => place !== at && isSame(one, other)));
  return [...new Set(found.map(key))];
}
