/** A cluster of the user's own: how it is reached, read from their kubeconfig. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { readIfThere } from "./private-files.ts";
import { Problem, reasonOf } from "./problem.ts";
import type { Credential } from "./standins/kubelogin.ts";

export interface OwnCluster {
  server: string;
  /** PEM. */
  caPem: string;
  credential: Credential;
}

interface Entry {
  name: string;
  value: Record<string, unknown>;
  /** The folder of the file, which relative paths in it count from. */
  folder: string;
}

interface Merged {
  files: string[];
  contexts: Entry[];
  clusters: Entry[];
  users: Entry[];
}

/**
 * What the context `name` leads to. `KUBECONFIG` may list several files; of entries of one name the first counts, as
 * for kubectl. Throws a Problem, for an unknown context with the list of those there are.
 */
export function readContext(name: string, environment: NodeJS.ProcessEnv = process.env): OwnCluster {
  const merged = readAll(environment);
  const context = merged.contexts.find((entry) => entry.name === name);
  if (context === undefined) {
    const known = merged.contexts.map((entry) => entry.name);
    const where = merged.files.join(", ");
    throw new Problem(known.length === 0 ? `There is no context in ${where}.` : `There is no context ${name} in ${where}; there are ${known.join(", ")}.`);
  }
  const cluster = find(merged.clusters, textOf(context.value.cluster), `cluster of context ${name}`);
  const user = find(merged.users, textOf(context.value.user), `user of context ${name}`);
  return { ...addressOf(cluster), credential: credentialOf(user) };
}

function readAll(environment: NodeJS.ProcessEnv): Merged {
  const listed = (environment.KUBECONFIG ?? "").split(delimiter).filter((file) => file !== "");
  const files = listed.length > 0 ? listed : [join(homedir(), ".kube", "config")];
  const merged: Merged = { files, contexts: [], clusters: [], users: [] };
  let found = false;
  for (const file of files) {
    const text = readIfThere(file);
    if (text === undefined) continue;
    found = true;
    let content: unknown;
    try {
      content = parse(text);
    } catch (error) {
      throw new Problem(`${file} is not YAML: ${reasonOf(error).split("\n")[0]}`);
    }
    for (const [list, inner] of [["contexts", "context"], ["clusters", "cluster"], ["users", "user"]] as const) {
      merged[list].push(...entriesOf(content, list, inner, dirname(resolve(file))));
    }
  }
  if (!found) throw new Problem(`There is no kubeconfig at ${files.join(" or ")}; set KUBECONFIG to yours.`);
  return merged;
}

function entriesOf(content: unknown, list: string, inner: string, folder: string): Entry[] {
  const entries = isMap(content) ? content[list] : undefined;
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown): Entry[] =>
    isMap(entry) && typeof entry.name === "string" ? [{ name: entry.name, value: isMap(entry[inner]) ? entry[inner] : {}, folder }] : []);
}

function find(entries: Entry[], name: string | undefined, what: string): Entry {
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry === undefined) throw new Problem(`The kubeconfig does not have the ${what}${name === undefined ? "" : ` (${name})`}.`);
  return entry;
}

/** The kubeconfig that AKS hands out has a server and an authority, and so has the one that the program makes from it. */
function addressOf({ name, value, folder }: Entry): { server: string; caPem: string } {
  const server = textOf(value.server);
  if (server === undefined) throw new Problem(`The kubeconfig's cluster ${name} has no server.`);
  for (const unsupported of ["insecure-skip-tls-verify", "proxy-url", "tls-server-name"]) {
    if (value[unsupported]) throw new Problem(`The kubeconfig's cluster ${name} has ${unsupported}, which a kubeconfig of AKS cannot have; use a context without it.`);
  }
  const caPem = dataOrFile(value, "certificate-authority", folder);
  if (caPem === undefined) throw new Problem(`The kubeconfig's cluster ${name} has no certificate-authority, which is needed to trust the server.`);
  return { server, caPem };
}

/** How the user logs in, for the stand-in kubelogin to hand on. */
function credentialOf({ name, value, folder }: Entry): Credential {
  const token = textOf(value.token) ?? (typeof value.tokenFile === "string" ? read(resolve(folder, value.tokenFile)).trim() : undefined);
  if (token !== undefined) return { token };
  const clientCertificateData = dataOrFile(value, "client-certificate", folder);
  const clientKeyData = dataOrFile(value, "client-key", folder);
  if (clientCertificateData !== undefined && clientKeyData !== undefined) return { clientCertificateData, clientKeyData };
  if (isMap(value.exec) && typeof value.exec.command === "string") {
    const { command, args, env } = value.exec;
    return {
      exec: {
        // A command with a slash counts from the kubeconfig's folder; one without is looked up on the PATH.
        command: command.includes("/") ? resolve(folder, command) : command,
        args: Array.isArray(args) ? args.map(String) : [],
        env: Array.isArray(env) ? env.filter(isMap).map((entry) => ({ name: String(entry.name), value: String(entry.value) })) : [],
      },
    };
  }
  throw new Problem(`The kubeconfig's user ${name} has no token, no client certificate with its key and no exec command; other ways to log in are not supported.`);
}

/** `<key>-data`, base64, or the file that `<key>` names. */
function dataOrFile(value: Record<string, unknown>, key: string, folder: string): string | undefined {
  const data = textOf(value[`${key}-data`]);
  if (data !== undefined) return Buffer.from(data, "base64").toString("utf8");
  const file = textOf(value[key]);
  return file === undefined ? undefined : read(resolve(folder, file));
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Problem(`The kubeconfig names ${file}, which cannot be read: ${reasonOf(error)}`);
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
