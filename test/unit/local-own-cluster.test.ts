import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, test } from "node:test";
import { stringify } from "yaml";
import { parse } from "yaml";
import { kubeconfigText } from "../../local/kubeconfig.ts";
import { readContext } from "../../local/own-cluster.ts";

const folder = mkdtempSync(join(tmpdir(), "mooring-kubeconfig-"));
after(() => rmSync(folder, { recursive: true }));
const base64 = (text: string): string => Buffer.from(text).toString("base64");

function write(name: string, user: object, cluster: object = {}): NodeJS.ProcessEnv {
  const file = join(folder, name);
  writeFileSync(file, stringify({
    contexts: [{ name, context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server: "https://192.0.2.1:6443", "certificate-authority-data": base64("CA"), ...cluster } }],
    users: [{ name: "u", user }],
  }));
  return { KUBECONFIG: file };
}

test("each way to log in is passed on as it is", () => {
  mkdirSync(join(folder, "pki"));
  for (const [name, content] of [["ca.crt", "CA of a file"], ["me.crt", "certificate"], ["me.key", "key"], ["token", "from a file\n"]] as const) {
    writeFileSync(join(folder, "pki", name), content);
  }
  const address = { server: "https://192.0.2.1:6443", caPem: "CA" };
  assert.deepEqual(readContext("token", write("token", { token: "t" })), { ...address, credential: { token: "t" } });
  assert.deepEqual(readContext("token-file", write("token-file", { tokenFile: "pki/token" })), { ...address, credential: { token: "from a file" } });
  assert.deepEqual(
    readContext("data", write("data", { "client-certificate-data": base64("certificate"), "client-key-data": base64("key") })),
    { ...address, credential: { clientCertificateData: "certificate", clientKeyData: "key" } });
  assert.deepEqual(
    readContext("files", write("files", { "client-certificate": "pki/me.crt", "client-key": "pki/me.key" }, { "certificate-authority-data": undefined, "certificate-authority": "pki/ca.crt" })),
    { ...address, caPem: "CA of a file", credential: { clientCertificateData: "certificate", clientKeyData: "key" } });
  assert.deepEqual(
    readContext("exec", write("exec", { exec: { command: "./login", args: ["--now", 1], env: [{ name: "A", value: "b" }] } })),
    { ...address, credential: { exec: { command: join(folder, "login"), args: ["--now", "1"], env: [{ name: "A", value: "b" }] } } });
});

test("an unknown context is answered with those there are, in one line", () => {
  const first = write("k3d-dev", { token: "t" }).KUBECONFIG;
  const second = write("kind-test", { token: "t" }).KUBECONFIG;
  const both = { KUBECONFIG: [join(folder, "missing"), first, second].join(delimiter) };
  assert.throws(() => readContext("k3d", both), { message: `There is no context k3d in ${both.KUBECONFIG.replaceAll(delimiter, ", ")}; there are k3d-dev, kind-test.` });
  assert.equal(readContext("kind-test", both).server, "https://192.0.2.1:6443");
});

test("what cannot be passed on is refused with its reason", () => {
  const refused: [object, object, RegExp][] = [
    [{ username: "u", password: "p" }, {}, /no token, no client certificate/],
    [{ token: "t" }, { "insecure-skip-tls-verify": true }, /insecure-skip-tls-verify/],
    [{ token: "t" }, { "certificate-authority-data": undefined }, /no certificate-authority/],
    [{ token: "t" }, { server: undefined }, /no server/],
    [{ tokenFile: "nowhere" }, {}, /names .*nowhere, which cannot be read/],
  ];
  for (const [user, cluster, says] of refused) assert.throws(() => readContext("refused", write("refused", user, cluster)), says);
  assert.throws(() => readContext("x", { KUBECONFIG: join(folder, "nothing") }), /There is no kubeconfig at .*nothing; set KUBECONFIG/);
  writeFileSync(join(folder, "broken"), "a: [");
  assert.throws(() => readContext("x", { KUBECONFIG: join(folder, "broken") }), /is not YAML/);
});

test("the kubeconfig for people leads to the server it is made for", () => {
  const config: unknown = parse(kubeconfigText({ name: "n", server: "https://127.0.0.1:1", caPem: "CA", user: { name: "me", token: "123" } }));
  assert.deepEqual(config, {
    apiVersion: "v1", kind: "Config",
    clusters: [{ name: "n", cluster: { server: "https://127.0.0.1:1", "certificate-authority-data": base64("CA") } }],
    users: [{ name: "me", user: { token: "123" } }],
    contexts: [{ name: "n", context: { cluster: "n", user: "me" } }],
    "current-context": "n",
  });
});
