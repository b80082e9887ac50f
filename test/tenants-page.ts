/** Environments whose tenants have something of everything that the page shows. */

const group = (name: string): string => `7d1c5a0e-2b6f-4c1d-9a3e-${name.padStart(12, "0")}`;

export const groups = { owners: group("a1"), editors: group("b1"), viewers: group("c1"), both: group("d1"), payments: group("a2") };

/** A configuration that must be right, and the names of its secrets. */
export const changes: Record<string, unknown> = {
  registry: { name: "acmelab" },
  webhooks: { host: "flux.acme.example", gateway: { name: "public", namespace: "app-routing-system" } },
  tenancy: { domain: "apps.acme.example", ingressNamespace: "app-routing-system", monitoringNamespace: "metrics", charts: ["https://charts.acme.example"], privileged: ["node-agents"] },
  cluster: {
    administrators: ["3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d01"],
    pools: {
      apps: { vmSize: "Standard_E32-8s_v5", min: 1, max: 4 },
      batch: { vmSize: "Standard_D4ds_v5", min: 0, max: 5, maxPods: 60, taints: ["workload=batch:NoSchedule"], spot: true },
      vault: { min: 2, max: 2, tenant: "payments" },
    },
  },
  pipelines: { deploy: { trust: [{ name: "ci-deploy", issuer: "https://ci.acme.example", subject: "deployments" }], password: { secrets: [{ number: 1, expires: "2027-05-01" }] }, namespaces: ["orders", "gone"] } },
  tenants: {
    orders: {
      description: "Order service <script>alert(1)</script> | `and` [its](https://evil.example) *workers*",
      owners: [groups.owners, groups.both],
      editors: [groups.editors],
      viewers: [groups.viewers, groups.both],
      namespaces: { orders: { share: 75 }, "orders-jobs": { podSecurity: "baseline" } },
      traffic: {
        callers: [{ tenant: "web", ports: [8443, 8080] }, { tenant: "payments", ports: [9000] }],
        monitoring: { ports: [9090] },
        outside: [{ name: "office", cidr: "10.0.0.0/8", ports: [5432] }, { name: "everywhere", cidr: "0.0.0.0/0", ports: [123], protocol: "UDP" }],
      },
      allowed: { serviceTypes: ["ClusterIP", "LoadBalancer"], storageClasses: ["managed-csi"], priorityClasses: ["business-critical"], registries: ["/shared", "quay.io/prometheus"], sources: ["ssh://git@github.com/acme/shared-charts.git"] },
      quota: { cpu: "6", memory: "12Gi", loadBalancers: 1 },
      notify: [{ slack: "#orders", secret: "orders-slack", severity: "error" }],
    },
    payments: { owners: [groups.payments], traffic: { callers: [{ tenant: "web", ports: [8080] }] }, identity: { serviceAccounts: ["payments-api", "ledger"] }, vault: true, sops: true },
    web: { formerly: "shop", viewers: [groups.both], traffic: { ingress: { ports: [8080] } }, size: "small", deploy: { semver: "1.x || 2.x" } },
    "node-agents": { podSecurity: "privileged", nodePool: "batch", protect: false, size: "small" },
    // Something of everything that is delivered.
    relay: {
      owners: [groups.owners],
      size: "small",
      images: [{ name: "api", follow: { branch: "main" } }, { name: "worker", follow: { semver: "1.4.x" } }, { name: "tools", follow: { tag: "stable" } }],
      imageUpdates: { propose: true },
      sources: { charts: { helm: "https://charts.acme.example/stable" }, config: { git: "https://github.com/acme/config", branch: "main" }, files: { bucket: "files", endpoint: "charts.acme.example" }, packed: { oci: "/relay/charts/api", semver: "1.x" } },
      releases: { cache: { source: "charts", chart: "redis", version: "4.0.x" }, api: { source: "packed" } },
      kustomizations: { databases: { path: "./databases" }, shared: { source: "config", path: "./" } },
      notify: [{ msteams: "Relay", secret: "relay-teams" }],
    },
    lab: { owners: [groups.owners], size: "small", git: { url: "https://git.example/lab.git", secret: "lab-token" }, images: [{ name: "lab", follow: { branch: "main" } }], webhooks: { registry: "acr" } },
    resting: { state: "suspended", owners: [groups.owners], size: "small" },
    gone: { state: "leaving", owners: [groups.owners], size: "small" },
  },
};

export const secrets = { "orders-slack": true, "relay-teams": true, "lab-token": true };

/** So many tenants, of which every tenth is called by others. Small enough for one stack file. */
export function crowd(count: number): Record<string, unknown> {
  const name = (index: number): string => `team-${String(index + 1).padStart(3, "0")}`;
  const tenant = (index: number) => ({
    description: `Team ${index + 1} and what it runs`,
    owners: [group((index + 1).toString(16))],
    ...(index % 10 === 0 && { traffic: { callers: [{ tenant: name(index + 1), ports: [8080] }, { tenant: name(index + 2), ports: [8080, 9000] }] } }),
    ...(index % 7 === 3 && { state: "suspended" }),
  });
  return { registry: { name: "acmelab" }, tenants: Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), tenant(index)])) };
}
