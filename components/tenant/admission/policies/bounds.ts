import { bounds as annotations } from "../../labels.ts";
import { listed, whenSpecChanges } from "../policy.ts";
import type { Policy, Validation } from "../policy.ts";

/** A reference to another object, which has to be in the same namespace. `path` leads to what may have a namespace. */
const here = (path: string): Validation => ({
  expression: `object.${path}.?namespace.orValue(object.metadata.namespace) == object.metadata.namespace`,
  message: `${path.replaceAll(".?", ".")}.namespace names another namespace; leave it out and refer to an object of this one`,
});

const allHere = (list: string): Validation => ({
  expression: `object.spec.?${list}.orValue([]).all(entry, entry.?namespace.orValue(object.metadata.namespace) == object.metadata.namespace)`,
  message: `spec.${list} names another namespace; leave the namespace out and refer to objects of this one`,
});

const inTenant = (field: string): Validation => ({
  expression: `!has(object.spec.${field}) || object.spec.${field} in variables.namespaces`,
  messageExpression: `'spec.${field} is not a namespace of this tenant; write one of ' + variables.namespaces.join(', ')`,
});

/**
 * Flux's own flag does not cover dependsOn, by which a condition could ask about another tenant's objects; and a kubeConfig
 * made a controller send its own token to an address of the tenant's choice.
 */
export const bounds: Policy = {
  name: "bounds",
  idea: "Flux objects of a team stay in the team's namespaces and in this cluster.",
  rules: [
    { apiGroups: ["kustomize.toolkit.fluxcd.io"], resources: ["kustomizations"] },
    { apiGroups: ["helm.toolkit.fluxcd.io"], resources: ["helmreleases"] },
    { apiGroups: ["notification.toolkit.fluxcd.io"], resources: ["alerts", "receivers"] },
    { apiGroups: ["image.toolkit.fluxcd.io"], resources: ["imagepolicies", "imageupdateautomations"] },
  ],
  conditions: whenSpecChanges,
  variables: [{ name: "namespaces", expression: listed(annotations.namespaces) }],
  validations: [
    { expression: "!has(object.spec.kubeConfig)", message: "remove spec.kubeConfig; a team's objects are applied in this cluster" },
    inTenant("targetNamespace"),
    inTenant("storageNamespace"),
    allHere("dependsOn"),
    here("spec.?sourceRef"),
    here("spec.?chartRef"),
    here("spec.?chart.?spec.?sourceRef"),
    here("spec.?imageRepositoryRef"),
    allHere("eventSources"),
    allHere("resources"),
  ],
};
