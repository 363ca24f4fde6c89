// The OpenID provider of a local stack: a real provider (oidc-provider) on loopback whose sign-in page asks only who of
// the demo staff one is. It stands where NHS CIS2, Microsoft Entra or another provider stands in a deployment; the
// record cannot tell the difference. For development and tests only: there are no passwords.
//
// A scripted client signs in with plain HTTP and a cookie jar, following redirects by hand:
//   1. GET  {issuer}/auth?response_type=code&client_id=…&redirect_uri=…&scope=openid+profile&state=…&nonce=…
//           &code_challenge=…&code_challenge_method=S256          → 303 to /sign-in/{uid} of the issuer
//   2. GET  {issuer}/sign-in/{uid}                                → 200, the page
//   3. POST {issuer}/sign-in/{uid}  form: subject=amina.khan      → 303 to {issuer}/auth/{uid}
//   4. GET  {issuer}/auth/{uid}                                   → 303 to {redirect_uri}?code=…&state=…&iss=…
// With the same cookies a later step 1 answers like step 4 at once (also with prompt=none); prompt=login asks again.
// The code is then exchanged at {issuer}/token by the record, which proves itself with private_key_jwt and PKCE.
//
// Environment: BATON_OIDC_ISSUER, BATON_OIDC_PEOPLE (people.json), BATON_OIDC_CLIENT_ID, BATON_OIDC_CLIENT_JWK (public),
// BATON_OIDC_REDIRECT_URIS and BATON_OIDC_LOGOUT_URIS (separated by spaces), BATON_OIDC_STATE (a folder for its keys).

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

import Provider from 'oidc-provider';

import { endPage, errorPage, signInPage } from './pages.mjs';

// The levels of NHS CIS2, weakest first.
const ASSURANCE = ['AAL1_USERPASS', 'AAL2_OR_AAL3_ANY', 'AAL3_ANY'];

const issuer = new URL(setting('BATON_OIDC_ISSUER'));
const people = new Map(JSON.parse(readFileSync(setting('BATON_OIDC_PEOPLE'), 'utf8')).map((one) => [one.subject, one]));
const keys = keysKeptIn(setting('BATON_OIDC_STATE'));

const provider = new Provider(issuer.origin, {
  clients: [
    {
      client_id: setting('BATON_OIDC_CLIENT_ID'),
      client_name: 'Baton',
      redirect_uris: setting('BATON_OIDC_REDIRECT_URIS').split(' '),
      post_logout_redirect_uris: setting('BATON_OIDC_LOGOUT_URIS').split(' '),
      response_types: ['code'],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'EdDSA',
      id_token_signed_response_alg: 'RS256',
      require_auth_time: true,
      jwks: { keys: [JSON.parse(setting('BATON_OIDC_CLIENT_JWK'))] },
    },
  ],
  jwks: { keys: keys.signing },
  cookies: { keys: keys.cookies },
  scopes: ['openid', 'profile'],
  acrValues: ASSURANCE,
  claims: { openid: ['sub'], profile: ['name', 'given_name', 'family_name', 'title'], acr: null, amr: null, auth_time: null },
  conformIdTokenClaims: false,
  responseTypes: ['code'],
  clientAuthMethods: ['private_key_jwt'],
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: { enabled: true, logoutSource: signedOut, postLogoutSuccessSource: afterSignOut },
  },
  interactions: { url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
  ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Interaction: 600, Session: 12 * 3600, Grant: 12 * 3600 },
  async findAccount(_ctx, subject) {
    const person = people.get(subject);
    return person && { accountId: subject, claims: () => claims(person) };
  },
  // The one client is the organisation's own, so nobody is asked to consent.
  async loadExistingGrant(ctx) {
    const { client, session } = ctx.oidc;
    const grant = new ctx.oidc.provider.Grant({ accountId: session.accountId, clientId: client.clientId });
    grant.addOIDCScope('openid profile');
    await grant.save();
    return grant;
  },
  renderError(ctx, out) {
    ctx.type = 'html';
    ctx.body = errorPage(out);
  },
});
provider.on('server_error', (_ctx, error) => console.error('server error:', error));
provider.on('grant.error', (_ctx, error) => console.error('grant refused:', error.message, error.error_detail ?? ''));
provider.on('authorization.error', (_ctx, error) => console.error('sign-in refused:', error.message, error.error_detail ?? ''));

const callback = provider.callback();
createServer((request, response) => {
  const signIn = /^\/sign-in\/([\w-]+)$/.exec(new URL(request.url, issuer).pathname);
  if (!signIn) return callback(request, response);
  answerSignIn(request, response).catch((error) => {
    html(response, error.statusCode ?? 500, errorPage({ error: error.name, error_description: error.message }));
  });
}).listen(Number(issuer.port), '127.0.0.1', () => console.log(`OpenID provider at ${issuer.origin}`));

async function answerSignIn(request, response) {
  const { params, uid } = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') return html(response, 200, signInPage(uid, [...people.values()], params.login_hint));
  const subject = (await form(request)).get('subject');
  if (!people.has(subject)) return html(response, 400, errorPage({ error: 'unknown person', error_description: 'Nobody of that name.' }));
  const acr = params.acr_values?.split(' ').find((value) => ASSURANCE.includes(value)) ?? ASSURANCE.at(-1);
  const result = { login: { accountId: subject, acr, amr: ['hwk'], remember: true } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

function claims({ subject, name }) {
  const full = [name.title, name.given, name.family].filter(Boolean).join(' ');
  return { sub: subject, name: full, given_name: name.given, family_name: name.family, title: name.title };
}

async function signedOut(ctx, logoutForm) {
  ctx.body = endPage('Do you want to sign out?', `${logoutForm}<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`);
}

async function afterSignOut(ctx) {
  ctx.body = endPage('You are signed out', '');
}

function html(response, status, body) {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  });
  response.end(body);
}

async function form(request) {
  let body = '';
  for await (const part of request) {
    body += part;
    if (body.length > 4096) throw Object.assign(new Error('the form is too large'), { statusCode: 413 });
  }
  return new URLSearchParams(body);
}

function keysKeptIn(folder) {
  const file = join(folder, 'oidc-keys.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signing = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: randomBytes(8).toString('hex') };
  const made = { signing: [signing], cookies: [randomBytes(32).toString('base64url')] };
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

function setting(name) {
  const value = process.env[name];
  if (!value) {
    console.error(`${name} is not set`);
    process.exit(2);
  }
  return value;
}
