/** How much a tenant may use: each size to the letter, what overrides it, and how several namespaces share it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Program } from "../evaluate.ts";
import { configuration } from "../settings.ts";

const program = await Program.of(
  configuration({
    tenants: {
      little: { size: "small" },
      usual: null,
      big: { size: "large" },
      own: {
        size: "small",
        quota: { cpu: "2500m", memory: "6Gi", pods: 12, storage: "1Ti", volumes: 3, services: 4, configMaps: 5, secrets: 6, jobs: 7, objects: 9, fluxObjects: 8 },
        containers: { cpu: "2", memory: "1Gi", disk: "3Gi", cpuRequest: "250m", memoryRequest: "256Mi", diskRequest: "1Gi" },
      },
      part: { size: "large", quota: { memory: "100Gi" }, containers: { cpu: "1" } },
      outward: { quota: { loadBalancers: 2 }, allowed: { serviceTypes: ["ClusterIP", "LoadBalancer"] } },
      ports: { allowed: { serviceTypes: ["ClusterIP", "NodePort"] } },
      even: { namespaces: { first: {}, second: {}, third: {} } },
      uneven: {
        size: "small",
        quota: { loadBalancers: 3, memory: "8193Mi" },
        allowed: { serviceTypes: ["LoadBalancer"] },
        namespaces: { most: { share: 70 }, rest: {}, rest2: {} },
      },
    },
  }),
);

const hard = (namespace: string) => (program.object("ResourceQuota", namespace, "tenant").inputs.spec as { hard: Record<string, string> }).hard;
const limits = (namespace: string) => program.object("LimitRange", namespace, "tenant").inputs.spec;

/** What is counted of Flux's: each kind that a team may make. */
const flux = (count: string) => ({
  "count/gitrepositories.source.toolkit.fluxcd.io": count,
  "count/ocirepositories.source.toolkit.fluxcd.io": count,
  "count/helmrepositories.source.toolkit.fluxcd.io": count,
  "count/helmcharts.source.toolkit.fluxcd.io": count,
  "count/kustomizations.kustomize.toolkit.fluxcd.io": count,
  "count/helmreleases.helm.toolkit.fluxcd.io": count,
  "count/imagerepositories.image.toolkit.fluxcd.io": count,
  "count/imagepolicies.image.toolkit.fluxcd.io": count,
  "count/providers.notification.toolkit.fluxcd.io": count,
  "count/alerts.notification.toolkit.fluxcd.io": count,
  "count/receivers.notification.toolkit.fluxcd.io": count,
});

/** The other kinds that a team may make. */
const objects = (count: string) => ({
  // Of earlier rollouts.
  "count/replicasets.apps": String(20 * Number(count)),
  "count/controllerrevisions.apps": String(20 * Number(count)),
  "count/serviceaccounts": count,
  "count/deployments.apps": count,
  "count/statefulsets.apps": count,
  "count/daemonsets.apps": count,
  "count/horizontalpodautoscalers.autoscaling": count,
  "count/poddisruptionbudgets.policy": count,
  "count/ingresses.networking.k8s.io": count,
  "count/httproutes.gateway.networking.k8s.io": count,
  "count/grpcroutes.gateway.networking.k8s.io": count,
  "count/secretproviderclasses.secrets-store.csi.x-k8s.io": count,
});

const compute = (cpu: string, memory: string) => ({ "requests.cpu": cpu, "limits.cpu": cpu, "requests.memory": memory, "limits.memory": memory });
/** Those that run, and with those that have ended. */
const pods = (running: string, all: string) => ({ pods: running, "count/pods": all });
const volumes = (storage: string, count: string) => ({ "requests.storage": storage, persistentvolumeclaims: count });
const data = (count: string) => ({ configmaps: count, secrets: count });
const jobs = (count: string) => ({ "count/jobs.batch": count, "count/cronjobs.batch": count });
/** No address that costs money, and no port of the nodes. */
const inward = { "services.loadbalancers": "0", "services.nodeports": "0" };

const container = ([cpu, memory, disk]: string[], [cpuRequest, memoryRequest, diskRequest]: string[]) => ({
  limits: [
    {
      type: "Container",
      default: { cpu, memory, "ephemeral-storage": disk },
      defaultRequest: { cpu: cpuRequest, memory: memoryRequest, "ephemeral-storage": diskRequest },
    },
  ],
});
const usualContainer = container(["500m", "512Mi", "2Gi"], ["50m", "64Mi", "64Mi"]);

