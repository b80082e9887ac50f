/** The modules of the fleet repository as files. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { modulePath } from "../components/add-ons/catalogue.ts";
import type { Module } from "../components/add-ons/catalogue.ts";
import { variables } from "../components/add-ons/variables.ts";
import type { Values } from "../local/standins/contract.ts";
import { root } from "./conformance/files.ts";

export const fleetFolder = join(root, "scaffold", "fleet");

export const moduleFolder = (module: Pick<Module, "name">): string => join(fleetFolder, modulePath(module));

/** The text of a module's files by their path. Dashboards have variables of their own, and Flux leaves them alone. */
export function moduleFiles(module: Pick<Module, "name">): Record<string, string> {
  const folder = moduleFolder(module);
  const names = globSync("**/*.{yaml,json}", { cwd: folder }).filter((name) => !name.startsWith("dashboards/")).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

/** The objects that a module's files hold as they are written, without values of charts and without what kustomize makes. */
export function moduleObjects(module: Pick<Module, "name">): Values[] {
  return Object.entries(moduleFiles(module))
    .filter(([name]) => name !== "values.yaml" && name !== "kustomization.yaml")
    .flatMap(([, text]) => parseAllDocuments(text).map((document) => document.toJS() as Values));
}

/** What `postBuild.substitute` says for a module, with the catalogue's examples. */
export const examplesFor = ({ variables: names }: Pick<Module, "variables">): Record<string, string> => Object.fromEntries(names.map((name) => [name, variables[name].example]));
