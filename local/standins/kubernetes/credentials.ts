/**
 * Credentials from an exec plugin, for example `kubelogin get-token`.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
import { execFile } from "node:child_process";
import type { Values } from "../contract.ts";
import { mapAt, textAt } from "./object.ts";
import type { ExecPlugin, Kubeconfig } from "./kubeconfig.ts";
import type { Credentials } from "./transport.ts";

const TIMEOUT_MS = 60_000;

/**
 * A function that answers with the user's credentials. A plugin runs when they are first needed and again when what it
 * gave has expired; calls meanwhile wait for the same run. A failure is not kept: the user may sign in and try again.
 * The plugin is looked up on the PATH of `environment`, and runs in it.
 */
export function credentialSource(user: Kubeconfig["user"], environment: NodeJS.ProcessEnv = process.env): () => Promise<Credentials> {
  if (!("exec" in user)) return () => Promise.resolve(user);
  let current: Promise<Credentials> | undefined;
  let expires = 0;
  return () => {
    if (current && expires > Date.now()) return current;
    expires = Number.POSITIVE_INFINITY;
    return (current = runPlugin(user.exec, environment).then(
      (given) => {
        expires = given.expires;
        return given.credentials;
      },
      (error: unknown) => {
        current = undefined;
        throw error;
      },
    ));
  };
}

/** @returns `expires` in milliseconds of the clock; infinity where the plugin names no time */
async function runPlugin(plugin: ExecPlugin, environment: NodeJS.ProcessEnv): Promise<{ credentials: Credentials; expires: number }> {
  const { apiVersion, cluster } = plugin;
  const info = { apiVersion, kind: "ExecCredential", spec: { interactive: false, ...(cluster ? { cluster } : {}) } };
  const given = Object.fromEntries(plugin.env.map(({ name, value }) => [name, value]));
  const output = await execute(plugin, { ...environment, ...given, KUBERNETES_EXEC_INFO: JSON.stringify(info) });
  let credential: Values;
  try {
    credential = JSON.parse(output) as Values;
  } catch {
    throw new Error(`kubeconfig: ${plugin.command} did not print an ExecCredential`);
  }
  if (textAt(credential, "apiVersion") !== apiVersion) {
    throw new Error(`kubeconfig: ${plugin.command} answered as ${textAt(credential, "apiVersion") || "no version"}, the kubeconfig asks for ${apiVersion}`);
  }
  const status = mapAt(credential, "status");
  const credentials: Credentials = {
    token: textAt(status, "token") || undefined,
    certPem: textAt(status, "clientCertificateData") || undefined,
    keyPem: textAt(status, "clientKeyData") || undefined,
  };
  if (!credentials.token && !(credentials.certPem && credentials.keyPem)) throw new Error(`kubeconfig: ${plugin.command} gave neither a token nor a certificate with its key`);
  const expiration = textAt(status, "expirationTimestamp");
  return { credentials, expires: expiration === "" ? Number.POSITIVE_INFINITY : Date.parse(expiration) };
}

function execute(plugin: ExecPlugin, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(plugin.command, plugin.args, { env, timeout: TIMEOUT_MS, maxBuffer: 1 << 20 }, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else if (error.code === "ENOENT") reject(new Error(`kubeconfig: the command ${plugin.command} was not found${plugin.installHint ? `: ${plugin.installHint}` : ""}`));
      else reject(new Error(`kubeconfig: ${plugin.command} failed: ${stderr.trim() || error.message}`));
    });
  });
}
