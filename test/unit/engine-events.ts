/**
 * The lines that `pulumi preview --json` prints with PULUMI_ENABLE_STREAMING_JSON_PREVIEW, for plans that tests think up. The
 * shape was recorded from Pulumi 3.259.0 (sdk/go/common/apitype/events.go); every value of a property is {@link planted}.
 */
import { PlanReader } from "../../cli/preview/plan.ts";
import type { Plan } from "../../cli/preview/plan.ts";

/** Stands for whatever must not be shown. */
export const planted = "planted-s3cret-value";

export const types = {
  cluster: "azure-native:containerservice:ManagedCluster",
  pool: "azure-native:containerservice:AgentPool",
  namespace: "kubernetes:core/v1:Namespace",
  policy: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  kustomization: "kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization",
  repository: "github:index/repository:Repository",
  identity: "azure-native:managedidentity:UserAssignedIdentity",
  tenant: "mooring:tenant:Tenant",
} as const;

interface Stated {
  urn: string;
  /** Absent for the stack. */
  parent?: Stated;
  type: string;
}

const stack: Stated = { urn: "urn:pulumi:staging::mooring::pulumi:pulumi:Stack::mooring-staging", type: "pulumi:pulumi:Stack" };

/** What stands below `parent`, with the URN that the engine gives it: its parents' types but the stack's, and its own. */
export function under(parent: Stated, type: string, name: string): Stated {
  const chain = parent.type === stack.type ? type : `${parent.urn.split("::")[2]!}$${type}`;
  return { urn: `urn:pulumi:staging::mooring::${chain}::${name}`, parent, type };
}

export const platform = under(stack, "mooring:index:Platform", "mooring");
export const clusterOf = under(platform, "mooring:azure:Cluster", "mooring-cluster");
export const tenantOf = (name: string): Stated => under(platform, types.tenant, name);
export const cloudOf = (name: string): Stated => under(platform, "mooring:azure:TenantCloud", `${name}-azure`);

interface More {
  /** Paths of what differs; for a replacement those that ask for it. */
  paths?: readonly string[];
  retained?: boolean;
}

/** The steps with which a resource is created, updated, deleted, refreshed or left as it is. */
export function step(op: string, { urn, parent, type }: Stated, { paths = [], retained = false }: More = {}): string {
  const custom = !type.startsWith("mooring:") && type !== stack.type;
  const values = { password: planted, nested: { list: [planted] } };
  const state = { type, urn, custom, parent: parent?.urn ?? "", id: planted, inputs: values, outputs: values, provider: "", ...(retained && { retainOnDelete: true }) };
  const diffKind = op.includes("replace") ? "update-replace" : "update";
  const detailedDiff = paths.length === 0 ? null : Object.fromEntries(paths.map((path) => [path, { diffKind, inputDiff: true }]));
  const metadata = {
    op, urn, type, keys: paths, diffs: paths, detailedDiff, provider: "",
    old: op.startsWith("create") ? null : state,
    new: op.startsWith("delete") ? null : state,
  };
  return JSON.stringify({ sequence: 1, timestamp: 1, resourcePreEvent: { metadata, planning: true } });
}

/** A replacement's three steps, the new one first. */
export const replaced = (what: Stated, ...paths: string[]): string[] => ["create-replacement", "replace", "delete-replaced"].map((op) => step(op, what, { paths }));

export const same = (...all: Stated[]): string[] => all.map((what) => step("same", what));

export const failed = (message: string): string => JSON.stringify({ diagnosticEvent: { prefix: "error: ", message, color: "never", severity: "error" } });

export const violated = ({ urn }: Stated, policyName: string, message: string, enforcementLevel = "mandatory"): string =>
  JSON.stringify({ policyEvent: { resourceUrn: urn, message: `What the policy is for.\n${message}\n`, policyName, policyPackName: "mooring", enforcementLevel } });

export const ended = JSON.stringify({ summaryEvent: { maybeCorrupt: false, resourceChanges: {}, PolicyPacks: { "mooring|local|policies": "0.1.0" }, isPreview: true, result: "succeeded" } });

export function planOf(...lines: string[]): Plan {
  const reader = new PlanReader();
  for (const line of lines) reader.read(line);
  return reader.plan;
}
