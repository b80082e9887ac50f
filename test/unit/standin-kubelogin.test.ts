/** The stand-in for kubelogin, run as a client runs it: as a program on the PATH. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { installKubelogin, kubelogin } from "../../local/standins/kubelogin.ts";
import { scratch } from "./standin-driver.ts";

const tenant = "99999999-2222-4333-8444-555555555555";
const serverId = "6dae42f8-4368-4678-94ff-3960e28e3630";
const args = ["get-token", "--environment", "AzurePublicCloud", "--server-id", serverId, "--tenant-id", tenant, "--login", "azurecli"];

function credentialFile(context: TestContext, credential: object): string {
  const file = join(scratch(context), "credential.json");
  writeFileSync(file, JSON.stringify(credential), { mode: 0o600 });
  return file;
}

const info = (version: string): Record<string, string> => ({ KUBERNETES_EXEC_INFO: JSON.stringify({ apiVersion: `client.authentication.k8s.io/${version}`, kind: "ExecCredential", spec: { interactive: false } }) });

test("the installed program answers with the file's token, in the version it was asked for", (context) => {
  const binFolder = join(scratch(context), "it's a folder");
  const file = credentialFile(context, { token: "abc" });
  installKubelogin({ binFolder, credentialFile: file });
  installKubelogin({ binFolder, credentialFile: file });
  assert.equal(statSync(join(binFolder, "kubelogin")).mode & 0o777, 0o755);
  const answer = (extra: Record<string, string>): unknown => JSON.parse(execFileSync("kubelogin", args, { encoding: "utf8", env: { PATH: `${binFolder}:/usr/bin:/bin`, ...extra } }));
  assert.deepEqual(answer(info("v1")), { apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", spec: { interactive: false }, status: { token: "abc" } });
  assert.deepEqual(answer({}), { apiVersion: "client.authentication.k8s.io/v1beta1", kind: "ExecCredential", spec: { interactive: false }, status: { token: "abc" } });
  assert.match(execFileSync(join(binFolder, "kubelogin"), ["--version"], { encoding: "utf8" }), /stand-in/);
  const refused = spawnSync(join(binFolder, "kubelogin"), ["get-token"], { encoding: "utf8" });
  assert.equal(refused.status, 1);
  assert.equal(refused.stdout, "");
  assert.match(refused.stderr, /^kubelogin \(stand-in\): --server-id must be .*absent\n$/);
});

test("arguments that the real one refuses are refused", (context) => {
  const file = credentialFile(context, { token: "abc" });
  const changed = (option: string, value: string): string[] => args.map((word, index) => (args[index - 1] === option ? value : word));
  const refused = (words: string[], message: RegExp, environment: Record<string, string> = {}): void => {
    const { status, stderr, stdout } = kubelogin(words, environment, file);
    assert.deepEqual([status, stdout], [1, undefined], words.join(" "));
    assert.match(stderr ?? "", message);
  };
  refused(changed("--server-id", tenant), /--server-id must be 6dae42f8/);
  refused(changed("--tenant-id", "contoso"), /--tenant-id must be a GUID, not contoso/);
  refused(changed("--login", "azcli"), /'azcli' is not a supported login method/);
  refused(changed("--environment", "Public"), /--environment Public is not one of/);
  refused([...args, "--pop"], /unknown option --pop/);
  refused([...args, "--client-id"], /--client-id needs a value/);
  refused(["convert-kubeconfig"], /unknown command "convert-kubeconfig"/);
  refused(args, /'azcli' is not a supported/, { AAD_LOGIN_METHOD: "azcli" });
  refused(args, /KUBERNETES_EXEC_INFO asks for/, info("v1alpha1"));
  assert.equal(kubelogin(changed("--login", "nonsense"), { AAD_LOGIN_METHOD: "workloadidentity" }, file).status, 0);
  assert.equal(kubelogin(["get-token", `--server-id=${serverId}`, "-t", tenant, "-l", "spn"], {}, file).status, 0);
});

test("a client certificate is passed on, and another program's answer too", (context) => {
  const certificate = { clientCertificateData: "-----BEGIN CERTIFICATE-----\n", clientKeyData: "-----BEGIN PRIVATE KEY-----\n" };
  const { stdout = "" } = kubelogin(args, {}, credentialFile(context, certificate));
  assert.deepEqual((JSON.parse(stdout) as { status: unknown }).status, certificate);
  const exec = { exec: { command: "/bin/sh", args: ["-c", "printf %s \"$ANSWER\"; exit $CODE"], env: [{ name: "ANSWER", value: "given" }, { name: "CODE", value: "3" }] } };
  assert.deepEqual(kubelogin(args, {}, credentialFile(context, exec)), { status: 3, stdout: "given", stderr: "" });
  assert.match(kubelogin(args, {}, credentialFile(context, { exec: { command: "/does/not/exist" } })).stderr ?? "", /cannot be run/);
});

test("a credential file that is missing or of another form is named", (context) => {
  assert.match(kubelogin(args, {}, join(scratch(context), "none.json")).stderr ?? "", /none\.json cannot be read; start the local platform first/);
  assert.match(kubelogin(args, {}, credentialFile(context, { password: "x" })).stderr ?? "", /must hold token, clientCertificateData and clientKeyData, or exec/);
});
