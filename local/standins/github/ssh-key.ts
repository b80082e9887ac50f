/** Public keys of SSH, as GitHub takes them. Formats: RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4. */

/** The three parts of a line that are compared: what follows the data is a comment. */
export interface PublicKey {
  type: string;
  /** Base64. */
  data: string;
}

const ED25519_BYTES = 32;
const RSA_BITS = 2048;
const curves: { readonly [type: string]: string } = { "ecdsa-sha2-nistp256": "nistp256", "ecdsa-sha2-nistp384": "nistp384", "ecdsa-sha2-nistp521": "nistp521" };

/** The key in `line`, `ssh-ed25519 AAAA… comment`; throws, as GitHub answers, when it is none that may be used. */
export function publicKeyOf(line: string): PublicKey {
  const [type = "", data = ""] = line.trim().split(/\s+/);
  if (line.trim().includes("\n") || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) throw invalidKey();
  const [name, first, second, ...rest] = parts(Buffer.from(data, "base64"));
  if (name?.toString() !== type || first === undefined || rest.length > 0) throw invalidKey();
  if (type === "ssh-ed25519" && second === undefined && first.length === ED25519_BYTES) return { type, data };
  if (type === "ssh-rsa" && second !== undefined) {
    if (bits(second) < RSA_BITS) throw new Error(`422 Validation Failed: key is too short; an RSA key needs at least ${RSA_BITS} bits`);
    return { type, data };
  }
  if (curves[type] !== undefined && first.toString() === curves[type] && second?.[0] === 4) return { type, data };
  throw invalidKey();
}

function invalidKey(): Error {
  return new Error("422 Validation Failed: key is invalid. You must supply a key in OpenSSH public key format");
}

/** The length-prefixed parts; none when the lengths do not add up. */
function parts(blob: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < blob.length;) {
    const end = at + 4 <= blob.length ? at + 4 + blob.readUInt32BE(at) : Infinity;
    if (end > blob.length) return [];
    found.push(blob.subarray(at + 4, end));
    at = end;
  }
  return found;
}

function bits(number: Buffer): number {
  return BigInt(`0x${number.toString("hex") || "0"}`).toString(2).length;
}
