import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Program } from "../evaluate.ts";
import { configuration } from "../settings.ts";

const owner = "7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e01";
const program = await Program.of(
  configuration(
    {
      cluster: { administrators: ["3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d01"], pools: { apps: {}, batch: { taints: ["team=batch:NoSchedule", "spare:NoExecute"] } } },
      tenants: {
        least: null,
        orders: { owners: [owner], notify: [{ slack: "#orders_all", secret: "hook" }, { slack: "#boss", secret: "hook", severity: "error" }] },
        batch: { namespace: "jobs", podSecurity: "baseline", nodePool: "batch", repository: { manage: false, name: "Jobs", keyRotation: 2 }, deploy: { tag: "v1" } },
      },
    },
    { secrets: { hook: true } },
  ),
);

describe("a tenant", () => {
  test("the smallest one takes 11 Kubernetes objects and 15 entries in state", () => {
    const entries = program.within("mooring:tenant:Tenant", "least");
    assert.deepEqual(
      entries.map(({ type }) => type.split(":").at(-1)).sort(),
      [
        "GitRepository", "Kustomization", "LimitRange", "Namespace", "Namespace", "NetworkPolicy", "PrivateKey", "Repository", "RepositoryDeployKey",
        "ResourceQuota", "RoleBinding", "Secret", "ServiceAccount", "ServiceAccount", "Tenant",
      ],
    );
    assert.equal(entries.filter(({ type }) => type.startsWith("kubernetes:")).length, 11);
  });

  test("its namespaces carry the tenant's label and the pod security level", () => {
    const labels = (name: string) => (program.object("Namespace", undefined, name).inputs.metadata as { labels: Record<string, string> }).labels;
    assert.deepEqual(labels("jobs"), {
      "toolkit.fluxcd.io/tenant": "batch",
      "mooring.platform/namespace": "workload",
      "pod-security.kubernetes.io/enforce": "baseline",
      "pod-security.kubernetes.io/warn": "baseline",
    });
    assert.equal(labels("batch-flux")["pod-security.kubernetes.io/enforce"], "restricted");
    assert.equal(labels("batch-flux")["mooring.platform/namespace"], "control");
  });

  test("Flux follows the repository and applies its folder in the tenant's name only", () => {
    assert.deepEqual(program.object("GitRepository", "least-flux", "least").inputs.spec, {
      url: "ssh://git@github.com/acme/least.git",
      ref: { branch: "main" },
      interval: "10m",
      secretRef: { name: "deploy-key" },
    });
    assert.deepEqual(program.object("Kustomization", "least-flux", "least").inputs.spec, {
      sourceRef: { kind: "GitRepository", name: "least" },
      path: "./deploy/staging",
      interval: "10m",
      retryInterval: "2m",
      timeout: "5m",
      prune: true,
      wait: true,
      serviceAccountName: "reconciler",
      targetNamespace: "least",
      patches: [
        {
          target: { kind: "(Kustomization|HelmRelease)", group: "(kustomize|helm).toolkit.fluxcd.io" },
          patch: '[{"op":"add","path":"/spec/serviceAccountName","value":"reconciler"}]',
        },
      ],
    });
  });

  test("both reconciler accounts work in the workload namespace, none in the control namespace", () => {
    assert.deepEqual(program.object("RoleBinding", "jobs", "reconciler").inputs.subjects, [
      { kind: "ServiceAccount", name: "reconciler", namespace: "batch-flux" },
      { kind: "ServiceAccount", name: "reconciler", namespace: "jobs" },
    ]);
    const bindings = program.all("RoleBinding").filter(({ inputs }) => (inputs.metadata as { namespace: string }).namespace.endsWith("-flux"));
    assert.deepEqual(
      bindings.map(({ inputs }) => [(inputs.metadata as { namespace: string }).namespace, (inputs.roleRef as { name: string }).name]),
      [["orders-flux", "mooring-tenant-observer"]],
    );
  });

  test("no account's token is put into pods", () => {
    for (const account of program.all("ServiceAccount")) assert.equal(account.inputs.automountServiceAccountToken, false, account.name);
  });

  test("owners work in the workload namespace; without owners there are no such bindings", () => {
    const binding = program.object("RoleBinding", "orders", "owners");
    assert.deepEqual(binding.inputs.subjects, [{ kind: "Group", name: owner, apiGroup: "rbac.authorization.k8s.io" }]);
    assert.equal((binding.inputs.roleRef as { name: string }).name, "mooring-tenant-owner");
    assert.throws(() => program.object("RoleBinding", "least", "owners"));
  });

  test("traffic: only within the namespace and to the cluster's DNS", () => {
    assert.deepEqual(program.object("NetworkPolicy", "least", "tenant").inputs.spec, {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: {} }] }],
      egress: [
        { to: [{ podSelector: {} }] },
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
              podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
            },
          ],
          ports: [
            { port: 53, protocol: "UDP" },
            { port: 53, protocol: "TCP" },
          ],
        },
      ],
    });
  });

  test("limits: the whole namespace's and a container's", () => {
    assert.deepEqual(program.object("ResourceQuota", "least", "tenant").inputs.spec, {
      hard: { "requests.cpu": "8", "limits.cpu": "8", "requests.memory": "16Gi", "limits.memory": "16Gi", "requests.storage": "100Gi", pods: "60", "services.loadbalancers": "0", "services.nodeports": "0" },
    });
    assert.deepEqual(program.object("LimitRange", "least", "tenant").inputs.spec, {
      limits: [{ type: "Container", default: { cpu: "500m", memory: "512Mi" }, defaultRequest: { cpu: "50m", memory: "64Mi" } }],
    });
  });

  test("a node pool: selector and tolerations for workloads, cron jobs and what Helm renders", () => {
    const { patches } = program.object("Kustomization", "batch-flux", "batch").inputs.spec as { patches: { target: { kind: string }; patch: string }[] };
    const values = patches.slice(1).map(({ target, patch }) => {
      const [operation] = JSON.parse(patch) as { path: string; value: unknown }[];
      return [target.kind, operation!.path, operation!.value];
    });
    const selector = { "kubernetes.azure.com/agentpool": "batch" };
    const tolerations = [
      { key: "team", operator: "Equal", value: "batch", effect: "NoSchedule" },
      { key: "spare", operator: "Exists", effect: "NoExecute" },
    ];
    assert.deepEqual(values.slice(0, 4), [
      ["(Deployment|StatefulSet|DaemonSet|Job)", "/spec/template/spec/nodeSelector", selector],
      ["(Deployment|StatefulSet|DaemonSet|Job)", "/spec/template/spec/tolerations", tolerations],
      ["CronJob", "/spec/jobTemplate/spec/template/spec/nodeSelector", selector],
      ["CronJob", "/spec/jobTemplate/spec/template/spec/tolerations", tolerations],
    ]);
    assert.deepEqual(values[4], ["HelmRelease", "/spec/postRenderers", [{ kustomize: { patches: patches.slice(1, 5) } }]]);
  });

  test("the deploy key is ed25519, read-only, and rotates to a new key under a new name", () => {
    const key = program.one("RepositoryDeployKey", "batch-deploy-key-2");
    assert.equal(key.inputs.readOnly, true);
    assert.equal(key.inputs.title, "Flux acme-staging-2");
    assert.equal(key.inputs.repository, "Jobs");
    assert.deepEqual(program.one("PrivateKey", "batch-deploy-key-2").inputs, { algorithm: "ED25519" });
    assert.ok(program.dependsOn(program.object("GitRepository", "batch-flux", "batch"), key));
  });

  test("a repository of another environment is not declared", () => {
    assert.deepEqual(program.all("Repository").map(({ name }) => name).sort(), ["least-repository", "orders-repository"]);
    assert.equal(program.one("Repository", "orders-repository").retainOnDelete, true);
  });

  test("notifications: one secret, a provider and an alert a channel, all in the control namespace", () => {
    assert.deepEqual(program.object("Secret", "orders-flux", "notify-hook").inputs.stringData, { address: "[secret]" });
    assert.deepEqual(program.object("Provider", "orders-flux", "orders-all-328c21").inputs.spec, { type: "slack", channel: "#orders_all", secretRef: { name: "notify-hook" } });
    assert.deepEqual(program.object("Alert", "orders-flux", "boss-b16bd9").inputs.spec, {
      providerRef: { name: "boss-b16bd9" },
      eventSeverity: "error",
      eventSources: [
        { kind: "GitRepository", name: "*" },
        { kind: "Kustomization", name: "*" },
      ],
      eventMetadata: { environment: "staging", tenant: "orders" },
    });
  });
});

