import { ValidatingAdmissionPolicy } from "@pulumi/kubernetes/admissionregistration/v1/validatingAdmissionPolicy.js";
import { ValidatingAdmissionPolicyBinding } from "@pulumi/kubernetes/admissionregistration/v1/validatingAdmissionPolicyBinding.js";
import { ClusterRole } from "@pulumi/kubernetes/rbac/v1/clusterRole.js";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterTie } from "../flux/cluster-tie.ts";
import { enabledAddOns } from "../add-ons/enabled.ts";
import type { Settings } from "../settings/settings.ts";
import { policies } from "./admission/policies.ts";
import { policySpec, validationActions } from "./admission/policy.ts";
import { roleNames } from "./labels.ts";
import { roleRules } from "./roles.ts";

/** What holds for all tenants: the roles that their bindings refer to, and the admission rules of their namespaces. */
export class TenantRules extends pulumi.ComponentResource {
  /**
   * The last of them, after all others. Nothing of a tenant is made before it: each tenant that names all of them instead would
   * take kilobytes of state for it.
   */
  readonly complete: pulumi.Resource;

  constructor(name: string, settings: Settings, tie: ClusterTie, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:tenant:Rules", name, {}, opts);
    const options = { parent: this, ...tie };
    const all = policies(settings);
    const made: pulumi.Resource[] = Object.entries(roleRules(enabledAddOns(settings))).map(([part, rules]) => {
      const role = roleNames[part as keyof typeof roleNames];
      return new ClusterRole(`${name}-${role}`, { metadata: { name: role }, rules }, options);
    });
    for (const [index, policy] of all.entries()) {
      const metadata = { name: `mooring-tenant-${policy.name}`, annotations: { "kubernetes.io/description": policy.idea } };
      const rule = new ValidatingAdmissionPolicy(`${name}-${policy.name}`, { metadata, spec: policySpec(policy) }, options);
      const spec = { policyName: metadata.name, validationActions: validationActions(settings.tenancy.admission) };
      const dependsOn = index === all.length - 1 ? [...made, rule] : rule;
      made.push(new ValidatingAdmissionPolicyBinding(`${name}-${policy.name}`, { metadata, spec }, { ...options, dependsOn }));
    }
    this.complete = made.at(-1)!;
    this.registerOutputs({});
  }
}
