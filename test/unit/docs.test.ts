/**
 * The pages for people: examples are right, links lead somewhere, commands exist. An example of a stack file (a block with
 * `mooring:` keys) is laid over the smallest stack and read like one: it must be right in one of the two tiers. An example of
 * a team's own file begins with its path as a comment, `# tenants/staging/orders.yaml`; one that begins with `# Pulumi.prod.yaml` is of
 * that stack.
 */
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, test } from "node:test";
import { parseAllDocuments } from "yaml";
import { projectRoot } from "../../cli/arguments.ts";
import { policies } from "../../components/tenant/admission/policies.ts";
import { mistakes, settings, smallest } from "../settings.ts";

type Values = Record<string, unknown>;

const pages = ["README.md", ...globSync("docs/*.md", { cwd: projectRoot }).sort()];
const text = (path: string) => readFileSync(join(projectRoot, path), "utf8");

interface Block {
  language: string;
  /** The line of its first line, from 1. */
  line: number;
  text: string;
}

/** The fenced blocks of a page; a block within a list is moved to the left. */
function blocks(page: string): Block[] {
  return [...page.matchAll(/^( *)```(\S*)\n([\s\S]*?)^\1```$/gm)].map(([, indent = "", language = "", body = "", ], index, all) => ({
    language,
    line: page.slice(0, all[index]!.index).split("\n").length + 1,
    text: body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  }));
}

/** The page without its blocks and code in the line. */
const prose = (page: string) => page.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, "").replaceAll(/`[^`\n]*`/g, "");

function isMap(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Maps are joined, everything else is replaced. */
function over(base: unknown, change: unknown): unknown {
  if (!isMap(base) || !isMap(change)) return change;
  return Object.fromEntries([...new Set([...Object.keys(base), ...Object.keys(change)])].map((key) => [key, key in change ? over(base[key], change[key]) : base[key]]));
}

/** The mistakes of settings in the tier that has fewer. */
function wrong(settings: Values, environment?: string): string[] {
  const cluster = settings.cluster;
  // An existing cluster has nothing else beside it.
  const base = isMap(cluster) && "existing" in cluster ? { ...smallest, cluster: {} } : smallest;
  const production = { ...base, tier: "production", ...(base === smallest && { cluster: { ...(smallest.cluster as Values), authorizedRanges: [] } }) };
  const tiers = settings.tier === undefined ? [base, production] : [{ ...production, tier: settings.tier }];
  // Repositories are staging's on these pages, and production comes after it.
  const after = environment === "prod" ? { github: { managedBy: "staging" } } : {};
  const found = tiers.map((tier) => mistakes(over(over(tier, after), settings) as Values, { root: projectRoot, ...(environment !== undefined && { environment }) }));
  return found.reduce((best, other) => (other.length < best.length ? other : best));
}

/** What is wrong in a block of YAML, as lines. */
function faults({ text }: Block): string[] {
  const documents = parseAllDocuments(text);
  const syntax = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings].map(({ message }) => message));
  if (syntax.length > 0) return syntax;
  const [, stack] = /^# Pulumi\.(\S+)\.yaml$/m.exec(text.split("\n")[0] ?? "") ?? [];
  return documents.flatMap((document) => {
    const value: unknown = document.toJS();
    const [, file] = /^# (tenants\/\S+\.yaml)$/m.exec(text.split("\n")[0] ?? "") ?? [];
    if (file !== undefined) return wrong({ tenants: { [basename(file, ".yaml")]: value } });
    const config = isMap(value) && isMap(value.config) ? value.config : value;
    if (!isMap(config)) return [];
    const settings = Object.entries(config).filter(([key]) => key.startsWith("mooring:"));
    return settings.length === 0 ? [] : wrong(Object.fromEntries(settings.map(([key, section]) => [key.slice("mooring:".length), section])), stack);
  });
}

describe("examples", () => {
  for (const page of pages) {
    test(page, () => {
      const found = blocks(text(page)).filter(({ language }) => ["yaml", "yml"].includes(language));
      assert.deepEqual(found.flatMap((block) => faults(block).map((fault) => `${page}:${block.line}: ${fault}`)), []);
    });
  }

  test("the check itself finds what is wrong", () => {
    const check = (text: string) => faults({ language: "yaml", line: 1, text });
    assert.deepEqual(check("a: [1\n").length > 0, true, "no YAML");
    assert.deepEqual(check("kind: Pod\n"), []);
    assert.match(check("  mooring:registry: { skuu: Basic }\n").join(), /^mooring:registry\.skuu: .*did you mean sku\?/);
    assert.match(check("config:\n  mooring:registri: {}\n").join(), /^mooring:registri: there is no such setting/);
    assert.match(check("  mooring:registry: { sku: Basic, replicas: [northeurope] }\n").join(), /^mooring:registry\.replicas: needs the tier Premium/);
    assert.deepEqual(check("  mooring:registry: { replicas: [northeurope] }\n"), [], "right in production");
    assert.match(check("  mooring:tier: nonproduction\n  mooring:registry: { replicas: [northeurope] }\n").join(), /needs the tier Premium/);
    assert.deepEqual(check("  mooring:cluster: { existing: { resourceGroup: rg-clusters, name: aks-shared } }\n"), []);
    assert.match(check("# tenants/staging/orders.yaml\nsops: true\n").join(), /^mooring:tenants\.orders\.sops: /);
    const owned = "mooring:github: { owner: acme, managedBy: staging }\n";
    assert.deepEqual(check(`# Pulumi.prod.yaml\n${owned}`), []);
    assert.match(check(`# Pulumi.staging.yaml\n${owned}`).join(), /staging is this environment/);
    assert.deepEqual(blocks("- x\n\n  ```yaml\n  a: 1\n  ```\n\n```sh\nb\n```\n"), [{ language: "yaml", line: 4, text: "a: 1\n" }, { language: "sh", line: 8, text: "b\n" }]);
  });
});

