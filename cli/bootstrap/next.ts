/** What to do after `bootstrap`. */
import { roles } from "../../components/azure/roles.ts";
import type { Settings } from "../../components/settings/settings.ts";
import { grantsElsewhere, makesApplications } from "../rights-needed.ts";
import type { BootstrapNames } from "./names.ts";
import { onlyRoles } from "./role-steps.ts";
import { shellLine } from "./shell-line.ts";

/** The permission Application.ReadWrite.OwnedBy of Microsoft Graph (learn.microsoft.com/graph/permissions-reference). */
const ownedBy = "18a4783c-866b-4cc7-a460-3d5e5662c884";

interface Pipeline {
  principalId: string;
  clientId: string;
}

/** The commands that log Pulumi in and make the stack, what a pipeline needs to know, and what others must allow it. */
export function nextCommands(settings: Settings, names: BootstrapNames, pipeline: Pipeline): string[] {
  const { environment, azure, cluster } = settings;
  const { backend, secretsProvider, identity } = names;
  return [
    "",
    "Next (a role that was given just now may take some minutes to arrive):",
    `  ${shellLine("npx", ["pulumi", "login", backend])}`,
    `  ${shellLine("npx", ["pulumi", "stack", "init", environment, "--secrets-provider", secretsProvider])}`,
    `  ${shellLine("npx", ["pulumi", "up", "--stack", environment])}`,
    "",
    `For a pipeline that runs as ${identity}:`,
    `  AZURE_CLIENT_ID=${pipeline.clientId}`,
    `  AZURE_TENANT_ID=${azure.tenant}`,
    `  AZURE_SUBSCRIPTION_ID=${azure.subscription}`,
    `  PULUMI_BACKEND_URL=${backend}`,
    ...(settings.github.app ? [] : ["  and for GitHub a token of an App whose key Key Vault keeps (docs/delivery.md), or mooring:github.app"]),
    "To let it into the cluster, make it a member of a group of cluster.administrators, once:",
    `  ${shellLine("az", ["ad", "group", "member", "add", "--group", cluster.administrators[0] ?? "<group>", "--member-id", pipeline.principalId])}`,
    ...applications(settings, pipeline),
    ...rolesElsewhere(settings, pipeline),
  ];
}

/** The same for the identity that only reads. The cluster is not there yet at the first run: the last two commands come after `up`. */
export function nextForReader({ azure }: Settings, { backend, reader }: BootstrapNames, { principalId, clientId }: Pipeline): string[] {
  return [
    "",
    `For a pipeline that previews as ${reader}:`,
    `  AZURE_CLIENT_ID=${clientId}`,
    `  AZURE_TENANT_ID=${azure.tenant}`,
    `  AZURE_SUBSCRIPTION_ID=${azure.subscription}`,
    `  PULUMI_BACKEND_URL=${backend}`,
    "To let it look for drift in the cluster, an administrator of the cluster runs there, once:",
    `  ${shellLine("kubectl", ["create", "clusterrole", "mooring-read", "--verb=get,list,watch", "--resource=*.*"])}`,
    `  ${shellLine("kubectl", ["create", "clusterrolebinding", "mooring-read", "--clusterrole=mooring-read", `--user=${principalId}`])}`,
  ];
}

/**
 * Only an administrator of the directory may give this (Privileged Role Administrator). A managed identity gets it through
 * Graph alone; no page of the portal does (learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-assign-app-role-managed-identity).
 */
function applications(settings: Settings, { principalId }: Pipeline): string[] {
  if (!makesApplications(settings)) return [];
  const body = `'{"principalId":"${principalId}","resourceId":"'"$graph"'","appRoleId":"${ownedBy}"}'`;
  return [
    "pipelines.*.password makes applications in Entra. To let it, an administrator of the directory runs, once (Application.ReadWrite.OwnedBy of Microsoft Graph):",
    "  graph=$(az ad sp show --id 00000003-0000-0000-c000-000000000000 --query id --output tsv)",
    `  az rest --method post --url https://graph.microsoft.com/v1.0/servicePrincipals/${principalId}/appRoleAssignments --body ${body}`,
  ];
}

function rolesElsewhere(settings: Settings, { principalId }: Pipeline): string[] {
  return grantsElsewhere(settings).flatMap(({ setting, scope, subscription }) => [
    `${setting} is in another subscription, and \`up\` gives a role on it. To let it, the owner of that runs, once:`,
    `  ${shellLine("az", [
      "role", "assignment", "create", "--role", "Role Based Access Control Administrator", "--scope", scope, "--subscription", subscription,
      "--assignee-object-id", principalId, "--assignee-principal-type", "ServicePrincipal",
      "--condition", onlyRoles(Object.values(roles)), "--condition-version", "2.0",
    ])}`,
  ]);
}
