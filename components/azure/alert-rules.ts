/** The alerts that every environment needs, on metrics that managed Prometheus collects by itself. */

interface Alert {
  alert: string;
  /** PromQL; one series is one alert. */
  expression: string;
  /** How long it must hold, ISO 8601. */
  for: string;
  /** 0 critical, 1 error, 2 warning. */
  severity: number;
  /** What a person reads. */
  description: string;
}

/** Source of the metrics: learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-scrape-default. */
const alerts: Alert[] = [
  {
    alert: "FluxIsDown",
    expression: 'kube_deployment_status_replicas_available{job="kube-state-metrics",namespace="flux-system"} == 0',
    for: "PT10M",
    severity: 1,
    description: "{{ $labels.deployment }} has no running pod: what teams push is not applied.",
  },
  {
    alert: "FluxIsCrashing",
    expression: 'max_over_time(kube_pod_container_status_waiting_reason{job="kube-state-metrics",namespace="flux-system",reason="CrashLoopBackOff"}[5m]) >= 1',
    for: "PT15M",
    severity: 1,
    description: "{{ $labels.pod }} crashes again and again.",
  },
  {
    alert: "NodeIsNotReady",
    expression: 'kube_node_status_condition{job="kube-state-metrics",condition="Ready",status="true"} == 0',
    for: "PT15M",
    severity: 2,
    description: "The node {{ $labels.node }} takes no pods.",
  },
  {
    alert: "VolumeIsAlmostFull",
    expression: 'kubelet_volume_stats_available_bytes{job="kubelet"} / kubelet_volume_stats_capacity_bytes{job="kubelet"} < 0.1',
    for: "PT15M",
    severity: 2,
    description: "{{ $labels.persistentvolumeclaim }} in {{ $labels.namespace }} has less than a tenth of its room left.",
  },
];

/** The rules as Azure takes them; `actionGroup` is the id of who is told. */
export function alertRules(actionGroup: string) {
  return alerts.map(({ description, ...rule }) => ({
    ...rule,
    enabled: true,
    annotations: { description },
    resolveConfiguration: { autoResolved: true, timeToResolve: "PT10M" },
    actions: [{ actionGroupId: actionGroup }],
  }));
}
