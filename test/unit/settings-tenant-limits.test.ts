/** Rules about how much tenants may use: each gives one line with its path and remedy, and its nearest right sibling passes. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sizes } from "../../components/settings/sizes.ts";
import { testRules } from "../rules.ts";
import { mistakes, settings } from "../settings.ts";

const path = "mooring:tenants.orders";
const orders = (more: unknown) => ({ tenants: { orders: more } });
const tenant = (more: unknown) => settings(orders(more)).tenants[0]!;

describe("a size", () => {
  testRules([
    { what: "is one of three", wrong: orders({ size: "Large" }), lines: [`${path}.size: "Large" is not one of small, medium, large; did you mean large?`], right: orders({ size: "large" }) },
  ]);

  test("is a quota, as literal values: a change of one is a change of every tenant of that size", () => {
    const none = { loadBalancers: 0 };
    assert.deepEqual(sizes, {
      small: { cpu: "4", memory: "8Gi", pods: 30, storage: "50Gi", volumes: 10, services: 20, ...none, configMaps: 100, secrets: 100, jobs: 50, objects: 50, fluxObjects: 20 },
      medium: { cpu: "8", memory: "16Gi", pods: 60, storage: "100Gi", volumes: 20, services: 40, ...none, configMaps: 200, secrets: 200, jobs: 100, objects: 100, fluxObjects: 50 },
      large: { cpu: "32", memory: "64Gi", pods: 200, storage: "500Gi", volumes: 50, services: 100, ...none, configMaps: 500, secrets: 500, jobs: 300, objects: 300, fluxObjects: 150 },
    });
  });

  test("is medium unless it says so, and single settings stand over it", () => {
    assert.deepEqual([tenant({}).quota, tenant({ size: "small" }).quota], [sizes.medium, sizes.small]);
    assert.deepEqual(tenant({ size: "large", quota: { cpu: 40, jobs: 0 } }).quota, { ...sizes.large, cpu: "40", jobs: 0 });
    // To the letter: a single namespace has what was written.
    assert.deepEqual(tenant({ quota: { memory: "1.5Gi" } }).namespaces[0]!.quota, { ...sizes.medium, memory: "1.5Gi" });
  });
});

describe("a quota", () => {
  const counts = ["volumes", "services", "configMaps", "secrets", "jobs", "objects", "fluxObjects"];
  testRules([
    {
      what: "has quantities of Kubernetes",
      wrong: orders({ quota: { cpu: "8x", memory: "16GB", storage: "much" } }),
      lines: [
        `${path}.quota.cpu: "8x" is not a quantity; write 500m or 8`,
        `${path}.quota.memory: "16GB" is not a quantity; write 512Mi or 16Gi`,
        `${path}.quota.storage: "much" is not a quantity; write 512Mi or 16Gi`,
      ],
      right: orders({ quota: { cpu: "7500m", memory: "16G", storage: "1Ti" } }),
    },
    ...counts.map((what) => ({
      what: `has a number of ${what}, from none to ten thousand`,
      wrong: orders({ quota: { [what]: -1 } }),
      lines: [`${path}.quota.${what}: -1 is not allowed, at least 0 is`],
      right: orders({ quota: { [what]: 0 } }),
    })),
    ...counts.map((what) => ({
      what: `has at most ten thousand ${what}`,
      wrong: orders({ quota: { [what]: 10_001 } }),
      lines: [`${path}.quota.${what}: 10001 is not allowed, at most 10000 is`],
      right: orders({ quota: { [what]: 10_000 } }),
    })),
    { what: "has a pod", wrong: orders({ quota: { pods: 0 } }), lines: [`${path}.quota.pods: 0 is not allowed, at least 1 is`], right: orders({ quota: { pods: 1 } }) },
    { what: "has whole numbers", wrong: orders({ quota: { jobs: 1.5 } }), lines: [`${path}.quota.jobs: a whole number is needed, not 1.5`], right: orders({ quota: { jobs: 1 } }) },
    { what: "has known settings", wrong: orders({ quota: { fluxobjects: 5 } }), lines: [`${path}.quota.fluxobjects: there is no such setting; did you mean fluxObjects?`], right: orders({ quota: { fluxObjects: 5 } }) },
    {
      what: "has load balancers with their type",
      wrong: orders({ quota: { loadBalancers: 1 } }),
      lines: [`${path}.quota.loadBalancers: needs the type too; write allowed.serviceTypes: [ClusterIP, LoadBalancer]`],
      right: orders({ quota: { loadBalancers: 1 }, allowed: { serviceTypes: ["ClusterIP", "LoadBalancer"] } }),
    },
    {
      what: "has a number of load balancers where the type is allowed",
      wrong: orders({ size: "large", allowed: { serviceTypes: ["ClusterIP", "LoadBalancer"] } }),
      lines: [`${path}.allowed.serviceTypes: LoadBalancer needs a number too; write quota.loadBalancers: 1`],
      right: orders({ size: "large", allowed: { serviceTypes: ["ClusterIP", "NodePort"] } }),
    },
  ]);
});

describe("shares of a quota", () => {
  const namespaces = (...shares: (number | undefined)[]) => orders({ namespaces: Object.fromEntries(shares.map((share, index) => [`n${index}`, share === undefined ? null : { share }])) });
  const sum = (percent: number) => `${path}.namespaces: the shares add up to ${percent} percent; let them add up to 100, or leave one out`;
  testRules([
    { what: "are not less than the whole", wrong: namespaces(50, 40), lines: [sum(90)], right: namespaces(50, 50) },
    { what: "are not more than the whole", wrong: namespaces(60, 50), lines: [sum(110)], right: namespaces(60, 40) },
    { what: "of a single namespace are the whole", wrong: namespaces(50), lines: [sum(50)], right: namespaces(100) },
    { what: "that are too much are one mistake, whatever else follows from it", wrong: namespaces(60, 60, undefined), lines: [sum(120)], right: namespaces(60, 30, undefined) },
    {
      what: "leave something for those that say nothing",
      wrong: namespaces(100, undefined),
      lines: [`${path}.namespaces.n1: nothing of the quota is left for it; write smaller shares for the others`],
      right: namespaces(90, undefined),
    },
    { what: "are percent", wrong: namespaces(0, 90), lines: [`${path}.namespaces.n0.share: 0 is not allowed, at least 1 is`], right: namespaces(10, 90) },
    {
      what: "leave each namespace a pod",
      wrong: orders({ namespaces: { a: {}, b: {}, c: {} }, quota: { pods: 2 } }),
      lines: [`${path}.quota.pods: 2 for 3 namespaces leave c without a pod; write more, or larger shares`],
      right: orders({ namespaces: { a: {}, b: {}, c: {} }, quota: { pods: 3 } }),
    },
    {
      what: "leave each namespace room for a container",
      wrong: orders({ namespaces: { a: { share: 95 }, b: {} }, size: "medium" }),
      lines: [`${path}.containers.cpu: 500m for one container is more than the part of the quota that b has (400m); lower it, or raise quota.cpu or the share`],
      right: orders({ namespaces: { a: { share: 90 }, b: {} }, size: "medium" }),
    },
  ]);

  test("are even where nothing is said", () => {
    const shares = (written: Record<string, unknown>) => tenant({ namespaces: written }).namespaces.map(({ share }) => share);
    assert.deepEqual([shares({ a: {} }), shares({ a: {}, b: {} }), shares({ a: {}, b: null, c: {} })], [[100], [50, 50], [34, 33, 33]]);
    assert.deepEqual(shares({ a: {}, b: { share: 40 }, c: {} }), [30, 40, 30]);
  });
});

describe("a container", () => {
  testRules([
    {
      what: "fits into the quota by what it gets when it says nothing",
      wrong: orders({ containers: { cpu: "9", memory: "17Gi" } }),
      lines: [
        `${path}.containers.cpu: 9 for one container is more than the whole quota (8); lower it, or raise quota.cpu`,
        `${path}.containers.memory: 17Gi for one container is more than the whole quota (16Gi); lower it, or raise quota.memory`,
      ],
      right: orders({ containers: { cpu: "9", memory: "17Gi" }, size: "large" }),
    },
    {
      what: "requests no more than its limit",
      wrong: orders({ containers: { cpuRequest: "1", memoryRequest: "1Gi", diskRequest: "3Gi" } }),
      lines: [
        `${path}.containers.diskRequest: 3Gi is more than the limit (2Gi); a container may not request more than its limit`,
        `${path}.containers.cpuRequest: 1 is more than the limit (500m); a container may not request more than its limit`,
        `${path}.containers.memoryRequest: 1Gi is more than the limit (512Mi); a container may not request more than its limit`,
      ],
      right: orders({ containers: { cpuRequest: "1", cpu: "1", memoryRequest: "1Gi", memory: "1Gi", diskRequest: "3Gi", disk: "3Gi" } }),
    },
    {
      what: "has a disk in bytes",
      wrong: orders({ containers: { disk: "1core", diskRequest: -1 } }),
      lines: [`${path}.containers.disk: "1core" is not a quantity; write 512Mi or 16Gi`, `${path}.containers.diskRequest: "-1" is not a quantity; write 512Mi or 16Gi`],
      right: orders({ containers: { disk: "1Gi", diskRequest: "1Mi" } }),
    },
  ]);

  test("of a namespace whose share is wrong is not looked at", () => {
    assert.equal(mistakes(orders({ namespaces: { a: { share: 99 } }, containers: { cpu: "9" } })).length, 1);
  });
});
