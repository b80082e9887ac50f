/** Mistakes that no single setting shows: settings that contradict each other or make a name that is not allowed. */
import { clusterAccess, dedicatedPools, derivedNames, existingCluster, freezes, pools, versions } from "./crosschecks-cluster.ts";
import { dnsOfTeams, dnsRecords } from "./crosschecks-dns.ts";
import { pulling, roleAssignments, tenantAzure, vaultAccess } from "./crosschecks-identity.ts";
import { addressRanges, egress, room, subnets } from "./crosschecks-network.ts";
import { pipelineNamespaces, pipelinePasswords, trustTwins, unreviewed } from "./crosschecks-pipelines.ts";
import { monitoring, registry } from "./crosschecks-registry.ts";
import { access, circles, images, references, webhooks } from "./crosschecks-delivery.ts";
import { addons, webhookHost } from "./crosschecks-fleet.ts";
import { closed, elsewhere, followed, granted, ownerOfAll, person, plan, pushed, released, weaker } from "./crosschecks-github.ts";
import { chartHosts, hosts, priorityClasses, registries, registryParts, registrySources, sources } from "./crosschecks-tenant-bounds.ts";
import { containerDefaults, intervals, loadBalancers, privileged, scaffoldTimeout, shares, tenantPools } from "./crosschecks-tenant-limits.ts";
import { callers, gateways, outside } from "./crosschecks-tenant-traffic.ts";
import { adopted, channels, formerNames, namespaces, repositories, secrets } from "./crosschecks-tenants.ts";
import { registryWebhooks } from "./crosschecks-webhooks.ts";
import type { Mistake } from "./mistake.ts";
import type { StackInput } from "./schema/stack.ts";
import type { Settings } from "./settings.ts";

export interface Crosscheck {
  /** The sections that must be right in themselves for this check to make sense; `every tenant`: no team may be missing. */
  needs: string[];
  /** `written` is what the user wrote, without the defaults; its tenants are those of the team files too. */
  find(settings: Settings, written: Partial<StackInput>): Mistake[];
}

export const crosschecks: Crosscheck[] = [
  { needs: ["platform", "cluster", "monitoring"], find: derivedNames },
  { needs: ["network"], find: addressRanges },
  { needs: ["cluster", "network"], find: room },
  { needs: ["network", "cluster"], find: egress },
  { needs: ["network", "cluster", "registry"], find: subnets },
  { needs: ["cluster"], find: pools },
  { needs: ["tier", "azure", "cluster"], find: clusterAccess },
  { needs: ["cluster"], find: freezes },
  { needs: ["cluster", "network", "monitoring"], find: existingCluster },
  { needs: ["cluster", "flux"], find: versions },
  { needs: ["tier", "azure", "registry", "network", "cluster"], find: registry },
  { needs: ["dns"], find: dnsRecords },
  { needs: ["dns", "addons", "tenants", "tenancy", "webhooks"], find: dnsOfTeams },
  { needs: ["tier", "monitoring"], find: monitoring },
  { needs: ["pipelines", "tenants"], find: trustTwins },
  { needs: ["pipelines"], find: pipelinePasswords },
  { needs: ["tier", "pipelines", "tenants"], find: unreviewed },
  { needs: ["pipelines", "tenants", "every tenant"], find: pipelineNamespaces },
  { needs: ["tenants"], find: namespaces },
  { needs: ["tenants", "tenancy"], find: adopted },
  { needs: ["tenants"], find: formerNames },
  { needs: ["tenants", "github", "fleet"], find: repositories },
  { needs: ["tenants", "notify"], find: channels },
  { needs: ["tenants", "github", "notify"], find: secrets },
  { needs: ["tenants"], find: shares },
  { needs: ["tenants"], find: containerDefaults },
  { needs: ["tenants"], find: loadBalancers },
  { needs: ["tenants", "tenancy"], find: intervals },
  { needs: ["tenants", "tenancy"], find: scaffoldTimeout },
  { needs: ["tenants", "tenancy", "every tenant"], find: privileged },
  { needs: ["tenants", "tenancy"], find: hosts },
  { needs: ["tenants"], find: priorityClasses },
  { needs: ["platform", "tenants", "tenancy", "registry"], find: registries },
  { needs: ["platform", "tenants", "registry", "flux"], find: registryParts },
  { needs: ["platform", "tenants", "tenancy", "registry", "github", "fleet"], find: sources },
  { needs: ["tenants", "tenancy"], find: registrySources },
  { needs: ["tenants", "tenancy"], find: chartHosts },
  { needs: ["tenants"], find: references },
  { needs: ["tenants"], find: circles },
  { needs: ["tier", "tenants"], find: images },
  { needs: ["tenants", "github"], find: access },
  { needs: ["tenants", "webhooks", "tenancy", "addons", "github"], find: webhooks },
  { needs: ["tenants", "webhooks", "tenancy", "addons"], find: webhookHost },
  { needs: ["github"], find: ownerOfAll },
  { needs: ["tenants", "github"], find: released },
  { needs: ["tenants", "github", "fleet"], find: plan },
  { needs: ["tenants", "github", "fleet"], find: person },
  { needs: ["tenants", "github"], find: elsewhere },
  { needs: ["tenants", "github"], find: granted },
  { needs: ["tenants", "github"], find: weaker },
  { needs: ["tier", "tenants", "github"], find: pushed },
  { needs: ["tenants", "github"], find: closed },
  { needs: ["tier", "tenants", "github", "fleet"], find: followed },
  { needs: ["addons", "fleet", "dns", "tenancy", "webhooks", "tenants"], find: addons },
  { needs: ["tenants", "every tenant"], find: callers },
  { needs: ["tier", "tenants", "tenancy", "monitoring", "cluster"], find: gateways },
  { needs: ["tenants", "network", "cluster"], find: outside },
  { needs: ["tenants", "cluster"], find: tenantPools },
  { needs: ["tenants", "every tenant", "cluster"], find: dedicatedPools },
  { needs: ["tenants", "registry"], find: tenantAzure },
  { needs: ["tenants", "tenancy", "registry"], find: pulling },
  { needs: ["tenants", "registry"], find: registryWebhooks },
  { needs: ["tier", "tenants", "cluster", "vaults"], find: vaultAccess },
  { needs: ["tenants", "cluster", "registry"], find: roleAssignments },
];
