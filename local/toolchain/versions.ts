/** The versions of everything the local platform downloads or builds. */
export const versions = {
  /** The Pulumi CLI; equal to the `pulumi` package in package.json, whose wrapper looks for this version. */
  pulumi: "3.259.0",
  /** kube-apiserver and kube-controller-manager. */
  kubernetes: "1.36.3",
  /** The etcd that Kubernetes 1.36 is built and tested with (its go.mod). */
  etcd: "3.6.8",
  /** Generates the Flux CRDs where the controllers' own releases cannot be downloaded. */
  controllerTools: "0.21.0",
  /** The controllers whose CRDs the flux2 chart installs: Flux 2.8. */
  flux: {
    "source-controller": "1.8.5",
    "kustomize-controller": "1.8.5",
    "helm-controller": "1.5.5",
    "notification-controller": "1.8.4",
    // 1.1.2 has the same API, but Go's checksum database does not know it.
    "image-reflector-controller": "1.1.1",
    "image-automation-controller": "1.1.4",
  },
  /**
   * The Gateway API whose CRDs AKS installs on Kubernetes 1.35, the default: learn.microsoft.com/azure/aks/managed-gateway-api.
   * For tests alone.
   */
  gatewayApi: "1.4.1",
  /** The Helm of helm-controller 1.5.5 (its changelog), so that tests render the scaffold's chart as Flux does. */
  helm: "4.2.0",
  /**
   * The add-ons whose CRDs the fleet's manifests and the rules about teams' objects are tested with; equal to scaffold/fleet/addons but for
   * external-secrets, of which Go's proxy has no newer release (its kinds are of the same version, external-secrets.io/v1).
   */
  addOns: {
    certManager: "1.21.2",
    envoyGateway: "1.9.1",
    /** The Gateway API that Envoy Gateway is built with. */
    envoyGatewayApi: "1.6.1",
    externalSecrets: "1.3.2",
    /** Of kube-prometheus-stack 88.5.3 (its appVersion). */
    prometheusOperator: "0.93.1",
    /** Whose promtool checks the alert rules: Prometheus 3.14.0 of kube-prometheus-stack 88.5.3. */
    prometheus: "0.314.0",
  },
  /** Flagger, whose CRDs the scaffold's canary is tested with; equal to the add-on's in scaffold/fleet/addons. */
  flagger: "1.44.0",
  /** What decides in tests as Flux decides, see flux-logic.ts: of Flux 2.8, as near as Go's proxy and its checksum database have it. */
  fluxLogic: {
    controllers: {
      "image-reflector-controller": "1.1.1",
      "image-automation-controller": "1.1.2",
      "notification-controller": { server: "1.6.0", notifier: "1.9.3" },
    },
    libraries: {
      /** Of kustomize-controller 1.8.5 (which has pkg/kustomize 1.27.2), and of notification-controller 1.8.4, whose own go.mod is not read. */
      required: {
        "github.com/fluxcd/pkg/kustomize": "1.28.0",
        "github.com/cdevents/sdk-go": "0.4.1",
        "github.com/chainguard-dev/git-urls": "1.0.2",
        "github.com/google/go-github/v64": "64.0.0",
        "github.com/slok/go-http-metrics": "0.13.0",
      },
      /** The controllers ask for pkg/git 0.43.2 to 0.43.4 and for pkg/apis/event 0.24.1; the others are their own replacements. */
      replaced: {
        "github.com/fluxcd/pkg/git": "0.43.1",
        "github.com/fluxcd/pkg/apis/event": "0.24.0",
        "sigs.k8s.io/kustomize/api": "0.21.1",
        "sigs.k8s.io/kustomize/kyaml": "0.21.1",
        "gopkg.in/yaml.v3": "3.0.1",
      },
    },
  },
  /** What the scaffold's build script validates manifests with; equal to scaffold/shared/ci/tools.sh. For tests alone. */
  kustomize: "5.8.1",
  kubeconform: "0.7.0",
  /** Checks workflows of GitHub Actions. For tests alone. */
  actionlint: "1.7.12",
} as const;
