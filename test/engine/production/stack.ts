/** The production environments whose settings are changed: the stack files of test/everything, with as few teams as show everything. */
import { join } from "node:path";
import { openRelay } from "../delivery/relay.ts";
import { Environment } from "../environment.ts";
import { changed, settingsOf } from "../plans.ts";
import type { Settings } from "../plans.ts";
import { addOutside, hub } from "./outside.ts";

const everything = join(import.meta.dirname, "../../everything");
/** Before the budget of the stack files begins. */
const today = new Date("2026-11-21T12:00:00Z");

const production = "9b2c3d4e-5f6a-4b7c-8d8e-0f1a2b3c4d5e";
const others = "8a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";

/** An environment of its own, with every option that can stand beside the others. Nothing is up yet. */
export const openEverything = (): Promise<Environment> =>
  open("everything", {
    "tenants.operations": undefined,
    "tenancy.privileged": undefined,
    tenantsFolder: undefined,
    // The stand-in for Helm has the chart by its own name only.
    "flux.mirror.chart": undefined,
    // A version to upgrade from, and pools that the autoscaler looks after: node provisioning takes the place of that.
    "cluster.kubernetesVersion": "1.34",
    "cluster.nodeProvisioning": false,
  });

/** A cluster of its own in a network, a resource group and a workspace that exist. Nothing is up yet. */
export const openExisting = (): Promise<Environment> =>
  open("existing", {
    registry: { privateEndpoint: true, privateDnsZone: `${hub}/Microsoft.Network/privateDnsZones/privatelink.azurecr.io`, zoneRedundant: false },
    "tenants.orders.build": undefined,
  });

/** A cluster and a registry that others made, with a namespace that a team takes over. Nothing is up yet. */
export async function openShared(): Promise<Environment> {
  const environment = await open("shared", {
    // A team that has left was there before: an archived repository takes no new rules.
    "tenants.demo.state": "leaving",
    tier: "production",
    "vaults.allowedRanges": [],
    "azure.subscription": production,
    "registry.existing": { name: "cracmeshared", resourceGroup: "rg-acme-shared", subscription: others, permissions: "abac" },
    "tenants.operations.build": {
      trust: [
        { name: "azure-devops-old", azureDevOps: { organizationId: "1b671a64-40d5-491e-99b0-da01ff1f3341", organization: "acme", project: "shared", connection: "acr" } },
        { name: "github-tag", github: { repository: "acme/operations", tag: "v1.0.0" } },
      ],
    },
  });
  await environment.kubernetes.create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "node-tools" } });
  return environment;
}

/**
 * An environment from which teams deliver, with repositories that exist and secrets to take in the place of others. Nothing is up yet.
 * One of the repositories is public: the settings say so, since its rules follow from it.
 */
export async function openDelivery(): Promise<Environment> {
  const { environment } = await openRelay();
  const settings = changed(settingsOf(environment), { "tenants.search.repository.visibility": "public", "github.public": ["books", "search"], "tenancy.charts": [...(settingsOf(environment).tenancy as { charts: string[] }).charts, "https://storage-2.relay.example"] });
  environment.configure((config) => {
    for (const [setting, value] of Object.entries(settings)) config[`mooring:${setting}`] = value;
  });
  for (const name of ["orders-spare", "legacy-spare", "search-spare", "stock-spare", "platform-spare"]) await environment.setSecret(name, `value of ${name}`);
  return environment;
}

async function open(stack: string, changes: Settings): Promise<Environment> {
  const environment = await Environment.open(stack, { file: join(everything, `Pulumi.${stack}.yaml`), today });
  const settings = changed(settingsOf(environment), changes);
  environment.configure((config) => {
    for (const key of Object.keys(config).filter((name) => !name.includes(":"))) delete config[key];
    Object.assign(config, settings);
  });
  if (stack === "everything") {
    for (const name of ["orders-slack", "orders-news"]) await environment.setSecret(name, "https://hooks.slack.example/services/T0/B0/x");
  }
  await addOutside(environment.platformFolder);
  return environment;
}
