/** What in a subscription must be registered before the resources that the settings ask for can be made. */
import type { Settings } from "../components/settings/settings.ts";

type Needed = (settings: Settings) => boolean;

const always: Needed = () => true;
const ownCluster: Needed = ({ cluster }) => cluster.existing === undefined;
const ownRegistry: Needed = ({ registry }) => registry.existing === undefined;
const metrics: Needed = (settings) => ownCluster(settings) && settings.monitoring.prometheus;

/**
 * By namespace. Key vaults and storage are also what `bootstrap` makes. Azure Policy:
 * learn.microsoft.com/azure/aks/deployment-safeguards. Metrics, alerts and Grafana: the prerequisites of
 * learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable, from memory. Microsoft.Consumption,
 * for budgets, is left out: from memory, every subscription has it from the start.
 */
const needs: Record<string, Needed> = {
  "Microsoft.AlertsManagement": (settings) => metrics(settings) && settings.monitoring.actionGroup !== undefined,
  "Microsoft.Authorization": always,
  "Microsoft.Compute": ownCluster,
  "Microsoft.ContainerRegistry": ownRegistry,
  "Microsoft.ContainerService": ownCluster,
  "Microsoft.Dashboard": (settings) => metrics(settings) && settings.monitoring.grafana,
  // Diagnostic settings and data collection rules.
  "Microsoft.Insights": (settings) => ownCluster(settings) || ownRegistry(settings) || settings.tenants.some(({ vault }) => vault),
  "Microsoft.KeyVault": always,
  "Microsoft.ManagedIdentity": always,
  "Microsoft.Monitor": metrics,
  "Microsoft.Network": (settings) => ownCluster(settings) || (settings.dns !== undefined && settings.dns.existing === undefined) || (ownRegistry(settings) && settings.registry.privateEndpoint),
  "Microsoft.OperationalInsights": ({ monitoring }) => monitoring.workspace === undefined,
  "Microsoft.PolicyInsights": (settings) => ownCluster(settings) && settings.cluster.azurePolicy,
  "Microsoft.Storage": always,
};

/** The namespaces that the settings make necessary, in order. */
export function resourceProviders(settings: Settings): string[] {
  return Object.keys(needs).filter((namespace) => needs[namespace]!(settings));
}
