/** Settings of the tenants that may change while they live, and exactly what a change plans; and those that cannot. */
import assert from "node:assert/strict";
import type { QuotaSettings, TenancySettings } from "../../../components/settings/settings.ts";
import { sizes } from "../../../components/settings/sizes.ts";
import { policies } from "../../../components/tenant/admission/policies.ts";
import { quotaSpec } from "../../../components/tenant/limits.ts";
import { settings } from "../../settings.ts";
import type { Stop } from "./create-only.ts";
import type { Change } from "./mutable.ts";

const update = (resource: string, ...places: string[]): string[] => places.map((place) => `update ${resource}: ${place}`);

/** The tenant orders has three namespaces, none of its own name; the tenant web was made as front, and has one. */
export const orders = ["orders/shop-orders", "orders/shop-orders-jobs", "orders/shop-orders-tools"];
export const namespacesOf = { orders: ["orders-control", ...orders.map((prefix) => `${prefix}-workload`)], web: ["front-control", "front-workload"] };
const everyNamespace = [...namespacesOf.orders, ...namespacesOf.web];
const annotated = (namespaces: string[], name: string, kind = "Namespace"): string[] => namespaces.flatMap((namespace) => update(`${kind} ${namespace}`, `metadata.annotations["${name}"]`));
/** A changed bound of these namespaces. */
export const bounded = (namespaces: string[], name: string, kind?: "NamespacePatch"): string[] => annotated(namespaces, `mooring.platform/${name}`, kind);
const levels = (namespace: string): string[] => update(`Namespace ${namespace}`, ...["enforce", "warn"].map((mode) => `metadata.labels["pod-security.kubernetes.io/${mode}"]`));
const traffic = (...places: string[]): string[] => orders.flatMap((prefix) => update(`NetworkPolicy ${prefix}-traffic`, ...places));
const allowing = (name: string, value: string[]): Change => ({ set: { [`tenants.orders.allowed.${name}`]: value }, plans: bounded(namespacesOf.orders, name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace("registries", "images")) });
const people = (role: "editors" | "viewers", group: string, observer: number): Change => ({
  set: { [`tenants.orders.${role}`]: [group] },
  plans: [...orders.flatMap((prefix) => update(`RoleBinding ${prefix}-${role}`, "subjects[0].name")), ...update("RoleBinding orders-observers", `subjects[${observer}].name`)],
});

/** Where the rules are that a further one comes before. */
const before = [
  ...["[2].ports[0].port", "[2].to[0].ipBlock", "[2].to[0].namespaceSelector", "[3].ports[0].port", "[3].ports[0].protocol", "[3].to[0].ipBlock.cidr"],
  ...["[4].ports[0].port", "[4].ports[0].protocol", "[4].ports[1]", "[4].to[0].ipBlock.cidr", "[5]"],
].map((place) => `spec.egress${place}`);

const { allowed } = settings({ tenants: { orders: null } }).tenants[0]!;
/** What of a ResourceQuota a setting is; its exact values are tested elsewhere. */
function hard(name: keyof QuotaSettings): string[] {
  const amountsOf = (value: string | number): Record<string, string> => quotaSpec({ ...sizes.small, [name]: value }, allowed, []).hard;
  const [before, after] = typeof sizes.small[name] === "number" ? [amountsOf(1), amountsOf(2)] : [amountsOf("1"), amountsOf("2")];
  return Object.keys(after).filter((key) => after[key] !== before[key]).map((key) => (/^\w+$/.test(key) ? `.${key}` : `["${key}"]`));
}
const quota = (prefix: string, ...names: string[]): string[] => update(`ResourceQuota ${prefix}-quota`, ...names.map((name) => `spec.hard${name}`));
const amounts = { cpu: "9", memory: "17Gi", pods: 61, storage: "101Gi", volumes: 21, services: 41, configMaps: 201, secrets: 202, jobs: 101, objects: 102, fluxObjects: 51 };
/** Load balancers are the first namespace's, and none by default. */
const everyQuota = (prefix: string): string[] => quota(prefix, ...Object.keys(amounts).flatMap((name) => hard(name as keyof typeof amounts)));
const limits = ["default", "defaultRequest"].flatMap((kind) => ["cpu", "memory", "ephemeral-storage"].map((name) => `spec.limits[0].${kind}.${name}`));

