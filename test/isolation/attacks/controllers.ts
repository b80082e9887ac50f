/** What Flux's controllers could be made to do with their own rights. The first two got through Flux's own lockdown on a live cluster. */
import assert from "node:assert/strict";
import type { Attack } from "../attack.ts";
import { flux, nestedFlux, owner } from "../ground.ts";
import { chartOf, helmRelease, kustomization } from "../manifests.ts";
import { controllerOf, flags, gate, without } from "../rendered.ts";
import { create } from "../requests.ts";

const noKubeConfig = /^403 .*'mooring-tenant-bounds'.*remove spec\.kubeConfig/;
const stays = /^403 .*'mooring-tenant-bounds'.*spec\.dependsOn names another namespace/;

/** The ConfigMap would name the attacker's host as the API server; the token that is sent there is the controller's. */
const stolenToken = { kubeConfig: { configMapRef: { name: "attackers-cluster" } } };
const execPlugin = { kubeConfig: { secretRef: { name: "kubeconfig-with-exec" } } };
const oracle = { dependsOn: [{ name: "web", namespace: "web-flux", readyExpr: "dep.spec.postBuild.substitute.password.startsWith('h')" }] };
const own = { dependsOn: [{ name: "database", readyExpr: "dep.status.conditions.exists(e, e.type == 'Ready')" }] };

export const controllers: Attack[] = [
  {
    number: 13,
    what: "kubeConfig.configMapRef makes a controller send its own token to the attacker",
    trials: [
      { as: flux, does: create(kustomization(stolenToken)), denied: noKubeConfig },
      { as: owner, does: create(kustomization(stolenToken)), denied: noKubeConfig },
      { as: flux, does: create(helmRelease(stolenToken)), denied: noKubeConfig },
    ],
    legal: [
      { as: flux, does: create(kustomization()) },
      { as: owner, does: create(helmRelease()) },
    ],
    elsewhere: [flags("--default-kubeconfig-service-account with its gate", ["kustomizeController", "helmController"], "--default-kubeconfig-service-account=flux-wi", gate)],
  },
  {
    number: 5,
    what: "dependsOn with readyExpr asks about another team's objects",
    trials: [
      { as: flux, does: create(kustomization(oracle)), denied: stays },
      { as: owner, does: create(helmRelease(oracle)), denied: stays },
    ],
    legal: [
      { as: flux, does: create(kustomization(own)) },
      { as: flux, does: create(helmRelease(own)) },
      { as: flux, does: create(kustomization({ dependsOn: [{ name: "database", namespace: "orders" }] })) },
    ],
  },
  {
    number: 6,
    what: "kustomization.yaml fetches a base from a remote address",
    legal: [{ as: flux, does: create(kustomization({ components: ["../component"] })) }],
    elsewhere: [flags("--no-remote-bases=true", ["kustomizeController"], "--no-remote-bases=true")],
  },
  {
    number: 7,
    what: "spec.path or symbolic links lead out of the fetched folder",
    legal: [{ as: flux, does: create(kustomization({ path: "./deploy/../deploy/staging" })) }],
    elsewhere: [
      {
        who: "Flux",
        setting: "image tags with the fix of CVE-2022-24877 (kustomize-controller 0.24, source-controller 0.24)",
        holds: (rendered) => {
          for (const controller of ["kustomizeController", "sourceController"] as const) {
            const [major, minor] = controllerOf(rendered, controller).tag.slice(1).split(".").map(Number);
            assert.ok(major! > 0 || minor! >= 24, controllerOf(rendered, controller).tag);
          }
        },
      },
    ],
  },
  {
    number: 12,
    what: "kubeConfig.secretRef with an exec plugin runs a program in the controller",
    trials: [
      { as: flux, does: create(kustomization(execPlugin)), denied: noKubeConfig },
      { as: nestedFlux, does: create(helmRelease({ ...execPlugin, ...chartOf("HelmRepository") })), denied: noKubeConfig },
    ],
    legal: [{ as: nestedFlux, does: create(helmRelease(chartOf("HelmRepository"))) }],
    elsewhere: [without("--insecure-kubeconfig-exec", ["kustomizeController", "helmController"])],
  },
];
