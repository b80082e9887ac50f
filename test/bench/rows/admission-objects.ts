/** What a team typically ships, all of it legal. */
import type { Values } from "../../../local/standins/contract.ts";

export const team = "orders";

/** An environment in which a team may refer to several places, so that the lists that the rules search have some length. */
export const labSettings: Record<string, unknown> = {
  registry: { name: "acmelab" },
  tenancy: {
    domain: "apps.acme.example",
    charts: ["https://charts.jetstack.io", "https://kubernetes.github.io/ingress-nginx", "oci://ghcr.io/prometheus-community/charts", "oci://registry-1.docker.io/bitnamicharts", "https://grafana.github.io/helm-charts"],
    registries: ["mcr.microsoft.com", "docker.io/library", "quay.io/prometheus", "ghcr.io/open-telemetry", "/shared"],
  },
  tenants: { [team]: { allowed: { hosts: ["orders.acme.example", "shop.acme.example", "pay.acme.example"], priorityClasses: ["business-critical"] } } },
};

const metadata = (name: string): Values => ({ name, namespace: team, labels: { "app.kubernetes.io/name": "orders", "app.kubernetes.io/part-of": "shop" } });
const labels = { "app.kubernetes.io/name": "orders" };

const container = (name: string, image: string): Values => ({
  name,
  image,
  ports: [{ containerPort: 8080, name: "http" }],
  env: [{ name: "LOG_LEVEL", value: "info" }, { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
  resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
  readinessProbe: { httpGet: { path: "/ready", port: "http" } },
  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true, capabilities: { drop: ["ALL"] }, seccompProfile: { type: "RuntimeDefault" } },
});

export const typicalObjects: Values[] = [
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadata("orders"),
    spec: {
      replicas: 3,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: "default",
          containers: [
            container("api", "acmelab.azurecr.io/orders/api:1.4.2"),
            container("proxy", "ghcr.io/open-telemetry/opentelemetry-collector:0.120.0"),
            container("metrics", "quay.io/prometheus/statsd-exporter:v0.28.0"),
          ],
          tolerations: [{ key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 30 }],
          volumes: [{ name: "tmp", emptyDir: {} }],
        },
      },
    },
  },
  {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: metadata("jobs"),
    spec: {
      ...{ interval: "10m", retryInterval: "2m", timeout: "5m", path: "./jobs", prune: true, wait: true },
      serviceAccountName: "reconciler",
      targetNamespace: team,
      sourceRef: { kind: "GitRepository", name: "jobs" },
      dependsOn: [{ name: "database" }, { name: "queue" }],
    },
  },
  {
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: metadata("cache"),
    spec: {
      ...{ interval: "30m", serviceAccountName: "reconciler", chartRef: { kind: "OCIRepository", name: "cache" } },
      install: { remediation: { retries: 3 } },
      values: { replicaCount: 3, persistence: { enabled: true, size: "8Gi" }, metrics: { enabled: true } },
    },
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: metadata("orders"),
    spec: {
      ingressClassName: "public",
      tls: [{ hosts: ["orders.acme.example", "shop.acme.example"], secretName: "orders-tls" }],
      rules: ["orders.acme.example", "shop.acme.example"].map((host) => ({
        host,
        http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "orders", port: { name: "http" } } } }] },
      })),
    },
  },
  { apiVersion: "v1", kind: "Service", metadata: metadata("orders"), spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: "http" }] } },
];
