/** Whether the one who is signed in may administer the cluster. */
import type { Settings } from "../../components/settings/settings.ts";
import type { Az, Principal } from "../az.ts";
import { clusterId } from "./existing.ts";
import type { ClusterProperties } from "./existing-cluster.ts";
import { missing, ok, warning } from "./finding.ts";
import type { Finding } from "./finding.ts";
import type { Resources } from "./resources.ts";

/** The directory takes at most this many groups in one question. */
const GROUPS_AT_ONCE = 20;

export async function administrators(az: Az, resources: Resources, principal: Principal, settings: Settings): Promise<Finding> {
  const id = clusterId(settings);
  const groups = id === undefined ? settings.cluster.administrators : await groupsOf(resources, id);
  const member = await memberOf(az, principal, groups);
  if (member !== undefined) return ok(`administrators of the cluster: a member of ${member}`);
  if (id !== undefined) {
    return warning(
      "administrators of the cluster: a member of none of its groups",
      "`up` needs another right to make namespaces, roles and Flux in it, for example Azure Kubernetes Service RBAC Cluster Admin",
    );
  }
  return missing(
    "administrators of the cluster: a member of none of the groups in cluster.administrators",
    `\`up\` would make the cluster and not get into it; run \`az ad group member add --group ${groups[0]} --member-id ${principal.id}\``,
  );
}

/** The groups that administer a cluster that exists. */
async function groupsOf(resources: Resources, cluster: string): Promise<string[]> {
  const found = (await resources.find(cluster))?.properties as ClusterProperties | undefined;
  return found?.aadProfile?.adminGroupObjectIDs ?? [];
}

/** The first of the groups that the principal is in; membership through other groups counts, for the cluster as here. */
async function memberOf(az: Az, { id, type }: Principal, groups: readonly string[]): Promise<string | undefined> {
  const who = type === "User" ? "me" : `servicePrincipals/${id}`;
  for (let start = 0; start < groups.length; start += GROUPS_AT_ONCE) {
    const body = JSON.stringify({ groupIds: groups.slice(start, start + GROUPS_AT_ONCE) });
    const answer = (await az.read(["rest", "--method", "post", "--url", `https://graph.microsoft.com/v1.0/${who}/checkMemberGroups`, "--body", body])) as { value: string[] };
    if (answer.value.length > 0) return answer.value[0];
  }
  return undefined;
}
