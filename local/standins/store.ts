/**
 * The state of a stand-in: one JSON file, replaced as a whole, that only the user can read.
 *
 * Runs come one after another, in one process or in many: the file is read again when another process has
 * replaced it. Within a process, changes that happen while a write is under way share the next write.
 */
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

export class JsonStore<T extends object> {
  readonly #file: string;
  readonly #empty: () => T;
  #value: T | undefined;
  #seen = "";
  #writing: Promise<void> | undefined;
  #waiting: Promise<void> | undefined;

  /** `file` is made, with its folder, at the first save; until then the value is `empty()`. */
  constructor(file: string, empty: () => T) {
    this.#file = file;
    this.#empty = empty;
  }

  /** The current value; change it in place, then call {@link save}. Throws when the file is not JSON. */
  get value(): T {
    const unsaved = this.#writing !== undefined || this.#waiting !== undefined;
    if (this.#value !== undefined && (unsaved || fingerprint(this.#file) === this.#seen)) return this.#value;
    this.#seen = fingerprint(this.#file);
    this.#value = this.#seen === "" ? this.#empty() : this.#parse();
    return this.#value;
  }

  /** Resolves when everything changed before this call is on disk. */
  save(): Promise<void> {
    if (this.#writing === undefined) {
      this.#writing = this.#write().finally(() => { this.#writing = undefined; });
      return this.#writing;
    }
    this.#waiting ??= this.#writing.catch(() => undefined).then(() => {
      this.#waiting = undefined;
      return this.save();
    });
    return this.#waiting;
  }

  async #write(): Promise<void> {
    const content = `${JSON.stringify(this.#value ?? this.#empty())}\n`;
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    const temporary = join(dirname(this.#file), `.${basename(this.#file)}.${process.pid}.tmp`);
    await writeFile(temporary, content, { mode: 0o600 });
    await rename(temporary, this.#file);
    this.#seen = fingerprint(this.#file);
  }

  #parse(): T {
    try {
      return JSON.parse(readFileSync(this.#file, "utf8")) as T;
    } catch (error) {
      throw new Error(`${this.#file} is not readable as JSON (${(error as Error).message}); remove it to start from nothing`, { cause: error });
    }
  }
}

/** Changes whenever the file is replaced; empty when there is no file. */
function fingerprint(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? `${found.ino}:${found.mtimeMs}:${found.size}` : "";
}
