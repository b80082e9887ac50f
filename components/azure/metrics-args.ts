/** What leads a cluster's metrics to their workspace: pure functions. */
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";

/** The name that Azure's own tools give the endpoint, the rule and the association, cut to what each may have. */
export function collectionName({ azure, names }: Settings, most: number): string {
  return `MSProm-${azure.location}-${names.cluster}`.slice(0, most).replace(/-$/, "");
}

export function collectionRule(workspaceId: pulumi.Input<string>) {
  const streams = ["Microsoft-PrometheusMetrics"];
  const destination = "MonitoringAccount1";
  return {
    dataSources: { prometheusForwarder: [{ name: "PrometheusDataSource", streams }] },
    destinations: { monitoringAccounts: [{ name: destination, accountResourceId: workspaceId }] },
    dataFlows: [{ streams, destinations: [destination] }],
  };
}
