/** Settings of repositories, the fleet, and who is told, in an environment from which teams deliver: exactly what a change plans. */
import type { Change } from "./mutable.ts";

export const update = (resource: string, ...places: string[]): string[] => places.map((place) => `update ${resource}: ${place}`);
const all = (verb: "create" | "delete", kinds: string[], name: string): string[] => kinds.map((kind) => `${verb} ${kind} ${name}`);
export const told = (verb: "create" | "delete", ...names: string[]): string[] => names.flatMap((name) => all(verb, ["Alert", "Provider", "Secret"], name));

const otherKey = "gitlab.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6tdG4SLp1Btn/nOeHHE5UOzRdx";
const fleet = "platform-fleet";
const fleetRules = (...places: string[]): string[] => ["branches", "default-branch"].flatMap((rule) => update(`RepositoryRuleset mooring-fleet-rules/${rule}`, ...places.map((place) => `rules.${place}`)));
const ordersRules = (...places: string[]): string[] => ["branches", "default-branch"].flatMap((rule) => update(`RepositoryRuleset orders-rules/${rule}`, ...places.map((place) => `rules.${place}`)));
const modules = [
  ...["cert-manager-issuers", "cert-manager", "envoy-gateway-crds", "envoy-gateway-public", "envoy-gateway", "external-dns", "external-secrets", "flagger"],
  ...["kube-prometheus-stack-monitors", "kube-prometheus-stack"],
];
/** Of everything that the fleet applies. */
const applied = (place: string): string[] => [...modules.map((name) => `addon/${name}`), "environment"].flatMap((name) => update(`Kustomization mooring-fleet-${name}`, place));
const environment = (...places: string[]): string[] => update("Kustomization mooring-fleet-environment", ...places.map((place) => `spec.${place}`));

