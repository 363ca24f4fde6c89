// A record that an edge makes up: keys of its own, the configuration that names them, answers to what a device seals for it
// (RFC 9458, RFC 9180) and orders that it signs (RFC 9052).

import { createCipheriv, createDecipheriv, createHmac, createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM. */
const [KEM, SUITE] = [Buffer.from([0, 0x20]), Buffer.from([0, 1, 0, 1])];

/** Keys, and what is made with them. */
export class FalseRecord {
  #signing = generateKeyPairSync('ed25519');
  #sealing = generateKeyPairSync('x25519');
  /** The paths of the requests that it could read. */
  read = [];

  /** The key that its orders are verified with, and its Oblivious HTTP key configuration, as a device keeps both. */
  get keys() {
    return Buffer.concat([raw(this.#signing.publicKey), this.#ohttp]);
  }

  /** A deployment's configuration that names this record. */
  config(deployed) {
    const named = { verify_key: raw(this.#signing.publicKey).toString('base64url'), ohttp_keys: this.#ohttp.toString('base64url') };
    return JSON.stringify({ ...JSON.parse(deployed), ...named });
  }

  get #ohttp() {
    const one = Buffer.concat([Buffer.from([9]), KEM, raw(this.#sealing.publicKey), Buffer.from([0, SUITE.length]), SUITE]);
    return Buffer.concat([Buffer.from([0, one.length]), one]);
  }

  /** An order to a device to erase itself. */
  order(device) {
    const protectedHeader = Buffer.from('a201273a0001116f08', 'hex');
    const at = Buffer.alloc(9, 0x1b);
    at.writeBigUInt64BE(BigInt(Date.now()), 1);
    const payload = Buffer.concat([Buffer.from([0xa2]), text('device'), bytes(device), text('at'), at]);
    const covered = Buffer.concat([Buffer.from([0x84]), text('Signature1'), bytes(protectedHeader), bytes(Buffer.alloc(0)), bytes(payload)]);
    const signature = sign(null, covered, this.#signing.privateKey);
    return Buffer.concat([Buffer.from([0x84]), bytes(protectedHeader), Buffer.from([0xa0]), bytes(payload), bytes(signature)]);
  }

  /** The order as a frame of the edge. */
  orderFrame(device) {
    return Buffer.concat([Buffer.from([0xa1]), text('v'), Buffer.from([0xa1]), text('s'), bytes(this.order(device))]);
  }

  /**
   * Its answer to a sealed request, `undefined` to one that is sealed for another record: the order to whoever asks for orders, and
   * to whoever asks anything else that their device has ended.
   */
  answer(sealed, device) {
    const opened = this.#open(sealed);
    if (!opened) return undefined;
    const path = fields(opened.plain.subarray(1))[3].toString();
    this.read.push(path);
    const ordered = Buffer.concat([Buffer.from([0xa1]), text('orders'), Buffer.from([0x81, 0x82]), bytes(device), bytes(this.order(device))]);
    const isForOrders = path === '/device/orders';
    const content = isForOrders ? ordered : Buffer.from(JSON.stringify({ type: 'urn:baton:device-revoked', status: 403 }));
    const response = Buffer.concat([Buffer.from([1]), number(isForOrders ? 200 : 403), number(0), number(content.length), content, number(0)]);
    const nonce = randomBytes(16);
    const derived = extract(Buffer.concat([opened.encapped, nonce]), opened.secret);
    const cipher = createCipheriv('aes-128-gcm', expand(derived, Buffer.from('key'), 16), expand(derived, Buffer.from('nonce'), 12));
    return Buffer.concat([nonce, cipher.update(response), cipher.final(), cipher.getAuthTag()]);
  }

  #open(sealed) {
    const [header, encapped, ciphertext] = [sealed.subarray(0, 7), sealed.subarray(7, 39), sealed.subarray(39)];
    const kem = Buffer.concat([Buffer.from('KEM'), KEM]);
    const suite = Buffer.concat([Buffer.from('HPKE'), KEM, SUITE]);
    const theirs = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: encapped.toString('base64url') }, format: 'jwk' });
    const dh = diffieHellman({ privateKey: createPrivateKey(this.#sealing.privateKey.export({ type: 'pkcs8', format: 'pem' })), publicKey: theirs });
    const both = Buffer.concat([encapped, raw(this.#sealing.publicKey)]);
    const shared = labeledExpand(kem, labeledExtract(kem, '', 'eae_prk', dh), 'shared_secret', both, 32);
    const info = Buffer.concat([Buffer.from('message/bhttp request\0'), header]);
    const context = Buffer.concat([Buffer.from([0]), labeledExtract(suite, '', 'psk_id_hash', ''), labeledExtract(suite, '', 'info_hash', info)]);
    const secret = labeledExtract(suite, shared, 'secret', '');
    const exporter = labeledExpand(suite, secret, 'exp', context, 32);
    const decipher = createDecipheriv('aes-128-gcm', labeledExpand(suite, secret, 'key', context, 16), labeledExpand(suite, secret, 'base_nonce', context, 12));
    decipher.setAuthTag(ciphertext.subarray(-16));
    try {
      const plain = Buffer.concat([decipher.update(ciphertext.subarray(0, -16)), decipher.final()]);
      return { plain, encapped, secret: labeledExpand(suite, exporter, 'sec', Buffer.from('message/bhttp response'), 16) };
    } catch {
      return undefined;
    }
  }
}

function raw(key) {
  return Buffer.from(key.export({ format: 'jwk' }).x, 'base64url');
}

function extract(salt, key) {
  return createHmac('sha256', salt).update(key).digest();
}

/** One block, which is as much as anything here needs. */
function expand(key, info, length) {
  return createHmac('sha256', key).update(info).update(Buffer.from([1])).digest().subarray(0, length);
}

function labeledExtract(suite, salt, label, key) {
  return extract(salt, Buffer.concat([Buffer.from('HPKE-v1'), suite, Buffer.from(label), Buffer.from(key)]));
}

function labeledExpand(suite, key, label, info, length) {
  return expand(key, Buffer.concat([Buffer.from([0, length]), Buffer.from('HPKE-v1'), suite, Buffer.from(label), info]), length);
}

/** A number of binary HTTP (RFC 9000 §16), of less than 16,384. */
function number(value) {
  return value < 64 ? Buffer.from([value]) : Buffer.from([0x40 | (value >> 8), value & 0xff]);
}

/** What comes after its length, one after the other. */
function fields(message) {
  const out = [];
  for (let at = 0; at < message.length; ) {
    const width = 1 << (message[at] >> 6);
    let length = message[at] & 0x3f;
    for (let next = 1; next < width; next++) length = length * 256 + message[at + next];
    out.push(message.subarray(at + width, at + width + length));
    at += width + length;
  }
  return out;
}

function text(value) {
  return Buffer.concat([head(3, value.length), Buffer.from(value)]);
}

/** A byte string in CBOR (RFC 8949). */
export function bytes(value) {
  return Buffer.concat([head(2, value.length), value]);
}

function head(major, length) {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  return length < 256 ? Buffer.from([(major << 5) | 24, length]) : Buffer.from([(major << 5) | 25, length >> 8, length & 0xff]);
}
