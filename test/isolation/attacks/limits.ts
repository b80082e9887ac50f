/** How much a team takes, and what its pods and names are. */
import assert from "node:assert/strict";
import type { Attack } from "../attack.ts";
import { editor, flux, fluxObjects, nestedFlux, owner } from "../ground.ts";
import type { Lab } from "../lab.ts";
import { deployment, gitRepository, helmRelease, imageRepository, ingress, kustomization, pod, podSpec, service } from "../manifests.ts";
import { create } from "../requests.ts";
import { podMaker } from "../subjects.ts";

const tooShort = (path: string): RegExp => new RegExp(`^403 .*'mooring-tenant-intervals'.*${path.replaceAll(".", "\\.")} is shorter than 30s; write 30s or more`);
const tooLong = (path: string): RegExp => new RegExp(`^403 .*'mooring-tenant-timeouts'.*${path.replaceAll(".", "\\.")} is longer than 15m`);
const insecure = /^403 .*violates PodSecurity "restricted:latest"/;
const notThisClass = /^403 .*'mooring-tenant-pods'.*may not use the priority class system-(node|cluster)-critical; leave priorityClassName out/;
const notThisType = /^403 .*'mooring-tenant-services'.*this tenant may have Services of the type ClusterIP; ask the platform/;
const notThisHost = /^403 .*'mooring-tenant-hosts'.*name a host in every rule, one that this tenant may serve: orders\.apps\.acme\.example, and what lies below/;

/** As many as the quota allows, by the team itself. */
async function fillQuota({ admin, discovery }: Lab): Promise<void> {
  for (let number = 0; number < fluxObjects; number++) {
    const object = imageRepository({}, { name: `own-${number}` });
    await admin.apply((await discovery.paths(object)).object, object);
  }
}

