/** What registries and vaults that somebody else made must be like. */
import type { ElsewhereRegistry } from "../../components/settings/settings.ts";
import { shellLine } from "../bootstrap/shell-line.ts";
import type { Existing } from "./existing.ts";
import { missing } from "./finding.ts";

/**
 * Whether the registry grants rights as the settings say. In ABAC mode it does not honour AcrPull and AcrPush, so every push
 * and pull would be refused; outside it, nothing is documented to heed the conditions that keep the teams apart
 * (learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions; the command and the
 * values are that page's, `az acr show --query roleAssignmentMode`).
 */
export function registryMode(setting: string, { name, resourceGroup, subscription, permissions }: ElsewhereRegistry): NonNullable<Existing["check"]> {
  return ({ properties }) => {
    const found = (properties as { roleAssignmentMode?: string }).roleAssignmentMode === "AbacRepositoryPermissions" ? "abac" : "roles";
    if (found === permissions) return [];
    if (found === "abac") return [missing(`${setting}: ${name} is in ABAC mode, where AcrPull and AcrPush give no right`, "write permissions: abac")];
    const place = ["--name", name, "--resource-group", resourceGroup, "--subscription", subscription];
    const change = shellLine("az", ["acr", "update", ...place, "--role-assignment-mode", "rbac-abac"]);
    return [
      missing(
        `${setting}: ${name} is not in ABAC mode, and the settings say permissions: abac`,
        `write permissions: roles; or have its owner run \`${change}\`, after reading docs/registry.md`,
      ),
    ];
  };
}

/** A role on a vault counts only where the vault grants by roles and not by access policies. */
export function readsByRoles(rule: string): NonNullable<Existing["check"]> {
  return ({ name, properties }) =>
    (properties as { enableRbacAuthorization?: boolean }).enableRbacAuthorization === true
      ? []
      : [
          missing(
            `registry.cache.${rule}.credentials.vault: ${name} grants rights by access policies, so the role that the registry gets has no effect`,
            "have its owner change it to Azure roles, or name another vault",
          ),
        ];
}
