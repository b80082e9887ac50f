/** The settings of tenants as the program uses them. */
import type { ApplySettings, ImageSettings, ImageUpdateSettings, KustomizationSettings, Pace, ReleaseSettings, SourceSettings } from "./delivery-settings.ts";
import type { GitRef, GitSettings } from "./git-settings.ts";
import type { RepositorySettings } from "./github-settings.ts";
import type { NotificationSettings, TenantWebhookSettings } from "./notification-settings.ts";
import type { TrustSettings } from "./trust-settings.ts";

/** What holds for every tenant. */
export interface TenancySettings {
  admission: "Deny" | "Audit";
  minimumInterval: string;
  maximumTimeout: string;
  /** As `sources` and `registries` of {@link AllowedSettings}, for every tenant. */
  charts: string[];
  registries: string[];
  ingressNamespace?: string;
  monitoringNamespace?: string;
  /** Tenants that may have privileged pods. */
  privileged: string[];
  /** Namespaces that exist and that a tenant may take over. */
  adoptable: string[];
  /** The tenants' part of it is `<tenant>.<domain>`. */
  domain?: string;
}

export type TenantState = "active" | "suspended" | "leaving" | "left";

export interface TenantSettings {
  /** What people call it. */
  name: string;
  /** The name under which it was first made, and from which the names of all that it has are made. */
  key: string;
  /** Where it was written: `mooring:tenants.orders` or `tenants/staging/orders.yaml`. */
  origin: string;
  description?: string;
  state: TenantState;
  /** Whether the namespaces refuse deletion. */
  protect: boolean;
  /** Entra groups. Nobody's, once the tenant is leaving. */
  owners: string[];
  editors: string[];
  viewers: string[];
  /** Where its workloads run; at least one. That of its own name comes first, the others by name. */
  namespaces: NamespaceSettings[];
  controlNamespace: string;
  /** Of all namespaces together. */
  quota: QuotaSettings;
  containers: ContainerSettings;
  nodePool?: { name: string; taints: string[] };
  allowed: AllowedSettings;
  traffic: TrafficSettings;
  /** Service accounts that act as the team's Azure identity; none: there is no identity. */
  serviceAccounts: string[];
  vault: boolean;
  sops: boolean;
  /** Whom the team's own build identity trusts; none: there is no such identity. */
  buildTrust: TrustSettings[];
  /** At GitHub; absent: it is on another server, where nothing is made. */
  repository?: RepositorySettings;
  /** What Flux follows, wherever it is. */
  git: GitSettings;
  deploy: Pace & { path: string; ref: GitRef; apply: ApplySettings };
  /** Nothing of this is there once the tenant is leaving. */
  images: ImageSettings[];
  /** Present with images. */
  imageUpdates?: ImageUpdateSettings;
  sources: SourceSettings[];
  releases: ReleaseSettings[];
  kustomizations: KustomizationSettings[];
  webhooks: TenantWebhookSettings;
  notify: NotificationSettings[];
  /** Whether Flux reads the environment's registry in the tenant's name. */
  pulls: boolean;
}

/** What a container gets that states nothing. `disk` is of the node's, for logs, layers and emptyDirs. */
export interface ContainerSettings {
  cpu: string;
  memory: string;
  disk: string;
  cpuRequest: string;
  memoryRequest: string;
  diskRequest: string;
}

export type PodSecurity = "restricted" | "baseline" | "privileged";

export interface NamespaceSettings {
  name: string;
  /** It exists, and is not deleted with the tenant. */
  adopt: boolean;
  podSecurity: PodSecurity;
  /** Of the tenant's quota, in percent. */
  share: number;
  quota: QuotaSettings;
}

/** `cpu`, `memory` and `storage` are Kubernetes quantities, the others counts; `fluxObjects` of each kind. */
export interface QuotaSettings {
  cpu: string;
  memory: string;
  pods: number;
  storage: string;
  volumes: number;
  services: number;
  loadBalancers: number;
  configMaps: number;
  secrets: number;
  jobs: number;
  /** Of each other kind. */
  objects: number;
  fluxObjects: number;
}

export interface AllowedSettings {
  /** Addresses without a slash at the end, each with what lies below; besides the team's own and `tenancy.charts`. */
  sources: string[];
  /** Likewise for images and OCI charts; a leading slash means the environment's own registry. */
  registries: string[];
  /** Absent: any. */
  storageClasses?: string[];
  priorityClasses: string[];
  serviceTypes: ("ClusterIP" | "LoadBalancer" | "NodePort" | "ExternalName")[];
  /** Host names, each with what lies below. */
  hosts: string[];
}

/** Ports are of the receiving pods. */
export interface TrafficSettings {
  /** Other tenants, by name and key, that may connect to this one. */
  callers: Peer[];
  /** Other tenants that this one may connect to: the other side of their `callers`. */
  calls: Peer[];
  /** From the ingress controller; none: it may not. */
  ingressPorts: number[];
  /** From monitoring; none: it may not. */
  monitoringPorts: number[];
  /** `except`: parts of the range that stay closed. */
  outside: { name: string; cidr: string; except: string[]; ports: number[]; protocol: "TCP" | "UDP" }[];
}

export interface Peer {
  tenant: string;
  key: string;
  ports: number[];
}
