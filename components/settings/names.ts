/** Every name that is made from settings, and the rule it must keep. */
import { createHash } from "node:crypto";

import { reservedNamespaces } from "../add-ons/modules.ts";

/** Names of one environment's Azure resources. */
export interface AzureNames {
  resourceGroup: string;
  nodeResourceGroup: string;
  virtualNetwork: string;
  nodesSubnet: string;
  apiServerSubnet: string;
  privateEndpointsSubnet: string;
  natGateway: string;
  natAddress: string;
  registryEndpoint: string;
  workspace: string;
  metricsWorkspace: string;
  grafana: string;
  budget: string;
  cluster: string;
  dnsPrefix: string;
  /** The registry's name, or what six random characters are added to. */
  registryPrefix: string;
  /** `tenant` for an identity of one tenant. */
  identity: (purpose: "cluster" | "kubelet" | "build" | "deploy" | "workload" | "flux", tenant?: string) => string;
  /** `certManager` */
  addOnIdentity: (addOn: string) => string;
  /** Of the registry's call for one repository, for one tenant: letters and digits, unique in the registry. */
  webhook: (tenant: string, repository: string) => string;
  /** What six random characters are added to for a tenant's vault. */
  vaultPrefix: (tenant: string) => string;
}

export function azureNames(platform: string, environment: string): AzureNames {
  const base = `${platform}-${environment}`;
  return {
    resourceGroup: `rg-${base}`,
    nodeResourceGroup: `rg-${base}-nodes`,
    virtualNetwork: `vnet-${base}`,
    nodesSubnet: "nodes",
    apiServerSubnet: "api-server",
    privateEndpointsSubnet: "private-endpoints",
    natGateway: `ng-${base}`,
    natAddress: `pip-${base}-egress`,
    registryEndpoint: `pep-${base}-registry`,
    workspace: `log-${base}`,
    metricsWorkspace: `amw-${base}`,
    grafana: `amg-${base}`,
    budget: `budget-${base}`,
    cluster: `aks-${base}`,
    dnsPrefix: base,
    registryPrefix: `cr${platform}${environment.replaceAll(/[^a-z0-9]/gi, "").toLowerCase()}`,
    identity: (purpose, tenant) => ["id", base, ...(tenant === undefined ? [] : [tenant]), purpose].join("-"),
    addOnIdentity: (addOn) => `id-${base}-${addOn.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    // Cut names, and names without their hyphens, may be the same; the digest is not.
    webhook: (tenant, repository) =>
      repository.replaceAll(/[^a-z0-9]/gi, "").slice(0, 38) + createHash("sha256").update(`${base} ${tenant} ${repository}`).digest("hex").slice(0, 12),
    // A vault's name has at most 24 characters and no two hyphens in a row.
    vaultPrefix: (tenant) => `kv-${tenant.replaceAll(/-+/g, "-").slice(0, 14).replace(/-$/, "")}-`,
  };
}

/** Random characters that are added to {@link AzureNames.registryPrefix} and {@link AzureNames.vaultPrefix}. */
export const suffixLength = 6;

/** The namespace in which the platform keeps a tenant's deploy key, source and reconciler. */
export const controlNamespace = (tenant: string): string => `${tenant}-flux`;

/** As a pattern of GitHub's rules: every tag. */
export const everyTag = "~ALL";

/** The repository from which teams' repositories of a flavour start. */
export const templateName = (flavour: "kustomize" | "helm"): string => `template-${flavour}`;

export interface NameRule {
  what: string;
  name: string;
  /** Longest and shortest length. */
  min: number;
  max: number;
  pattern: RegExp;
}

/**
 * The rules of the service for each derived name.
 * Source: Azure's naming rules (learn.microsoft.com, "Naming rules and restrictions for Azure resources").
 */
export function azureNameRules(names: AzureNames): NameRule[] {
  return [
    { what: "resource group", name: names.resourceGroup, min: 1, max: 90, pattern: /^[-\w.()]*[-\w()]$/ },
    { what: "nodes' resource group", name: names.nodeResourceGroup, min: 1, max: 80, pattern: /^[-\w.()]*[-\w()]$/ },
    { what: "virtual network", name: names.virtualNetwork, min: 2, max: 64, pattern: /^[a-zA-Z0-9][\w.-]*\w$/ },
    { what: "cluster", name: names.cluster, min: 1, max: 63, pattern: /^[a-zA-Z0-9]([-\w]*[a-zA-Z0-9])?$/ },
    { what: "cluster's DNS prefix", name: names.dnsPrefix, min: 1, max: 54, pattern: /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/ },
    { what: "registry", name: `${names.registryPrefix}${"x".repeat(suffixLength)}`, min: 5, max: 50, pattern: /^[a-zA-Z0-9]+$/ },
    { what: "private endpoint", name: names.registryEndpoint, min: 2, max: 64, pattern: /^[a-zA-Z0-9][\w.-]*\w$/ },
    { what: "Log Analytics workspace", name: names.workspace, min: 4, max: 63, pattern: /^[A-Za-z0-9][A-Za-z0-9-]+[A-Za-z0-9]$/ },
    { what: "managed identity", name: names.identity("workload", "x".repeat(20)), min: 3, max: 128, pattern: /^[a-zA-Z0-9][-\w]*$/ },
  ];
}

/** The same for what only some environments have. Grafana's length: its portal and CLI take 23, the API 30. */
export function grafanaNameRule(names: AzureNames): NameRule {
  return { what: "Grafana workspace", name: names.grafana, min: 2, max: 23, pattern: /^[a-zA-Z][a-zA-Z0-9-]*[a-zA-Z0-9]$/ };
}

/** What is wrong with a derived name, or nothing. */
export function nameFault(rule: NameRule): string | undefined {
  const { what, name, min, max, pattern } = rule;
  if (name.length > max) return `makes the ${what} name ${name}, which is ${name.length - max} characters longer than the ${max} allowed`;
  if (name.length < min) return `makes the ${what} name ${name}, which is shorter than the ${min} characters needed`;
  if (!pattern.test(name)) return `makes the ${what} name ${name}, which has characters that are not allowed there`;
  return undefined;
}

/** Namespaces that belong to Kubernetes, AKS, the platform or its add-ons. */
export function isReservedNamespace(namespace: string): boolean {
  return (
    ["default", "flux-system", "gatekeeper-system", "calico-system", "tigera-operator", "app-routing-system", "dapr-system", "aks-command"].includes(namespace) ||
    /^(kube|azure|aks|mooring)-/.test(namespace) ||
    reservedNamespaces.includes(namespace)
  );
}
