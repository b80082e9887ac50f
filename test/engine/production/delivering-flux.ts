/** Settings of what Flux fetches, applies, follows and writes for a team: exactly what a change plans. */
import { told, update } from "./delivering.ts";
import type { Change } from "./mutable.ts";

const sha = (digit: string): string => `sha256:${digit.repeat(64)}`;
const target = { group: "batch", version: "v2", kind: "Job", name: "job-.*", namespace: "orders-2", labelSelector: "a=b", annotationSelector: "c=d" };
const targets = ["annotationSelector", "group", "kind", "labelSelector", "name", "namespace", "version"].map((part) => `spec.patches[0].target.${part}`);
const check = (kind: string, name: string) => ({ apiVersion: "apps/v2", kind, name, namespace: "orders" });
const checks = ["apiVersion", "kind", "name"].map((part) => `spec.healthChecks[0].${part}`);
const orders = (set: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(set).map(([path, value]) => [`tenants.orders.${path}`, value]));
const root = (path: string, value: unknown, ...places: string[]): Change => ({ set: orders({ [`deploy.${path}`]: value }), plans: update("Kustomization orders-sync", ...places.map((place) => `spec.${place}`)) });
const release = (path: string, value: unknown, ...places: string[]): Change => ({ set: orders({ [`releases.api.${path}`]: value }), plans: update("HelmRelease orders-release/api", ...places.map((place) => `spec.${place}`)) });
const further = (name: string, path: string, value: unknown, ...places: string[]): Change => ({
  set: orders({ [`kustomizations.${name}.${path}`]: value }),
  plans: update(`Kustomization orders-kustomization/${name}`, ...places.map((place) => `spec.${place}`)),
});
const source = (kind: string, name: string, path: string, value: unknown, ...places: string[]): Change => ({ set: orders({ [`sources.${name}.${path}`]: value }), plans: update(`${kind} orders-source/${name}`, ...places) });

