/**
 * A real SSH server for the repositories of the stand-in for GitHub: `ssh://git@127.0.0.1:<port>/<owner>/<name>.git`. OpenSSH's sshd
 * runs as whoever starts it, with a configuration, a host key and a list of users of its own; a deploy key opens its one repository,
 * and a push goes through the repository's rulesets.
 */
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join, relative } from "node:path";
import { freePort } from "../free-port.ts";
import { waitForLock } from "../lock.ts";
import { privateFolder, readIfThere, writePrivateFile } from "../private-files.ts";
import { codeOf, Problem } from "../problem.ts";
import { startTimeOf, waitUntil } from "../processes.ts";
import { configFile, configText, groupText, hooksFolder, hostKeyFile, knownHostsLine, passwdText, shellWord } from "./config.ts";
import type { GitServerPrograms } from "./programs.ts";
import { knowsOption } from "./programs.ts";
import { end, listenersOf } from "./running.ts";

const READY_MS = 20_000;
/** How often another port is tried when somebody takes the chosen one in between. */
const PORT_ATTEMPTS = 5;
const PRIVILEGE_SEPARATION = "/run/sshd";

export interface GitServerOptions {
  /** The server's own folder; made when missing. The host key and the port stay in it for the next start. */
  folder: string;
  /** The folder of the stand-in for GitHub. */
  repositories: string;
  programs: GitServerPrograms;
  /** The address to listen on, which is also the one in addresses of repositories. Default: 127.0.0.1. */
  address?: string;
  /** Goes on when the process that started it ends, and a later start uses it. Default: it ends too, however that process ends. */
  outlives?: boolean;
  signal?: AbortSignal;
}

export interface GitServer {
  /** `ssh://git@127.0.0.1:<port>` */
  base: string;
  /** The address of a repository. */
  url(owner: string, repository: string): string;
  /** What a client's known_hosts must have, without the end of the line. */
  knownHosts: string;
  /** A file with that line, in the server's folder. */
  knownHostsFile: string;
  /** Ends the server and whatever is being served. */
  stop(): Promise<void>;
}

/** Starts the server, or finds it running. Throws a Problem when it does not become ready. */
export async function startGitServer(options: GitServerOptions): Promise<GitServer> {
  for (const needed of [options.folder, options.repositories]) privateFolder(needed);
  const folder = realpathSync(options.folder);
  const repositories = realpathSync(options.repositories);
  const lock = await waitForLock(`${folder}.lock`, () => {}, options.signal);
  try {
    const address = options.address ?? "127.0.0.1";
    const publicKey = prepare(folder, options.programs);
    const port = await listen({ ...options, folder, repositories, address });
    const knownHosts = knownHostsLine(address, port, publicKey);
    const knownHostsFile = join(folder, "known_hosts");
    writePrivateFile(knownHostsFile, `${knownHosts}\n`);
    const base = `ssh://git@${address.includes(":") ? `[${address}]` : address}:${port}`;
    return {
      base,
      url: (owner, repository) => `${base}/${owner}/${repository}.git`,
      knownHosts,
      knownHostsFile,
      stop: async () => void await end(folder),
    };
  } finally {
    lock.release();
  }
}

/** Ends the server of this folder, if it runs, and removes the folder. Returns whether it ran. */
export async function removeGitServer(folder: string): Promise<boolean> {
  const ran = await end(existsSync(folder) ? realpathSync(folder) : folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  rmSync(`${folder}.lock`, { force: true });
  return ran;
}

/** Makes the host key and the hooks. Returns the public key. */
function prepare(folder: string, { sshKeygen }: GitServerPrograms): string {
  const key = hostKeyFile(folder);
  // An interrupted start may have left the one without the other.
  if (!existsSync(`${key}.pub`) || !existsSync(key)) {
    for (const file of [key, `${key}.pub`]) rmSync(file, { force: true });
    execFileSync(sshKeygen, ["-q", "-t", "ed25519", "-N", "", "-C", "mooring", "-f", key], { stdio: ["ignore", "ignore", "pipe"] });
  }
  privateFolder(hooksFolder(folder));
  for (const hook of ["pre-receive", "post-receive"]) {
    const file = join(hooksFolder(folder), hook);
    writeFileSync(file, `#!/bin/sh\nexec ${[process.execPath, join(import.meta.dirname, `${hook}.ts`)].map(shellWord).join(" ")}\n`);
    chmodSync(file, 0o700);
  }
  const who = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, folder };
  writePrivateFile(join(folder, "passwd"), passwdText(who));
  writePrivateFile(join(folder, "group"), groupText(who));
  return readFileSync(`${key}.pub`, "utf8");
}

