import { bounds, namespaceLabel, reconciler } from "../../labels.ts";
import { listed, podMakers, podSpec, whenPodsChange } from "../policy.ts";
import type { Policy } from "../policy.ts";

/** Taints that come and go with a node's state; what the cluster's own controllers put into a pod names them too. */
const conditions = "node.kubernetes.io/";

/** A toleration as its taint is listed: `key=value`, or `key` where it has no value. */
const taint = "(toleration.?key.orValue('') + (toleration.?value.orValue('') == '' ? '' : '=' + toleration.value))";

const affinities = ["podAffinity", "podAntiAffinity"].flatMap((kind) => [
  `variables.pod.?affinity.?${kind}.?requiredDuringSchedulingIgnoredDuringExecution.orValue([])`,
  `variables.pod.?affinity.?${kind}.?preferredDuringSchedulingIgnoredDuringExecution.orValue([]).map(entry, entry.podAffinityTerm)`,
]);

/** The API server holds the pod security level; this is what it knows nothing of. */
export const pods: Policy = {
  name: "pods",
  idea: "A team's pods have the team's place: not Flux's account, not another team's nodes, not the platform's priority.",
  rules: podMakers,
  conditions: whenPodsChange,
  variables: [
    podSpec,
    { name: "priorityClasses", expression: listed(bounds.priorityClasses) },
    { name: "taints", expression: listed(bounds.taints) },
  ],
  validations: [
    { expression: `namespaceObject.metadata.?labels[?'${namespaceLabel}'].orValue('') == 'workload'`, message: "nothing runs in a control namespace; use the tenant's workload namespace" },
    {
      expression: `variables.pod.?serviceAccountName.orValue('') != '${reconciler}' && variables.pod.?serviceAccount.orValue('') != '${reconciler}'`,
      message: `the account ${reconciler} is Flux's; make a ServiceAccount for the pods and name it`,
    },
    {
      expression: "variables.pod.?priorityClassName.orValue('') == '' || variables.pod.priorityClassName in variables.priorityClasses",
      messageExpression:
        "'this tenant may not use the priority class ' + variables.pod.priorityClassName + '; ' + (variables.priorityClasses.size() == 0 ? 'leave priorityClassName out' : 'write one of ' + variables.priorityClasses.join(', '))",
    },
    // A pod that names its node is not asked for a toleration. The scheduler does not name it: it binds.
    { expression: "variables.pod.?nodeName.orValue('') == '' || (request.operation == 'UPDATE' && object.kind == 'Pod')", message: "leave nodeName out; the scheduler finds a node, and nodeSelector says which ones will do" },
    {
      expression: `variables.pod.?tolerations.orValue([]).all(toleration, toleration.?key.orValue('').startsWith('${conditions}') || ${taint} in variables.taints)`,
      messageExpression:
        "'a toleration is for nodes that are not for this tenant; ' + (variables.taints.size() == 0 ? 'leave tolerations out' : 'write key and value of one of ' + variables.taints.join(', ')) + ', or ask the platform for another pool (nodePool)'",
    },
    // An upgrade waits that long for a node to be drained.
    { expression: "variables.pod.?terminationGracePeriodSeconds.orValue(30) <= 1800", message: "terminationGracePeriodSeconds is more than 1800, and an upgrade of the nodes would fail on it; write 1800 or less" },
    // The scheduler also keeps away from a pod whatever that pod wants to be away from.
    ...affinities.map((terms) => ({
      expression: `${terms}.all(term, term.?namespaces.orValue([]).size() == 0 && !has(term.namespaceSelector))`,
      message: "remove namespaces and namespaceSelector from the pod's affinities; they could keep other teams' pods off the nodes",
    })),
  ],
};
