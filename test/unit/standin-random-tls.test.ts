import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { UNKNOWN, type StandIn, type Values } from "../../local/standins/contract.ts";
import { randomStandIn } from "../../local/standins/random.ts";
import { tlsStandIn } from "../../local/standins/tls.ts";

const randomString = "random:index/randomString:RandomString";
const randomPassword = "random:index/randomPassword:RandomPassword";
const privateKey = "tls:index/privateKey:PrivateKey";

const request = (type: string) => ({ urn: `urn:pulumi:s::p::${type}::x`, type, name: "x", connection: "c" });

async function check(standIn: StandIn, type: string, news: Values) {
  return standIn.check({ ...request(type), news, randomSeed: new Uint8Array() });
}

async function create(standIn: StandIn, type: string, news: Values, preview = false) {
  const { inputs, failures } = await check(standIn, type, news);
  assert.deepEqual(failures, []);
  return standIn.create({ ...request(type), inputs, preview });
}

async function reasons(standIn: StandIn, type: string, news: Values): Promise<string[]> {
  return ((await check(standIn, type, news)).failures ?? []).map(({ property, reason }) => `${property}: ${reason}`);
}

test("a random string has its length, its minimums, and only allowed characters", async () => {
  for (let round = 0; round < 50; round++) {
    const { id, outputs } = await create(randomStandIn(), randomString, { length: 12, lower: false, special: false, minNumeric: 3, overrideSpecial: "!", minSpecial: 2 });
    const result = String(outputs.result);
    assert.equal(id, result);
    assert.match(result, /^[A-Z0-9!]{12}$/);
    assert.ok(result.replace(/\D/g, "").length >= 3, result);
    assert.equal(result.replace(/[^!]/g, "").length, 2, "special characters come from the minimum alone");
  }
});

test("two strings differ, and a password's id is not the password", async () => {
  const [one, two] = await Promise.all([1, 2].map(() => create(randomStandIn(), randomPassword, { length: 24 })));
  assert.notEqual(one!.outputs.result, two!.outputs.result);
  assert.equal(one!.id, "none");
});

test("what the real provider refuses is refused", async () => {
  const random = randomStandIn();
  assert.deepEqual(await reasons(random, randomString, {}), ["length: length is required"]);
  assert.deepEqual(await reasons(random, randomString, { length: 4, minUpper: 3, minNumeric: 2 }), ["length: length is 4, but minUpper, minLower, minNumeric and minSpecial add up to 5"]);
  assert.match((await reasons(random, randomString, { length: 4, upper: false, lower: false, numeric: false, special: false })).join(), /at least one of/);
  assert.deepEqual(await reasons(random, randomString, { length: 4, lenght: 5 }), [`lenght: ${randomString} has no input "lenght"`]);
  assert.deepEqual(await reasons(random, randomString, { length: UNKNOWN }), [], "a length that is not known yet is not judged");
  await assert.rejects(create(random, "random:index/randomShuffle:RandomShuffle", {}), /not in the stand-in/);
});

test("every input is create-only, and a preview does not claim to know the result", async () => {
  const random = randomStandIn();
  const { inputs } = await check(random, randomString, { length: 8, keepers: { rotation: "1" } });
  const diff = await random.diff({ ...request(randomString), id: "x", oldInputs: inputs, oldOutputs: {}, news: { ...inputs, keepers: { rotation: "2" } }, ignoreChanges: [] });
  assert.deepEqual(diff, { changes: ["keepers.rotation"], replaces: ["keepers.rotation"] });
  const preview = await create(random, randomString, { length: 8 }, true);
  assert.equal(preview.id, "");
  assert.equal(preview.outputs.result, UNKNOWN);
  assert.equal(preview.outputs.length, 8);
});

test("uuids, ids and pets have their shapes", async () => {
  const random = randomStandIn();
  assert.match(String((await create(random, "random:index/randomUuid:RandomUuid", {})).outputs.result), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const { id, outputs } = await create(random, "random:index/randomId:RandomId", { byteLength: 4, prefix: "p-" });
  assert.equal(outputs.hex, `p-${Buffer.from(id, "base64url").toString("hex")}`);
  assert.equal(outputs.dec, `p-${Buffer.from(id, "base64url").readUInt32BE()}`);
  assert.match((await create(random, "random:index/randomPet:RandomPet", { length: 3, separator: "_", prefix: "a" })).id, /^a(_[a-z]+){3}$/);
});

const keys: { name: string; inputs: Values; pem: string }[] = [
  { name: "ED25519", inputs: { algorithm: "ED25519" }, pem: "PRIVATE KEY" },
  { name: "RSA 2048", inputs: { algorithm: "RSA" }, pem: "RSA PRIVATE KEY" },
  { name: "ECDSA P256", inputs: { algorithm: "ECDSA", ecdsaCurve: "P256" }, pem: "EC PRIVATE KEY" },
  { name: "ECDSA P521", inputs: { algorithm: "ECDSA", ecdsaCurve: "P521" }, pem: "EC PRIVATE KEY" },
];

for (const { name, inputs, pem } of keys) {
  test(`${name}: all forms hold one key`, async () => {
    const { id, outputs } = await create(tlsStandIn(), privateKey, inputs);
    assert.match(id, /^[0-9a-f]{40}$/);
    assert.ok(String(outputs.privateKeyPem).startsWith(`-----BEGIN ${pem}-----\n`));
    for (const form of [outputs.privateKeyPem, outputs.privateKeyPemPkcs8]) {
      assert.equal(createPublicKey(createPrivateKey(String(form))).export({ type: "spki", format: "pem" }), outputs.publicKeyPem);
    }
  });

  test(`${name}: OpenSSH reads the private key and finds the same public key and fingerprints`, { skip: hasSshKeygen() ? false : "ssh-keygen is not on this machine" }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "standin-tls-"));
    try {
      // Several keys: the length of an integer with a leading zero differs from key to key.
      for (let round = 0; round < 4; round++) {
        const { outputs } = await create(tlsStandIn(), privateKey, inputs);
        const file = join(folder, `key-${round}`);
        writeFileSync(file, String(outputs.privateKeyOpenssh), { mode: 0o600 });
        assert.equal(execFileSync("ssh-keygen", ["-y", "-f", file], { encoding: "utf8" }).trim(), String(outputs.publicKeyOpenssh).trim());
        assert.equal(execFileSync("ssh-keygen", ["-l", "-f", file], { encoding: "utf8" }).split(" ")[1], outputs.publicKeyFingerprintSha256);
        assert.equal(execFileSync("ssh-keygen", ["-l", "-E", "md5", "-f", file], { encoding: "utf8" }).split(" ")[1], `MD5:${String(outputs.publicKeyFingerprintMd5)}`);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

test("P224, which OpenSSH does not know, has no OpenSSH forms", async () => {
  const { outputs } = await create(tlsStandIn(), privateKey, { algorithm: "ECDSA" });
  assert.equal(outputs.ecdsaCurve, "P224");
  assert.equal(outputs.privateKeyOpenssh, "");
  assert.match(String(outputs.publicKeyPem), /BEGIN PUBLIC KEY/);
});

test("an algorithm that does not exist is refused", async () => {
  assert.deepEqual(await reasons(tlsStandIn(), privateKey, { algorithm: "ed25519" }), ['algorithm: algorithm must be one of ED25519, RSA, ECDSA, not "ed25519"']);
});

function hasSshKeygen(): boolean {
  try {
    execFileSync("ssh-keygen", ["-?"], { stdio: "ignore" });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ENOENT";
  }
}