type Place = GitServerOptions & { address: string };

/** Returns the port. */
async function listen(place: Place): Promise<number> {
  const { folder, repositories, address, programs, signal } = place;
  const recorded = Number(readIfThere(join(folder, "port"))) || 0;
  const config = (port: number): string => configText({ folder, repositories, address, port, node: process.execPath, path: process.env.PATH ?? "/usr/bin:/bin" });
  if (recorded !== 0 && listenersOf(folder).length > 0 && readIfThere(configFile(folder)) === config(recorded) && await answers(address, recorded)) return recorded;
  await end(folder);
  for (let attempt = 1, wished = recorded; ; attempt++, wished = 0) {
    signal?.throwIfAborted();
    const port = await freePort(wished, address).catch((error: unknown) => {
      throw codeOf(error) === "EADDRNOTAVAIL" ? new Problem(`${address} is not an address of this machine.`) : error;
    });
    writePrivateFile(configFile(folder), config(port));
    const pid = run(place);
    const isGone = (): boolean => startTimeOf(pid) === undefined;
    const reached = await waitUntil(async () => isGone() || await answers(address, port), READY_MS, signal).catch(async (error: unknown) => {
      await end(folder, pid);
      throw error;
    });
    if (reached && !isGone()) {
      writePrivateFile(join(folder, "port"), String(port));
      return port;
    }
    const log = readIfThere(join(folder, "sshd.log")) ?? "";
    await end(folder, pid);
    if (attempt < PORT_ATTEMPTS && log.includes("Address already in use")) continue;
    const last = log.trimEnd().split("\n").slice(-3).map((line) => `  ${line.slice(0, 300)}`);
    throw new Problem([`sshd ${isGone() ? "ended" : `is not ready after ${READY_MS / 1000} s`}. Its last lines (${relative(process.cwd(), join(folder, "sshd.log"))}):`, ...last, `It was started as ${programs.sshd}.`].join("\n"));
  }
}

function run({ folder, programs, outlives = false }: Place): number {
  // As root sshd asks for the empty folder that the package's service makes.
  if (process.getuid?.() === 0) mkdirSync(PRIVILEGE_SEPARATION, { recursive: true, mode: 0o755 });
  // Later versions keep a client waiting after some refusals; all of ours come from one address.
  const penalties = knowsOption(programs, configFile(folder), "PerSourcePenalties=no") ? ["-o", "PerSourcePenalties=no"] : [];
  const sshd = [programs.sshd, "-D", "-e", "-f", configFile(folder), ...penalties];
  const [command = "", ...args] = outlives ? sshd : ["setpriv", "--pdeathsig", "TERM", ...sshd];
  const log = openSync(join(folder, "sshd.log"), "w", 0o600);
  try {
    const child = spawn(command, args, {
      cwd: folder,
      detached: true,
      stdio: ["ignore", log, log],
      env: { PATH: process.env.PATH ?? "", LD_PRELOAD: programs.nssWrapper, NSS_WRAPPER_PASSWD: join(folder, "passwd"), NSS_WRAPPER_GROUP: join(folder, "group") },
    });
    child.once("error", () => {}); // a missing pid is the sign
    child.unref();
    if (child.pid === undefined) throw new Problem(`sshd cannot be started: ${command}`);
    return child.pid;
  } finally {
    closeSync(log);
  }
}

/** Whether an SSH server answers there. */
function answers(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: 2_000 });
    const done = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("data", (data) => done(data.toString("latin1").startsWith("SSH-2.0-"))());
    socket.once("error", done(false)).once("timeout", done(false)).once("close", done(false));
  });
}
