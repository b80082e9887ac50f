import { bounds } from "../../labels.ts";
import { listed, whenSpecChanges } from "../policy.ts";
import type { Policy } from "../policy.ts";

const legacyClass = "volume.beta.kubernetes.io/storage-class";

export const volumes: Policy = {
  name: "volumes",
  idea: "A team's volumes are of the storage classes that it may use.",
  rules: [{ apiGroups: [""], resources: ["persistentvolumeclaims"], operations: ["CREATE"] }],
  conditions: whenSpecChanges,
  variables: [{ name: "classes", expression: listed(bounds.storageClasses) }],
  validations: [
    {
      // A claim that names none has got the cluster's default class by now.
      expression: "'*' in variables.classes || object.spec.?storageClassName.orValue('') in variables.classes",
      messageExpression: "'write spec.storageClassName: one of ' + variables.classes.join(', ')",
    },
    {
      // Kubernetes still looks at it first.
      expression: `!('${legacyClass}' in object.metadata.?annotations.orValue({}))`,
      message: `remove the annotation ${legacyClass}; write spec.storageClassName`,
    },
  ],
};
