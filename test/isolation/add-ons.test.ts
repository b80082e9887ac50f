/**
 * What teams may make of the add-ons' kinds, on a real API server with those kinds: each rule against what would reach others, and for
 * what a team needs. The controllers themselves do not run here.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { AddOnName } from "../../components/add-ons/catalogue.ts";
import { platformKinds, tenantKinds } from "../../components/add-ons/tenant-kinds.ts";
import { canaries } from "../../components/tenant/admission/policies/canaries.ts";
import { certificates } from "../../components/tenant/admission/policies/certificates.ts";
import { monitors } from "../../components/tenant/admission/policies/monitors.ts";
import { secretStores } from "../../components/tenant/admission/policies/secret-stores.ts";
import type { Policy } from "../../components/tenant/admission/policy.ts";
import { silentProgress } from "../../local/progress.ts";
import type { Values } from "../../local/standins/contract.ts";
import type { Answer, KubernetesClient } from "../../local/standins/kubernetes/rest.ts";
import { provideAddOnCrds } from "../../local/toolchain/add-on-crds.ts";
import { configuration } from "../settings.ts";
import { openLab } from "./lab.ts";
import type { Lab } from "./lab.ts";
import { manifest } from "./manifests.ts";
import { clientOf, reconciler } from "./subjects.ts";

const SETTLE_MS = 60_000;
const PAUSE_MS = 200;

/** `orders` has two namespaces; `web` is the neighbour. */
const tenants = { orders: { namespaces: { orders: { share: 50 }, "orders-batch": { share: 50 } } }, web: {} };
const tenancy = { domain: "apps.acme.example" };

/** Everything on, as the program declares it. */
const addons = { certManager: { email: "platform@acme.example" }, gateway: {}, externalDns: {}, externalSecrets: {}, kubePrometheusStack: {}, platformAlerts: {}, flagger: {} } satisfies Record<AddOnName, object>;
const stack = configuration({ registry: { name: "acmelab" }, fleet: {}, dns: { zone: "acme.example" }, addons, tenancy, tenants });

const policies: Record<string, Policy> = { certificates, secretStores, monitors, canaries: canaries("envoy-gateway-system") };

const identity = ({ kind, metadata }: Values): string => `${String(kind)}/${(metadata as { name: string }).name}`;

/** What applies the team's folder. */
const team = reconciler("orders-flux");

let lab: Lab;

let applier: KubernetesClient;

before(async () => {
  lab = await openLab(stack, { addOns: await provideAddOnCrds({ progress: silentProgress }) });
  applier = await clientOf(lab, team);
  // A rule holds some seconds after the server has taken it.
  for (const { attacks } of groups) await settled(Object.values(attacks)[0]!.object);
});
after(() => lab?.close());

/** What the API server says to an apply; nothing is stored. */
async function tried(object: Values, client = applier): Promise<Answer> {
  const { object: path } = await lab.discovery.paths(object);
  const query = { fieldManager: "kustomize-controller", fieldValidation: "Strict", dryRun: "All" };
  return client.request("PATCH", path, { query, body: object, contentType: "application/apply-patch+yaml" });
}

async function settled(attack: Values): Promise<void> {
  const end = performance.now() + SETTLE_MS;
  while ((await tried(attack)).status !== 403) {
    if (performance.now() > end) throw new Error(`after ${SETTLE_MS / 1000} s no rule denies ${identity(attack)}`);
    await delay(PAUSE_MS);
  }
}

interface Attack {
  object: Values;
  says: RegExp;
}

interface Group {
  policy: keyof typeof policies;
  legal: Record<string, Values>;
  attacks: Record<string, Attack>;
}

const attack = (object: Values, says: RegExp): Attack => ({ object, says });

const certificate = (spec: Values): Values =>
  manifest("cert-manager.io/v1", "Certificate", { spec: { secretName: "tls", dnsNames: ["orders.apps.acme.example"], issuerRef: { kind: "ClusterIssuer", name: "letsencrypt" }, ...spec } });

