/** Builds Go commands from their modules, for machines that cannot download the releases. */
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, readFile, rm, stat, statfs, writeFile } from "node:fs/promises";
import { constants, setPriority, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { finished } from "node:stream/promises";
import { codeOf, Problem } from "../problem.ts";
import { Missing } from "./cache.ts";
import type { SourceContext } from "./cache.ts";

const GIB = 2 ** 30;
/** What the modules, the compiler's cache and the results take, when all of them are built. */
const BUILD_SPACE = { modules: 2 * GIB, compiled: 4 * GIB, temporary: 0.5 * GIB };
/** Older ones do not know how to fetch the Go that a module asks for. */
const OLDEST_GO = [1, 21] as const;

export interface GoWork {
  /** For messages, for example `pulumi 3.259.0`. */
  title: string;
  /** The go.mod of a module of our own, which names what is built. */
  goMod: string;
  /** Roughly, on two cores. */
  minutes: number;
  /** Where the build's output is kept. */
  logFile: string;
}

export interface GoModule {
  /** Its folder, absolute: beside go.mod may be files of our own. It is removed at the end. */
  folder: string;
  /** Builds the command of this import path as the program `output`. */
  build(importPath: string, output: string, ldflags?: string): Promise<void>;
  /** Runs a program inside the module, so that it finds the module's packages. */
  run(program: string, args: string[]): Promise<void>;
}

/**
 * Makes a Go module beside `folder`, does `steps` in it and removes it. Throws {@link Missing} without Go, a
 * Problem without space on the disk, an Error with the last lines when a step fails.
 */
export async function inGoModule(work: GoWork, folder: string, context: SourceContext, steps: (module: GoModule) => Promise<void>): Promise<void> {
  await requireGo(context);
  await requireSpace(dirname(folder), context);
  const about = work.minutes <= 1 ? "about a minute" : `about ${work.minutes} minutes`;
  const moduleFolder = `${folder}.module`;
  await rm(moduleFolder, { recursive: true, force: true });
  await mkdir(moduleFolder, { recursive: true });
  await mkdir(dirname(work.logFile), { recursive: true });
  await rm(work.logFile, { force: true });
  await writeFile(join(moduleFolder, "go.mod"), work.goMod);
  const options = { cwd: moduleFolder, logFile: work.logFile, signal: context.signal };
  const module: GoModule = {
    folder: moduleFolder,
    async build(importPath, output, ldflags = "") {
      await run("go", ["build", "-trimpath", "-ldflags", `-s -w ${ldflags}`.trim(), "-o", output, importPath], options);
    },
    async run(program, args) {
      await run(program, args, options);
    },
  };
  try {
    await context.progress.step(`${work.title}: building from its Go module, ${about} on two cores`, () => steps(module));
  } finally {
    await rm(moduleFolder, { recursive: true, force: true });
  }
}

/** The go.mod that a released module was published with. */
export async function goModOf(module: string, version: string, context: SourceContext): Promise<string> {
  return await readFile(await downloadModule(module, version, "GoMod", context), "utf8");
}

/** The folder of a released module's files, which Go has checked against its checksum database. They are not to be written. */
export async function moduleFolder(module: string, version: string, context: SourceContext): Promise<string> {
  return await downloadModule(module, version, "Dir", context);
}

/** Downloads a module and answers with the path of that name. Source: `go help mod download`. */
async function downloadModule(module: string, version: string, wanted: "GoMod" | "Dir", context: SourceContext): Promise<string> {
  await requireGo(context);
  const told = await run("go", ["mod", "download", "-json", `${module}@v${version}`], { cwd: tmpdir(), signal: context.signal });
  const info: unknown = JSON.parse(told);
  const path = typeof info === "object" && info !== null ? (info as Record<string, unknown>)[wanted] : undefined;
  if (typeof path !== "string") throw new Error(`go does not say where the ${wanted} of ${module} is`);
  return path;
}

async function requireGo(context: SourceContext): Promise<void> {
  let version: string;
  try {
    version = (await run("go", ["env", "GOVERSION"], { cwd: tmpdir(), signal: context.signal })).trim();
  } catch (error) {
    if (codeOf(error) === "ENOENT") throw new Missing("Go is not installed");
    throw error;
  }
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || Number(major) < OLDEST_GO[0] || (Number(major) === OLDEST_GO[0] && Number(minor) < OLDEST_GO[1])) {
    throw new Missing(`Go ${version.replace(/^go/, "")} is too old`);
  }
}

/** Refuses to begin a build that the disk cannot hold. */
async function requireSpace(cache: string, context: SourceContext): Promise<void> {
  const [modules = "", compiled = ""] = (await run("go", ["env", "GOMODCACHE", "GOCACHE"], { cwd: tmpdir(), signal: context.signal })).trim().split("\n");
  const needs = new Map<number, { needed: number; free: number; folder: string }>();
  for (const [folder, needed] of [[modules, BUILD_SPACE.modules], [compiled, BUILD_SPACE.compiled], [tmpdir(), BUILD_SPACE.temporary], [cache, BUILD_SPACE.temporary]] as const) {
    const existing = await nearestExisting(folder);
    const disk = (await stat(existing)).dev;
    const space = await statfs(existing);
    const known = needs.get(disk);
    if (known === undefined) needs.set(disk, { needed, free: space.bavail * space.bsize, folder: existing });
    else known.needed += needed;
  }
  for (const { needed, free, folder } of needs.values()) {
    if (free < needed) {
      throw new Problem(`building needs ${(needed / GIB).toFixed(1)} GiB on the disk of ${folder}, which has ${(free / GIB).toFixed(1)} GiB free; free some and run again`);
    }
  }
}

async function nearestExisting(folder: string): Promise<string> {
  for (let path = folder; ; path = dirname(path)) {
    if (await stat(path).then(() => true, () => false)) return path;
    if (path === dirname(path)) return path;
  }
}

/** Runs a command at low priority and returns its standard output. Throws with the last lines it wrote. */
async function run(command: string, args: string[], options: { cwd: string; logFile?: string; signal?: AbortSignal | undefined }): Promise<string> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    stdio: ["ignore", "pipe", "pipe"],
    signal: options.signal,
    env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=mod -buildvcs=false", GOWORK: "off" },
  });
  const log = options.logFile === undefined ? undefined : createWriteStream(options.logFile, { flags: "a" });
  let stdout = "";
  let tail = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => { stdout += text; });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    tail = (tail + text).slice(-8_000);
    log?.write(text);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("spawn", () => {
      if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    });
    child.once("close", resolve);
  }).finally(async () => {
    log?.end();
    if (log !== undefined) await finished(log).catch(() => undefined);
  });
  if (code === 0) return stdout;
  if (/no space left on device/i.test(tail)) {
    throw new Problem(`no space is left for the build; free about ${(BUILD_SPACE.compiled + BUILD_SPACE.modules) / GIB} GiB and run again`);
  }
  const lines = tail.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("go: downloading ")).slice(-6);
  const where = options.logFile === undefined ? "" : `\n    all of it: ${options.logFile}`;
  throw new Error(`${basename(command)} ${args[0]} failed\n${lines.map((line) => `    ${line.slice(0, 400)}`).join("\n")}${where}`);
}