export const limits: Attack[] = [
  {
    number: 37,
    what: "Flux is kept busy: reconciliation every millisecond, a worker for a day, thousands of objects",
    prepare: fillQuota,
    trials: [
      { as: flux, does: create(kustomization({ interval: "1ms" })), denied: tooShort("spec.interval") },
      { as: flux, does: create(kustomization({ retryInterval: "1ms" })), denied: tooShort("spec.retryInterval") },
      { as: editor, does: create(gitRepository({ interval: "29s" })), denied: tooShort("spec.interval") },
      { as: flux, does: create(helmRelease({ interval: "1s" })), denied: tooShort("spec.interval") },
      {
        as: nestedFlux,
        does: create(helmRelease({ chart: { spec: { chart: "app", interval: "1s", sourceRef: { kind: "HelmRepository", name: "own" } } } })),
        denied: tooShort("spec.chart.spec.interval"),
      },
      ...["install", "upgrade"].map((step) => ({
        as: nestedFlux,
        does: create(helmRelease({ [step]: { strategy: { name: "RetryOnFailure", retryInterval: "1ms" } } })),
        denied: tooShort(`spec.${step}.strategy.retryInterval`),
      })),
      { as: flux, does: create(kustomization({ timeout: "24h" })), denied: tooLong("spec.timeout") },
      { as: nestedFlux, does: create(helmRelease({ upgrade: { timeout: "24h" } })), denied: tooLong("spec.upgrade.timeout") },
      { as: flux, does: create(kustomization({ interval: "1h" })), denied: /^403 .*'mooring-tenant-timeouts'.*write spec\.timeout, for example 5m/ },
      { as: flux, does: create(imageRepository()), denied: /^403 .*exceeded quota: tenant.*count\/imagerepositories\.image\.toolkit\.fluxcd\.io/ },
    ],
    legal: [
      { as: flux, does: create(kustomization({ interval: "30s", retryInterval: "1m" })) },
      { as: nestedFlux, does: create(helmRelease({ install: { strategy: { name: "RetryOnFailure", retryInterval: "5m" } } })) },
      { as: flux, does: create(kustomization({ interval: "1h", timeout: "10m" })) },
      { as: editor, does: create(gitRepository({ interval: "1m" })) },
    ],
    elsewhere: [
      {
        who: "the program",
        setting: "a quota counts every kind of Flux objects that a team may make",
        holds: ({ objects }) => {
          const quota = objects.find(({ kind, metadata }) => kind === "ResourceQuota" && (metadata as { namespace: string }).namespace === "orders");
          const role = objects.find(({ kind, metadata }) => kind === "ClusterRole" && (metadata as { name: string }).name === "mooring-tenant-reconciler");
          const made = (role!.rules as { apiGroups: string[]; resources: string[]; verbs: string[] }[])
            .filter(({ apiGroups, verbs }) => apiGroups[0]!.endsWith(".toolkit.fluxcd.io") && verbs.includes("create"))
            .flatMap(({ apiGroups, resources }) => resources.map((resource) => `count/${resource}.${apiGroups[0]}`));
          const counted = Object.keys((quota?.spec as { hard: object } | undefined)?.hard ?? {});
          assert.ok(made.length > 0);
          assert.deepEqual(made.filter((name) => !counted.includes(name)), []);
        },
      },
    ],
  },
  {
    number: 39,
    what: "a privileged pod, or one on the node's network or files",
    trials: [
      podSpec({}, { securityContext: { privileged: true } }),
      podSpec({ hostNetwork: true }),
      podSpec({ hostPID: true }),
      podSpec({ volumes: [{ name: "node", hostPath: { path: "/" } }] }),
    ].map((spec) => ({ as: podMaker, does: create(pod(spec)), denied: insecure })),
    legal: [{ as: podMaker, does: create(pod()) }],
  },
  {
    number: 40,
    what: "a pod of the cluster's own priority pushes the platform's pods off the nodes",
    trials: [
      { as: flux, does: create(deployment(podSpec({ priorityClassName: "system-node-critical" }))), denied: notThisClass },
      { as: podMaker, does: create(pod(podSpec({ priorityClassName: "system-cluster-critical" }))), denied: notThisClass },
    ],
    legal: [
      { as: flux, does: create(deployment()) },
      { as: podMaker, does: create(pod()) },
    ],
  },
  {
    number: 42,
    what: "a Service or an Ingress takes an address, a node's port, or another team's name",
    trials: [
      { as: flux, does: create(service({ type: "LoadBalancer" })), denied: notThisType },
      { as: flux, does: create(service({ type: "NodePort" })), denied: notThisType },
      { as: owner, does: create(service({ type: "ExternalName", externalName: "web.web.svc.cluster.local", ports: undefined, selector: undefined })), denied: notThisType },
      { as: flux, does: create(service({ externalIPs: ["10.240.0.4"] })), denied: /^403 .*'mooring-tenant-services'.*remove spec\.externalIPs/ },
      ...["web.apps.acme.example", "*.apps.acme.example", "evilorders.apps.acme.example", undefined].map((host) => ({ as: flux, does: create(ingress(host)), denied: notThisHost })),
      { as: editor, does: create(ingress("orders.apps.acme.example", { tls: [{ hosts: ["web.apps.acme.example"] }] })), denied: notThisHost },
    ],
    legal: [
      { as: flux, does: create(service()) },
      { as: flux, does: create(ingress("orders.apps.acme.example")) },
      { as: editor, does: create(ingress("api.orders.apps.acme.example", { tls: [{ hosts: ["api.orders.apps.acme.example"], secretName: "tls" }] })) },
    ],
    elsewhere: [
      {
        who: "the program",
        setting: "the quotas services.loadbalancers and services.nodeports are 0",
        holds: ({ objects }) => {
          const quotas = objects.filter(({ kind }) => kind === "ResourceQuota").map(({ spec }) => (spec as { hard: Record<string, string> }).hard);
          assert.ok(quotas.length > 0);
          assert.deepEqual(quotas.filter((hard) => hard["services.loadbalancers"] !== "0" || hard["services.nodeports"] !== "0"), []);
        },
      },
    ],
  },
];
