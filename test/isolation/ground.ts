/** Where the attacks happen: two tenants that work, one that is suspended, one that is leaving, and whoever acts for them. */
import { configuration } from "../settings.ts";
import { member, pod, reconciler } from "./subjects.ts";

const group = (number: number): string => `7d1c0000-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** Entra groups. */
export const groups = { owners: group(1), editors: group(2), viewers: group(3), webOwners: group(4), pausedOwners: group(5), partingOwners: group(6) };

/** How many Flux objects of a kind `orders` may have. */
export const fluxObjects = 5;

const tenants = {
  orders: {
    owners: [groups.owners],
    editors: [groups.editors],
    viewers: [groups.viewers],
    quota: { fluxObjects },
    allowed: { storageClasses: ["managed-csi"], registries: ["docker.io/library/redis"] },
    traffic: { outside: [{ name: "anywhere", cidr: "0.0.0.0/0" }], ingress: { ports: [8080] }, monitoring: { ports: [9090] } },
    identity: { serviceAccounts: ["orders-api"] },
    vault: true,
    sops: true,
    registryCharts: true,
  },
  web: { owners: [groups.webOwners], identity: { serviceAccounts: ["web-api"] }, vault: true, sops: true, registryCharts: true },
  paused: { state: "suspended", owners: [groups.pausedOwners] },
  parting: { state: "leaving", owners: [groups.partingOwners] },
};

export const ground = (admission: "Deny" | "Audit" = "Deny") =>
  configuration({
    registry: { name: "acmelab" },
    cluster: { administrators: ["3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d01"], pools: { apps: {}, webonly: { tenant: "web" } } },
    vaults: { allowedRanges: ["203.0.113.0/24"] },
    tenancy: {
      admission,
      domain: "apps.acme.example",
      charts: ["https://charts.jetstack.io"],
      ingressNamespace: "app-routing-system",
      monitoringNamespace: "monitoring",
    },
    tenants,
  });

/** `orders` attacks. */
export const owner = member("owner", "orders", groups.owners);
export const editor = member("editor", "orders", groups.editors);
export const viewer = member("viewer", "orders", groups.viewers);
/** What applies the team's folder. */
export const flux = reconciler("orders-flux");
/** What applies the Flux objects within that folder. */
export const nestedFlux = reconciler("orders");
export const app = pod("orders", "orders-api");

export const registry = "acmelab.azurecr.io";
