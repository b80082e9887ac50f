import { whenSpecChanges } from "../policy.ts";
import type { Policy } from "../policy.ts";

const advice = "Flux would fetch what the chart depends on from wherever the chart says, as itself; package the chart with its dependencies, push it to the registry, and name an OCIRepository in chartRef";

/**
 * source-controller builds a chart that it finds in a folder, and fetches its dependencies from any address, its own file server
 * included, where every team's charts are (`namespacedChartRepositoryCallback`, internal/controller/helmchart_controller.go of
 * fluxcd/source-controller). A packaged chart has them with it.
 */
export const charts: Policy = {
  name: "charts",
  idea: "A team's charts come packaged.",
  rules: [
    { apiGroups: ["source.toolkit.fluxcd.io"], resources: ["helmcharts"] },
    { apiGroups: ["helm.toolkit.fluxcd.io"], resources: ["helmreleases"] },
  ],
  conditions: whenSpecChanges,
  validations: [
    { expression: "object.kind != 'HelmChart' || object.spec.sourceRef.kind == 'HelmRepository'", message: advice },
    { expression: "object.kind != 'HelmRelease' || object.spec.?chart.?spec.?sourceRef.?kind.orValue('HelmRepository') == 'HelmRepository'", message: advice },
  ],
};