/** What may change in place: one preview each. */
export const changesOfDelivery: Record<string, Change[]> = {
  "a team's repository": [
    {
      // With the environment goes what acts as it: the identity that trusts it.
      set: { "tenants.orders.repository.environment": false },
      plans: [
        ...["ActionsEnvironmentSecret orders-environment", "ActionsEnvironmentVariable orders-environment", "RepositoryEnvironment orders-environment"],
        ...["FederatedIdentityCredential orders-azure-build-trusts-repository", "Identity orders-azure-build", "RoleAssignment orders-azure-build-pushes", "UserAssignedIdentity orders-azure-build"],
      ].map((gone) => `delete ${gone}`),
    },
    { set: { "tenants.orders.repository.visibility": "private" }, plans: update("Repository orders-repository", "visibility") },
    { set: { "tenants.orders.repository.topics": ["go", "orders"] }, plans: update("Repository orders-repository", "topics[0]", "topics[1]") },
    {
      set: { "tenants.orders.repository.teams": { orders: "maintain", "orders-leads": "maintain", "orders-support": "triage" } },
      plans: ["delete TeamRepository orders-team/orders-guests", ...update("TeamRepository orders-team/orders", "permission")],
    },
    // The team's own, once it is there; and of the day on which a team has left.
    { set: { "tenants.orders.repository.codeOwners": { "*": ["@relay/orders-leads"] } }, plans: [] },
    { set: { "tenants.web.repository.archive": false }, plans: [] },
    { set: { "tenants.orders.repository.rules.reviews": 3 }, plans: ordersRules("pullRequest.requiredApprovingReviewCount") },
    { set: { "tenants.orders.repository.rules.checks": ["lint", "test"] }, plans: ordersRules("requiredStatusChecks.requiredChecks[1].context", "requiredStatusChecks.requiredChecks[2]") },
    { set: { "tenants.orders.repository.rules.branches": ["live", "release"] }, plans: update("RepositoryRuleset orders-rules/branches", "conditions.refName.includes[1]", "conditions.refName.includes[2]") },
    // A further file that keys do not change.
    { set: { "tenants.orders.repository.rules.closedToKeys": ["chart/Chart.yaml", "chart/values.yaml"] }, plans: update("RepositoryRuleset orders-rules/keys", "rules.filePathRestriction.restrictedFilePaths[7]") },
    {
      set: { "tenants.web.repository.rules.keysMayPush": false },
      plans: [...["history", "keys"].map((rule) => `delete RepositoryRuleset web-rules/${rule}`), ...update("RepositoryRuleset web-rules/default-branch", "bypassActors[1]", "rules.deletion", "rules.nonFastForward")],
    },
    { set: { "tenants.search.repository.token": { secret: "search-spare", username: "other" } }, plans: update("Secret search-repository-access", "stringData.password", "stringData.username") },
    {
      set: { "tenants.stock.repository.app": { id: 43, installationId: 4343, secret: "stock-spare" } },
      plans: update("Secret stock-repository-access", ...["ID", "InstallationID", "PrivateKey"].map((name) => `stringData.githubApp${name}`)),
    },
    {
      set: { "tenants.legacy.git": { url: "ssh://git@gitlab.com/relay/legacy-2.git", secret: "legacy-spare", hostKeys: [otherKey], ignore: "*.txt", submodules: true } },
      plans: [
        ...update("GitRepository legacy-source", "spec.ignore", "spec.recurseSubmodules", "spec.url"),
        ...update("Secret legacy-repository-access", "stringData.identity", "stringData.known_hosts"),
        ...["control", "workload"].flatMap((namespace) => update(`Namespace legacy-${namespace}`, 'metadata.annotations["mooring.platform/sources"]')),
      ],
    },
    { set: { "tenants.books.deploy.branch": "live" }, plans: update("GitRepository books-source", "spec.ref.branch") },
    { set: { "tenants.books.git.username": "other" }, plans: update("Secret books-repository-access", "stringData.username") },
  ],
  "the fleet's repository": [
    { set: { "fleet.repository.visibility": "private" }, plans: update("Repository mooring-fleet-repository", "visibility") },
    { set: { "fleet.repository.topics": ["flux", "gitops"] }, plans: update("Repository mooring-fleet-repository", "topics[0]", "topics[1]") },
    { set: { "fleet.repository.codeOwners": { "*": ["@relay/oncall"] } }, plans: [] },
    {
      set: { "fleet.repository.teams": { "platform-oncall": "admin", audit: "pull", support: "triage", developers: "push" } },
      plans: ["delete TeamRepository mooring-fleet-team/platform", ...update("TeamRepository mooring-fleet-team/platform-oncall", "permission")],
    },
    {
      set: { "fleet.repository.keyRotation": 3 },
      plans: [...all("create", ["PrivateKey", "RepositoryDeployKey"], "mooring-fleet-deploy-key-3"), ...all("delete", ["PrivateKey", "RepositoryDeployKey"], "mooring-fleet-deploy-key-2"), ...update("Secret mooring-fleet-deploy-key", "stringData")],
    },
    { set: { "fleet.repository.rules.reviews": 2 }, plans: fleetRules("pullRequest.requiredApprovingReviewCount") },
    { set: { "fleet.repository.rules.codeOwners": true }, plans: fleetRules("pullRequest.requireCodeOwnerReview") },
    { set: { "fleet.repository.rules.checks": ["lint", "render"] }, plans: fleetRules("requiredStatusChecks.requiredChecks[0].context", "requiredStatusChecks.requiredChecks[1]") },
    { set: { "fleet.repository.rules.branches": ["lab", "prod"] }, plans: update("RepositoryRuleset mooring-fleet-rules/branches", "conditions.refName.includes[0]", "conditions.refName.includes[1]") },
    { set: { "fleet.repository.rules.tags": ["v*", "w*"] }, plans: update("RepositoryRuleset mooring-fleet-rules/tags", "conditions.refName.includes[1]") },
  ],
  "without rules": [{ set: { "fleet.repository.rules.enforce": false }, plans: ["branches", "default-branch", "tags"].map((rule) => `delete RepositoryRuleset mooring-fleet-rules/${rule}`) }],
  "what the fleet applies, and who hears of it": [
    { set: { "fleet.path": "./environments/live" }, plans: environment("path") },
    { set: { "fleet.branch": undefined, "fleet.tag": "v1" }, plans: update("GitRepository mooring-fleet-source", "spec.ref.branch", "spec.ref.tag") },
    { set: { "fleet.interval": "6m" }, plans: [...applied("spec.interval"), ...update("GitRepository mooring-fleet-source", "spec.interval")] },
    // A module has its own.
    { set: { "fleet.timeout": "13m" }, plans: environment("timeout") },
    { set: { "addons.certManager.email": "other@relay.example" }, plans: ["addon/cert-manager-issuers", "environment"].flatMap((name) => update(`Kustomization mooring-fleet-${name}`, "spec.postBuild.substitute.email")) },
    { set: { "addons.platformAlerts": undefined }, plans: ["delete Kustomization mooring-fleet-addon/platform-alerts", ...environment(...[2, 3, 4, 5, 6, 7, 8, 9].map((index) => `dependsOn[${index}].name`), "dependsOn[10]")] },
    {
      // The address is part of what everybody was told who calls.
      set: { webhooks: { host: "flux-2.staging.relay.example", gateway: { name: "shared", namespace: "gateways", section: "https" } } },
      plans: [
        "create HTTPRoute mooring-webhooks",
        ...["addon/envoy-gateway-public", "environment"].flatMap((name) => update(`Kustomization mooring-fleet-${name}`, "spec.postBuild.substitute.receiver_host")),
        ...["orders", "search", "stock", "web"].flatMap((tenant) => update(`RepositoryWebhook ${tenant}-webhook`, "configuration.url")),
        ...update("ActionsEnvironmentVariable orders-environment", "value"),
        ...update("Webhook web-registry-webhook/web/web", "serviceUri"),
      ],
    },
    {
      set: { notify: [{ slack: "#platform", bot: true, secret: "platform-teams", severity: "info", include: ["a"], exclude: ["b"] }] },
      plans: [...told("create", "mooring-notify/platform-c9a912"), ...told("delete", "mooring-notify/platform-4d7063")],
    },
  ],
  "another ref, an Ingress, and others to tell": [
    { set: { "fleet.branch": undefined, "fleet.semver": "1.x" }, plans: update("GitRepository mooring-fleet-source", "spec.ref.branch", "spec.ref.semver") },
    { set: { webhooks: { host: "flux.staging.relay.example", ingress: { class: "nginx", certificate: { secret: "tls", issuer: "le" } } } }, plans: ["create Ingress mooring-webhooks"] },
    {
      set: {
        notify: [
          { discord: "p", secret: "platform-spare" },
          { webhook: "q", secret: "platform-teams", signature: "platform-spare" },
          { github: "relay/fleet", secret: "platform-spare" },
          { azureDevOps: "https://dev.azure.com/relay/shop/_git/fleet", secret: "platform-spare" },
        ],
      },
      plans: [
        ...told("create", ...["dev-azure-com-relay-shop-git-fleet-90a487", "p-7544c4", "q-96153c", "relay-fleet-cc78bb"].map((name) => `mooring-notify/${name}`)),
        ...told("delete", "mooring-notify/platform-4d7063"),
        ...update("Kustomization mooring-fleet-addon/platform-alerts", "spec.patches[0].patch"),
      ],
    },
  ],
};

/** What is made anew at GitHub, where nothing of it is lost. */
export const remadeOfDelivery: Record<string, Change[]> = {
  // Files that were committed stay as they are in the repository that is called otherwise now.
  "another name of the fleet's repository": [
    {
      set: { "fleet.repository.name": `${fleet}-2` },
      plans: [
        ...["RepositoryDeployKey mooring-fleet-deploy-key-2", ...["audit", "developers", "platform", "platform-oncall", "support"].map((team) => `TeamRepository mooring-fleet-team/${team}`)].map((one) => `replace ${one}: repository`),
        ...update("GitRepository mooring-fleet-source", "spec.url"),
        ...update("Repository mooring-fleet-repository", "name"),
        ...["branches", "default-branch", "tags"].flatMap((rule) => update(`RepositoryRuleset mooring-fleet-rules/${rule}`, "repository")),
      ],
    },
  ],
};
