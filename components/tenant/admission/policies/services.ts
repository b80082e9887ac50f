import { bounds } from "../../labels.ts";
import { listed, texts, whenSpecOrAnnotationsChange } from "../policy.ts";
import type { Policy } from "../policy.ts";

const azure = "service.beta.kubernetes.io/azure-";

/** Annotations that concern the team's own load balancer alone (cloud-provider-azure.sigs.k8s.io, "LoadBalancer"). The others name addresses, subnets and groups that are shared. */
const harmless = ["load-balancer-internal", "load-balancer-tcp-idle-timeout", "load-balancer-health-probe-request-path", "allowed-ip-ranges", "allowed-service-tags"].map((name) => azure + name);

/** An external address or name would stand in for somebody else's. */
export const services: Policy = {
  name: "services",
  idea: "A team's Services are of the types that it may have.",
  rules: [{ apiGroups: [""], resources: ["services"] }],
  conditions: whenSpecOrAnnotationsChange,
  variables: [{ name: "types", expression: listed(bounds.serviceTypes) }],
  validations: [
    {
      expression: "object.spec.?type.orValue('ClusterIP') in variables.types",
      messageExpression: "'this tenant may have Services of the type ' + variables.types.join(', ') + '; ask the platform for another (allowed.serviceTypes)'",
    },
    { expression: "object.spec.?externalIPs.orValue([]).size() == 0", message: "remove spec.externalIPs; use an Ingress or a route for traffic from outside" },
    { expression: "object.spec.?loadBalancerIP.orValue('') == ''", message: "remove spec.loadBalancerIP; the address could be another team's or the platform's" },
    {
      expression: `object.metadata.?annotations.orValue({}).all(key, !key.startsWith('${azure}') || key in ${texts(harmless)})`,
      message: `remove annotations that attach to shared parts of Azure; a team may write ${harmless.map((key) => key.slice(azure.length)).join(", ")} of ${azure}*`,
    },
  ],
};
