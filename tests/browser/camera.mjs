// A browser with a camera that shows a test picture, and what people do with it.

import { ARGUMENTS } from './stage.mjs';

/** How a browser is started that has one. */
export const WITH_CAMERA = [...ARGUMENTS, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

/** Takes a photo for the message that is being written. */
export async function photograph(page, consent = 'The patient agreed to this photo') {
  await page.getByRole('button', { name: 'Photo', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Take a photo' });
  await dialog.getByRole('button', { name: 'Take the photo' }).click();
  await dialog.getByRole('img', { name: 'The photo for this message' }).waitFor();
  await dialog.getByRole('radio', { name: consent }).check();
  await dialog.getByRole('button', { name: 'Add to the message' }).click();
  await dialog.waitFor({ state: 'detached' });
  await attached(page).last().getByRole('img').waitFor();
}

/** The photos of the message that is being written. */
export function attached(page) {
  return page.getByRole('list', { name: 'Photos of this message' }).getByRole('listitem');
}

/** Waits until a photo of a message is on the screen, as a picture that the browser reads. */
export async function seen(page, words) {
  const image = page.getByRole('region', { name: 'Messages' }).getByRole('img', { name: words });
  await image.waitFor();
  await page.waitForFunction((image) => image.complete && image.naturalWidth > 0, await image.elementHandle());
  return image;
}
