/** All rules. A new one is a file in rules/ and a line here, and an example of each kind in its test. */
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { clusterLocalAccounts } from "./rules/cluster-local-accounts.ts";
import { pinnedVersions } from "./rules/pinned-versions.ts";
import { productionProtection } from "./rules/production-protection.ts";
import { registryAdminUser } from "./rules/registry-admin-user.ts";
import { tenantRights } from "./rules/tenant-rights.ts";

export const rules: ResourceValidationPolicy[] = [registryAdminUser, clusterLocalAccounts, tenantRights, pinnedVersions, productionProtection];
