// An independent FHIR client (npm fhir-kit-client) does what a hospital's system does. Arguments: `keys` prints two public keys
// and keeps their private halves in the folder; otherwise the base address. Says what it saw, as JSON.
import { createSign, generateKeyPairSync, randomUUID, createPrivateKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const [, , folder, base] = process.argv;
const MRN = 'https://fhir.rx1.example/mrn';
const VISIT = 'https://fhir.rx1.example/visit';

if (base === 'keys') {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  for (const [name, pair] of [['ES384', ec], ['RS384', rsa]]) {
    writeFileSync(`${folder}/${name}.pem`, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  }
  const jwk = (pair, kid) => ({ ...pair.publicKey.export({ format: 'jwk' }), kid, use: 'sig' });
  console.log(JSON.stringify({ keys: [jwk(ec, 'ES384'), jwk(rsa, 'RS384')] }));
  process.exit(0);
}

const { default: Client } = await import(`${folder}/node_modules/fhir-kit-client/dist/index.js`).then((m) => ({ default: m.default ?? m.Client }));

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const signer = (alg) => {
  const key = createPrivateKey(readFileSync(`${folder}/${alg}.pem`));
  return async (_url, request) => {
    const exp = Math.floor(Date.now() / 1000) + 60;
    const claims = { iss: 'node', sub: 'node', aud: base, exp, jti: randomUUID() };
    const signed = `${part({ alg, typ: 'JWT', kid: alg })}.${part(claims)}`;
    const sign = createSign('sha384').update(signed);
    const signature = sign.sign(alg === 'ES384' ? { key, dsaEncoding: 'ieee-p1363' } : key);
    request.headers.set('authorization', `Bearer ${signed}.${signature.toString('base64url')}`);
  };
};

const patient = (mrn, family) => ({
  resourceType: 'Patient',
  identifier: [{ system: MRN, value: mrn }],
  name: [{ use: 'official', family, given: ['Ada'] }],
  gender: 'female',
  birthDate: '1945-07-14',
});
const client = new Client({ baseUrl: base, requestSigner: signer('ES384') });
const other = new Client({ baseUrl: base, requestSigner: signer('RS384') });
const status = (answer) => Client.httpFor(answer).response.status;
const seen = {};

seen.capability = (await client.capabilityStatement()).fhirVersion;

const created = await client.create({ resourceType: 'Patient', body: patient('1', 'KHAN') });
seen.created = [status(created), created.resourceType, created.name[0].family];
seen.read = (await other.read({ resourceType: 'Patient', id: created.id })).id === created.id;

const ifNoneExist = { headers: { 'If-None-Exist': `identifier=${MRN}|1` } };
const found = await client.create({ resourceType: 'Patient', body: patient('1', 'OTHER'), options: ifNoneExist });
seen.conditionalCreate = [status(found), found.id === created.id, found.name[0].family];

const updated = await client.update({ resourceType: 'Patient', searchParams: { identifier: `${MRN}|1` }, body: patient('1', 'KAHN') });
seen.conditionalUpdate = [status(updated), updated.id === created.id, updated.name[0].family];

const version = { headers: { 'If-Match': `W/"${updated.meta.versionId}"` } };
const body = { ...updated, gender: 'other' };
const matched = await client.update({ resourceType: 'Patient', id: created.id, body, options: version });
seen.ifMatch = [status(matched), matched.gender];
seen.stale = await other
  .update({ resourceType: 'Patient', id: created.id, body, options: version })
  .then(() => 'taken', (error) => [error.response.status, error.response.data.issue[0].code]);

const full = 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a';
const bundle = {
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [
    { fullUrl: full, resource: patient('2', 'LOWE'), request: { method: 'POST', url: 'Patient', ifNoneExist: `identifier=${MRN}|2` } },
    {
      fullUrl: `urn:uuid:${randomUUID()}`,
      resource: {
        resourceType: 'Encounter',
        identifier: [{ system: VISIT, value: 'V1' }],
        status: 'in-progress',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
        subject: { reference: full },
        location: [{ location: { display: 'Ward 7' } }],
      },
      request: { method: 'PUT', url: `Encounter?identifier=${VISIT}|V1` },
    },
  ],
};
const first = await client.transaction({ body: bundle });
const second = await client.transaction({ body: bundle });
seen.transaction = [first, second].map((answer) => answer.entry.map((entry) => entry.response.status));
seen.refers = first.entry[1].resource.subject.reference === `Patient/${first.entry[0].resource.id}`;

const total = async (searchParams, options) => (await client.search({ resourceType: 'Patient', searchParams, options })).total;
seen.search = [
  await total({ identifier: `${MRN}|2` }),
  await total({ family: 'kah', birthdate: '1945-07-14' }),
  await total({ family: 'lowe', birthdate: '1945-07-14' }, { postSearch: true }),
];
const encounters = await client.search({ resourceType: 'Encounter', searchParams: { patient: first.entry[0].resource.id } });
seen.encounters = encounters.entry.map((entry) => entry.resource.status);

seen.unknownType = await client
  .search({ resourceType: 'Observation', searchParams: { code: '1' } })
  .then(() => 'taken', (error) => [error.response.status, error.response.data.resourceType]);
seen.anonymous = await new Client({ baseUrl: base })
  .read({ resourceType: 'Patient', id: created.id })
  .then(() => 'taken', (error) => [error.response.status, error.response.data.issue[0].code]);

console.log(JSON.stringify(seen));
