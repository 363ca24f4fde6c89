import { Stage } from './stage.mjs';
const stage = await Stage.open();
const p = await stage.signedIn('tom.fletcher');
p.page.on('response', r => console.log(r.status(), r.url()));
await new Promise(r => setTimeout(r, 6000));
console.log(p.page.url(), await p.page.innerText('body'));
await p.page.screenshot({ path: '/tmp/signed.png' });
console.log(stage.complaints);
await stage.close();
