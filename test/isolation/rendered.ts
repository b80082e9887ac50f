/** What the program renders, as far as somebody other than the API server acts on it, and what that means. */
import assert from "node:assert/strict";
import type { Values } from "../../local/standins/contract.ts";
import type { Program } from "../evaluate.ts";
import type { Elsewhere } from "./attack.ts";
import { acceptsFrom, connectsTo } from "./networks.ts";
import type { Source } from "./networks.ts";

export interface Rendered {
  /** Values of the flux2 chart. */
  chart: Values;
  /** Of the cluster. */
  objects: Values[];
  /** All resources of the program. */
  resources: { type: string; inputs: Values }[];
}

export function renderedBy(program: Program): Rendered {
  const [release] = program.all("Release");
  return {
    chart: (release!.inputs as { values: Values }).values,
    objects: program.objects().map(({ inputs }) => inputs as Values),
    resources: program.registrations.filter(({ custom }) => custom).map(({ type, inputs }) => ({ type, inputs: inputs as Values })),
  };
}

interface ControllerValues {
  tag: string;
  container: { additionalArgs: string[] };
}

type Controller = `${"source" | "kustomize" | "helm" | "notification" | "imageReflection" | "imageAutomation"}Controller`;

export const controllerOf = ({ chart }: Rendered, controller: Controller): ControllerValues => chart[controller] as unknown as ControllerValues;

/** A flag that the chart does not set by itself, and that each of these controllers has. */
export function flags(setting: string, controllers: Controller[], ...args: string[]): Elsewhere {
  return {
    who: "Flux",
    setting: `${setting} (${controllers.join(", ")})`,
    holds: (rendered) => {
      for (const controller of controllers) {
        const { additionalArgs } = controllerOf(rendered, controller).container;
        for (const arg of args) assert.ok(additionalArgs.includes(arg), `${controller} has ${additionalArgs.join(" ")}, not ${arg}`);
      }
    },
  };
}

/** A flag that would open something, and that none of these controllers has. */
export function without(flag: string, controllers: Controller[]): Elsewhere {
  return {
    who: "Flux",
    setting: `no ${flag} (${controllers.join(", ")})`,
    holds: (rendered) => {
      for (const controller of controllers) {
        const { additionalArgs } = controllerOf(rendered, controller).container;
        assert.ok(!additionalArgs.some((arg) => arg.startsWith(flag)), `${controller} has ${additionalArgs.join(" ")}`);
      }
    },
  };
}

/** The gate without which the flags of the workload-identity lockdown end the controller at its start. */
export const gate = "--feature-gates=ObjectLevelWorkloadIdentity=true";

/** What `multitenancy.enabled` sets: flux2 chart 2.18.3, templates/*-controller.yaml. */
export const chartLockdown = (flag: string): Elsewhere => ({
  who: "Flux",
  setting: `multitenancy.enabled, which sets ${flag}`,
  holds: ({ chart }) => assert.deepEqual(chart.multitenancy, { enabled: true, defaultServiceAccount: "default", privileged: true }),
});

/** Pods of a namespace do not reach an address. */
export const noWayTo = (namespace: string, address: string, labels: Record<string, string> = {}): Elsewhere => ({
  who: "the network",
  setting: `no NetworkPolicy of ${namespace} opens ${address}${Object.entries(labels).map(([label, value]) => ` to pods with ${label}=${value}`).join("")}`,
  holds: ({ objects }) => assert.equal(connectsTo(objects, { namespace, labels }, address), false, `${namespace} reaches ${address}`),
});

/** Pods of Flux's namespace are not reached on a port; `but` is. */
export const noWayFrom = (from: string, app: string, port: number, but: Source[] = []): Elsewhere => ({
  who: "the network",
  setting: `no NetworkPolicy of flux-system opens ${app}:${port} to ${from}`,
  holds: ({ objects }) => {
    const pods = { namespace: "flux-system", labels: { app } };
    assert.equal(acceptsFrom(objects, pods, { namespace: from, labels: {} }, port), false, `${from} reaches ${app}:${port}`);
    for (const source of but) assert.ok(acceptsFrom(objects, pods, source, port), `${source.namespace} does not reach ${app}:${port}`);
  },
});

/** Subjects that Azure trusts, by the tenant of the identity. */
export function trustedSubjects({ resources }: Rendered): { tenant: string; subject: string }[] {
  return resources
    .filter(({ type }) => type.endsWith(":FederatedIdentityCredential"))
    .map(({ inputs }) => ({ identity: String(inputs.resourceName), subject: String(inputs.subject) }))
    .filter(({ subject }) => subject.startsWith("system:serviceaccount:"))
    .map(({ identity, subject }) => ({ tenant: /-([a-z]+)-(workload|flux)$/.exec(identity)?.[1] ?? identity, subject }));
}
