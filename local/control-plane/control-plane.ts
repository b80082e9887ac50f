/**
 * A Kubernetes control plane without nodes: etcd, kube-apiserver, kube-controller-manager, on this machine and
 * for this user alone. Its processes outlive the command that starts them; a later start uses what runs and
 * mends what does not. Nothing has to be recorded for that: the processes are known by their arguments.
 */
import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, realpathSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { freePort } from "../free-port.ts";
import { waitForLock } from "../lock.ts";
import { privateFolder, readIfThere, writePrivateFile } from "../private-files.ts";
import { Problem } from "../problem.ts";
import { endProcess, findProcesses, waitUntil } from "../processes.ts";
import type { ControlPlanePrograms } from "../toolchain/toolchain.ts";
import {
  argumentsOf, authorityOf, certificateFolder, components, dataFolder, etcdSocket, logFile, markOf, peerSocket, prepareControllers, prepareFolder, programOf,
} from "./layout.ts";
import type { Component } from "./layout.ts";
import { get, isReady } from "./request.ts";

/** Bounds, far above what a start takes (three seconds on an idle machine with two cores). */
const READY_MS = 120_000;
const STOP_MS = 15_000;
/** How often another port is tried when somebody takes the chosen one in between. */
const PORT_ATTEMPTS = 5;

export interface ControlPlaneOptions {
  /** The folder of this control plane; made when missing. */
  folder: string;
  programs: ControlPlanePrograms;
  signal?: AbortSignal;
}

export interface ControlPlane {
  /** `https://127.0.0.1:<port>` */
  server: string;
  /** The certificate to trust, PEM. */
  caPem: string;
  /** The administrator's (user mooring-admin, group system:masters). */
  token: string;
  pids: Record<Component, number>;
  /** Whether everything ran already. */
  reused: boolean;
}

/** Starts what does not run. Throws a Problem when a program ends or the server does not become ready. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  privateFolder(options.folder);
  const folder = realpathSync(options.folder);
  const lock = await waitForLock(`${folder}.lock`, () => {}, options.signal);
  try {
    return await new Starter(folder, options.programs, options.signal).start();
  } finally {
    lock.release();
  }
}

/** Ends the processes of this folder, the server before its database, and removes the folder. Returns what ended. */
export async function stopControlPlane(folder: string): Promise<Component[]> {
  const place = existsSync(folder) ? realpathSync(folder) : folder;
  const ended = await endAll(place);
  rmSync(place, { recursive: true, force: true, maxRetries: 5 });
  rmSync(`${place}.lock`, { force: true });
  return ended;
}

/** Ends the processes in the reverse of the order in which they start, so that none loses what it works with. */
async function endAll(folder: string): Promise<Component[]> {
  const ended: Component[] = [];
  for (const component of components.toReversed()) {
    // A server whose database is gone waits for it until it is forced.
    const grace = processesOf("etcd", folder).length > 0 ? STOP_MS : 0;
    for (const pid of processesOf(component, folder)) {
      await endProcess(pid, grace);
      ended.push(component);
    }
  }
  return ended;
}

/** The processes that run for this folder. */
export function processesOf(component: Component, folder: string): number[] {
  return findProcesses([component], () => markOf(component, folder)).map(({ pid }) => pid);
}

class Starter {
  readonly #folder: string;
  readonly #programs: ControlPlanePrograms;
  readonly #signal: AbortSignal | undefined;

  constructor(folder: string, programs: ControlPlanePrograms, signal?: AbortSignal) {
    this.#folder = folder;
    this.#programs = programs;
    this.#signal = signal;
  }

