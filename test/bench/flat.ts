/**
 * Writes the program that a person would write without Mooring: one file that declares the same resources one after
 * the other, with the packages' usual imports, and teams in a loop. It is made from what Mooring's own program
 * registers, so that the two stay comparable when Mooring changes.
 */
import type { Value, Values } from "../../local/standins/contract.ts";
import type { Registered } from "./monitor.ts";

/** How the packages are imported: TypeScript's CommonJS output takes folders, Node's own modules need a file. */
export type Modules = "commonjs" | "esm";

/** Source text of a program that declares `registered`, each resource by itself. */
export function flatProgram(registered: readonly Registered[], modules: Modules): string {
  const writer = new Writer(modules);
  const body = custom(registered).map((resource) => writer.declaration(resource, ""));
  return [...writer.imports(), "", ...body, ""].join("\n");
}

/**
 * The same with teams in a loop over the names in `tenants.json`: what `registered` holds for the team `example` is
 * the loop's body. `example` must not occur in any other text. `inBatches` waits for the engine every so many teams,
 * which no one writes by hand: it makes the state of many teams in less time.
 */
export function flatLoopProgram(registered: readonly Registered[], modules: Modules, example: string, { inBatches = false } = {}): string {
  const writer = new Writer(modules, example);
  const isTeams = ({ name }: Registered) => name.includes(example);
  const platform = custom(registered).filter((resource) => !isTeams(resource)).map((resource) => writer.declaration(resource, ""));
  const team = custom(registered).filter(isTeams).map((resource) => writer.declaration(resource, "  "));
  const wait = inBatches ? ["  if (tenants.indexOf(tenant) % 20 === 0) await (runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();"] : [];
  return [
    'import { readFileSync } from "node:fs";',
    ...(inBatches ? ['import { runtime } from "@pulumi/pulumi";'] : []),
    ...writer.imports(),
    "",
    ...(inBatches ? ["Error.stackTraceLimit = 0;"] : []),
    ...platform,
    "",
    'const tenants = JSON.parse(readFileSync("tenants.json", "utf8")) as string[];',
    "for (const tenant of tenants) {",
    ...wait,
    ...team,
    "}",
    "",
  ].join("\n");
}

function custom(registered: readonly Registered[]): Registered[] {
  return registered.filter((resource) => resource.custom);
}

class Writer {
  private readonly modules: Modules;
  private readonly example?: string;
  private readonly namespaces = new Map<string, string>();
  private readonly variables = new Map<string, string>();
  private usesPulumi = false;

  constructor(modules: Modules, example?: string) {
    this.modules = modules;
    this.example = example;
  }

  imports(): string[] {
    const lines = [...this.namespaces].map(([name, path]) => `import * as ${name} from "${path}";`);
    return this.usesPulumi ? ['import * as pulumi from "@pulumi/pulumi";', ...lines] : lines;
  }

  declaration(resource: Registered, indent: string): string {
    const { urn, name } = resource;
    const expression = this.constructorOf(resource);
    const variable = this.variableFor(resource);
    const args = this.value(argumentsOf(resource), resource);
    const options = this.options(resource);
    this.variables.set(urn, variable);
    return `${indent}const ${variable} = new ${expression}(${this.text(name)}, ${args}${options === "" ? "" : `, { ${options} }`});`;
  }

  private constructorOf({ type, inputs }: Registered): string {
    const [pack = "", module = "", kind = ""] = type.split(":");
    if (pack === "pulumi" && kind === "azure-native") return this.inNamespace("azure", "@pulumi/azure-native/provider", ".js", "Provider");
    if (pack === "pulumi") return this.inNamespace(kind === "kubernetes" ? "k8s" : kind, `@pulumi/${kind}`, "", "Provider");
    if (pack === "azure-native") return this.inNamespace(module, `@pulumi/azure-native/${module}`, "/index.js", kind);
    if (pack !== "kubernetes") return this.inNamespace(pack, `@pulumi/${pack}`, "", kind);
    const [group = "", version = ""] = module.split("/");
    if (isCustomResource(inputs, group)) return this.inNamespace("k8s", "@pulumi/kubernetes", "", "apiextensions.CustomResource");
    return this.inNamespace("k8s", "@pulumi/kubernetes", "", `${group.split(".")[0]}.${version}.${kind}`);
  }

