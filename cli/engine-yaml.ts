/** A YAML file read as the Pulumi engine reads it: texts, exact numbers, secrets, and the mistakes that make it fail. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Document, Node, YAMLMap } from "yaml";
import { engineScalar, scalarJson, scalarText } from "./engine-scalar.ts";
import type { EngineScalar } from "./engine-scalar.ts";

/** Stands where the value of a secret would be; the value itself is encrypted in the file. */
export const secretText = "[secret]";

/** A value as the program receives it. */
export interface EngineValue {
  /** A text as it is; everything else as JSON, with the keys of maps in order. */
  text: string;
  /** Whether any part of it is encrypted. */
  secret: boolean;
  /** The scalar that it is; absent for maps, lists and secrets. */
  scalar?: EngineScalar;
}

/** One thing that the engine refuses, with its place. */
export class YamlMistake extends Error {}

export class EngineYaml {
  readonly #document: Document;
  readonly #lines: LineCounter;

  /** Throws a {@link YamlMistake} for what is not YAML. */
  constructor(text: string) {
    this.#lines = new LineCounter();
    // Every scalar stays a text with its source: what it means is decided by the engine's rules, not the library's.
    this.#document = parseDocument(text.replace(/^\uFEFF/, ""), { schema: "failsafe", lineCounter: this.#lines, prettyErrors: false, logLevel: "silent" });
    const error = this.#document.errors[0];
    if (error) throw this.#mistake(error.pos[0], `is not YAML: ${error.message}`);
  }

  /** The entries of the map that the file holds; an empty file has none. */
  entries(): Map<string, Node | null> {
    const root = this.#document.contents;
    if (root === null || this.value(root).scalar === null) return new Map();
    return this.entriesOf(root) ?? this.#fail(root, "a map is needed at the top of the file");
  }

  /** The entries of a map, `<<` merged in. Absent when `node` is no map. */
  entriesOf(node: Node | null): Map<string, Node | null> | undefined {
    const map = this.#resolve(node);
    return isMap(map) ? this.#merged(map) : undefined;
  }

  /** A value as the program receives it when `node` is a key's whole value. */
  value(node: Node | null): EngineValue {
    const resolved = this.#resolve(node);
    if (resolved === null || isScalar(resolved)) {
      const scalar = this.#scalar(resolved);
      return { text: scalarText(scalar), secret: false, scalar };
    }
    const result = { secret: false };
    const text = this.#json(resolved, result, new Set());
    // A secret alone is its text; JSON only around it.
    return { text: text === JSON.stringify(secretText) ? secretText : text, secret: result.secret };
  }

  /** What stands in the file at `path` within `node`, when that is an unquoted scalar. */
  written(node: Node | null, path: readonly PropertyKey[]): string | undefined {
    let current = this.#resolve(node);
    for (const part of path) {
      const next = isSeq(current) ? current.items[Number(part)] : this.entriesOf(current)?.get(String(part));
      current = this.#resolve((next as Node | null | undefined) ?? null);
    }
    return isScalar(current) && current.type === "PLAIN" ? current.source : undefined;
  }

  #json(node: Node | null, found: { secret: boolean }, within: ReadonlySet<Node>): string {
    const resolved = this.#resolve(node);
    if (resolved === null || isScalar(resolved)) return escape(scalarJson(this.#scalar(resolved)));
    if (within.has(resolved)) this.#fail(node, "the anchor's value contains itself");
    const inner = new Set([...within, resolved]);
    if (isSeq(resolved)) return `[${resolved.items.map((item) => this.#json(item as Node | null, found, inner)).join(",")}]`;
    const entries = [...(this.entriesOf(resolved) ?? [])];
    if (entries.length === 1 && entries[0]![0] === "secure" && this.#isText(entries[0]![1])) {
      found.secret = true;
      return JSON.stringify(secretText);
    }
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, value]) => `${escape(JSON.stringify(key))}:${this.#json(value, found, inner)}`).join(",")}}`;
  }

  #merged(map: YAMLMap): Map<string, Node | null> {
    const entries = new Map<string, Node | null>();
    let merge: Node | null | undefined;
    for (const { key, value } of map.items) {
      if (isScalar(key) && key.source === "<<" && key.type === "PLAIN") merge = value as Node | null;
      else entries.set(this.#key(key as Node | null), value as Node | null);
    }
    if (merge === undefined) return entries;
    const target = this.#resolve(merge);
    for (const source of isSeq(target) ? target.items : [target]) {
      const merged = this.entriesOf(source as Node | null) ?? this.#fail(merge, "`<<` takes a map, or a list of maps");
      for (const [key, value] of merged) if (!entries.has(key)) entries.set(key, value);
    }
    return entries;
  }

  #key(node: Node | null): string {
    const key = this.#resolve(node);
    const value = isScalar(key) ? this.#scalar(key) : undefined;
    if (typeof value === "string") return value;
    return this.#fail(node, isScalar(key) && key.source ? `the key ${key.source} is not a text; put it in quotes` : "a key must be a text");
  }

  #scalar(node: Node | null): EngineScalar {
    if (node === null || !isScalar(node)) return null;
    if (node.tag !== undefined && node.tag !== "tag:yaml.org,2002:str") this.#fail(node, "remove the tag; a text in quotes needs none");
    if (node.tag !== undefined || node.type !== "PLAIN") return node.value as string;
    const value = engineScalar(node.source ?? "");
    if (typeof value === "number" && !Number.isFinite(value)) this.#fail(node, `${node.source} cannot be passed to the program; put it in quotes if it is a text`);
    return value;
  }

  #isText(node: Node | null): boolean {
    const resolved = this.#resolve(node);
    return isScalar(resolved) && typeof this.#scalar(resolved) === "string";
  }

  #resolve(node: Node | null): Node | null {
    if (!isAlias(node)) return node;
    return node.resolve(this.#document) ?? this.#fail(node, `there is no anchor &${node.source} above`);
  }

  #fail(node: Node | null, message: string): never {
    throw this.#mistake(node?.range?.[0], message);
  }

  #mistake(offset: number | undefined, message: string): YamlMistake {
    const { line, col } = this.#lines.linePos(offset ?? 0);
    return new YamlMistake(`line ${line}, column ${col}: ${message}`);
  }
}

/** Go escapes these in JSON; only the size of the configuration depends on it. */
function escape(json: string): string {
  return json.replaceAll(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
