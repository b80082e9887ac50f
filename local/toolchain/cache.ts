/**
 * The cache of tools: one folder a tool and version, with a record of its files. A folder appears whole (it is
 * filled beside its place and renamed at the end), is checked before every use, and is made by one process at
 * a time. Whatever an interrupted run left is removed by the next.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { waitForLock } from "../lock.ts";
import { codeOf, Problem, reasonOf } from "../problem.ts";
import type { Progress } from "../progress.ts";

/** Where a tool comes from. The first source that works is taken. */
export interface Source {
  /** For messages, for example `dl.k8s.io` or `its Go module`. */
  title: string;
  /** Puts the tool's files into the folder (which exists and is empty). Throws when this source cannot serve. */
  fill(folder: string, context: SourceContext): Promise<void>;
}

export interface SourceContext {
  progress: Progress;
  signal?: AbortSignal;
}

export interface Tool {
  /** For messages, for example `etcd 3.6.8`. */
  title: string;
  /** The tool's folder, absolute. */
  folder: string;
  sources: Source[];
}

/** A source cannot serve because something is missing on this machine, for example Go: what the person can do. */
export class Missing extends Problem {
  override name = "Missing";
}

/** A tool that no source could serve. */
export class Unavailable extends Problem {
  override name = "Unavailable";
  readonly title: string;
  readonly attempts: { source: string; reason: string; missing: boolean }[];
  constructor(title: string, attempts: { source: string; reason: string; missing: boolean }[]) {
    super(`${title} cannot be had.\n${attempts.map(({ source, reason }) => `  from ${source}: ${reason}`).join("\n")}`);
    this.title = title;
    this.attempts = attempts;
  }
}

/** `$MOORING_CACHE`, else `$XDG_CACHE_HOME/mooring`, else `~/.cache/mooring`. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.MOORING_CACHE) return resolve(environment.MOORING_CACHE);
  return join(environment.XDG_CACHE_HOME ? resolve(environment.XDG_CACHE_HOME) : join(homedir(), ".cache"), "mooring");
}

/** Makes sure that the tool is in the cache, whole, and returns its folder. Throws {@link Unavailable}. */
export async function provide(tool: Tool, context: SourceContext): Promise<string> {
  const state = await inspect(tool.folder);
  if (state === "whole") return tool.folder;
  const lock = await waitForLock(
    `${tool.folder}.lock`,
    (pid) => context.progress.say(`${tool.title}: process ${pid} is preparing it; waiting for that`),
    context.signal,
  );
  try {
    const now = await inspect(tool.folder);
    if (now === "whole") return tool.folder;
    if (now !== "missing") context.progress.say(`${tool.title}: the cached copy is damaged (${now}); making it anew`);
    await removeLeftovers(tool.folder);
    await fillFromFirst(tool, context);
    return tool.folder;
  } finally {
    lock.release();
  }
}

async function fillFromFirst(tool: Tool, context: SourceContext): Promise<void> {
  // Named after this process: a build that outlived its killed run must not write into it.
  const partial = `${tool.folder}.partial-${process.pid}`;
  const attempts: { source: string; reason: string; missing: boolean }[] = [];
  for (const source of tool.sources) {
    context.signal?.throwIfAborted();
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    try {
      await source.fill(partial, context);
    } catch (error) {
      context.signal?.throwIfAborted();
      await rm(partial, { recursive: true, force: true });
      if (codeOf(error) === "ENOSPC") throw new Problem(`${tool.title}: no space is left on the disk of ${dirname(tool.folder)}. Free some and run again.`);
      attempts.push({ source: source.title, reason: reasonOf(error), missing: error instanceof Missing });
      continue;
    }
    await writeFile(join(partial, recordFile), `${JSON.stringify({ source: source.title, files: await describe(partial) }, null, 1)}\n`);
    await rm(tool.folder, { recursive: true, force: true });
    await rename(partial, tool.folder);
    return;
  }
  throw new Unavailable(tool.title, attempts);
}

/** Removes what a killed run left beside the folder. Called with the lock held. */
async function removeLeftovers(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.partial`;
  for (const name of await readdir(dirname(folder))) {
    if (name.startsWith(prefix)) await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}

const recordFile = "manifest.json";

interface FileRecord {
  path: string;
  size: number;
  sha256: string;
}

/** `whole`, `missing`, or what is wrong with it. */
export async function inspect(folder: string): Promise<string> {
  let record: string;
  try {
    record = await readFile(join(folder, recordFile), "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return (await exists(folder)) ? "it has no record of its files" : "missing";
    throw error;
  }
  const files = parseRecord(record);
  if (files === undefined || files.length === 0) return "the record of its files is not readable";
  for (const file of files) {
    const path = join(folder, file.path);
    const size = (await stat(path).catch(() => undefined))?.size;
    if (size === undefined) return `${file.path} is missing`;
    if (size !== file.size) return `${file.path} has ${size} bytes, not ${file.size}`;
    if (await sha256Of(path) !== file.sha256) return `${file.path} was changed`;
  }
  return "whole";
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(() => true, () => false);
}

function parseRecord(text: string): FileRecord[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const files = typeof value === "object" && value !== null && "files" in value ? value.files : undefined;
  return Array.isArray(files) && files.every(isFileRecord) ? files : undefined;
}

function isFileRecord(value: unknown): value is FileRecord {
  return typeof value === "object" && value !== null &&
    "path" in value && typeof value.path === "string" &&
    "size" in value && typeof value.size === "number" &&
    "sha256" in value && typeof value.sha256 === "string";
}

async function describe(folder: string): Promise<FileRecord[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
  return await Promise.all(paths.map(async (path) => ({
    path: relative(folder, path),
    size: (await stat(path)).size,
    sha256: await sha256Of(path),
  })));
}

/** The SHA-256 of a file, in hexadecimal. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}
