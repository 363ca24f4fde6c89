// The provider's few pages: plain HTML that works without scripts, with a keyboard and with a screen reader.

/** Asks who one is: a button for each person, by organisation. */
export function signInPage(uid, people, hint) {
  const organisations = Map.groupBy(people, (person) => person.organisation.name);
  const groups = [...organisations].map(
    ([name, staff]) => `<section><h2>${text(name)}</h2><ul>${staff.map((one) => button(one, hint)).join('')}</ul></section>`,
  );
  return page(
    'Who are you?',
    `<p>This is the demonstration sign-in. The people are made up, and nobody has a password.</p>
     <form method="post" action="/sign-in/${text(uid)}">${groups.join('')}</form>`,
  );
}

/** Says that something ended, with a form to go on if there is one. */
export function endPage(title, form) {
  return page(title, form);
}

/** Says what went wrong. */
export function errorPage({ error, error_description: description }) {
  return page('Sign-in did not work', `<p>${text(description ?? error)}</p><p><code>${text(error)}</code></p>`);
}

function button({ subject, name, job_title: job, organisation }, hint) {
  const full = [name.title, name.given, name.family].filter(Boolean).join(' ');
  const focus = hint === subject ? ' autofocus' : '';
  return `<li><button name="subject" value="${text(subject)}"${focus}><strong>${text(full)}</strong>
    <span>${text(job)}<span class="hidden">, ${text(organisation.name)}</span></span></button></li>`;
}

function page(title, body) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)} – demonstration sign-in</title>
<style>${STYLE}</style>
</head>
<body><main><h1>${text(title)}</h1>${body}</main></body>
</html>`;
}

function text(value) {
  return String(value ?? '').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const STYLE = `
:root { color-scheme: light dark; --ink: #212b32; --paper: #f0f4f5; --card: #fff; --line: #4c6272; --quiet: #425563; }
@media (prefers-color-scheme: dark) { :root { --ink: #f0f4f5; --paper: #10181d; --card: #1c262c; --line: #768692; --quiet: #c3ced5; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 2rem; margin: 0 0 .5rem; }
h2 { font-size: 1.125rem; margin: 2rem 0 .5rem; }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }
button { width: 100%; min-height: 4rem; padding: .75rem 1rem; text-align: left; font: inherit; color: inherit;
  background: var(--card); border: 1px solid var(--line); border-radius: 4px; cursor: pointer; }
button:hover { border-color: #005eb8; box-shadow: inset 4px 0 #005eb8; }
button:focus-visible { outline: 4px solid #ffeb3b; outline-offset: 0; box-shadow: inset 0 0 0 3px #212b32; }
button strong, button > span { display: block; }
button > span { color: var(--quiet); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`;