  private inNamespace(name: string, path: string, file: string, member: string): string {
    this.namespaces.set(name, this.modules === "esm" ? path + file : path);
    return `${name}.${member}`;
  }

  /** In a loop each team has its own scope, so its name is left out. */
  private variableFor({ name, type }: Registered): string {
    const words = `${this.example === undefined ? name : name.replace(this.example, "team")}-${type.split(":").at(-1)}`.split(/[^A-Za-z0-9]+/).filter(Boolean);
    return words.map((word, index) => (index === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join("");
  }

  private options({ provider, dependencies, deletedWith, protect, deleteBeforeReplace, ignoreChanges, replaceOnChanges }: Registered): string {
    const variable = (urn: string) => this.variables.get(urn);
    const options: [string, string | undefined][] = [
      ["provider", provider === undefined ? undefined : variable(provider.slice(0, provider.lastIndexOf("::")))],
      ["dependsOn", list(dependencies.map(variable).filter((name) => name !== undefined))],
      ["deletedWith", deletedWith === undefined ? undefined : variable(deletedWith)],
      ["protect", protect ? "true" : undefined],
      ["deleteBeforeReplace", deleteBeforeReplace ? "true" : undefined],
      ["ignoreChanges", list(ignoreChanges.map((path) => JSON.stringify(path)))],
      ["replaceOnChanges", list(replaceOnChanges.map((path) => JSON.stringify(path)))],
    ];
    return options.flatMap(([key, text]) => (text === undefined ? [] : [`${key}: ${text}`])).join(", ");
  }

  private value(value: Value, within: Registered): string {
    if (typeof value === "string") return this.reference(value, within) ?? this.text(value);
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    if (Array.isArray(value)) return `[${value.map((item) => this.value(item, within)).join(", ")}]`;
    return `{ ${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${this.value(item, within)}`).join(", ")} }`;
  }

  /** A text with `<name.output>` in it as an expression of that resource's output; undefined when it has none. */
  private reference(text: string, { dependencies }: Registered): string | undefined {
    let found = false;
    const template = text.replaceAll(/<([^<>]+)\.(\w+)>/g, (whole, name: string, output: string) => {
      const source = dependencies.find((urn) => urn.endsWith(`::${name}`) && this.variables.has(urn));
      if (source === undefined) return whole;
      found = true;
      return `\${${this.variables.get(source)}.${output}}`;
    });
    if (!found) return undefined;
    const alone = /^\$\{(\w+\.\w+)\}$/.exec(template)?.[1];
    if (alone !== undefined) return alone;
    this.usesPulumi = true;
    return `pulumi.interpolate\`${template}\``;
  }

  private text(text: string): string {
    if (this.example === undefined || !text.includes(this.example)) return JSON.stringify(text);
    return `\`${text.replaceAll(/[\\`$]/g, "\\$&").replaceAll(this.example, "${tenant}")}\``;
  }
}

/** What a person writes: without what the packages' classes add by themselves. */
function argumentsOf({ type, inputs }: Registered): Values {
  const { compat: _, ...rest } = inputs;
  // Arguments of a provider travel as texts.
  if (type.startsWith("pulumi:providers:")) return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, asBoolean(value)]));
  const [, module = ""] = type.split(":");
  if (!type.startsWith("kubernetes:") || isCustomResource(inputs, module.split("/")[0]!)) return rest;
  const { apiVersion: _version, kind: _kind, ...args } = rest;
  return args;
}

function asBoolean(value: Value): Value {
  return value === "true" || value === "false" ? value === "true" : value;
}

/** Groups that the package has classes for end in `.k8s.io` or are plain words, but for Helm's. */
function isCustomResource(inputs: Values, group: string): boolean {
  return typeof inputs.kind === "string" && group.includes(".") && !group.endsWith(".k8s.io");
}

function list(items: string[]): string | undefined {
  return items.length === 0 ? undefined : `[${items.join(", ")}]`;
}
