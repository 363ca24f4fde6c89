// A tablet on which somebody signed in, and a conversation that they are in.

import { Device } from './device.mjs';
import { Talk } from './talk.mjs';

const GRACE = { subject: 'grace.adeyemi', find: 'grace', name: 'Mrs Grace Adeyemi' };
const HANNAH = { subject: 'hannah.levy', find: 'levy', name: 'Ms Hannah Levy' };

/** A tablet of its own, with what nobody else's is called: Daniel starts the conversation, and Grace has it open. */
export async function begin(daniel, name, options) {
  const mark = Math.random().toString(36).slice(2, 8);
  const group = `${name} ${mark}`;
  const tablet = await Device.fresh(options);
  const person = await tablet.person(GRACE.subject);
  await person.signIn();
  const grace = new Talk(person);
  await grace.live();
  await daniel.start([GRACE, HANNAH], group);
  await grace.open(group);
  return { mark, group, passphrase: `kettle mango ${mark}`, tablet, grace };
}
