import { bounds } from "../../labels.ts";
import { listed, whenSpecChanges } from "../policy.ts";
import type { Policy } from "../policy.ts";

/**
 * A Service of the tenant's. Other kinds are those of a gateway's maker, and no grant may be asked for them: Istio's Hostname is any
 * Service of the mesh (`buildDestination` in pilot/pkg/config/kube/gateway/conversion.go of istio/istio).
 */
const own = (ref: string): string =>
  `${ref}.?group.orValue('') == '' && ${ref}.?kind.orValue('Service') == 'Service' && ${ref}.?namespace.orValue(object.metadata.namespace) in variables.namespaces`;

/** Filters that send a request, or a copy of it, to a place of their own. */
const filters = (holder: string): string =>
  `${holder}.?filters.orValue([]).all(filter, ${["requestMirror", "externalAuth"].map((kind) => `(!has(filter.${kind}) || (${own(`filter.${kind}.backendRef`)}))`).join(" && ")})`;

/**
 * By the specification another namespace's Service needs a ReferenceGrant there, which no team may write, and a Gateway says who
 * may attach to it. Both are held by a controller, after the fact; here the author is told.
 * Source: gateway-api.sigs.k8s.io/reference/spec of 1.4.
 */
export const routes = (ingressNamespace: string | undefined): Policy => ({
  name: "routes",
  idea: "A team's routes lead from the platform's Gateways to its own Services.",
  rules: [{ apiGroups: ["gateway.networking.k8s.io"], resources: ["httproutes", "grpcroutes", "tlsroutes", "tcproutes", "udproutes"] }],
  conditions: whenSpecChanges,
  variables: [
    { name: "namespaces", expression: listed(bounds.namespaces) },
    { name: "parents", expression: `variables.namespaces + ${ingressNamespace === undefined ? "[]" : `['${ingressNamespace}']`}` },
    { name: "rules", expression: "object.spec.?rules.orValue([])" },
  ],
  validations: [
    {
      expression: "object.spec.?parentRefs.orValue([]).all(parent, parent.?namespace.orValue(object.metadata.namespace) in variables.parents)",
      messageExpression: `'spec.parentRefs names a Gateway of a namespace that is not for this tenant; write one of ' + variables.parents.join(', ')${ingressNamespace === undefined ? " + ', or ask the platform for a shared one (tenancy.ingressNamespace)'" : ""}`,
    },
    {
      expression: `variables.rules.all(rule, rule.?backendRefs.orValue([]).all(ref, ${own("ref")}))`,
      messageExpression: "'a backendRef of spec.rules is not a Service of this tenant; name a Service of ' + variables.namespaces.join(', ') + ', and leave group and kind out'",
    },
    {
      expression: `variables.rules.all(rule, ${filters("rule")} && rule.?backendRefs.orValue([]).all(ref, ${filters("ref")}))`,
      messageExpression: "'a filter of spec.rules sends requests to what is not a Service of this tenant; name a Service of ' + variables.namespaces.join(', ') + ', and leave group and kind out'",
    },
  ],
});
