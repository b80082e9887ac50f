/** The whole program; the setting `test:fault` names what is made wrong on the way to the engine. */
import * as pulumi from "@pulumi/pulumi";

interface Fault {
  type: string;
  name: string;
  spoil(props: Record<string, unknown>): Record<string, unknown>;
}

const CLUSTER = "azure-native:containerservice:ManagedCluster";

const faults: Record<string, Fault> = {
  "an admin user": { type: "azure-native:containerregistry:Registry", name: "mooring-registry", spoil: (props) => ({ ...props, adminUserEnabled: true }) },
  "local accounts": { type: CLUSTER, name: "mooring-cluster", spoil: (props) => ({ ...props, disableLocalAccounts: false }) },
  "a tag of production": { type: CLUSTER, name: "mooring-cluster", spoil: (props) => ({ ...props, tags: { ...(props.tags as object), tier: "production" } }) },
  "cluster-admin": {
    type: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
    name: "orders-owners",
    spoil: (props) => ({ ...props, roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" } }),
  },
  "cluster-admin by another name": {
    type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
    name: "mooring-rules-mooring-tenant-owner",
    spoil: (props) => ({ ...props, rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] }),
  },
  "a moving image": {
    type: "kubernetes:helm.sh/v3:Release",
    name: "mooring-flux",
    spoil: (props) => ({ ...props, values: { ...(props.values as object), sourceController: { tag: "latest" } } }),
  },
};

const fault = faults[new pulumi.Config("test").require("fault")]!;
pulumi.runtime.registerResourceTransform(({ type, name, props, opts }) =>
  type === fault.type && name === fault.name ? { props: fault.spoil(props as Record<string, unknown>), opts } : undefined);

await import("../../../index.ts");
