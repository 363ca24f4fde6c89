// A picture of every screen in every size, light and dark. Run by `cargo xtask shots`.
//
// A screen is a name and the way to it from a person at the start page. Whoever adds a screen to the app adds it here.

import { SIZES, Stage } from './stage.mjs';

const SCREENS = [
  { name: 'start', as: 'amina.khan', go: async (person) => person.page.getByText(/sign in/i).first().waitFor() },
  { name: 'inbox', as: 'amina.khan', go: async (person) => person.signIn() },
];

const stage = await Stage.open();
try {
  for (const { name, as, go } of SCREENS) {
    for (const viewport of SIZES) {
      for (const colorScheme of ['light', 'dark']) {
        const person = await stage.person(as, { viewport, colorScheme });
        await go(person);
        await person.shot(`${name}-${viewport.width}-${colorScheme}`);
        await person.page.context().close();
      }
    }
  }
  if (stage.complaints.length > 0) console.error(stage.complaints.join('\n'));
} finally {
  await stage.close();
}
