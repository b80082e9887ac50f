/** What to do after `bootstrap`. */
import type { Settings } from "../../components/settings/settings.ts";
import type { BootstrapNames } from "./names.ts";
import { shellLine } from "./shell-line.ts";

/** The commands that log Pulumi in and make the stack, and what a pipeline needs to know. */
export function nextCommands({ environment, azure, cluster }: Settings, { backend, secretsProvider, identity }: BootstrapNames, { principalId, clientId }: { principalId: string; clientId: string }): string[] {
  return [
    "",
    "Next (a role that was given just now may take some minutes to arrive):",
    `  ${shellLine("npx", ["pulumi", "login", backend])}`,
    `  ${shellLine("npx", ["pulumi", "stack", "init", environment, "--secrets-provider", secretsProvider])}`,
    `  ${shellLine("npx", ["pulumi", "up", "--stack", environment])}`,
    "",
    `For a pipeline that runs as ${identity}:`,
    `  AZURE_CLIENT_ID=${clientId}`,
    `  AZURE_TENANT_ID=${azure.tenant}`,
    `  AZURE_SUBSCRIPTION_ID=${azure.subscription}`,
    `  PULUMI_BACKEND_URL=${backend}`,
    "  GITHUB_TOKEN, as a secret of the pipeline",
    "To let it into the cluster, make it a member of a group of cluster.administrators, once:",
    `  ${shellLine("az", ["ad", "group", "member", "add", "--group", cluster.administrators[0] ?? "<group>", "--member-id", principalId])}`,
  ];
}
