/**
 * Where each add-on comes from and in which version: equal to what the modules' manifests say, which a test holds. A version is the
 * newest that could be seen to exist on the date, within the newest minor (kube-prometheus-stack: major) version whose files could
 * be read.
 */
export interface Chart {
  /** Modules that fetch it. */
  modules: string[];
  /** As the manifests write it. */
  url: string;
  version: string;
  /** Where the version was seen, and when it came out. */
  seen: string;
  released: string;
}

export const charts: Chart[] = [
  {
    modules: ["cert-manager"],
    url: "oci://quay.io/jetstack/charts/cert-manager",
    version: "v1.21.2",
    seen: "Go module github.com/cert-manager/cert-manager; github.com/linode/apl-core/pull/3642 renders the chart",
    released: "2026-09-10",
  },
  {
    modules: ["external-secrets"],
    url: "oci://ghcr.io/external-secrets/charts/external-secrets",
    version: "2.10.0",
    seen: "github.com/entigolabs/entigo-infralib/pull/1653 vendors the chart; its values were read at 2.9.0",
    released: "2026-08-28",
  },
  {
    modules: ["external-dns"],
    url: "https://kubernetes-sigs.github.io/external-dns/",
    version: "1.22.0",
    seen: "github.com/ajaykumar4/cluster-template/pull/468; its values were read in the repository on 2026-08-22, which asks for `policy` as 1.22 does",
    released: "2026-09-11",
  },
  {
    modules: ["envoy-gateway"],
    url: "oci://docker.io/envoyproxy/gateway-helm",
    version: "v1.9.1",
    seen: "Go module github.com/envoyproxy/gateway; github.com/ajaykumar4/cluster-template/pull/457",
    released: "2026-08-28",
  },
  {
    modules: ["envoy-gateway-crds"],
    url: "https://github.com/envoyproxy/gateway",
    version: "v1.9.1",
    seen: "Go module github.com/envoyproxy/gateway",
    released: "2026-08-28",
  },
  {
    modules: ["envoy-gateway-crds"],
    url: "https://github.com/kubernetes-sigs/gateway-api",
    version: "v1.6.1",
    seen: "go.mod of github.com/envoyproxy/gateway v1.9.1",
    released: "2026-07-16",
  },
  {
    modules: ["kube-prometheus-stack"],
    url: "oci://ghcr.io/prometheus-community/charts/kube-prometheus-stack",
    version: "88.5.3",
    seen: "tag of github.com/prometheus-community/helm-charts; 91.2.1 exists since 2026-09-13, but its files could not be read",
    released: "2026-08-21",
  },
  {
    modules: ["flagger"],
    url: "oci://ghcr.io/fluxcd/charts/flagger",
    version: "1.44.0",
    seen: "tag of github.com/fluxcd/flagger; its workflow pushes the chart there",
    released: "2026-07-15",
  },
];