describe("links", () => {
  /** What GitHub calls a heading. */
  const anchors = (path: string) =>
    [...text(path).replaceAll(/^( *)```[\s\S]*?^\1```$/gm, "").matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
      heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").trim().replaceAll(" ", "-"),
    );

  for (const page of pages) {
    test(page, () => {
      const targets = [...prose(text(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target).filter((target) => !/^[a-z]+:/.test(target));
      for (const target of targets) {
        const [path = "", anchor] = target.split("#");
        const file = path === "" ? page : join(dirname(page), path);
        assert.ok(existsSync(join(projectRoot, file)), `${page}: there is no ${target}`);
        if (anchor !== undefined) assert.ok(anchors(file).includes(anchor), `${page}: ${file} has no heading #${anchor}`);
      }
    });
  }

  test("the README names every page", () => {
    const readme = text("README.md");
    assert.deepEqual(pages.slice(1).filter((page) => !readme.includes(`](${page})`)), []);
  });
});

test("the page about isolation has a row for each admission rule, those of add-ons too", () => {
  const rules = policies({ ...settings(), addons: { certManager: { email: "platform@acme.example" }, externalSecrets: {}, kubePrometheusStack: {}, flagger: {} } }).map(({ name }) => name);
  const rows = [...text("docs/isolation.md").split("\n## The admission rules\n")[1]!.split("\n## ")[0]!.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(rows.toSorted(), rules.toSorted());
});

test("every npm script that a page or a workflow names exists", () => {
  const { scripts } = JSON.parse(text("package.json")) as { scripts: Record<string, string> };
  const files = [...pages, ...globSync(".github/workflows/*.yml", { cwd: projectRoot })];
  for (const file of files) {
    for (const [, script = ""] of text(file).matchAll(/\bnpm run (?:--silent )?([a-z][a-z0-9:-]*)/g)) assert.ok(script in scripts, `${file}: npm run ${script}`);
  }
});

test("every command of a team's build script that a page names exists", () => {
  const script = text("scaffold/shared/build.sh");
  const commands = [...script.split("\ncase ")[1]!.matchAll(/^ {2}([a-z]+)(?: \| --\w+)?\) /gm)].map(([, command]) => command);
  assert.ok(commands.includes("push") && commands.includes("help"), commands.join());
  for (const file of [...pages, ...globSync("scaffold/*/README.md", { cwd: projectRoot })]) {
    for (const [, command] of text(file).matchAll(/\bbash build\.sh ([a-z]+)/g)) assert.ok(commands.includes(command!), `${file}: bash build.sh ${command}`);
  }
});

describe("settings that are named in the text", () => {
  interface Schema {
    $ref?: string;
    properties?: Record<string, Schema>;
    additionalProperties?: Schema | boolean;
    items?: Schema;
    anyOf?: Schema[];
    oneOf?: Schema[];
    allOf?: Schema[];
    $defs?: Record<string, Schema>;
  }
  const root = JSON.parse(text("components/settings/stack.schema.json")) as Schema & { properties: { config: Schema } };

  /** Whether there is such a setting: `github.rules.tags`, `notify[].secret`; `*` and names of a map's entries are any. */
  function known(schema: Schema, path: readonly string[]): boolean {
    if (schema.$ref !== undefined) return known(root.$defs?.[schema.$ref.replace("#/$defs/", "")] ?? {}, path);
    const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
    if (branches.some((branch) => known(branch, path))) return true;
    const [first, ...rest] = path;
    if (first === undefined) return true;
    if (schema.items !== undefined && (first === "[]" || /^\[\d+\]$/.test(first))) return known(schema.items, rest);
    const next = schema.properties?.[first] ?? (typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined);
    return next !== undefined && known(next, rest);
  }
  const exists = (path: string): boolean => {
    const [section = "", ...rest] = path.split(/\.|(?=\[)/);
    return known(root.properties.config, [`mooring:${section}`, ...rest]);
  };

  for (const page of pages) {
    test(page, () => {
      const named = [...text(page).matchAll(/`mooring:([A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z*][A-Za-z0-9*-]*|\[\d*\])*)(?=[`:])/g)].map(([, path = ""]) => path);
      assert.deepEqual(named.filter((path) => !exists(path)), []);
    });
  }

  test("the check itself finds what is not there", () => {
    assert.deepEqual(["github.rules.tags", "notify[].secret", "tenants.orders.images[0].follow", "fleet.repository.rules.branches"].filter((path) => !exists(path)), []);
    assert.deepEqual(["githup", "github.rule", "notify[].secrets", "tenants.orders.image", "fleet.repository.rules.branches.x"].filter(exists), []);
  });
});