/** One preview each. */
export const changesOfFlux: Record<string, Change[]> = {
  "the root of a team, its images, and who tells Flux": [
    { set: orders({ "repository.ignore": "/*\n", "repository.submodules": false }), plans: update("GitRepository orders-source", "spec.ignore", "spec.recurseSubmodules") },
    root("prune", true, "prune"),
    // With health checks it says nothing new.
    root("wait", undefined),
    root("healthChecks", [check("StatefulSet", "orders-db")], ...checks.map((place) => place.replace("spec.", ""))),
    root("patches", [{ patch: "[]", target }], "patches[0].patch", ...targets.map((place) => place.replace("spec.", ""))),
    root("images", [{ name: "box", newName: "quay.io/x/box", newTag: "3.0" }, { name: "proxy", digest: sha("d") }], "images[0].name", "images[0].newName", "images[0].newTag", "images[1].digest"),
    root("components", ["../other"], "components[0]"),
    root("substitute.region", "northeurope", "postBuild.substitute.region"),
    root("dependsOn", ["shared"], "dependsOn[0].name"),
    {
      set: orders({
        images: [
          { name: "orders-api", follow: { branch: "live" }, interval: "3m" },
          { name: "orders-worker", follow: { semver: "1.5.x" }, digest: false },
          { name: "orders-tool", follow: { tag: "steady" } },
        ],
      }),
      plans: [
        ...["ImagePolicy", "ImageRepository"].flatMap((kind) => [`create ${kind} orders-image/orders-tool`, `delete ${kind} orders-image/orders-tools`]),
        ...update("ImagePolicy orders-image/orders-api", "spec.filterTags.pattern"),
        ...update("ImageRepository orders-image/orders-api", "spec.interval"),
        ...update("ImagePolicy orders-image/orders-worker", "spec.digestReflectionPolicy", "spec.policy.semver.range"),
        ...update("Receiver orders-receiver/images", "spec.resources[2].name"),
        ...update("ActionsEnvironmentVariable orders-environment", "value"),
      ],
    },
    {
      set: orders({ imageUpdates: { propose: true, base: "live", branch: "flux/tags", path: "./deploy/live", interval: "3m" } }),
      plans: update("ImageUpdateAutomation orders-images", "spec.git.checkout.ref.branch", "spec.git.push.branch", "spec.interval", "spec.update.path"),
    },
    {
      set: orders({ "webhooks.rotation": 3 }),
      plans: [
        ...["create RandomPassword orders-webhooks-3", "delete RandomPassword orders-webhooks-2"],
        ...update("ActionsEnvironmentSecret orders-environment", "plaintextValue"),
        ...update("RepositoryWebhook orders-webhook", "configuration.secret", "configuration.url"),
        ...update("Secret orders-webhook-token", "stringData"),
      ],
    },
    {
      set: { "tenants.web.webhooks": { repository: false, registry: "none" } },
      plans: ["RandomPassword web-webhooks", "Receiver web-receiver/images", "Receiver web-receiver/repository", "RepositoryWebhook web-webhook", "Secret web-webhook-token", "Webhook web-registry-webhook/web/web"].map((gone) => `delete ${gone}`),
    },
  ],
  "what else is fetched": [
    { set: orders({ "sources.api.semver": undefined, "sources.api.tag": "1.5.0" }), plans: update("OCIRepository orders-source/api", "spec.ref.semver", "spec.ref.tag") },
    source("OCIRepository", "api", "verify.identities", [{ issuer: "^i$", subject: "^s$" }], ...["issuer", "subject"].map((part) => `spec.verify.matchOIDCIdentity[0].${part}`)),
    {
      set: orders({ "sources.assets": { bucket: "orders-files", endpoint: "storage-2.relay.example", region: "us", prefix: "files", secret: "orders-spare", username: "other", interval: "16m" } }),
      plans: [...update("Bucket orders-source/assets", "spec.bucketName", "spec.endpoint", "spec.interval", "spec.prefix", "spec.region"), ...update("Secret orders-source/assets", "stringData.accesskey", "stringData.secretkey")],
    },
    { set: orders({ "sources.bitnami.helm": "https://charts.bitnami.example/steady" }), plans: update("HelmRepository orders-source/bitnami", "spec.url") },
    {
      set: orders({ "sources.config": { git: "ssh://git@github.com/relay/orders-settings.git", branch: "live", secret: "orders-config-key", ignore: "*.txt", submodules: false } }),
      plans: update("GitRepository orders-source/config", "spec.ignore", "spec.recurseSubmodules", "spec.ref.branch", "spec.url"),
    },
    {
      set: orders({ "sources.mirror": { oci: "oci://ghcr.io/relay/other", tag: "steady", chart: true, secret: "orders-ghcr", username: "other", verify: { provider: "notation", secret: "orders-spare", trustPolicy: { version: "1.0" } } } }),
      plans: [
        ...update("OCIRepository orders-source/mirror", "spec.layerSelector", "spec.ref.tag", "spec.url", "spec.verify.provider"),
        ...update("Secret orders-source/mirror", 'stringData[".dockerconfigjson"]'),
        ...update("Secret orders-verify/mirror", ...["certificate.pem", "cosign.pub", "trustpolicy.json"].map((name) => `stringData["${name}"]`)),
      ],
    },
    { set: orders({ "sources.signed.digest": sha("b") }), plans: update("OCIRepository orders-source/signed", "spec.ref.digest") },
    { set: orders({ "sources.signed.verify.trustPolicy.version": "1.1" }), plans: update("Secret orders-verify/signed", 'stringData["trustpolicy.json"]') },
    { set: orders({ "sources.tagged.tag": "v2.0.0", "sources.tagged.username": "other" }), plans: [...update("GitRepository orders-source/tagged", "spec.ref.tag"), ...update("Secret orders-source/tagged", "stringData.username")] },
    { set: orders({ "sources.elsewhere.semver": "2.x" }), plans: update("GitRepository orders-source/elsewhere", "spec.ref.semver") },
    { set: orders({ "sources.elsewhere.hostKeys": ["gitlab.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6tdG4SLp1Btn/nOeHHE5UOzRdx"] }), plans: update("Secret orders-source/elsewhere", "stringData.known_hosts") },
    // What Flux may fetch: where those are that are changed above.
    { set: {}, plans: update("Namespace orders-control", 'metadata.annotations["mooring.platform/sources"]') },
  ],
  "releases and further folders": [
    release("values.replicaCount", 3, "values.replicaCount"),
    {
      set: orders({ "releases.api.valuesFrom": [{ secret: "orders-spare", targetPath: "a.b" }] }),
      plans: [
        ...["create Secret orders-values/orders-spare", "delete Secret orders-values/orders-db", "delete Secret orders-values/orders-values"],
        ...update("HelmRelease orders-release/api", "spec.valuesFrom[0].name", "spec.valuesFrom[0].targetPath", "spec.valuesFrom[1]"),
      ],
    },
    release("install", { retries: 2, timeout: "3m" }, "install.remediation.retries", "install.timeout"),
    release("upgrade", { retries: 3, then: "rollback", timeout: "3m" }, "upgrade.remediation.retries", "upgrade.remediation.strategy", "upgrade.timeout"),
    release("rollback.timeout", "2m", "rollback.timeout"),
    release("crds", "Skip", "install.crds", "upgrade.crds"),
    release("test", false, "test"),
    release("driftDetection", { mode: "enabled", ignore: [{ paths: ["/spec/x"], target: { kind: "StatefulSet" } }] }, "driftDetection.ignore[0].paths[0]", "driftDetection.ignore[0].target.kind", "driftDetection.mode"),
    release("dependsOn", ["queue"], "dependsOn[0].name"),
    release("interval", "21m", "interval"),
    release("timeout", "7m", "timeout"),
    { set: orders({ "releases.cache.chart": "valkey", "releases.cache.version": "4.1.x" }), plans: update("HelmRelease orders-release/cache", "spec.chart.spec.chart", "spec.chart.spec.version") },
    // A name that says what was so by default is none.
    { set: orders({ "releases.queue.namespace": "orders" }), plans: [] },
    { set: orders({ "releases.queue.name": "orders-queue" }), plans: update("HelmRelease orders-release/queue", "spec.releaseName") },
    further("databases", "path", "./dbs", "path"),
    further("databases", "prune", false, "prune"),
    further("databases", "healthChecks", [check("Deployment", "pg")], ...checks.map((place) => place.replace("spec.", ""))),
    further("databases", "interval", "21m", "interval"),
    further("databases", "timeout", "7m", "timeout"),
    further("shared", "source", "tagged", "sourceRef.name"),
    further("shared", "path", "./x", "path"),
    further("shared", "wait", false, "wait"),
    further("shared", "dependsOn", undefined, "dependsOn"),
    further("shared", "patches", [{ patch: "[ ]", target }], "patches[0].patch", ...targets.map((place) => place.replace("spec.", ""))),
    further("shared", "images", [{ name: "x", newName: "quay.io/relay/x", newTag: "2.0", digest: sha("e") }], ...["digest", "name", "newName", "newTag"].map((part) => `images[0].${part}`)),
    further("shared", "components", ["../other"], "components[0]"),
    further("shared", "substitute.region", "northeurope", "postBuild.substitute.region"),
  ],
  "whom a team tells": [
    {
      set: orders({
        notify: [
          { slack: "#orders", secret: "orders-slack", bot: false, include: ["x"], exclude: ["y"] },
          { discord: "releases", secret: "orders-discord" },
          { webhook: "pager", secret: "orders-pager", signature: "orders-spare", severity: "info" },
          { msteams: "team", secret: "orders-spare" },
        ],
      }),
      plans: [
        ...told("create", "orders-notify/releases-fcbf2f", "orders-notify/team-623f91"),
        ...told("delete", ...["dev-azure-com-relay-shop-git-orders-f2248b", "orders-815818", "orders-a70314", "relay-orders-d3c1a5"].map((name) => `orders-notify/${name}`)),
        ...update("Alert orders-notify/orders-b42cfb", "spec.exclusionList[0]", "spec.inclusionList[0]"),
        ...update("Alert orders-notify/pager-b6c6aa", "spec.eventSeverity"),
        ...update("Provider orders-notify/orders-b42cfb", "spec.address"),
        ...update("Secret orders-notify/orders-b42cfb", "stringData.address", "stringData.token"),
        ...update("Secret orders-notify/pager-b6c6aa", "stringData.token"),
      ],
    },
  ],
  "the rest of that": [
    {
      set: { "tenants.legacy.registryCharts": true },
      plans: [
        ...["FederatedIdentityCredential legacy-azure-flux-trusts-500a7457", "FederatedIdentityCredential legacy-azure-flux-trusts-d2fef29c", "Identity legacy-azure-flux", "RoleAssignment legacy-azure-flux-pulls"].map((made) => `create ${made}`),
        ...["create TenantCloud legacy-azure", "create UserAssignedIdentity legacy-azure-flux"],
        ...["control", "workload"].flatMap((namespace) => update(`ServiceAccount legacy-${namespace}-reconciler`, "metadata.annotations")),
      ],
    },
    {
      set: { "tenants.web.images": [{ name: "web", follow: { tag: "live" } }] },
      plans: update("ImagePolicy web-image/web", ...["digestReflectionPolicy", "filterTags.extract", "filterTags.pattern", "interval", "policy.alphabetical", "policy.numerical"].map((place) => `spec.${place}`)),
    },
    { set: orders({ "sources.mirror.verify": undefined }), plans: ["delete Secret orders-verify/mirror", ...update("OCIRepository orders-source/mirror", "spec.verify")] },
    {
      set: orders({ "sources.signed": { oci: "oci://ghcr.io/relay/signed", tag: "v1", ignore: "*.md" } }),
      plans: ["delete Secret orders-verify/signed", ...update("OCIRepository orders-source/signed", "spec.ignore", "spec.ref.digest", "spec.ref.tag", "spec.verify")],
    },
    { set: orders({ "kustomizations.more": { path: "./more", namespace: "orders" } }), plans: ["create Kustomization orders-kustomization/more"] },
    further("databases", "dependsOn", ["more"], "dependsOn"),
    { set: orders({ "imageUpdates.propose": false }), plans: update("ImageUpdateAutomation orders-images", "spec.git.push.branch") },
    { set: orders({ "releases.cache.source": "stable", "sources.stable": { helm: "https://charts.bitnami.example/stable" } }), plans: ["create HelmRepository orders-source/stable", ...update("HelmRelease orders-release/cache", "spec.chart.spec.sourceRef.name")] },
  ],
};
