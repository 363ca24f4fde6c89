// Somebody with a keyboard and nothing else. Wherever they are, something that is on the screen has the focus, and shows it.

import assert from 'node:assert/strict';

/** So many stops is anything away at most. */
const STOPS = 250;

/** Somebody's keyboard. */
export class Keys {
  #lost = [];

  constructor({ page }) {
    this.page = page;
  }

  /** Goes to something by Tab, or by Shift and Tab where it is before what has the focus. */
  async to(locator) {
    await locator.waitFor();
    const isBefore = await locator.evaluate((one) => {
      const now = document.activeElement;
      return now !== document.body && (one.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
    });
    const key = isBefore ? 'Shift+Tab' : 'Tab';
    const stops = [];
    while (!(await locator.evaluate((one) => one === document.activeElement))) {
      assert.ok(stops.length < STOPS, `${locator} is not reached by ${key}, but ${stops.slice(-12).join(' | ')}`);
      await this.page.keyboard.press(key);
      stops.push(await this.held(key));
    }
  }

  /** Goes to something, and presses a key there. */
  async press(locator, key = 'Enter') {
    await this.to(locator);
    await this.page.keyboard.press(key);
    await this.held(`${key} on ${locator}`);
  }

  /** Goes to a field, and types. */
  async type(locator, text) {
    await this.to(locator);
    await this.page.keyboard.type(text);
  }

  /** Looks whether something has the focus, once what came last is drawn, and shows it; says what has it. */
  async held(last) {
    const { what, wrong } = await this.page.evaluate(async () => {
      for (let frame = 0; frame < 3; frame += 1) await new Promise((done) => requestAnimationFrame(done));
      const now = document.activeElement;
      if (!now || now === document.body || now === document.documentElement) return { what: 'nothing', wrong: 'nothing has the focus' };
      const what = `${now.tagName.toLowerCase()} “${now.getAttribute('aria-label') ?? now.textContent.trim().slice(0, 60)}”`;
      const { left, top, right, bottom, width, height } = now.getBoundingClientRect();
      if (width === 0 || height === 0 || bottom <= 0 || right <= 0 || top >= innerHeight || left >= innerWidth) return { what, wrong: 'it is not on the screen' };
      const look = getComputedStyle(now);
      const isShown = (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0) || look.boxShadow !== 'none';
      // A heading to which the focus was brought is no stop of the keyboard, and begins what is read.
      return { what, wrong: isShown || now.tabIndex < 0 ? '' : 'it does not show that it has the focus' };
    });
    if (wrong) this.#lost.push(`after ${last}: ${wrong}: ${what}`);
    return what;
  }

  /** Looks whether this has the focus. */
  async on(locator, last) {
    const what = await this.held(last);
    if (!(await locator.evaluate((one) => one === document.activeElement))) this.#lost.push(`after ${last}: ${what} has the focus, not ${locator}`);
  }

  /** Looks whether something else has the focus than this, to which nobody went: it would be pressed by mistake. */
  async off(locator, last) {
    const what = await this.held(last);
    if (await locator.evaluate((one) => one === document.activeElement)) this.#lost.push(`after ${last}: ${what} has the focus, to which nobody went`);
  }

  /** That the focus was never lost. */
  end() {
    assert.deepEqual(this.#lost, []);
  }
}
