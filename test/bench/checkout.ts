/** Folders to measure in: a copy of the program with any number of teams, or the flat program in its place. */
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Document } from "yaml";
import { parseDocument, stringify } from "yaml";
import { splitWords } from "../../local/language-host/words.ts";

export const projectRoot = join(import.meta.dirname, "../..");

/** The stack that is measured. */
export const stack = "bench";

const tenantsFolder = "tenants";

/** The arguments for Node with which the engine runs the program of the project in `folder`. */
export function nodeArguments(folder: string): string[] {
  return splitWords(String(projectFile(folder).getIn(nodeArgumentsPath)));
}

const nodeArgumentsPath = ["runtime", "options", "nodeargs"];

function projectFile(folder: string): Document {
  return parseDocument(readFileSync(join(folder, "Pulumi.yaml"), "utf8"));
}

/** An environment with defaults wherever a default exists. */
const configuration = {
  "mooring:platform": "acme",
  "mooring:tier": "nonproduction",
  "mooring:owner": "platform@acme.example",
  "mooring:azure": { tenant: "5f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e", subscription: "8a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d", location: "westeurope" },
  "mooring:cluster": { administrators: ["3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d01"] },
  "mooring:github": { owner: "acme" },
  "mooring:tenantsFolder": tenantsFolder,
};

/** What one team writes that has people, a budget and a folder of its own. */
export function usualTenant(name: string): Record<string, unknown> {
  return {
    description: `Services of ${name}`,
    owners: ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e01"],
    quota: { cpu: "8", memory: "16Gi", pods: 60 },
    deploy: { path: "./deploy/staging" },
  };
}

/** `team-0001` and so on. */
export function teamNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `team-${String(index + 1).padStart(4, "0")}`);
}

/** The program's own files. */
const sources = ["index.ts", "package.json", "Pulumi.yaml", "components", "cli"];

/** Copies the program, so that all that is compared is of one moment. */
export function copySources(from: string, to: string): void {
  for (const name of sources) cpSync(join(from, name), join(to, name), { recursive: true });
}

/** Makes `folder` a project of the program in `source` with these teams, one file each. */
export function checkOut(folder: string, source: string, teams: readonly string[], tenant = usualTenant): void {
  copySources(source, folder);
  prepare(folder, configuration);
  mkdirSync(join(folder, tenantsFolder));
  for (const name of teams) writeTeam(folder, name, tenant);
}

/** Adds one team's file. */
export function writeTeam(folder: string, name: string, tenant = usualTenant): void {
  writeFileSync(join(folder, tenantsFolder, `${name}.yaml`), stringify(tenant(name)));
}

/** A project with one file, run like Mooring's own program: Node strips the types, compiled code is kept. */
export function checkOutFlat(folder: string, source: string, program: string, teams: readonly string[]): void {
  for (const name of ["Pulumi.yaml", "cli/preload.mjs"]) cpSync(join(source, name), join(folder, name));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "flat", private: true, type: "module" }));
  writeFileSync(join(folder, "index.ts"), program);
  writeFileSync(join(folder, "tenants.json"), JSON.stringify(teams));
  prepare(folder, {});
}

/** The project that Pulumi's template for TypeScript starts, with this program. */
export function checkOutTemplate(folder: string, program: string): void {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "template", main: "index.ts", private: true }));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: templateOptions, files: ["index.ts"] }));
  writeFileSync(join(folder, "index.ts"), program);
  linkModules(folder);
}

/** Source: `genProject` in pkg/codegen/nodejs/gen_program.go of github.com/pulumi/pulumi. */
const templateOptions = {
  strict: true,
  outDir: "bin",
  sourceMap: true,
  target: "ES2022",
  module: "nodenext",
  moduleResolution: "nodenext",
  moduleDetection: "force",
  types: ["node"],
  noFallthroughCasesInSwitch: true,
  noImplicitReturns: true,
  skipLibCheck: true,
};

/** The highest memory of the Node process that ran in `folder` last, in bytes. */
export function peakOf(folder: string): number {
  return Number(readFileSync(join(folder, "peak"), "utf8"));
}

function prepare(folder: string, config: Record<string, unknown>): void {
  cpSync(join(import.meta.dirname, "peak.mjs"), join(folder, "peak.mjs"));
  const project = projectFile(folder);
  project.setIn(nodeArgumentsPath, `${String(project.getIn(nodeArgumentsPath))} --import ./peak.mjs`);
  writeFileSync(join(folder, "Pulumi.yaml"), project.toString());
  writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({ config }));
  linkModules(folder);
}

/** The packages are this project's; caches that are kept among them are the folder's own. */
function linkModules(folder: string): void {
  const modules = join(projectRoot, "node_modules");
  mkdirSync(join(folder, "node_modules"));
  for (const name of readdirSync(modules)) {
    if (name !== ".cache") symlinkSync(join(modules, name), join(folder, "node_modules", name), "junction");
  }
}
