/** Reading a kubeconfig. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Value, Values } from "../contract.ts";
import { isValues, mapAt, textAt } from "./object.ts";
import type { Credentials, ServerAddress } from "./transport.ts";

export interface ExecPlugin {
  apiVersion: string;
  command: string;
  args: string[];
  env: { name: string; value: string }[];
  /** What to tell a user who does not have the command. */
  installHint?: string;
  /** The cluster, where the plugin asks for it (`provideClusterInfo`). */
  cluster?: Values;
}

export interface Kubeconfig {
  address: ServerAddress;
  /** The context's namespace; `default` where it names none. */
  namespace: string;
  user: Credentials | { exec: ExecPlugin };
}

/**
 * The cluster and user of a context.
 *
 * @param text JSON or YAML
 * @param contextName the current context by default
 * @throws Error one line that names the missing or unsupported part
 */
export function parseKubeconfig(text: string, contextName?: string): Kubeconfig {
  const config = parseText(text);
  const name = contextName ?? textAt(config, "current-context");
  if (name === "") throw new Error("kubeconfig: current-context is not set");
  const context = member(config, "contexts", "context", name);
  const cluster = member(config, "clusters", "cluster", textAt(context, "cluster"));
  const user = member(config, "users", "user", textAt(context, "user"));
  return { address: addressOf(cluster), namespace: textAt(context, "namespace") || "default", user: userOf(user, cluster) };
}

function parseText(text: string): Values {
  let config: unknown;
  try {
    config = parse(text);
  } catch (error) {
    throw new Error(`kubeconfig: it is neither YAML nor JSON: ${(error as Error).message.split("\n")[0]}`, { cause: error });
  }
  if (!isValues(config as Value)) throw new Error("kubeconfig: it must be the text of a kubeconfig, not a path");
  return config as Values;
}

function member(config: Values, list: string, key: string, name: string): Values {
  const entries = Array.isArray(config[list]) ? config[list] : [];
  const found = entries.filter(isValues).find((entry) => textAt(entry, "name") === name);
  if (!found) throw new Error(`kubeconfig: ${list} has no "${name}"`);
  return mapAt(found, key);
}

function addressOf(cluster: Values): ServerAddress {
  if (cluster["insecure-skip-tls-verify"] === true) throw new Error("kubeconfig: insecure-skip-tls-verify is not supported; give certificate-authority-data");
  const server = textAt(cluster, "server");
  if (server === "") throw new Error("kubeconfig: the cluster has no server");
  return { server, caPem: pem(cluster, "certificate-authority"), tlsServerName: textAt(cluster, "tls-server-name") || undefined };
}

function userOf(user: Values, cluster: Values): Kubeconfig["user"] {
  const exec = user.exec;
  if (isValues(exec)) {
    const env = Array.isArray(exec.env) ? exec.env.filter(isValues) : [];
    return {
      exec: {
        apiVersion: textAt(exec, "apiVersion") || "client.authentication.k8s.io/v1",
        command: textAt(exec, "command"),
        args: Array.isArray(exec.args) ? exec.args.map(String) : [],
        env: env.map((variable) => ({ name: textAt(variable, "name"), value: textAt(variable, "value") })),
        installHint: textAt(exec, "installHint") || undefined,
        cluster: exec.provideClusterInfo === true ? cluster : undefined,
      },
    };
  }
  if (user["auth-provider"] !== undefined) throw new Error("kubeconfig: auth-provider is no longer part of Kubernetes; use exec");
  const token = textAt(user, "token") || (textAt(user, "tokenFile") && readFileSync(textAt(user, "tokenFile"), "utf8").trim());
  return { token: token || undefined, certPem: pem(user, "client-certificate"), keyPem: pem(user, "client-key") };
}

/** A PEM text from `<key>-data` (base64) or from the file that `<key>` names. */
function pem(values: Values, key: string): string | undefined {
  const data = textAt(values, `${key}-data`);
  if (data !== "") return Buffer.from(data, "base64").toString("utf8");
  const file = textAt(values, key);
  return file === "" ? undefined : readFileSync(file, "utf8");
}
