import { bounds } from "../../labels.ts";
import { listed, texts, whenSpecChanges } from "../policy.ts";
import type { Policy } from "../policy.ts";

/** Those of the module cert-manager-issuers. */
const issuers = ["letsencrypt", "letsencrypt-staging"];

/** A wildcard is the team's when the name below the star is. */
const allowed = (host: string): string => `variables.allowed.exists(suffix, ${host} == suffix || ${host}.endsWith('.' + suffix))`;

const otherNames = ["emailAddresses", "ipAddresses", "uris", "otherNames"];

/**
 * Names are proved in the platform's zone, for whoever asks. What ingresses ask for by annotations becomes a Certificate as well, so
 * this holds for it. Source: cert-manager.io/docs/reference/api-docs of 1.21.
 */
export const certificates: Policy = {
  name: "certificates",
  idea: "A team has certificates for its own host names only.",
  rules: [{ apiGroups: ["cert-manager.io"], resources: ["certificates"] }],
  conditions: whenSpecChanges,
  variables: [
    { name: "allowed", expression: listed(bounds.hosts) },
    { name: "issuer", expression: "object.spec.issuerRef" },
  ],
  validations: [
    {
      expression: `variables.issuer.?kind.orValue('Issuer') == 'ClusterIssuer' && variables.issuer.?group.orValue('cert-manager.io') == 'cert-manager.io' && variables.issuer.name in ${texts(issuers)}`,
      message: `write spec.issuerRef: { kind: ClusterIssuer, name: ${issuers[0]} }, or name ${issuers[1]} to try out`,
    },
    {
      expression: `object.spec.?dnsNames.orValue([]).size() > 0 && (object.spec.?dnsNames.orValue([]) + (object.spec.?commonName.orValue('') == '' ? [] : [object.spec.commonName])).all(host, ${allowed("host")})`,
      messageExpression:
        "'name hosts in spec.dnsNames that this tenant may serve: ' + (variables.allowed.size() == 0 ? 'it has none, ask the platform for one (allowed.hosts)' : variables.allowed.join(', ') + ', and what lies below')",
    },
    {
      expression: `!object.spec.?isCA.orValue(false) && !has(object.spec.literalSubject) && ${otherNames.map((name) => `object.spec.?${name}.orValue([]).size() == 0`).join(" && ")}`,
      message: `remove isCA, literalSubject, ${otherNames.join(", ")}; a team's certificates are for host names`,
    },
  ],
};
