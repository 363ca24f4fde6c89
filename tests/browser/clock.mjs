// The clock of somebody's device, as a page sees it.

/** An hour, in milliseconds. */
export const HOUR = 3_600_000;

/** It goes on by so many hours. Its timers stay the browser's own. */
export async function hoursPass(page, hours) {
  await page.evaluate((millis) => {
    const now = Date.now;
    Date.now = () => now() + millis;
  }, hours * HOUR);
}

/** From now on it and its timers run so many times as fast. */
export async function runFaster(page, times) {
  await page.evaluate((times) => {
    const [now, later] = [Date.now, window.setTimeout];
    const began = now();
    Date.now = () => began + (now() - began) * times;
    window.setTimeout = (then, millis, ...rest) => later(then, millis / times, ...rest);
  }, times);
}