describe("order and end", () => {
  test("every object of a tenant depends on the release of the chart and on the roles, so both outlive it", () => {
    const [release] = program.all("Release");
    const tenants = program.objects().filter(({ name }) => /^(least|orders|batch)-/.test(name));
    assert.ok(tenants.length > 30);
    for (const object of tenants) {
      assert.ok(program.dependsOn(object, release!), `${object.name} does not depend on the release`);
      for (const role of program.all("ClusterRole")) assert.ok(program.dependsOn(object, role), `${object.name} does not depend on ${role.name}`);
    }
  });

  test("the controllers have nodes as long as they run", () => {
    const [release] = program.all("Release");
    assert.equal(program.all("AgentPool").length, 2);
    for (const pool of program.all("AgentPool")) assert.ok(program.dependsOn(release!, pool), pool.name);
  });

  test("what stands in a tenant's namespace goes with that namespace, and everything else with the cluster, for which its provider stands", () => {
    const provider = program.registrations.find(({ type }) => type === "pulumi:providers:kubernetes")!;
    for (const { name, inputs, deletedWith, replacementTrigger } of [...program.objects(), ...program.all("Release")]) {
      const { namespace } = (inputs.metadata ?? {}) as { namespace?: string };
      if (namespace === undefined) assert.equal(deletedWith, provider.urn, name);
      else assert.equal(deletedWith, program.object("Namespace", undefined, namespace).urn, name);
      assert.equal(replacementTrigger, provider.inputs.clusterIdentifier, `${name} would be taken for existing after a rebuild that broke off`);
    }
  });

  test("from a cluster that exists everything is deleted, since it goes on", async () => {
    const guest = await Program.of(configuration({ cluster: { existing: { resourceGroup: "rg-clusters", name: "aks-shared" } }, tenants: { least: null } }));
    const [release, ...namespaces] = [...guest.all("Release"), ...guest.all("Namespace"), ...guest.all("ClusterRole")];
    assert.equal(namespaces.length, 6);
    for (const { name, deletedWith } of [release!, ...namespaces]) assert.equal(deletedWith, undefined, name);
  });

  test("nothing is applied before the account that applies it may do so", () => {
    for (const tenant of ["least", "orders"]) {
      const sync = program.object("Kustomization", `${tenant}-flux`, tenant);
      for (const needed of [
        program.object("RoleBinding", tenant, "reconciler"),
        program.object("ServiceAccount", `${tenant}-flux`, "reconciler"),
        program.object("ServiceAccount", tenant, "reconciler"),
        program.object("GitRepository", `${tenant}-flux`, tenant),
      ]) {
        assert.ok(program.dependsOn(sync, needed), needed.name);
      }
    }
  });
});

