/**
 * The add-ons that `mooring:addons` turns on, and the modules of the fleet repository that each of them is made of. A module is a
 * Kustomize folder `addons/<name>`, applied by a Flux Kustomization of its name in flux-system.
 *
 * Nothing here is computed from settings, and nothing is imported from them: settings may be checked against this table.
 */
import type { VariableName } from "./variables.ts";

/** An add-on, as `mooring:addons` spells it. */
export type AddOnName = "certManager" | "externalDns" | "externalSecrets" | "gateway" | "kubePrometheusStack" | "platformAlerts" | "flagger";

/** Settings outside `mooring:addons` that some add-on cannot do without, by their path under `mooring:`. */
export type Given = "dns.zone" | "tenancy.domain";

/** Roles of Azure that add-ons have, with the ids of learn.microsoft.com/azure/role-based-access-control/built-in-roles. */
export const addOnRoles = {
  dnsZoneContributor: "befefa01-2a29-4197-83a8-272ff33ce314",
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
} as const;

export interface AddOnIdentity {
  /** The variable that takes its client id. */
  clientId: VariableName;
  /** Of the federated credential: `system:serviceaccount:<namespace>:<account>`. */
  subject: `system:serviceaccount:${string}:${string}`;
  roles: { role: keyof typeof addOnRoles; scope: "dnsZone" | "dnsZoneResourceGroup"; why: string }[];
}

export interface AddOn {
  /** Other add-ons without which it cannot work, with the reason. */
  needs: Partial<Record<AddOnName, string>>;
  /** Settings without which it cannot work, with the reason. */
  needsSettings: Partial<Record<Given, string>>;
  /** Its namespaces, made by its modules. They are reserved: no tenant may have them, whether the add-on is on or not. */
  namespaces: string[];
  identity?: AddOnIdentity;
  /** Where teams' routes lead from; `tenancy.ingressNamespace` must be this one. */
  ingressNamespace?: string;
  /** Where metrics are collected from; `tenancy.monitoringNamespace` must be this one. */
  monitoringNamespace?: string;
}

export const addOns: Record<AddOnName, AddOn> = {
  certManager: {
    needs: {},
    needsSettings: { "dns.zone": "it proves to Let's Encrypt that a name is the platform's by a record there" },
    namespaces: ["cert-manager"],
    identity: {
      clientId: "cert_manager_client_id",
      subject: "system:serviceaccount:cert-manager:cert-manager",
      roles: [{ role: "dnsZoneContributor", scope: "dnsZone", why: "writes _acme-challenge records" }],
    },
  },
  externalDns: {
    needs: { gateway: "it reads the host names of the routes of its Gateway" },
    needsSettings: { "dns.zone": "it writes records there" },
    namespaces: ["external-dns"],
    identity: {
      clientId: "external_dns_client_id",
      subject: "system:serviceaccount:external-dns:external-dns",
      roles: [
        { role: "dnsZoneContributor", scope: "dnsZone", why: "writes records" },
        // Its Azure provider lists the zones of the group: kubernetes-sigs.github.io/external-dns, "Azure DNS".
        { role: "reader", scope: "dnsZoneResourceGroup", why: "lists the zones" },
      ],
    },
  },
  externalSecrets: { needs: {}, needsSettings: {}, namespaces: ["external-secrets"] },
  gateway: {
    needs: { certManager: "its Gateway serves HTTPS with a certificate from there" },
    needsSettings: { "tenancy.domain": "its Gateway listens for the names below it" },
    namespaces: ["envoy-gateway-system"],
    ingressNamespace: "envoy-gateway-system",
  },
  kubePrometheusStack: { needs: {}, needsSettings: {}, namespaces: ["monitoring"], monitoringNamespace: "monitoring" },
  platformAlerts: { needs: { kubePrometheusStack: "its rules are evaluated there" }, needsSettings: {}, namespaces: [] },
  flagger: {
    needs: { gateway: "it shifts traffic between the backends of a route", kubePrometheusStack: "it asks Prometheus whether a release goes well" },
    needsSettings: {},
    namespaces: ["flagger-system"],
  },
};

export interface Module {
  /** Of the Kustomization, and of the folder beneath `addons/`. */
  name: string;
  addOn: AddOnName;
  /** Modules that must be ready before: those that bring the kinds it uses. */
  dependsOn: string[];
  /** Exactly the variables in its manifests. */
  variables: VariableName[];
  /** How long Flux waits for it to be ready. */
  timeout: string;
}

const path = (name: string): string => `./addons/${name}`;

/** The Kustomization's `path` in the repository. */
export const modulePath = ({ name }: Pick<Module, "name">): string => path(name);

/** In an order in which each comes after those it depends on. */
export const allModules: readonly Module[] = [
  { name: "kube-prometheus-stack", addOn: "kubePrometheusStack", dependsOn: [], variables: ["cluster_name", "environment", "replicas"], timeout: "15m" },
  { name: "kube-prometheus-stack-monitors", addOn: "kubePrometheusStack", dependsOn: ["kube-prometheus-stack"], variables: [], timeout: "5m" },
  { name: "platform-alerts", addOn: "platformAlerts", dependsOn: ["kube-prometheus-stack"], variables: [], timeout: "5m" },
  { name: "envoy-gateway-crds", addOn: "gateway", dependsOn: [], variables: [], timeout: "5m" },
  { name: "cert-manager", addOn: "certManager", dependsOn: [], variables: ["cert_manager_client_id", "replicas"], timeout: "10m" },
  {
    name: "cert-manager-issuers",
    addOn: "certManager",
    dependsOn: ["cert-manager"],
    variables: ["cert_manager_client_id", "dns_resource_group", "dns_zone", "email", "subscription_id", "tenant_id"],
    timeout: "5m",
  },
  { name: "envoy-gateway", addOn: "gateway", dependsOn: ["envoy-gateway-crds"], variables: ["replicas"], timeout: "10m" },
  { name: "envoy-gateway-public", addOn: "gateway", dependsOn: ["cert-manager-issuers", "envoy-gateway"], variables: ["domain", "receiver_host", "replicas"], timeout: "15m" },
  {
    name: "external-dns",
    addOn: "externalDns",
    dependsOn: ["envoy-gateway-crds"],
    variables: ["cluster_name", "dns_resource_group", "dns_zone", "external_dns_client_id", "subscription_id", "tenant_id"],
    timeout: "10m",
  },
  { name: "external-secrets", addOn: "externalSecrets", dependsOn: [], variables: ["replicas"], timeout: "10m" },
  { name: "flagger", addOn: "flagger", dependsOn: ["envoy-gateway-crds", "kube-prometheus-stack"], variables: ["replicas"], timeout: "10m" },
];
