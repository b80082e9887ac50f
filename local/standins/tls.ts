/**
 * The stand-in for the `tls` provider: PrivateKey with ED25519, RSA and ECDSA. It holds real keys from Node's crypto,
 * in the formats and with the defaults of the real provider.
 */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { UNKNOWN, type StandIn, type Values } from "./contract.ts";
import { createOnlyStandIn, type CreateOnlyType } from "./create-only.ts";
import { fingerprintMd5, fingerprintSha256, privateFile, publicLine, sshKey } from "./tls/openssh.ts";

export function tlsStandIn(): StandIn {
  return createOnlyStandIn("tls", "5.6.1", { "tls:index/privateKey:PrivateKey": privateKey });
}

const algorithms = ["ED25519", "RSA", "ECDSA"];
const curves: { [curve: string]: string } = { P224: "secp224r1", P256: "prime256v1", P384: "secp384r1", P521: "secp521r1" };

const privateKey: CreateOnlyType = {
  inputs: { algorithm: undefined, rsaBits: 2048, ecdsaCurve: "P224" },
  outputs: ["privateKeyPem", "privateKeyPemPkcs8", "privateKeyOpenssh", "publicKeyPem", "publicKeyOpenssh", "publicKeyFingerprintMd5", "publicKeyFingerprintSha256"],
  mistakes({ algorithm, rsaBits, ecdsaCurve }) {
    const mistakes: { property: string; reason: string }[] = [];
    if (algorithm !== UNKNOWN && !algorithms.includes(String(algorithm))) {
      mistakes.push({ property: "algorithm", reason: `algorithm must be one of ${algorithms.join(", ")}${algorithm === undefined ? "" : `, not ${JSON.stringify(algorithm)}`}` });
    }
    if (ecdsaCurve !== UNKNOWN && !(String(ecdsaCurve) in curves)) {
      mistakes.push({ property: "ecdsaCurve", reason: `ecdsaCurve must be one of ${Object.keys(curves).join(", ")}, not ${JSON.stringify(ecdsaCurve)}` });
    }
    // OpenSSL makes no shorter key.
    if (rsaBits !== UNKNOWN && !(typeof rsaBits === "number" && Number.isInteger(rsaBits) && rsaBits >= 512)) {
      mistakes.push({ property: "rsaBits", reason: `rsaBits must be a whole number of at least 512, not ${JSON.stringify(rsaBits)}` });
    }
    return mistakes;
  },
  generate: (inputs) => describeKey(generateKey(inputs)),
};

function generateKey({ algorithm, rsaBits, ecdsaCurve }: Values): KeyObject {
  if (algorithm === "RSA") return generateKeyPairSync("rsa", { modulusLength: Number(rsaBits) }).privateKey;
  if (algorithm === "ECDSA") return generateKeyPairSync("ec", { namedCurve: curves[String(ecdsaCurve)]! }).privateKey;
  return generateKeyPairSync("ed25519").privateKey;
}

/**
 * The outputs for a private key. The id is the SHA-1 of the public key in DER form. OpenSSH does not know P-224:
 * its OpenSSH outputs are empty then.
 */
export function describeKey(key: KeyObject): { id: string; outputs: Values } {
  const publicKey = createPublicKey(key);
  const pkcs8 = key.export({ type: "pkcs8", format: "pem" }) as string;
  const forms = { rsa: "pkcs1", ec: "sec1", ed25519: "pkcs8" } as const;
  const form = forms[key.asymmetricKeyType as keyof typeof forms];
  const ssh = sshKey(key);
  return {
    id: createHash("sha1").update(publicKey.export({ type: "spki", format: "der" })).digest("hex"),
    outputs: {
      privateKeyPem: key.export({ type: form, format: "pem" }) as string,
      privateKeyPemPkcs8: pkcs8,
      privateKeyOpenssh: ssh ? privateFile(ssh) : "",
      publicKeyPem: publicKey.export({ type: "spki", format: "pem" }) as string,
      publicKeyOpenssh: ssh ? publicLine(ssh) : "",
      publicKeyFingerprintMd5: ssh ? fingerprintMd5(ssh) : "",
      publicKeyFingerprintSha256: ssh ? fingerprintSha256(ssh) : "",
    },
  };
}