describe("the roles of tenants", () => {
  test("grant nothing that leads out of a namespace's bounds", () => {
    for (const role of program.all("ClusterRole")) {
      for (const { apiGroups, resources, verbs } of role.inputs.rules as { apiGroups: string[]; resources: string[]; verbs: string[] }[]) {
        assert.ok(![...apiGroups, ...resources, ...verbs].includes("*"), `${role.name} has a wildcard`);
        const writes = verbs.some((verb) => !["get", "list", "watch"].includes(verb));
        for (const resource of resources) {
          assert.ok(!/\/(status|token|finalizers|eviction|binding)$/.test(resource), `${role.name}: ${resource}`);
          const bounds = ["networkpolicies", "roles", "rolebindings", "resourcequotas", "limitranges", "namespaces"];
          assert.ok(!(writes && bounds.includes(resource)), `${role.name} writes ${resource}`);
        }
        for (const verb of ["impersonate", "escalate", "bind"]) assert.ok(!verbs.includes(verb), `${role.name}: ${verb}`);
      }
    }
  });

  test("an observer of a control namespace sees no secret", () => {
    const rules = program.object("ClusterRole", undefined, "mooring-tenant-observer").inputs.rules as { resources: string[] }[];
    assert.ok(!rules.some(({ resources }) => resources.includes("secrets")));
  });
});
