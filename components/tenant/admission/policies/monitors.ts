import { bounds } from "../../labels.ts";
import { listed, whenSpecChanges } from "../policy.ts";
import type { Policy } from "../policy.ts";

/** Files of Prometheus's own pod. */
const files = "tls.?caFile.orValue('') == '' && tls.?certFile.orValue('') == '' && tls.?keyFile.orValue('') == ''";

/**
 * Labels that begin with two underscores say what Prometheus calls: its address, its scheme, its path. A label's name may also be
 * made of what a pod says of itself (`$1`, labelmap). Source: prometheus.io/docs/prometheus/latest/configuration/configuration,
 * "relabel_config".
 */
const relabelling = "endpoint.?relabelings.orValue([]).all(entry, !(entry.?action.orValue('replace').lowerAscii() in ['labelmap', 'labeldrop', 'labelkeep']) && entry.?targetLabel.orValue('plain').matches('^[a-zA-Z][a-zA-Z0-9_]*$'))";

/**
 * Prometheus itself puts the namespace on all that a monitor collects, and lets a team's rules see nothing else
 * (enforcedNamespaceLabel of the module kube-prometheus-stack). What it calls, and how, is said here.
 * Source: prometheus-operator.dev/docs/api-reference/api.
 */
export const monitors: Policy = {
  name: "monitors",
  idea: "A team's monitors look at its own pods, and nowhere else.",
  rules: [{ apiGroups: ["monitoring.coreos.com"], resources: ["servicemonitors", "podmonitors", "prometheusrules"] }],
  conditions: whenSpecChanges,
  variables: [
    { name: "namespaces", expression: listed(bounds.namespaces) },
    { name: "endpoints", expression: "object.kind == 'ServiceMonitor' ? object.spec.?endpoints.orValue([]) : object.spec.?podMetricsEndpoints.orValue([])" },
    { name: "groups", expression: "object.spec.?groups.orValue([])" },
  ],
  validations: [
    {
      expression: "!object.spec.?namespaceSelector.?any.orValue(false) && object.spec.?namespaceSelector.?matchNames.orValue([]).all(name, name in variables.namespaces)",
      messageExpression: "'write spec.namespaceSelector.matchNames with namespaces of this tenant (' + variables.namespaces.join(', ') + '), or leave it out'",
    },
    {
      expression: "variables.endpoints.all(endpoint, !has(endpoint.proxyUrl) && !endpoint.?proxyFromEnvironment.orValue(false) && !has(endpoint.oauth2) && endpoint.?bearerTokenFile.orValue('') == '')",
      message: "remove proxyUrl, proxyFromEnvironment, oauth2 and bearerTokenFile; Prometheus calls a team's pods and nothing else",
    },
    {
      // A pod could lead it on to what only Prometheus reaches, and read that as its own.
      expression: "variables.endpoints.all(endpoint, !endpoint.?followRedirects.orValue(true))",
      message: "write followRedirects: false; a redirect would lead Prometheus away from the team's pods",
    },
    { expression: `variables.endpoints.all(endpoint, [endpoint.?tlsConfig.orValue({})].all(tls, ${files}))`, message: "remove caFile, certFile and keyFile of tlsConfig; name a Secret or a ConfigMap of this namespace" },
    { expression: `variables.endpoints.all(endpoint, ${relabelling})`, message: "write a plain targetLabel in relabelings (letters, digits and _), and no labelmap, labeldrop or labelkeep: others change what Prometheus calls" },
    {
      expression: "variables.endpoints.all(endpoint, duration(endpoint.?interval.orValue('30s')) >= duration('15s')) && variables.groups.all(group, duration(group.?interval.orValue('30s')) >= duration('15s'))",
      message: "write an interval of 15s or more, in s, m and h; all teams share Prometheus",
    },
    { expression: "variables.groups.size() <= 20 && variables.groups.all(group, group.?rules.orValue([]).size() <= 50)", message: "write at most 20 groups, of at most 50 rules each; all teams share Prometheus" },
  ],
};
