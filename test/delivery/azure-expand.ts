/**
 * Azure Pipelines' templates, expanded as the service does before a run: `template:`, `${{ parameters.x }}`, `${{ if }}` and
 * `${{ each }}` with the functions `eq`, `ne` and `split`. What else is written is refused rather than passed over.
 * Source: learn.microsoft.com/azure/devops/pipelines/process/templates and template-expressions, November 2026.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";

export type Node = string | null | Node[] | { [key: string]: Node };
export type Fields = { [key: string]: Node };
type Scope = Record<string, string>;

/** What a value is to a template; all scalars are text, as they are to the service. */
const read = (path: string): Fields => parse(readFileSync(path, "utf8"), { schema: "failsafe" }) as Fields;

/** The pipeline in `file` (relative to `root`) with its parameters' defaults, or these values. */
export function expand(root: string, file: string, given: Scope = {}): Fields {
  const pipeline = read(join(root, file));
  const scope = parametersOf(pipeline, given, file);
  return new Expansion(root, dirname(file), scope).map({ ...pipeline, parameters: null });
}

/** Each must have a value, of those that are allowed, and none is given that is not taken. */
function parametersOf({ parameters }: Fields, given: Scope, file: string): Scope {
  const declared = (parameters ?? []) as Fields[];
  const unknown = Object.keys(given).filter((name) => !declared.some((one) => one.name === name));
  if (unknown.length > 0) throw new Error(`${file} takes no ${unknown.join(", ")}`);
  return Object.fromEntries(declared.map(({ name, default: preset, values }) => {
    const value = given[String(name)] ?? (preset as string | undefined);
    if (value === undefined) throw new Error(`${file} needs ${String(name)}`);
    if (values !== undefined && !(values as string[]).includes(value)) throw new Error(`${file}: ${String(name)} is ${value}, not one of ${(values as string[]).join(", ")}`);
    return [String(name), value];
  }));
}

class Expansion {
  readonly #root: string;
  readonly #folder: string;
  readonly #parameters: Scope;
  readonly #loop: Scope;

  constructor(root: string, folder: string, parameters: Scope, loop: Scope = {}) {
    this.#root = root;
    this.#folder = folder;
    this.#parameters = parameters;
    this.#loop = loop;
  }

  map(fields: Fields): Fields {
    const result: Fields = {};
    for (const [key, value] of Object.entries(fields)) {
      if (value === null && key === "parameters") continue;
      const [, condition] = /^\$\{\{ if (.+) \}\}$/.exec(key) ?? [];
      if (condition === undefined) result[this.#text(key)] = this.#node(value);
      else if (this.#holds(condition)) Object.assign(result, this.map(value as Fields));
    }
    return result;
  }

  #node(node: Node): Node {
    if (Array.isArray(node)) return node.flatMap((item) => this.#item(item));
    if (typeof node === "string") return this.#text(node);
    return node === null ? null : this.map(node);
  }

  /** An item of a list may stand for several. */
  #item(item: Node): Node[] {
    if (typeof item !== "object" || item === null || Array.isArray(item)) return [this.#node(item)];
    const [key = "", value] = Object.entries(item)[0] ?? [];
    const [, condition] = /^\$\{\{ if (.+) \}\}$/.exec(key) ?? [];
    if (condition !== undefined) return this.#holds(condition) ? (this.#node(value!) as Node[]) : [];
    const [, variable, list] = /^\$\{\{ each (\w+) in (.+) \}\}$/.exec(key) ?? [];
    if (variable !== undefined) {
      const values = this.#evaluate(list!);
      if (!Array.isArray(values)) throw new Error(`${list} is no list`);
      return values.flatMap((one) => new Expansion(this.#root, this.#folder, this.#parameters, { ...this.#loop, [variable]: one }).#node(value!) as Node[]);
    }
    return key === "template" ? this.#template(item) : [this.map(item)];
  }

  /** Paths are relative to the file that names them. */
  #template({ template, parameters = {}, ...rest }: Fields): Node[] {
    if (Object.keys(rest).length > 0) throw new Error(`beside a template: ${Object.keys(rest).join(", ")}`);
    const path = join(this.#folder, String(template));
    const content = read(join(this.#root, path));
    const scope = parametersOf(content, this.map(parameters as Fields) as Scope, path);
    const parts = Object.entries(content).filter(([key]) => key !== "parameters");
    if (parts.length !== 1) throw new Error(`${path} has ${parts.map(([key]) => key).join(", ")}`);
    return new Expansion(this.#root, dirname(path), scope).#node(parts[0]![1]) as Node[];
  }

  #text(text: string): string {
    return text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
      const value = this.#evaluate(expression);
      if (typeof value !== "string") throw new Error(`${expression} is no text`);
      return value;
    });
  }

  #holds(condition: string): boolean {
    const value = this.#evaluate(condition);
    return value === true || value === "true";
  }

  #evaluate(expression: string): string | boolean | string[] {
    const text = expression.trim();
    const [, literal] = /^'([^']*)'$/.exec(text) ?? [];
    if (literal !== undefined) return literal;
    const [, parameter] = /^parameters\.(\w+)$/.exec(text) ?? [];
    const named = parameter === undefined ? this.#loop[text] : this.#parameters[parameter];
    if (named !== undefined) return named;
    const [, name, left, right] = /^(eq|ne|split)\(('[^']*'|[\w.]+), ('[^']*'|[\w.]+)\)$/.exec(text) ?? [];
    if (name === undefined) throw new Error(`${text} is not understood`);
    const [a, b] = [this.#evaluate(left!), this.#evaluate(right!)];
    if (name === "split") return String(a).split(String(b));
    // Text is compared without regard to case.
    return (String(a).toLowerCase() === String(b).toLowerCase()) === (name === "eq");
  }
}
