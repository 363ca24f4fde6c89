// A person looks before they press again. The app does not take a second press at one place within half a second when it would meet
// something else than the first (`app/src/part/press.rs`); a test that was so quick presses again, as a person does.

/** As long as the app takes no second press, and a little longer. */
const LOOKS = 550;

let patched;

/** From now on presses in this page that were not taken are made again. */
export async function pressesAgain(page) {
  await page.addInitScript(() => {
    addEventListener('click', () => (window.lastPress = 'seen'), true);
    document.addEventListener('readystatechange', () => {
      if (document.readyState === 'interactive') document.documentElement.addEventListener('click', () => (window.lastPress = 'taken'), true);
    });
  });
  const locator = Object.getPrototypeOf(page.locator('body'));
  if (patched === locator) return;
  patched = locator;
  const { click } = locator;
  locator.click = async function (options) {
    await click.call(this, options);
    // It may have led to another page.
    if (await this.page().evaluate(() => window.lastPress !== 'seen').catch(() => true)) return;
    await new Promise((resolve) => setTimeout(resolve, LOOKS));
    await click.call(this, options);
  };
}
