import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Program } from "../evaluate.ts";
import { configuration } from "../settings.ts";

const owner = "7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e01";
const program = await Program.of(
  configuration(
    {
      github: { owner: "acme", adoptable: ["Jobs"] },
      cluster: { administrators: ["3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d01"], pools: { apps: {}, batch: { taints: ["team=batch:NoSchedule", "spare:NoExecute"] } } },
      tenants: {
        least: null,
        orders: { owners: [owner], notify: [{ slack: "#orders_all", secret: "hook" }, { slack: "#boss", secret: "hook", severity: "error" }] },
        batch: { namespaces: { jobs: {} }, podSecurity: "baseline", nodePool: "batch", repository: { manage: false, name: "Jobs", keyRotation: 2 }, deploy: { tag: "v1" } },
      },
    },
    { secrets: { hook: true } },
  ),
);

describe("a tenant", () => {
  test("the smallest one takes 11 Kubernetes objects and 17 entries in state", () => {
    const entries = program.within("mooring:tenant:Tenant", "least");
    assert.deepEqual(
      entries.map(({ type }) => type.split(":").at(-1)).sort(),
      [
        "GitRepository", "Kustomization", "LimitRange", "Namespace", "Namespace", "NetworkPolicy", "PrivateKey", "Repository", "RepositoryDeployKey",
        "RepositoryRuleset", "RepositoryRuleset", "ResourceQuota", "RoleBinding", "Secret", "ServiceAccount", "ServiceAccount", "Tenant",
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

  test("limits: the whole namespace's and a container's", () => {
    const flux = ["gitrepositories.source", "ocirepositories.source", "helmrepositories.source", "helmcharts.source", "kustomizations.kustomize", "helmreleases.helm"];
    const others = ["imagerepositories.image", "imagepolicies.image", "providers.notification", "alerts.notification", "receivers.notification"];
    assert.deepEqual(program.object("ResourceQuota", "least", "tenant").inputs.spec, {
      hard: {
        ...{ "requests.cpu": "8", "limits.cpu": "8", "requests.memory": "16Gi", "limits.memory": "16Gi", "requests.storage": "100Gi" },
        ...{ pods: "60", persistentvolumeclaims: "20", services: "40", "services.loadbalancers": "0", "services.nodeports": "0" },
        ...{ configmaps: "200", secrets: "200", "count/jobs.batch": "100", "count/cronjobs.batch": "100" },
        // Those that finished and stay with their Job, too.
        "count/pods": "300",
        "count/replicasets.apps": "2000",
        "count/controllerrevisions.apps": "2000",
        ...Object.fromEntries(
          [
            ...["serviceaccounts", "deployments.apps", "statefulsets.apps", "daemonsets.apps", "horizontalpodautoscalers.autoscaling", "poddisruptionbudgets.policy", "ingresses.networking.k8s.io"],
            ...["httproutes.gateway.networking.k8s.io", "grpcroutes.gateway.networking.k8s.io", "secretproviderclasses.secrets-store.csi.x-k8s.io"],
          ].map((kind) => [`count/${kind}`, "100"]),
        ),
        ...Object.fromEntries([...flux, ...others].map((kind) => [`count/${kind}.toolkit.fluxcd.io`, "50"])),
      },
    });
    assert.deepEqual(program.object("LimitRange", "least", "tenant").inputs.spec, {
      limits: [{ type: "Container", default: { cpu: "500m", memory: "512Mi", "ephemeral-storage": "2Gi" }, defaultRequest: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "64Mi" } }],
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

  test("notifications: a secret, a provider and an alert each, all in the control namespace", () => {
    const [all, boss] = ["orders-all", "boss"].map((start) => (program.all("Provider").map(({ inputs }) => (inputs.metadata as { name: string }).name).find((name) => name.startsWith(start)))!) as [string, string];
    assert.deepEqual(program.object("Secret", "orders-flux", `notify-${all}`).inputs.stringData, { address: "[secret]" });
    assert.deepEqual(program.object("Provider", "orders-flux", all).inputs.spec, { type: "slack", channel: "#orders_all", secretRef: { name: `notify-${all}` } });
    const told = ["GitRepository", "OCIRepository", "HelmRepository", "Bucket", "Kustomization", "HelmRelease", "ImageRepository", "ImageUpdateAutomation"];
    assert.deepEqual(program.object("Alert", "orders-flux", boss).inputs.spec, {
      providerRef: { name: boss },
      eventSeverity: "error",
      eventSources: told.map((kind) => ({ kind, name: "*" })),
      eventMetadata: { environment: "staging", tenant: "orders" },
    });
  });
});
