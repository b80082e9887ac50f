/** The repositories from which teams' repositories start: one a flavour, kept by the platform. */
import type { Repository } from "@pulumi/github/repository.js";
import * as pulumi from "@pulumi/pulumi";
import { templateName } from "../settings/names.ts";
import type { Flavour, Settings } from "../settings/settings.ts";
import { commitFiles } from "./files.ts";
import { registerRepository } from "./repository.ts";
import { registerRules } from "./rules.ts";
import { readScaffold } from "./scaffold/reader.ts";

export interface Template {
  name: string;
  /** It is complete when this is there. */
  last: pulumi.Resource;
}

/**
 * Template repositories with the files of this project's `scaffold` folder. They are Mooring's: what is changed there by hand
 * is changed back, and they go with the last team that asks for the flavour, or with the environment. What started from one stays.
 */
export class Templates extends pulumi.ComponentResource {
  private readonly made: Partial<Record<Flavour, Template>> = {};

  constructor(name: string, settings: Settings, flavours: readonly Flavour[], opts?: pulumi.ComponentResourceOptions) {
    super("mooring:github:Templates", name, {}, opts);
    for (const flavour of flavours) {
      const repository = {
        name: templateName(flavour), manage: true, adopt: false, visibility: "private" as const, environment: false, topics: [], teams: {}, archived: false, keyRotation: 1,
      };
      // What is there starts every team's pipelines; the plan free has no rules for it.
      const rules = settings.github.plan === "free" ? undefined : { reviews: 1, codeOwners: false, checks: [], branches: [], tags: [], keysMayPush: false, closedToKeys: [] };
      const made = registerRepository(`${name}-${flavour}`, { repository, description: `What a team's repository starts with (${flavour})`, isTemplate: true }, { parent: this }) as Repository;
      const last = commitFiles(`${name}-${flavour}`, made.name, { files: readScaffold(flavour), theirs: false, fresh: true, made: true }, { parent: this, dependsOn: made, deletedWith: made }) ?? made;
      registerRules(`${name}-${flavour}`, settings.github, { ...repository, rules }, made.name, last, { parent: this, deletedWith: made });
      this.made[flavour] = { name: repository.name, last };
    }
    this.registerOutputs({});
  }

  /** Of a flavour that this environment starts repositories with. */
  of(flavour: Flavour): Template {
    return this.made[flavour]!;
  }
}
