import { bounds } from "../../labels.ts";
import { listed, texts, whenSpecOrAnnotationsChange } from "../policy.ts";
import type { Policy, Validation } from "../policy.ts";

const allowed = (host: string): string => `variables.allowed.exists(suffix, ${host} == suffix || ${host}.endsWith('.' + suffix))`;

const hostRule = (expression: string): Validation => ({
  expression,
  messageExpression:
    "'name a host in every rule, one that this tenant may serve: ' + (variables.allowed.size() == 0 ? 'it has none, ask the platform for one (allowed.hosts)' : variables.allowed.join(', ') + ', and what lies below')",
});

/**
 * What a route would add past its own fields: names (nginx's alias, Application Gateway's extension), a certificate that the
 * ingress controller fetches as itself, pieces of nginx's own configuration, and requests that nginx sends from its own place.
 */
const sideDoors = [
  "kubernetes.azure.com/tls-cert-keyvault-uri", "appgw.ingress.kubernetes.io/hostname-extension",
  "nginx.ingress.kubernetes.io/mirror-target", "nginx.ingress.kubernetes.io/mirror-host",
];
const sideDoor = `key.contains('/server-alias') || key.contains('snippet') || key.contains('/config-') || key in ${texts(sideDoors)}`;

/** A question to another place, before each request; to the route's own host it is the team's. */
const foreignQuestion = "key.endsWith('/auth-url') && !variables.annotations[key].startsWith('https://$host/')";

/** A Secret of another namespace: nginx takes `namespace/name`. */
const foreignSecret = "key.startsWith('nginx.ingress.kubernetes.io/') && key.endsWith('-secret') && variables.annotations[key].contains('/') && !variables.annotations[key].startsWith(object.metadata.namespace + '/')";

/** Names that external-dns (its docs/annotations) and cert-manager (its docs, "Annotated Ingress resource") take besides those of the rules. */
const nameAnnotations = [
  "external-dns.alpha.kubernetes.io/hostname", "external-dns.alpha.kubernetes.io/internal-hostname", "cert-manager.io/common-name", "cert-manager.io/alt-names",
];

/** Whoever serves a host name first has it. */
export const hosts: Policy = {
  name: "hosts",
  idea: "A team serves its own host names only.",
  rules: [
    { apiGroups: ["networking.k8s.io"], resources: ["ingresses"] },
    { apiGroups: ["gateway.networking.k8s.io"], resources: ["httproutes", "grpcroutes", "tlsroutes"] },
    { apiGroups: [""], resources: ["services"] },
  ],
  conditions: whenSpecOrAnnotationsChange,
  variables: [
    { name: "allowed", expression: listed(bounds.hosts) },
    { name: "annotations", expression: "object.metadata.?annotations.orValue({})" },
  ],
  validations: [
    hostRule(`object.kind != 'Ingress' || (object.spec.?rules.orValue([]).size() > 0 && object.spec.rules.all(rule, ${allowed("rule.?host.orValue('')")}))`),
    hostRule(`object.kind != 'Ingress' || object.spec.?tls.orValue([]).all(entry, entry.?hosts.orValue([]).all(host, ${allowed("host")}))`),
    hostRule(`object.kind in ['Ingress', 'Service'] || (object.spec.?hostnames.orValue([]).size() > 0 && object.spec.hostnames.all(host, ${allowed("host")}))`),
    {
      expression: "object.kind != 'Ingress' || !has(object.spec.defaultBackend)",
      message: "remove spec.defaultBackend, it would answer for hosts that no rule names; write a rule with a host instead",
    },
    ...nameAnnotations.map((annotation) => hostRule(`variables.annotations[?'${annotation}'].orValue('').split(',').all(host, host.trim() == '' || ${allowed("host.trim()")})`)),
    {
      expression: `!variables.annotations.exists(key, ${sideDoor})`,
      message: "an annotation adds names, certificates or configuration past the rules, by which it could take other teams' hosts; remove it, and write a rule and a tls entry for each host instead",
    },
    {
      expression: `!variables.annotations.exists(key, ${foreignQuestion})`,
      message: "auth-url leads the ingress controller to another place; write https://$host/ and a path of the route's own host",
    },
    { expression: `!variables.annotations.exists(key, ${foreignSecret})`, message: "an annotation names a Secret of another namespace; use one of this namespace" },
  ],
};
