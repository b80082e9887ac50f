/** What the stand-ins for docker, az and gh know: registries, who is signed in, pull requests. One file, read and written by one program at a time. */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface PullRequest {
  head: string;
  base: string;
  title: string;
  body: string;
  url: string;
  open: boolean;
}

export interface World {
  /** By host, repository and tag: a digest. Tags in the order in which they were pushed. */
  registries: Record<string, Record<string, Record<string, string>>>;
  /** Hosts of registries that do not begin with their name: those with a domain name label. */
  hosts?: Record<string, string>;
  /** Whether the Azure CLI has a session; whose registries that session may use. */
  azure: boolean;
  /** Hosts that Docker has credentials for. */
  signedIn: string[];
  builds: number;
  /** Commit statuses, by commit, in the order in which they were set. */
  statuses: Record<string, { context: string; state: string; description: string; creator?: string }[]>;
  pullRequests: PullRequest[];
  /** By number of the pull request. */
  comments: Record<string, { id: number; body: string; user: { type: string } }[]>;
}

export const emptyWorld = (hosts: readonly string[]): World => ({
  registries: Object.fromEntries(hosts.map((host) => [host, {}])), azure: true, signedIn: [], builds: 0, statuses: {}, pullRequests: [], comments: {},
});

const folder = (): string => {
  const given = process.env.STANDINS;
  if (given === undefined) throw new Error("STANDINS is not set");
  return given;
};

export const worldFile = (at: string): string => join(at, "world.json");
export const callsFile = (at: string): string => join(at, "calls.jsonl");

export const readWorld = (at: string = folder()): World => JSON.parse(readFileSync(worldFile(at), "utf8")) as World;
export const writeWorld = (world: World, at: string = folder()): void => writeFileSync(worldFile(at), JSON.stringify(world));

/** A program ends with a message, as the real one words it. */
export class Refusal extends Error {
  readonly code: number;
  constructor(message: string, code = 1) {
    super(message);
    this.code = code;
  }
}

/** Runs a stand-in: records the call, prints what it returns, and keeps what it changed. */
export function standIn(name: string, act: (args: string[], world: World) => string | undefined): void {
  const args = process.argv.slice(2);
  appendFileSync(callsFile(folder()), `${JSON.stringify([name, ...args])}\n`);
  const world = readWorld();
  try {
    const answer = act(args, world);
    writeWorld(world);
    if (answer !== undefined) console.log(answer);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.error(error.message);
    process.exitCode = error.code;
  }
}

/** Options and the rest. `known`: with the number of values, 0 or 1. A `=` may stand before the value. */
export function options(args: readonly string[], known: Record<string, 0 | 1>, unknown: (flag: string) => Refusal): { given: Map<string, string[]>; rest: string[] } {
  const given = new Map<string, string[]>();
  const rest: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!;
    if (!arg.startsWith("-")) {
      rest.push(arg);
      continue;
    }
    const [flag, inline] = [arg.split("=", 1)[0]!, arg.includes("=") ? arg.slice(arg.indexOf("=") + 1) : undefined];
    const values = known[flag];
    if (values === undefined) throw unknown(flag);
    const value = inline ?? (values === 1 ? args[++index] : "");
    if (value === undefined) throw new Refusal(`flag needs an argument: ${flag}`, 2);
    given.set(flag, [...(given.get(flag) ?? []), value]);
  }
  return { given, rest };
}

/** Host, repository and tag or digest of a reference to an image. */
export function reference(text: string): { host: string; repository: string; tag?: string; digest?: string } {
  // github.com/distribution/reference: a tag has at most 128 characters and begins with a letter, a digit or _.
  const [, host, repository, tag, digest] = /^([a-z0-9][a-z0-9.-]*(?::[0-9]+)?)\/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(text) ?? [];
  if (host === undefined || repository === undefined || (tag === undefined && digest === undefined)) throw new Refusal(`ERROR: invalid reference format: ${text}`);
  return { host, repository, tag, digest };
}
