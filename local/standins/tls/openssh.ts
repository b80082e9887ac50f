/**
 * Keys in OpenSSH's formats.
 * Source: RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4 for public keys; `PROTOCOL.key` of OpenSSH for private keys.
 */
import { createHash, randomBytes, type KeyObject } from "node:crypto";

const curves: { [curve: string]: string } = { "P-256": "nistp256", "P-384": "nistp384", "P-521": "nistp521" };

interface SshKey {
  type: string;
  /** The public key as SSH sends it. */
  publicBlob: Buffer;
  /** The private fields that follow the type in a private key file. */
  privateFields: Buffer;
}

/** What OpenSSH calls the parts of a key; `undefined` for a key it does not know (ECDSA P-224). */
export function sshKey(privateKey: KeyObject): SshKey | undefined {
  if (privateKey.asymmetricKeyType === "ed25519") {
    const jwk = privateKey.export({ format: "jwk" });
    const publicKey = bytes(jwk.x);
    const type = "ssh-ed25519";
    return { type, publicBlob: fields(type, publicKey), privateFields: fields(publicKey, Buffer.concat([bytes(jwk.d), publicKey])) };
  }
  if (privateKey.asymmetricKeyType === "rsa") {
    const jwk = privateKey.export({ format: "jwk" });
    const type = "ssh-rsa";
    const [modulus, exponent] = [integer(jwk.n), integer(jwk.e)];
    return { type, publicBlob: fields(type, exponent, modulus), privateFields: fields(modulus, exponent, integer(jwk.d), integer(jwk.qi), integer(jwk.p), integer(jwk.q)) };
  }
  if (privateKey.asymmetricKeyDetails?.namedCurve === "secp224r1") return undefined;
  const jwk = privateKey.export({ format: "jwk" });
  const curve = curves[jwk.crv ?? ""];
  if (curve === undefined) return undefined;
  const type = `ecdsa-sha2-${curve}`;
  const point = Buffer.concat([Buffer.from([4]), bytes(jwk.x), bytes(jwk.y)]);
  return { type, publicBlob: fields(type, curve, point), privateFields: fields(curve, point, integer(jwk.d)) };
}

/** The line of an `authorized_keys` file, without a comment, with its line end. */
export function publicLine(key: SshKey): string {
  return `${key.type} ${key.publicBlob.toString("base64")}\n`;
}

/** An unencrypted private key file. */
export function privateFile(key: SshKey): string {
  const check = randomBytes(4);
  const secret = Buffer.concat([check, check, fields(key.type), key.privateFields, fields("")]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, index) => index + 1));
  const whole = Buffer.concat([Buffer.from("openssh-key-v1\0"), fields("none", "none", ""), uint32(1), fields(key.publicBlob, Buffer.concat([secret, padding]))]);
  const lines = whole.toString("base64").match(/.{1,70}/g) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join("\n")}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

export function fingerprintMd5(key: SshKey): string {
  return createHash("md5").update(key.publicBlob).digest("hex").replace(/..(?=.)/g, "$&:");
}

export function fingerprintSha256(key: SshKey): string {
  return `SHA256:${createHash("sha256").update(key.publicBlob).digest("base64").replaceAll("=", "")}`;
}

function bytes(base64url: string | undefined): Buffer {
  return Buffer.from(base64url ?? "", "base64url");
}

/** A positive integer: no leading zeros, but one zero byte where the first bit would read as a sign. */
function integer(base64url: string | undefined): Buffer {
  const raw = bytes(base64url);
  const start = raw.findIndex((byte) => byte !== 0);
  const value = raw.subarray(start);
  return value[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), value]) : value;
}

function fields(...values: (string | Buffer)[]): Buffer {
  return Buffer.concat(
    values.flatMap((value) => {
      const content = typeof value === "string" ? Buffer.from(value) : value;
      return [uint32(content.length), content];
    }),
  );
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}
