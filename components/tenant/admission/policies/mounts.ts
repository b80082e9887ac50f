import { podMakers, podSpec, whenPodsChange } from "../policy.ts";
import type { Policy } from "../policy.ts";

/** Gives a pod what is in a vault, as the pod's own identity (learn.microsoft.com/azure/aks/csi-secrets-store-identity-access). */
const secretsStore = "secrets-store.csi.k8s.io";

/** What the pod security level `restricted` allows a volume to be (kubernetes.io/docs/concepts/security/pod-security-standards). */
const types = ["configMap", "secret", "emptyDir", "projected", "downwardAPI", "persistentVolumeClaim", "ephemeral", "csi", "image"];

/**
 * Whatever a pod names of a driver is mounted by the node, from an address of the pod's choice, past every network policy. Pod
 * security allows each driver there is; only a pod that is privileged has the node anyway.
 */
export const mounts: Policy = {
  name: "mounts",
  idea: "A team's pods mount what the team has, by claims.",
  rules: podMakers,
  conditions: whenPodsChange,
  variables: [
    podSpec,
    { name: "volumes", expression: "namespaceObject.metadata.?labels[?'pod-security.kubernetes.io/enforce'].orValue('') == 'privileged' ? [] : variables.pod.?volumes.orValue([])" },
  ],
  validations: [
    {
      expression: `variables.volumes.all(volume, ${types.map((type) => `has(volume.${type})`).join(" || ")})`,
      message: "a volume is of a type that the node mounts for the pod; use a persistentVolumeClaim",
    },
    {
      expression: `variables.volumes.all(volume, !has(volume.csi) || volume.csi.driver == '${secretsStore}')`,
      message: `a volume names a driver of the node; use a persistentVolumeClaim, or ${secretsStore} for secrets of the team's vault`,
    },
  ],
};
