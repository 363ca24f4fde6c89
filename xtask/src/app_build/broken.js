// Shows the page's "Baton has stopped" in place of the app once its module has stopped: a panic, or memory or a stack that ran
// out. Browsers name a stack that ran out in three ways. What they tell is a place in the module, and no content.
const show = (error) => {
  const stopped = error instanceof WebAssembly.RuntimeError || error instanceof RangeError || error?.name === 'InternalError';
  if (!stopped) return;
  document.body.classList.add('baton-is-broken');
  document.getElementById('broken').hidden = false;
};
addEventListener('error', (event) => show(event.error));
addEventListener('unhandledrejection', (event) => show(event.reason));
