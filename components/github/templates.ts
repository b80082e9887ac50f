/** The repositories from which teams' repositories start: one a flavour, kept by the platform. */
import type { Repository } from "@pulumi/github/repository.js";
import * as pulumi from "@pulumi/pulumi";
import { templateName } from "../settings/names.ts";
import type { Flavour, Settings } from "../settings/settings.ts";
import { commitFiles } from "./files.ts";
import { registerRepository } from "./repository.ts";
import { readScaffold } from "./scaffold/reader.ts";

export interface Template {
  name: string;
  /** It is complete when they are there. */
  files: pulumi.Resource[];
}

/** The flavours with which this environment starts repositories. */
export function flavoursOf({ tenants }: Settings): Flavour[] {
  const used = new Set(tenants.flatMap(({ repository }) => (repository?.manage === true && !repository.adopt && repository.scaffold ? [repository.scaffold] : [])));
  return [...used].sort();
}

/**
 * Template repositories with the files of this project's `scaffold` folder. They are Mooring's: what is changed there by hand
 * is changed back. They stay when the environment is destroyed.
 */
export class Templates extends pulumi.ComponentResource {
  private readonly made: Partial<Record<Flavour, Template>> = {};

  constructor(name: string, settings: Settings, flavours: readonly Flavour[], opts?: pulumi.ComponentResourceOptions) {
    super("mooring:github:Templates", name, {}, opts);
    for (const flavour of flavours) {
      const repository = {
        name: templateName(flavour), manage: true, adopt: settings.github.adoptTemplates, visibility: "private" as const, environment: false, topics: [], teams: {}, archived: false, keyRotation: 1,
      };
      const made = registerRepository(`${name}-${flavour}`, { repository, description: `What a team's repository starts with (${flavour})`, isTemplate: true }, { parent: this }) as Repository;
      this.made[flavour] = { name: repository.name, files: [made, ...commitFiles(`${name}-${flavour}`, made.name, { files: readScaffold(flavour), theirs: false, fresh: true }, { parent: this, dependsOn: made, retainOnDelete: true })] };
    }
    this.registerOutputs({});
  }

  /** Of a flavour that this environment starts repositories with. */
  of(flavour: Flavour): Template {
    return this.made[flavour]!;
  }
}