const vault = { vaultUrl: "https://kv-orders-a1b2c3.vault.azure.net", authType: "WorkloadIdentity", serviceAccountRef: { name: "orders-api" } };
const store = (azurekv: Values): Values => manifest("external-secrets.io/v1", "SecretStore", { spec: { provider: { azurekv: { ...vault, ...azurekv } } } });
const otherStore = (provider: Values): Values => manifest("external-secrets.io/v1", "SecretStore", { spec: { provider } });
const entry = (fields: Values = {}): Values => ({ secretKey: "password", remoteRef: { key: "database-password" }, ...fields });
const external = (spec: Values): Values => manifest("external-secrets.io/v1", "ExternalSecret", { spec: { secretStoreRef: { name: "vault" }, data: [entry()], ...spec } });

const endpoint = (fields: Values = {}): Values => ({ port: "metrics", followRedirects: false, ...fields });
const podMonitor = (spec: Values = {}, fields: Values = {}): Values => manifest("monitoring.coreos.com/v1", "PodMonitor", { spec: { selector: {}, podMetricsEndpoints: [endpoint(fields)], ...spec } });
const serviceMonitor = (spec: Values = {}, fields: Values = {}): Values => manifest("monitoring.coreos.com/v1", "ServiceMonitor", { spec: { selector: {}, endpoints: [endpoint(fields)], ...spec } });
const rule = { alert: "Down", expr: "up == 0" };
const prometheusRule = (groups: Values[]): Values => manifest("monitoring.coreos.com/v1", "PrometheusRule", { spec: { groups } });

const canary = (spec: Values = {}, analysis: Values = {}): Values =>
  manifest("flagger.app/v1beta1", "Canary", {
    spec: {
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "orders-api" },
      service: { port: 8080, hosts: ["orders.apps.acme.example"], gatewayRefs: [{ name: "public", namespace: "envoy-gateway-system" }] },
      analysis: { interval: "1m", threshold: 5, maxWeight: 50, stepWeight: 10, metrics: [{ name: "errors", interval: "1m", templateRef: { name: "errors" }, thresholdRange: { max: 1 } }], ...analysis },
      ...spec,
    },
  });
const template = (provider: Values): Values =>
  manifest("flagger.app/v1beta1", "MetricTemplate", { spec: { provider: { type: "prometheus", address: "http://kube-prometheus-stack-prometheus.monitoring:9090", ...provider }, query: "vector(0)" } });
const teller = (spec: Values): Values => manifest("flagger.app/v1beta1", "AlertProvider", { spec: { type: "slack", channel: "orders", secretRef: { name: "slack" }, ...spec } });
const webhook = (url: string): Values => ({ webhooks: [{ name: "load", type: "rollout", url }] });

