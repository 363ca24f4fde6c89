// The app's connection to the edge in a test's hands: each frame is seen as it passes, may be held back, and another may be
// put in its place. What passes are bytes: a frame is a CBOR map of one entry, whose key is the letter of its kind
// (core/src/frame.rs).

/** A page's connection, or that of all pages of a context. */
export class Wire {
  /** Every frame so far: which way it went, its kind, its bytes, and whether it was let through. */
  frames = [];
  /** Says of each frame whether it goes on: `(frame) => boolean`. */
  passes = () => true;
  #pages = new Set();
  #waiting = [];

  /** Puts itself between the edge and pages that are opened from now on. */
  static async of(pageOrContext) {
    const wire = new Wire();
    await pageOrContext.routeWebSocket(/\/socket/, (page) => {
      const edge = page.connectToServer();
      wire.#pages.add(page);
      page.onClose((code, reason) => {
        wire.#pages.delete(page);
        edge.close({ code, reason });
      });
      page.onMessage((bytes) => wire.#pass('to the edge', bytes, edge));
      edge.onMessage((bytes) => wire.#pass('from the edge', bytes, page));
    });
    return wire;
  }

  /** Tells the pages something in the edge's name. */
  tell(bytes) {
    if (this.#pages.size === 0) throw new Error('no page is connected');
    for (const page of this.#pages) page.send(bytes);
  }

  /** Waits for a frame that is so; one that has passed already counts. */
  async frame(is) {
    const known = this.frames.find(is);
    return known ?? new Promise((seen) => this.#waiting.push({ is, seen }));
  }

  #pass(way, bytes, to) {
    const frame = { way, kind: kindOf(bytes), bytes };
    frame.passed = this.passes(frame);
    this.frames.push(frame);
    if (frame.passed) to.send(bytes);
    const heard = this.#waiting.filter(({ is }) => is(frame));
    this.#waiting = this.#waiting.filter((one) => !heard.includes(one));
    for (const { seen } of heard) seen(frame);
  }
}

/** The letter of a frame's kind; a text is its own kind. */
function kindOf(bytes) {
  return typeof bytes === 'string' ? bytes : String.fromCharCode(bytes[2]);
}
