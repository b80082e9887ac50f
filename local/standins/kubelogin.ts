/**
 * The stand-in for kubelogin: the program a kubeconfig of AKS runs for a credential. It checks its arguments as the real
 * one does and answers from a file instead of Microsoft Entra. Only Node's own modules are imported: it runs often.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The credential file, JSON that only the user can read: one of a token, a client certificate (PEM), a program to run. */
export type Credential =
  | { token: string }
  | { clientCertificateData: string; clientKeyData: string }
  | { exec: { command: string; args?: string[]; env?: { name: string; value: string }[] } };

export interface KubeloginOptions {
  /** A folder of the user's own, to be put on the PATH; made when it does not exist. */
  binFolder: string;
  /** Absolute. Read at every call; need not exist yet. */
  credentialFile: string;
}

/** The Microsoft Entra application that every AKS cluster has. */
const AKS_SERVER_ID = "6dae42f8-4368-4678-94ff-3960e28e3630";
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Source: Azure/kubelogin v0.2.19 pkg/internal/token/options.go. Checked 2026-11-20. */
const LOGIN_METHODS = ["devicecode", "interactive", "spn", "ropc", "msi", "azurecli", "azd", "workloadidentity", "azurepipelines", "chained"];
const ENVIRONMENTS = ["AzurePublicCloud", "AzureChinaCloud", "AzureUSGovernmentCloud", "AzureStackCloud"];
const OPTIONS = ["environment", "server-id", "tenant-id", "client-id", "login"];
const API_VERSIONS = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

/** Writes an executable `kubelogin` into `binFolder`, run by the Node that runs this. Replaces an older one in one step. */
export function installKubelogin({ binFolder, credentialFile }: KubeloginOptions): void {
  const quoted = [realpathSync(process.execPath), fileURLToPath(import.meta.url), credentialFile].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  mkdirSync(binFolder, { recursive: true, mode: 0o700 });
  const file = join(binFolder, "kubelogin");
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, `#!/bin/sh\n# kubelogin (stand-in): answers from a file instead of Microsoft Entra.\nexec ${quoted.join(" ")} "$@"\n`);
  chmodSync(temporary, 0o755);
  renameSync(temporary, file);
}

export interface Answer {
  status: number;
  stdout?: string;
  stderr?: string;
}

/** What `kubelogin <args>` answers. */
export function kubelogin(args: string[], environment: NodeJS.ProcessEnv, credentialFile: string): Answer {
  const [command, ...rest] = args;
  if (command === "--version" || command === "version") return { status: 0, stdout: "kubelogin version\nstand-in: answers from a file instead of Microsoft Entra\n" };
  try {
    if (command !== "get-token") throw new Error(`unknown command ${JSON.stringify(command ?? "")}; the stand-in has get-token and --version`);
    checkOptions(optionsOf(rest), environment);
    return answerFrom(credentialFile, apiVersionFrom(environment.KUBERNETES_EXEC_INFO));
  } catch (error) {
    return { status: 1, stderr: `kubelogin (stand-in): ${(error as Error).message}\n` };
  }
}

/** `--name value` and `--name=value`; `-l` and `-t` are short for login and tenant-id. */
function optionsOf(args: string[]): Map<string, string> {
  const short: { readonly [letter: string]: string } = { "-e": "--environment", "-l": "--login", "-t": "--tenant-id" };
  const options = new Map<string, string>();
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? "";
    const match = /^--([a-z-]+)(?:=(.*))?$/s.exec(short[word] ?? word);
    const name = match?.[1];
    if (name === undefined || !OPTIONS.includes(name)) throw new Error(`unknown option ${word}; get-token takes ${OPTIONS.map((option) => `--${option}`).join(", ")}`);
    const value = match?.[2] ?? args[++index];
    if (value === undefined) throw new Error(`--${name} needs a value`);
    options.set(name, value);
  }
  return options;
}

function checkOptions(options: Map<string, string>, environment: NodeJS.ProcessEnv): void {
  const cloud = options.get("environment") ?? "AzurePublicCloud";
  if (!ENVIRONMENTS.includes(cloud)) throw new Error(`--environment ${cloud} is not one of ${ENVIRONMENTS.join(", ")}`);
  if (options.get("server-id") !== AKS_SERVER_ID) throw new Error(`--server-id must be ${AKS_SERVER_ID}, the application of every AKS cluster, not ${options.get("server-id") ?? "absent"}`);
  // As in the real one, the environment rules over the command line.
  const login = environment.AAD_LOGIN_METHOD ?? options.get("login") ?? "devicecode";
  if (!LOGIN_METHODS.includes(login)) throw new Error(`'${login}' is not a supported login method. Supported methods are ${LOGIN_METHODS.join(", ")}`);
  const tenant = environment.AZURE_TENANT_ID ?? options.get("tenant-id");
  if (tenant === undefined || !GUID.test(tenant)) throw new Error(`--tenant-id must be a GUID, not ${tenant ?? "absent"}`);
}

/** The version of the answer that the client asks for; without a question `v1beta1`, as the real one. */
function apiVersionFrom(information: string | undefined): string {
  if (information === undefined || information === "") return API_VERSIONS[1] ?? "";
  const asked = (JSON.parse(information) as { apiVersion?: unknown }).apiVersion;
  if (typeof asked !== "string" || !API_VERSIONS.includes(asked)) throw new Error(`KUBERNETES_EXEC_INFO asks for ${JSON.stringify(asked)}; known are ${API_VERSIONS.join(" and ")}`);
  return asked;
}

function answerFrom(credentialFile: string, apiVersion: string): Answer {
  const credential = readCredential(credentialFile);
  if ("exec" in credential) return run(credential.exec);
  return { status: 0, stdout: `${JSON.stringify({ apiVersion, kind: "ExecCredential", spec: { interactive: false }, status: credential })}\n` };
}

function readCredential(file: string): Credential {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new Error(`the credential file ${file} cannot be read; start the local platform first`);
  }
  const value = JSON.parse(text) as Record<string, unknown>;
  const isComplete = typeof value.token === "string" || (typeof value.clientCertificateData === "string" && typeof value.clientKeyData === "string")
    || typeof (value.exec as { command?: unknown } | undefined)?.command === "string";
  if (!isComplete) throw new Error(`the credential file ${file} must hold token, clientCertificateData and clientKeyData, or exec`);
  return value as Credential;
}

/** Another program gives the credential, in the version that it was itself asked for. */
function run({ command, args = [], env = [] }: { command: string; args?: string[]; env?: { name: string; value: string }[] }): Answer {
  const extra = Object.fromEntries(env.map(({ name, value }) => [name, value]));
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", env: { ...process.env, ...extra }, stdio: ["inherit", "pipe", "pipe"] });
  if (error) throw new Error(`${command} cannot be run: ${error.message}`);
  return { status: status ?? 1, stdout, stderr };
}

if (import.meta.main) {
  const [credentialFile = "", ...args] = process.argv.slice(2);
  const { status, stdout = "", stderr = "" } = kubelogin(args, process.env, credentialFile);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = status;
}
