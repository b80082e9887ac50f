/**
 * docs/first-day.md, step by step on the local platform: the page's own settings, the real engine and API server, the scaffold's own build
 * script with stand-ins for docker and the Azure CLI, GitHub's stand-in behind a real SSH server, and Flux's own code on the objects of the
 * cluster. Each test goes on where the one before ended. It catches a step of the page that does not follow from the ones before.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parseAllDocuments } from "yaml";
import { check } from "../../cli/check.ts";
import { projectRoot } from "../../cli/arguments.ts";
import type { GitServerPrograms } from "../../local/git-server/programs.ts";
import { startGitServer } from "../../local/git-server/server.ts";
import type { GitServer } from "../../local/git-server/server.ts";
import { silentProgress } from "../../local/progress.ts";
import { addExisting } from "../../local/standins/azure/existing.ts";
import type { Values } from "../../local/standins/contract.ts";
import { provideKustomize } from "../../local/toolchain/kustomize.ts";
import { FluxLogic } from "../flux-logic.ts";
import { provideSshd } from "../git-server.ts";
import { Clone } from "./delivery/clone.ts";
import { Forge } from "./delivery/forge.ts";
import { Environment } from "./environment.ts";
import { TenantFlux } from "./first-day/flux.ts";
import { settingsOfPage } from "./first-day/page.ts";
import { Team } from "./first-day/team.ts";

const provided = provideSshd();
const skip = "missing" in provided ? provided.missing : false;

let staging: Environment;
let prod: Environment;
let forge: Forge;
let server: GitServer;
let logic: FluxLogic;
let kustomize: string;
let inStaging: TenantFlux;
let inProd: TenantFlux;
let team: Team;

describe("a team's first day", { skip }, () => {
before(async () => {
  [staging, prod, logic, kustomize] = await Promise.all([Environment.open("staging"), Environment.open("prod"), FluxLogic.open(), provideKustomize({ progress: silentProgress })]);
  mkdirSync(staging.repositories, { recursive: true });
  symlinkSync(staging.repositories, prod.repositories);
  forge = new Forge(staging.repositories, "acme");
  for (const environment of [staging, prod]) {
    environment.configure((config) => {
      delete config.pipelines;
      Object.assign(config, settingsOfPage(environment.stack));
    });
  }
  const { promoteFrom } = settingsOfPage("prod").registry as { promoteFrom: { name: string; resourceGroup: string; subscription: string } };
  const azure = { folder: prod.platformFolder, subscriptionId: promoteFrom.subscription, tenantId: "5f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e", location: "westeurope" };
  await addExisting(azure, "azure-native:resources:ResourceGroup", { resourceGroupName: promoteFrom.resourceGroup });
  await addExisting(azure, "azure-native:containerregistry:Registry", { resourceGroupName: promoteFrom.resourceGroup, registryName: promoteFrom.name, sku: { name: "Standard" } });
});
after(async () => {
  team?.machine.remove();
  await server?.stop();
  await logic?.close();
  await staging?.close();
  await prod?.close();
});

const checked = (environment: Environment): string[] => check({ root: projectRoot, stack: undefined, file: environment.stackFile }).lines;

test("check takes the page's settings, and names the secrets that are still missing", async () => {
  console.log(checked(staging), checked(prod));
  for (const [name, value] of [["orders-slack", "https://hooks.slack.example/T0/B0/x"], ["orders-status", "ghp_x"]]) await staging.setSecret(name!, value!);
  assert.deepEqual([checked(staging), checked(prod)], [["x"], ["x"]]);
});

test("up makes it all", async () => {
  await staging.up();
  await prod.up();
  server = await startGitServer({ folder: join(staging.folder, "git-server"), repositories: staging.repositories, programs: (provided as { programs: GitServerPrograms }).programs });
  inStaging = new TenantFlux(staging, logic, server, "orders");
  inProd = new TenantFlux(prod, logic, server, "orders");
  team = new Team(forge, "orders");
  const { keys, hooks, teams, rulesets, environments } = forge.parts("orders");
  console.log(keys.map(({title, readOnly}) => [title, readOnly]), hooks.length, teams, rulesets.map(({name}) => name), environments, team.delivery("staging"), team.delivery("prod"));
});

test("walk", async () => {
  const first = team.merged("Say hello", { "app/hello.go": "package main\n" });
  console.log(await team.job("staging", ["push"]));
  const tags = team.tags("staging", "orders-api");
  console.log(tags);
  console.log(await inStaging.decide("orders-api", tags));
  const auto = await inStaging.automate();
  console.log(auto);
  team.pull();
  console.log(team.machine.read("deploy/staging/kustomization.yaml"), first);
  console.log((await inStaging.fetched()).revision);
  await assert.rejects(inProd.fetched(), (error) => { console.log(String(error)); return true; });
  team.machine.world(({ statuses }) => { statuses[team.machine.head()] = [{ context: "mooring/staging/Kustomization/orders", state: "success", description: "" }]; });
  const promoted = await team.attempt("prod", ["promote", "--version", "1.0.0"]);
  console.log(promoted.stderr);
  console.log(team.machine.world().pullRequests, team.machine.read("deploy/prod/kustomization.yaml"), team.tags("prod", "orders-api"));
});
void [execFileSync, createServer, parseAllDocuments, Clone, kustomize]; void (0 as unknown as AddressInfo | Values);
});