const rules = policies(settings()).map(({ name }) => name);
/** What of a rule another value of a setting changes; what it then says is tested elsewhere. */
function validations(rule: string, tenancy: Partial<TenancySettings>): string[] {
  const [before, after] = [{}, tenancy].map((change) => policies({ addons: {}, tenancy: { ...settings({ tenancy: { minimumInterval: "1m", maximumTimeout: "30m" } }).tenancy, ...change } }).find(({ name }) => name === rule)!.validations);
  const places = after!.flatMap((validation, number) => (["expression", "message", "messageExpression"] as const).filter((part) => validation[part] !== before![number]![part]).map((part) => `spec.validations[${number}].${part}`));
  assert.ok(places.length > 0, rule);
  return update(`ValidatingAdmissionPolicy mooring-rules-${rule}`, ...places);
}

/** One preview each. */
export const changesOfTenants: Record<string, Change[]> = {
  "what holds for every tenant": [
    { set: { "tenancy.admission": "Audit" }, plans: rules.flatMap((rule) => update(`ValidatingAdmissionPolicyBinding mooring-rules-${rule}`, "spec.validationActions[0]", "spec.validationActions[1]")) },
    { set: { "tenancy.minimumInterval": "2m" }, plans: validations("intervals", { minimumInterval: "2m" }) },
    { set: { "tenancy.maximumTimeout": "20m" }, plans: validations("timeouts", { maximumTimeout: "20m" }) },
    { set: { "tenancy.charts": ["https://charts.jetstack.io"] }, plans: bounded(everyNamespace, "sources") },
    { set: { "tenancy.registries": ["mcr.microsoft.com", "/shared"] }, plans: bounded(everyNamespace, "images") },
    { set: { "tenancy.domain": "apps-2.acme.example" }, plans: bounded(namespacesOf.web, "hosts") },
    {
      set: { "tenancy.ingressNamespace": "ingress-2" },
      plans: [
        ...traffic('spec.ingress[2].from[0].namespaceSelector.matchLabels["kubernetes.io/metadata.name"]'),
        ...update("NetworkPolicy mooring-flux-webhooks-traffic", 'spec.ingress[0].from[0].namespaceSelector.matchLabels["kubernetes.io/metadata.name"]'),
        ...update("ValidatingAdmissionPolicy mooring-rules-routes", "spec.variables[1].expression"),
      ],
    },
    {
      set: { "tenancy.monitoringNamespace": "metrics-2" },
      plans: [
        ...traffic('spec.ingress[3].from[0].namespaceSelector.matchLabels["kubernetes.io/metadata.name"]'),
        ...update("NetworkPolicy mooring-flux-metrics-traffic", 'spec.ingress[0].from[0].namespaceSelector.matchLabels["kubernetes.io/metadata.name"]'),
      ],
    },
    // Permissions, and what stands in the state alone.
    { set: { "tenancy.privileged": ["web"] }, plans: [] },
    { set: { "tenancy.adoptable": ["legacy"] }, plans: [] },
    { set: { "tenancy.protect": false }, plans: [] },
  ],
  "a tenant, and what it may": [
    { set: { "tenants.orders.description": "Orders" }, plans: [...annotated(namespacesOf.orders, "kubernetes.io/description"), ...update("Repository orders-repository", "description")] },
    {
      set: { "tenants.orders.state": "suspended" },
      plans: [...orders.map((prefix) => `delete RoleBinding ${prefix}-reconciler`), ...["GitRepository orders-source", "Kustomization orders-sync"].flatMap((resource) => update(resource, "spec.suspend"))],
    },
    { set: { "tenants.orders.protect": false }, plans: [] },
    people("editors", "7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e15", 1),
    people("viewers", "7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e16", 2),
    { set: { "tenants.orders.namespaces.shop-orders.share": 60 }, plans: orders.flatMap(everyQuota) },
    { set: { "tenants.orders.namespaces.shop-orders-jobs.podSecurity": "restricted" }, plans: levels("orders/shop-orders-jobs-workload") },
    { set: { "tenants.orders.podSecurity": "baseline" }, plans: ["orders/shop-orders-workload", "orders/shop-orders-tools-workload"].flatMap(levels) },
    { set: { "tenants.web.size": "small" }, plans: everyQuota("front") },
    { set: { "tenants.web.containers": { cpu: "2", memory: "2Gi", disk: "5Gi", cpuRequest: "200m", memoryRequest: "256Mi", diskRequest: "512Mi" } }, plans: update("LimitRange front-limits", ...limits) },
    allowing("sources", ["ssh://git@github.com/acme/charts.git"]),
    allowing("registries", ["quay.io/thanos"]),
    allowing("storageClasses", ["managed-csi"]),
    allowing("priorityClasses", ["critical"]),
    allowing("serviceTypes", ["ClusterIP", "LoadBalancer"]),
    allowing("hosts", ["orders.acme.example"]),
    { set: { "tenants.orders.traffic.callers": [{ tenant: "web", ports: [8081] }] }, plans: [...traffic("spec.ingress[1].ports[0].port", "spec.ingress[1].ports[1]"), ...update("NetworkPolicy front-traffic", "spec.egress[2].ports[0].port", "spec.egress[2].ports[1]")] },
    { set: { "tenants.orders.traffic.ingress.ports": [8081] }, plans: traffic("spec.ingress[2].ports[0].port") },
    { set: { "tenants.orders.traffic.monitoring.ports": [9091] }, plans: traffic("spec.ingress[3].ports[0].port") },
    { set: { "tenants.orders.traffic.outside.payment-provider.cidr": "203.0.112.0/24" }, plans: traffic("spec.egress[2].to[0].ipBlock.cidr") },
    { set: { "tenants.orders.traffic.outside.time.ports": [124] }, plans: traffic("spec.egress[3].ports[0].port") },
    { set: { "tenants.orders.traffic.outside.time.protocol": "TCP" }, plans: traffic("spec.egress[3].ports[0].protocol") },
    // For people alone.
    { set: { "tenants.orders.traffic.outside.mail.name": "post" }, plans: [] },
    { set: { "tenants.orders.repository.visibility": "internal" }, plans: update("Repository orders-repository", "visibility") },
    { set: { "tenants.orders.deploy.path": "./releases/live" }, plans: update("Kustomization orders-sync", "spec.path") },
    { set: { "tenants.orders.deploy.semver": "1.5.x" }, plans: update("GitRepository orders-source", "spec.ref.semver") },
    { set: { "tenants.web.deploy.tag": "v2.0.2" }, plans: update("GitRepository front-source", "spec.ref.tag") },
    { set: { "tenants.orders.deploy.interval": "6m" }, plans: ["GitRepository orders-source", "Kustomization orders-sync"].flatMap((resource) => update(resource, "spec.interval")) },
    { set: { "tenants.orders.deploy.timeout": "11m" }, plans: update("Kustomization orders-sync", "spec.timeout") },
    {
      set: { "tenants.orders.notify": [{ slack: "#orders", secret: "orders-slack", severity: "info" }, { slack: "#orders-news", secret: "orders-news", severity: "info" }] },
      plans: [
        ...update("Alert orders-notify/orders-b42cfb", "spec.eventSeverity"),
        ...["Alert", "Provider", "Secret"].flatMap((kind) => [`create ${kind} orders-notify/orders-news-4724de`, `delete ${kind} orders-notify/orders-releases-c8898d`]),
      ],
    },
  ],
  "the rest of that": [
    { set: { "tenants.web.quota": amounts }, plans: everyQuota("front") },
    { set: { "tenants.orders.quota.loadBalancers": 2 }, plans: quota("orders/shop-orders", ...hard("loadBalancers")) },
    { set: { "tenants.web.traffic": { callers: [{ tenant: "orders", ports: [9000] }] } }, plans: [...update("NetworkPolicy front-traffic", "spec.ingress[1]"), ...traffic(...before)] },
    // Another environment's from then on, with its settings and rules.
    {
      set: { "tenants.web.repository": { manage: false } },
      plans: ["Repository front-repository", ...["branches", "default-branch", "tags"].map((rule) => `RepositoryRuleset front-rules/${rule}`)].map((gone) => `delete ${gone}`),
    },
    {
      set: { "tenants.orders.repository.keyRotation": 3 },
      plans: [...["PrivateKey", "RepositoryDeployKey"].flatMap((kind) => [`create ${kind} orders-deploy-key-3`, `delete ${kind} orders-deploy-key-2`]), ...update("Secret orders-deploy-key", "stringData")],
    },
    { set: { "tenants.web.deploy.tag": undefined, "tenants.web.deploy.branch": "release" }, plans: update("GitRepository front-source", "spec.ref.branch", "spec.ref.tag") },
    {
      set: { "tenants.orders.nodePool": "apps" },
      plans: [
        ...update("Kustomization orders-sync", ...[1, 2, 3].map((patch) => `spec.patches[${patch}].patch`), ...[2, 3].map((patch) => `spec.patches[${patch}].target.kind`), "spec.patches[3].target.group", "spec.patches[4]", "spec.patches[5]"),
        ...bounded(namespacesOf.orders, "taints"),
      ],
    },
  ],
};

/** What would take a tenant's namespaces away with what is in them. */
export const stoppedTenants: Stop[] = [
  { set: { "tenants.web.formerly": undefined }, stops: "delete Kustomization front-sync" },
  { set: { "tenancy.adoptable": ["shop-orders-tools"], "tenants.orders.namespaces.shop-orders-tools": { adopt: true } }, stops: "delete Namespace orders/shop-orders-tools-workload" },
];
