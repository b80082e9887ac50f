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
} as const;