  async start(): Promise<ControlPlane> {
    const { token } = prepareFolder(this.#folder);
    const running = await this.#running(token);
    if (running !== undefined) return running;
    await this.#endAll();
    const etcd = await this.#startEtcd();
    const { pid, port, caPem } = await this.#startServer(token);
    const server = serverAt(port);
    prepareControllers(this.#folder, server, caPem);
    const controllers = this.#spawn("kube-controller-manager", port);
    await this.#untilReady(["kube-controller-manager", "kube-apiserver", "etcd"], () => accountsAreMade({ server, caPem, token }));
    writePrivateFile(this.#portFile, String(port));
    return { server, caPem, token, pids: { etcd, "kube-apiserver": pid, "kube-controller-manager": controllers }, reused: false };
  }

  /** Written when everything runs: a folder without it is of a start that did not finish. */
  get #portFile(): string {
    return join(this.#folder, "port");
  }

  /** The control plane as it runs, if all of it does, from these very programs. */
  async #running(token: string): Promise<ControlPlane | undefined> {
    const port = Number(readIfThere(this.#portFile));
    const caPem = authorityOf(this.#folder);
    const pids = components.map((component) => processesOf(component, this.#folder));
    const [etcd, apiServer, controllers] = pids.map(([pid]) => pid);
    if (!port || caPem === undefined || etcd === undefined || apiServer === undefined || controllers === undefined) return undefined;
    if (pids.some((found) => found.length !== 1) || readIfThere(this.#programsFile) !== JSON.stringify(this.#programs)) return undefined;
    const server = serverAt(port);
    if (!(await isReady({ server, caPem, token }))) return undefined;
    return { server, caPem, token, pids: { etcd, "kube-apiserver": apiServer, "kube-controller-manager": controllers }, reused: true };
  }

  get #programsFile(): string {
    return join(this.#folder, "programs.json");
  }

  /** Ends what is left of an earlier start: a part alone is of no use, and a hung one would stay hung. */
  async #endAll(): Promise<void> {
    await endAll(this.#folder);
    // Data of a start that never became ready may be half written.
    if (readIfThere(this.#portFile) === undefined) {
      rmSync(dataFolder(this.#folder), { recursive: true, force: true });
      rmSync(certificateFolder(this.#folder), { recursive: true, force: true });
      privateFolder(certificateFolder(this.#folder));
    }
    writePrivateFile(this.#programsFile, JSON.stringify(this.#programs));
  }

  async #startEtcd(): Promise<number> {
    for (const socket of [etcdSocket, peerSocket]) rmSync(join(this.#folder, socket), { force: true });
    const pid = this.#spawn("etcd", 0);
    await this.#untilReady(["etcd"], () => Promise.resolve(existsSync(join(this.#folder, etcdSocket))));
    return pid;
  }

  async #startServer(token: string): Promise<{ pid: number; port: number; caPem: string }> {
    let wished = Number(readIfThere(this.#portFile)) || 0;
    for (let attempt = 1; ; attempt++) {
      const port = await freePort(wished);
      const pid = this.#spawn("kube-apiserver", port);
      try {
        await this.#untilReady(["kube-apiserver", "etcd"], async () => {
          const caPem = authorityOf(this.#folder);
          return caPem !== undefined && await isReady({ server: serverAt(port), caPem, token });
        });
      } catch (error) {
        if (!(error instanceof Problem) || !this.#log("kube-apiserver").includes("address already in use")) throw error;
        if (attempt === PORT_ATTEMPTS) throw new Problem(`The API server found no free port on 127.0.0.1 in ${PORT_ATTEMPTS} attempts, the last being ${port}. Run again.`);
        wished = 0;
        continue;
      }
      return { pid, port, caPem: authorityOf(this.#folder) ?? "" };
    }
  }

  #spawn(component: Component, port: number): number {
    const log = openSync(logFile(component, this.#folder), "w", 0o600);
    try {
      const child = spawn(programOf(component, this.#programs), argumentsOf(component, this.#folder, port), {
        cwd: this.#folder,
        detached: true,
        stdio: ["ignore", log, log],
        // Nothing of the user's environment: neither a proxy nor a variable of etcd's may change what is started.
        env: { PATH: process.env.PATH ?? "" },
      });
      child.once("error", () => {}); // a missing pid is the sign
      child.unref();
      if (child.pid === undefined) throw new Problem(`${component} cannot be started: ${programOf(component, this.#programs)}`);
      return child.pid;
    } finally {
      closeSync(log);
    }
  }

  /** Waits for the first component to be ready; it and the others must go on running meanwhile. */
  async #untilReady(running: [Component, ...Component[]], ready: () => Promise<boolean>): Promise<void> {
    let ended: Component | undefined;
    const reached = await waitUntil(async () => {
      if (await ready()) return true;
      ended = running.find((component) => processesOf(component, this.#folder).length === 0);
      return ended !== undefined;
    }, READY_MS, this.#signal);
    if (reached && ended === undefined) return;
    const component = ended ?? running[0];
    const log = logFile(component, this.#folder);
    const lines = this.#log(component).trimEnd().split("\n").slice(-3).map((line) => `  ${line.slice(0, 300)}`);
    throw new Problem([
      `${component} ${ended === undefined ? `is not ready after ${READY_MS / 1000} s` : "ended"}. Its last lines (all of them: ${relative(process.cwd(), log)}):`,
      ...lines, "Run again; if it stays so, `npm stop` and `npm start` begin anew.",
    ].join("\n"));
  }

  #log(component: Component): string {
    return readIfThere(logFile(component, this.#folder)) ?? "";
  }
}

function serverAt(port: number): string {
  return `https://127.0.0.1:${port}`;
}

/** The controllers are at work when they have made the account that every namespace gets. */
async function accountsAreMade(address: { server: string; caPem: string; token: string }): Promise<boolean> {
  try {
    return (await get(address, "/api/v1/namespaces/default/serviceaccounts/default", 2_000)).status === 200;
  } catch {
    return false;
  }
}
