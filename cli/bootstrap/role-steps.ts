/** The rights of the pipeline's identity, and of the person who runs `bootstrap`. */
import { roles } from "../../components/azure/roles.ts";
import type { Settings } from "../../components/settings/settings.ts";
import type { Principal } from "../az.ts";
import { setsLocks } from "../rights-needed.ts";
import type { BootstrapNames } from "./names.ts";
import { accountId, vaultId } from "./steps.ts";
import type { Step } from "./steps.ts";

/**
 * - Contributor, and Role Based Access Control Administrator for the roles that Mooring itself gives and no others, on
 *   the subscription: what `up` makes, a budget included.
 * - Locks Contributor, where production sets locks: neither of the two may.
 * - Storage Blob Data Contributor and Key Vault Crypto User: the state and its key. The person needs these too, even as
 *   the owner of both: ownership gives no right to what is in them.
 *
 * The right to administer the cluster comes from a group of `cluster.administrators`, not from a role here.
 */
export function roleSteps(settings: Settings, { group, account, vault, identity }: BootstrapNames, pipeline: Principal, person: Principal): Step[] {
  const { subscription } = settings.azure;
  const wide = `/subscriptions/${subscription}`;
  const state = accountId(subscription, group, account);
  const key = vaultId(subscription, group, vault);
  return [
    roleStep(subscription, identity, pipeline, "Contributor", wide),
    roleStep(subscription, identity, pipeline, "Role Based Access Control Administrator", wide, onlyRoles(Object.values(roles))),
    ...(setsLocks(settings) ? [roleStep(subscription, identity, pipeline, "Locks Contributor", wide)] : []),
    roleStep(subscription, identity, pipeline, "Storage Blob Data Contributor", state),
    roleStep(subscription, identity, pipeline, "Key Vault Crypto User", key),
    roleStep(subscription, "you", person, "Storage Blob Data Contributor", state),
    roleStep(subscription, "you", person, "Key Vault Crypto User", key),
  ];
}

/**
 * What a preview and a look for drift need, and nothing to change anything with:
 *
 * - Reader on the subscription; Azure Kubernetes Service Cluster User Role there too, since Reader may fetch no kubeconfig.
 * - Storage Blob Data Reader: a preview takes no lock and writes no state (pkg/backend/diy of Pulumi 3.259).
 * - Key Vault Crypto User on the one key that encrypts the state's secrets. So whoever runs as it can read these.
 *
 * Rights in the cluster are given there ({@link ./next.ts}).
 */
export function readerSteps({ azure: { subscription } }: Settings, { group, account, vault, key, reader }: BootstrapNames, principal: Principal): Step[] {
  const wide = `/subscriptions/${subscription}`;
  return [
    roleStep(subscription, reader, principal, "Reader", wide),
    roleStep(subscription, reader, principal, "Azure Kubernetes Service Cluster User Role", wide),
    roleStep(subscription, reader, principal, "Storage Blob Data Reader", accountId(subscription, group, account)),
    roleStep(subscription, reader, principal, "Key Vault Crypto User", `${vaultId(subscription, group, vault)}/keys/${key}`),
  ];
}

function roleStep(subscription: string, who: string, principal: Principal, role: string, scope: string, condition?: string): Step {
  const make = [
    // Both say who it is, so that Azure does not look a new identity up in the directory, where it may not be yet.
    "role", "assignment", "create", "--role", role, "--scope", scope, "--subscription", subscription,
    "--assignee-object-id", principal.id, "--assignee-principal-type", principal.type,
    ...(condition === undefined ? [] : ["--condition", condition, "--condition-version", "2.0"]),
  ];
  return {
    what: `${role} for ${who} on ${scope.split("/").slice(-2).join(" ")}`,
    make,
    async missing(az) {
      const assignments = (await az.read(["role", "assignment", "list", "--scope", scope, "--role", role, "--subscription", subscription])) as Assignment[];
      const found = assignments.find(({ principalId }) => principalId === principal.id);
      if (found === undefined) return [make];
      // A newer Mooring gives other roles. Azure makes no second assignment beside the first.
      if (condition !== undefined && found.condition !== condition) return [["role", "assignment", "delete", "--ids", found.id], make];
      return [];
    },
  };
}

/** Of `az role assignment list`. */
interface Assignment {
  id: string;
  principalId: string;
  condition: string | null;
}

/**
 * Without it whoever may change the pipeline could make it owner of the subscription
 * (learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples).
 */
export function onlyRoles(ids: readonly string[]): string {
  const allowed = `{${ids.join(", ")}}`;
  const rule = (action: string, where: string) =>
    `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${action}'})) OR (@${where}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals ${allowed}))`;
  return `${rule("write", "Request")} AND ${rule("delete", "Resource")}`;
}
