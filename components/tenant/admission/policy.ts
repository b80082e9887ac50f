/**
 * A rule about the objects in tenants' namespaces, as a ValidatingAdmissionPolicy: the API server itself holds to it, for
 * people, pipelines and whatever Flux applies alike. What a tenant may refer to stands in annotations of its namespaces.
 * Expressions are CEL (kubernetes.io/docs/reference/using-api/cel).
 */
import { namespaceLabel, tenantLabel } from "../labels.ts";

export interface ResourceRule {
  apiGroups: string[];
  resources: string[];
  /** Default: CREATE and UPDATE. */
  operations?: string[];
}

export interface Validation {
  expression: string;
  /** Tells a developer what to do. */
  message?: string;
  /** The same with values, as a CEL expression. */
  messageExpression?: string;
}

export interface Policy {
  /** Part of the object's name: `mooring-tenant-<name>`. */
  name: string;
  /** The one idea, in a sentence. */
  idea: string;
  rules: ResourceRule[];
  /** When a change is looked at at all. */
  conditions: { name: string; expression: string }[];
  variables?: { name: string; expression: string }[];
  validations: Validation[];
}

/**
 * What was there before a rule came is looked at when its specification changes, not when a controller notes something on it
 * or clears its finalizers. Being deleted is no excuse: a finalizer of a team's own keeps an object as long as the team
 * likes, and Flux prunes, and nodes serve, by its specification.
 */
export const whenSpecChanges = [{ name: "specification-changes", expression: "request.operation == 'CREATE' || object.spec != oldObject.spec" }];

/** The same where annotations count as well. */
export const whenSpecOrAnnotationsChange = [
  {
    name: "specification-or-annotations-change",
    expression: "request.operation == 'CREATE' || object.spec != oldObject.spec || object.metadata.?annotations != oldObject.metadata.?annotations",
  },
];

/** Whether the object is in a tenant's control namespace, where nobody but the platform writes. */
export const platformsOwn = `namespaceObject.metadata.?labels[?'${namespaceLabel}'].orValue('') == 'control'`;

/** A list that stands in an annotation of the namespace. Nothing there means nothing is allowed. */
export const listed = (annotation: string): string => `namespaceObject.metadata.?annotations[?'${annotation}'].orValue('').split(',').filter(entry, entry != '')`;

/** A list of texts without quotes in them. */
export const texts = (values: readonly string[]): string => `[${values.map((value) => `'${value}'`).join(",")}]`;

/** Whether `value` is one of the addresses of a list or lies below one. */
export const below = (value: string, list: string): string => `${list}.exists(allowed, ${value} == allowed || ${value}.startsWith(allowed + '/'))`;

/** Everything that makes pods, with where its pods are specified. */
export const podMakers: ResourceRule[] = [
  { apiGroups: [""], resources: ["pods", "pods/ephemeralcontainers", "replicationcontrollers"] },
  { apiGroups: ["apps"], resources: ["deployments", "statefulsets", "daemonsets", "replicasets"] },
  { apiGroups: ["batch"], resources: ["jobs", "cronjobs"] },
];

const podOf = (object: string): string => `(${object}.kind == 'Pod' ? ${object}.spec : ${object}.kind == 'CronJob' ? ${object}.spec.jobTemplate.spec.template.spec : ${object}.spec.template.spec)`;

export const podSpec = { name: "pod", expression: podOf("object") };

/**
 * Of what makes pods, only the pods count: what was there before a rule came must still be scaled down and suspended, or it could not
 * be replaced by what is mended. More of them are refused pod by pod.
 */
export const whenPodsChange = [{ name: "pods-change", expression: `request.operation == 'CREATE' || ${podOf("object")} != ${podOf("oldObject")}` }];

/** The specification of the Kubernetes object. */
export function policySpec({ rules, conditions, variables, validations }: Policy) {
  return {
    // If it cannot be evaluated, the object is refused.
    failurePolicy: "Fail",
    matchConstraints: {
      namespaceSelector: { matchExpressions: [{ key: tenantLabel, operator: "Exists" }] },
      resourceRules: rules.map(({ apiGroups, resources, operations = ["CREATE", "UPDATE"] }) => ({ apiGroups, apiVersions: ["*"], resources, operations })),
    },
    matchConditions: conditions,
    ...(variables && { variables }),
    validations: validations.map((validation) => ({ ...validation, reason: "Forbidden" })),
  };
}

/** In `Audit` the author is warned, the audit log has the reason, and the object is accepted. */
export function validationActions(admission: "Deny" | "Audit"): string[] {
  return admission === "Deny" ? ["Deny"] : ["Warn", "Audit"];
}
