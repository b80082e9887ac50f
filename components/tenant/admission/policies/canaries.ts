import { bounds } from "../../labels.ts";
import { listed, texts, whenSpecChanges } from "../policy.ts";
import type { Policy } from "../policy.ts";

/** Of the modules kube-prometheus-stack and flagger. */
const prometheus = "http://kube-prometheus-stack-prometheus.monitoring:9090";

/** Services that exist for being told, with fixed hosts, unlike those that take any address as their own. */
const chats = ["slack", "msteams", "discord", "gchat"];

/** Their hosts; what stands in a Secret no rule sees, and Flagger's own network policy bounds. */
const chatHosts = "^https://(hooks[.]slack[.]com|slack[.]com|discord[.]com|discordapp[.]com|chat[.]googleapis[.]com|[a-z0-9-]+[.]webhook[.]office[.]com|[a-z0-9.-]+[.]logic[.]azure[.]com|[a-z0-9.-]+[.]powerplatform[.]com)(:443)?/";

/** A Service of the team's, over HTTP. */
const own = (url: string): string => `variables.namespaces.exists(name, ${url}.matches('^https?://[a-z0-9-]+[.]' + name + '([.]svc([.]cluster[.]local)?)?(:[0-9]+)?(/.*)?$'))`;

/** A list of both would have two types, which the server refuses. */
const here = (ref: string): string => `${ref}.?namespace.orValue('') == '' || ${ref}.namespace == object.metadata.namespace`;

/**
 * Flagger calls webhooks, asks metrics and tells alerts from its own place. What it makes for a canary (deployments, services, routes) is
 * held to the other rules of the namespace, as if the team had made it. Source: docs.flagger.app, "How it works", "Metrics
 * analysis", "Webhooks" and "Alerting" of 1.44.
 */
export const canaries = (ingressNamespace: string | undefined): Policy => ({
  name: "canaries",
  idea: "A team's canaries stay within the team.",
  rules: [{ apiGroups: ["flagger.app"], resources: ["canaries", "metrictemplates", "alertproviders"] }],
  conditions: whenSpecChanges,
  variables: [
    { name: "namespaces", expression: listed(bounds.namespaces) },
    { name: "parents", expression: `variables.namespaces + ${ingressNamespace === undefined ? "[]" : `['${ingressNamespace}']`}` },
    { name: "analysis", expression: "object.kind == 'Canary' ? object.spec.?analysis.orValue({}) : {}" },
    { name: "metrics", expression: "variables.analysis.?metrics.orValue([])" },
  ],
  validations: [
    {
      expression: "object.kind != 'Canary' || object.spec.?provider.orValue('gatewayapi:v1') in ['gatewayapi:v1', 'kubernetes']",
      message: "leave spec.provider out: traffic is shifted by routes (gatewayapi:v1); kubernetes does without",
    },
    {
      expression: "object.kind != 'Canary' || (object.spec.?metricsServer.orValue('') == '' && !has(object.spec.canaryAnalysis) && !has(object.spec.upstreamRef))",
      message: "remove metricsServer, canaryAnalysis and upstreamRef; metrics are those of the platform's Prometheus, and the analysis stands in spec.analysis",
    },
    {
      expression: "object.kind != 'Canary' || object.spec.?service.?gatewayRefs.orValue([]).all(ref, ref.?namespace.orValue(object.metadata.namespace) in variables.parents)",
      messageExpression: "'spec.service.gatewayRefs names a Gateway of a namespace that is not for this tenant; write one of ' + variables.parents.join(', ')",
    },
    {
      expression: `variables.metrics.all(metric, !has(metric.templateRef) || (${here("metric.templateRef")})) && variables.analysis.?alerts.orValue([]).all(alert, !has(alert.providerRef) || (${here("alert.providerRef")}))`,
      message: "metrics and alerts of a canary are of its own namespace; leave the namespace of templateRef and providerRef out",
    },
    {
      expression: "duration(variables.analysis.?interval.orValue('1m')) >= duration('10s')",
      message: "write spec.analysis.interval of 10s or more; all teams share Flagger and Prometheus",
    },
    {
      expression: "variables.metrics.all(metric, metric.?query.orValue('') == '')",
      message: "write the query of a metric in a MetricTemplate, and name that in templateRef",
    },
    {
      expression: `variables.analysis.?webhooks.orValue([]).all(webhook, ${own("webhook.url")})`,
      messageExpression: "'write a webhook that leads to a Service of this tenant: http://<service>.<namespace>/<path> with a namespace of ' + variables.namespaces.join(', ')",
    },
    {
      expression: `object.kind != 'MetricTemplate' || (object.spec.provider.?type.orValue('') == 'prometheus' && object.spec.provider.?address.orValue('') == '${prometheus}' && !has(object.spec.provider.secretRef))`,
      message: `write spec.provider as { type: prometheus, address: ${prometheus} }`,
    },
    {
      expression: `object.kind != 'AlertProvider' || (object.spec.?type.orValue('') in ${texts(chats)} && object.spec.?proxy.orValue('') == '' && (object.spec.?address.orValue('') == '' || object.spec.address.matches('${chatHosts}')))`,
      message: `write spec.type as one of ${chats.join(", ")}, an address of that service or a secretRef, and no proxy`,
    },
  ],
});