const groups: Group[] = [
  {
    policy: "certificates",
    legal: {
      "for the own host": certificate({}),
      "for what lies below it, with a star": certificate({ dnsNames: ["orders.apps.acme.example", "*.orders.apps.acme.example"], commonName: "eu.orders.apps.acme.example" }),
      "of the authority for trying out": certificate({ issuerRef: { kind: "ClusterIssuer", name: "letsencrypt-staging", group: "cert-manager.io" } }),
    },
    attacks: {
      "for another team's host": attack(certificate({ dnsNames: ["web.apps.acme.example"] }), /orders\.apps\.acme\.example, and what lies below/),
      "for the platform's whole domain": attack(certificate({ dnsNames: ["*.apps.acme.example"] }), /spec\.dnsNames/),
      "for a host that only ends like the own": attack(certificate({ dnsNames: ["evilorders.apps.acme.example"] }), /spec\.dnsNames/),
      "for another's host as its common name": attack(certificate({ commonName: "web.apps.acme.example" }), /spec\.dnsNames/),
      "for no host": attack(certificate({ dnsNames: [] }), /spec\.dnsNames/),
      "by a subject of its own": attack(certificate({ literalSubject: "CN=web.apps.acme.example" }), /literalSubject/),
      "for an address": attack(certificate({ ipAddresses: ["10.0.0.1"] }), /ipAddresses/),
      "that signs others": attack(certificate({ isCA: true }), /isCA/),
      "of an issuer of its own": attack(certificate({ issuerRef: { name: "own" } }), /ClusterIssuer/),
      "of another issuer of the platform's": attack(certificate({ issuerRef: { kind: "ClusterIssuer", name: "internal" } }), /ClusterIssuer/),
      "of an issuer that somebody else acts for": attack(certificate({ issuerRef: { kind: "ClusterIssuer", name: "letsencrypt", group: "awspca.cert-manager.io" } }), /ClusterIssuer/),
    },
  },
  {
    policy: "secretStores",
    legal: {
      "a vault, by the team's own account": store({}),
      "a vault of a named tenant of Entra ID, in the public cloud": store({ tenantId: "11111111-2222-3333-4444-555555555555", environmentType: "PublicCloud", useAzureSDK: true }),
      "a secret of it": external({}),
      "a whole secret, once": external({ data: [], dataFrom: [{ extract: { key: "database" } }], refreshInterval: "0" }),
      "a secret of a shape of its own": external({ target: { name: "database", template: { type: "Opaque", data: { url: "x" } } }, refreshInterval: "5m" }),
    },
    attacks: {
      "a store that sends requests where it says": attack(otherStore({ webhook: { url: "http://169.254.169.254/metadata", result: { jsonPath: "$" } } }), /azurekv/),
      "a store that reads through the API server": attack(otherStore({ kubernetes: { remoteNamespace: "web", auth: { serviceAccount: { name: "default" } } } }), /azurekv/),
      "as the cluster's nodes": attack(store({ authType: "ManagedIdentity", serviceAccountRef: undefined as never }), /WorkloadIdentity/),
      "as External Secrets itself": attack(otherStore({ azurekv: { vaultUrl: vault.vaultUrl, authType: "WorkloadIdentity" } }), /serviceAccountRef/),
      "as another team's account": attack(store({ serviceAccountRef: { name: "web-api", namespace: "web" } }), /serviceAccountRef/),
      "as Flux's own account of the team, which reads more of the registry": attack(store({ serviceAccountRef: { name: "reconciler" } }), /Flux's own/),
      "the account's token sent to an authority of its own": attack(store({ useAzureSDK: true, environmentType: "AzureStackCloud", customCloudConfig: { activeDirectoryEndpoint: "https://attacker.example/", keyVaultEndpoint: "https://attacker.example/" } }), /no more than vaultUrl/),
      "the same with the cloud left as it is": attack(store({ customCloudConfig: { activeDirectoryEndpoint: "https://attacker.example/" } }), /no more than vaultUrl/),
      "to another cloud's authority": attack(store({ environmentType: "ChinaCloud" }), /no more than vaultUrl/),
      "a token for another audience": attack(store({ serviceAccountRef: { name: "orders-api", audiences: ["https://kubernetes.default.svc"] } }), /no more than vaultUrl/),
      "by a password of a Secret": attack(store({ authSecretRef: { clientId: { name: "x", key: "id" }, clientSecret: { name: "x", key: "secret" } } }), /write authType/),
      "as an identity of the nodes": attack(store({ identityId: "11111111-2222-3333-4444-555555555555" }), /no more than vaultUrl/),
      "the identity's token sent elsewhere": attack(store({ vaultUrl: "https://kv.vault.azure.net.attacker.example" }), /vaultUrl/),
      "a store of the whole cluster": attack(external({ secretStoreRef: { name: "all", kind: "ClusterSecretStore" } }), /no stores of the whole cluster/),
      "the same for one entry": attack(external({ data: [entry({ sourceRef: { storeRef: { name: "all", kind: "ClusterSecretStore" } } })] }), /no stores of the whole cluster/),
      "the same for a whole secret": attack(external({ dataFrom: [{ extract: { key: "x" }, sourceRef: { storeRef: { name: "all", kind: "ClusterSecretStore" } } }] }), /no stores of the whole cluster/),
      "a generator": attack(external({ dataFrom: [{ sourceRef: { generatorRef: { apiVersion: "generators.external-secrets.io/v1alpha1", kind: "Webhook", name: "own" } } }] }), /generators/),
      "a token of a service account": attack(external({ target: { template: { type: "kubernetes.io/service-account-token", metadata: { annotations: { "kubernetes.io/service-account.name": "reconciler" } } } } }), /service account's token/),
      "another object than a Secret": attack(external({ target: { manifest: { apiVersion: "v1", kind: "ConfigMap" } } }), /service account's token/),
      "asking every second": attack(external({ refreshInterval: "1s" }), /refreshInterval/),
    },
  },
  {
    policy: "monitors",
    legal: {
      "the own pods": podMonitor(),
      "the own services": serviceMonitor({}, { interval: "30s", path: "/metrics", relabelings: [{ sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" }, { action: "drop", sourceLabels: ["job"], regex: "x" }] }),
      "of the tenant's other namespace": podMonitor({ namespaceSelector: { matchNames: ["orders-batch"] } }),
      "rules of the team's": prometheusRule([{ name: "orders", interval: "1m", rules: [rule] }]),
    },
    attacks: {
      "all namespaces": attack(podMonitor({ namespaceSelector: { any: true } }), /namespaceSelector/),
      "another team's namespace": attack(serviceMonitor({ namespaceSelector: { matchNames: ["web"] } }), /orders, ?orders-batch|orders-batch/),
      "a proxy": attack(podMonitor({}, { proxyUrl: "http://attacker.example" }), /proxyUrl/),
      "a sign-in somewhere": attack(serviceMonitor({}, { oauth2: { clientId: { secret: { name: "x", key: "id" } }, clientSecret: { name: "x", key: "secret" }, tokenUrl: "http://169.254.169.254/token" } }), /oauth2/),
      "Prometheus's own token": attack(serviceMonitor({}, { bearerTokenFile: "/var/run/secrets/kubernetes.io/serviceaccount/token" }), /bearerTokenFile/),
      "files of Prometheus's pod": attack(serviceMonitor({}, { tlsConfig: { caFile: "/etc/prometheus/config" } }), /caFile/),
      "another address by relabelling": attack(podMonitor({}, { relabelings: [{ targetLabel: "__address__", replacement: "169.254.169.254:80" }] }), /targetLabel/),
      "the same with a name made of what a pod says": attack(podMonitor({}, { relabelings: [{ sourceLabels: ["__meta_kubernetes_pod_label_x"], targetLabel: "${1}" }] }), /targetLabel/),
      "the same with many names at once": attack(serviceMonitor({}, { relabelings: [{ action: "LabelMap", regex: "__meta_kubernetes_pod_label_(.+)" }] }), /labelmap/),
      "a redirect to another address": attack(podMonitor({}, { followRedirects: true }), /followRedirects/),
      "the same by leaving it unsaid": attack(manifest("monitoring.coreos.com/v1", "PodMonitor", { spec: { selector: {}, podMetricsEndpoints: [{ port: "metrics" }] } }), /followRedirects/),
      "every second": attack(podMonitor({}, { interval: "1s" }), /15s/),
      "rules that are worked out every second": attack(prometheusRule([{ name: "orders", interval: "1s", rules: [rule] }]), /15s/),
      "thousands of rules": attack(prometheusRule([{ name: "orders", rules: Array.from({ length: 51 }, () => rule) }]), /50 rules/),
    },
  },
  {
    policy: "canaries",
    legal: {
      "a canary behind the platform's Gateway": canary(),
      "a webhook to the team's own load test": canary({}, webhook("http://load-test.orders/")),
      "the same with the whole name and a port": canary({}, webhook("http://load-test.orders-batch.svc.cluster.local:8080/start")),
      "metrics of the platform's Prometheus": template({}),
      "a channel of the team's": teller({}),
      "a channel by its address": teller({ address: "https://hooks.slack.com/services/T0/B0/x", secretRef: undefined as never }),
    },
    attacks: {
      "a webhook to another team": attack(canary({}, webhook("http://api.web/")), /webhook/),
      "a webhook to what answers only nearby": attack(canary({}, webhook("http://169.254.169.254/metadata")), /webhook/),
      "a webhook whose name only begins like the own": attack(canary({}, webhook("http://api.orders.attacker.example/")), /webhook/),
      "a webhook with the own name as a user": attack(canary({}, webhook("http://api.orders@attacker.example/")), /webhook/),
      "metrics of another address": attack(template({ address: "http://169.254.169.254" }), /spec\.provider/),
      "the same for one canary": attack(canary({ metricsServer: "http://169.254.169.254" }), /metricsServer/),
      "metrics of another kind": attack(template({ type: "datadog" }), /spec\.provider/),
      "a metric of another namespace": attack(canary({}, { metrics: [{ name: "errors", templateRef: { name: "errors", namespace: "web" } }] }), /own namespace/),
      "a query past the templates": attack(canary({}, { metrics: [{ name: "errors", query: "vector(0)" }] }), /MetricTemplate/),
      "an alert through another namespace": attack(canary({}, { alerts: [{ name: "x", providerRef: { name: "slack", namespace: "flagger-system" } }] }), /own namespace/),
      "another way to shift traffic": attack(canary({ provider: "istio" }), /spec\.provider/),
      "a Gateway of another team": attack(canary({ service: { port: 8080, gatewayRefs: [{ name: "own", namespace: "web" }] } }), /gatewayRefs/),
      "an alert without TLS": attack(teller({ address: "http://10.0.0.1", secretRef: undefined as never }), /an address of that service/),
      "an alert to a server of anybody's": attack(teller({ type: "rocket" }), /spec\.type/),
      "an alert to a foreign host": attack(teller({ address: "https://attacker.example/hook", secretRef: undefined as never }), /an address of that service/),
      "an alert to a host that only begins like the service's": attack(teller({ address: "https://hooks.slack.com.attacker.example/hook", secretRef: undefined as never }), /an address of that service/),
      "an analysis every second": attack(canary({}, { interval: "1s" }), /10s or more/),
      "an alert through a proxy": attack(teller({ proxy: "http://attacker.example" }), /proxy/),
    },
  },
];

for (const { policy, legal, attacks } of groups) {
  describe(policies[policy]!.idea, () => {
    for (const [what, object] of Object.entries(legal)) {
      test(`allowed: ${what}`, async () => {
        const answer = await tried(object);
        assert.ok([200, 201].includes(answer.status), JSON.stringify(answer.body));
      });
    }
    for (const [what, { object, says }] of Object.entries(attacks)) {
      test(`denied: ${what}`, async () => {
        const answer = await tried(object);
        const words = JSON.stringify(answer.body);
        assert.equal(answer.status, 403, words);
        assert.match(words, new RegExp(`mooring-tenant-${policies[policy]!.name}'`));
        assert.match(words, says);
      });
      // The rules hold for administrators too, in a team's namespace.
      test(`allowed outside of teams: ${what}`, async () => {
        const answer = await tried({ ...object, metadata: { name: "attack", namespace: "default" } }, lab.admin);
        assert.ok([200, 201].includes(answer.status), `it is not the rule that denies it: ${JSON.stringify(answer.body)}`);
      });
    }
  });
}

test("every rule that a team's kinds ask for is here, and looks at those kinds", () => {
  const kinds = Object.values(tenantKinds).flat();
  for (const { policy, group, resources } of kinds) {
    if (policy === undefined) continue;
    const { rules } = policies[policy]!;
    assert.deepEqual(rules.map(({ apiGroups, resources: held }) => [apiGroups, held]), [[[group], resources]], policy);
  }
  assert.deepEqual([...new Set(kinds.flatMap(({ policy }) => policy ?? []))].sort(), Object.keys(policies).sort());
});

describe("rights of the team's reconciler", () => {
  async function may(group: string, resource: string, verb: string, namespace: string): Promise<boolean> {
    const spec = { user: team.user, groups: team.groups, resourceAttributes: { group, resource, verb, namespace } };
    const answer = await lab.admin.request("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", { body: { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec } as unknown as Values });
    return (answer.body as { status: { allowed: boolean } }).status.allowed;
  }
  for (const { group, resources, access } of Object.values(tenantKinds).flat()) {
    for (const resource of resources) {
      test(`${resource}: ${access} in the team's namespaces, nothing elsewhere`, async () => {
        const asked = [may(group, resource, "list", "orders"), may(group, resource, "create", "orders"), may(group, resource, "delete", "orders-batch"), may(group, resource, "get", "web"), may(group, `${resource}/status`, "update", "orders")];
        const writes = access === "write";
        assert.deepEqual(await Promise.all(asked), [true, writes, writes, false, false]);
      });
    }
  }
  for (const { group, resources } of platformKinds) {
    for (const resource of resources.filter((one) => one !== "*")) {
      test(`${resource} of ${group}: none`, async () => {
        assert.deepEqual(await Promise.all([may(group, resource, "create", "orders"), may(group, resource, "get", "orders")]), [false, false]);
      });
    }
  }
});