const small = {
  ...compute("4", "8Gi"), ...pods("30", "150"), ...volumes("50Gi", "10"), services: "20", ...inward, ...data("100"), ...jobs("50"), ...objects("50"), ...flux("20"),
};
const medium = {
  ...compute("8", "16Gi"), ...pods("60", "300"), ...volumes("100Gi", "20"), services: "40", ...inward, ...data("200"), ...jobs("100"), ...objects("100"), ...flux("50"),
};
const large = {
  ...compute("32", "64Gi"), ...pods("200", "1000"), ...volumes("500Gi", "50"), services: "100", ...inward, ...data("500"), ...jobs("300"), ...objects("300"), ...flux("150"),
};

describe("a size", () => {
  for (const [name, namespace, quota] of [["small", "little", small], ["medium, the default", "usual", medium], ["large", "big", large]] as const) {
    test(name, () => {
      assert.deepEqual(hard(namespace), quota);
      assert.deepEqual(limits(namespace), usualContainer);
    });
  }
});

describe("what a tenant writes goes over its size", () => {
  test("everything", () => {
    assert.deepEqual(hard("own"), {
      ...compute("2500m", "6Gi"), ...pods("12", "60"), ...volumes("1Ti", "3"), services: "4", ...inward,
      ...{ configmaps: "5", secrets: "6" }, ...jobs("7"), ...objects("9"), ...flux("8"),
    });
    assert.deepEqual(limits("own"), container(["2", "1Gi", "3Gi"], ["250m", "256Mi", "1Gi"]));
  });

  test("one thing, and the rest stays", () => {
    assert.deepEqual(hard("part"), { ...large, ...compute("32", "100Gi") });
    assert.deepEqual(limits("part"), container(["1", "512Mi", "2Gi"], ["50m", "64Mi", "64Mi"]));
  });

  test("load balancers take ports of the nodes, which are then counted no further", () => {
    const { "services.nodeports": _, ...rest } = medium;
    assert.deepEqual(hard("outward"), { ...rest, "services.loadbalancers": "2" });
    assert.deepEqual(hard("ports"), rest);
  });
});

describe("several namespaces", () => {
  test("share evenly when they say nothing; what does not divide goes to those that rounding took most from", () => {
    // 34, 33 and 33 percent of 8 CPU, 16Gi, 60 pods, 100Gi, 20 volumes, 40 services, 200 of data, 100 jobs and others, and 50 of Flux's.
    assert.deepEqual(hard("first"), {
      ...compute("2720m", "5570Mi"), ...pods("20", "100"), ...volumes("34816Mi", "7"), services: "14", ...inward, ...data("68"), ...jobs("34"), ...objects("34"), ...flux("17"),
    });
    assert.deepEqual(hard("second"), {
      ...compute("2640m", "5407Mi"), ...pods("20", "100"), ...volumes("33792Mi", "7"), services: "13", ...inward, ...data("66"), ...jobs("33"), ...objects("33"), ...flux("17"),
    });
    assert.deepEqual(hard("third"), {
      ...compute("2640m", "5407Mi"), ...pods("20", "100"), ...volumes("33792Mi", "6"), services: "13", ...inward, ...data("66"), ...jobs("33"), ...objects("33"), ...flux("16"),
    });
  });

  test("share as they say; those that say nothing have the rest", () => {
    const part = (namespace: string) => {
      const { "limits.cpu": cpu, "limits.memory": memory, "services.loadbalancers": balancers, pods: running } = hard(namespace);
      assert.ok(!("services.nodeports" in hard(namespace)));
      return [cpu, memory, balancers, running];
    };
    assert.deepEqual([part("most"), part("rest"), part("rest2")], [["2800m", "5735Mi", "2", "21"], ["600m", "1229Mi", "1", "5"], ["600m", "1229Mi", "0", "4"]]);
  });

  test("each have the whole limits of a container", () => {
    for (const namespace of ["first", "second", "third", "most", "rest"]) assert.deepEqual(limits(namespace), usualContainer, namespace);
  });
});

test("a control namespace, in which nothing runs, has neither quota nor limits", () => {
  for (const kind of ["ResourceQuota", "LimitRange"]) {
    const namespaces = program.all(kind).map(({ inputs }) => (inputs.metadata as { namespace: string }).namespace);
    assert.equal(namespaces.length, 13);
    assert.deepEqual(namespaces.filter((namespace) => namespace.endsWith("-flux")), [], kind);
  }
});
