/** Rules about what Flux follows, applies and writes for a team, and who is told. Each gives one line with its path and remedy, and its nearest right sibling passes. */
import { describe } from "node:test";
import { testRules } from "../rules.ts";

const tenancy = { charts: ["https://charts.acme.example", "https://storage.acme.example"], ingressNamespace: "gateways" };
const orders = (more: unknown, others: Record<string, unknown> = {}) => ({ tenancy, tenants: { orders: more, ...others } });
const webhooks = { webhooks: { host: "flux.staging.acme.example", gateway: { name: "public", namespace: "gateways" } }, tenancy: { ingressNamespace: "gateways" } };
const production = (more: unknown) => ({ tier: "production", cluster: { administrators: ["3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d01"], authorizedRanges: [] }, github: { owner: "acme", rules: { branches: ["main", "release"] } }, tenants: { orders: more } });
const key = "gitlab.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6tdG4SLp1Btn/nOeHHE5UOzRdf";
const image = { name: "api", follow: { branch: "main" } };
const chart = { cache: { source: "charts", chart: "redis", version: "4.0.x" } };
const charts = { charts: { helm: "https://charts.acme.example" } };

describe("a repository on another server", () => {
  testRules([
    {
      what: "is one of two places",
      wrong: orders({ git: { url: "https://gitlab.com/acme/orders.git" }, repository: {} }),
      lines: [
        "mooring:tenants.orders.git: git and repository exclude each other; keep one of them",
      ],
      right: orders({ git: { url: "https://gitlab.com/acme/orders.git" } }),
    },
    {
      what: "is an address that Flux takes",
      wrong: orders({ git: { url: "git@gitlab.com:acme/orders.git" } }),
      lines: [
        "mooring:tenants.orders.git.url: \"git@gitlab.com:acme/orders.git\" is not the address of a repository; write for example ssh://git@gitlab.com/acme/orders.git or https://dev.azure.com/acme/shop/_git/orders",
      ],
      right: orders({ git: { url: "ssh://git@gitlab.com/acme/orders.git", secret: "k", hostKeys: [key] } }),
    },
    {
      what: "over ssh needs a key",
      wrong: orders({ git: { url: "ssh://git@gitlab.com/acme/orders.git", hostKeys: [key] } }),
      lines: [
        "mooring:tenants.orders.git.secret: is required with ssh://: the name of the secret that holds the private key",
      ],
      right: orders({ git: { url: "ssh://git@gitlab.com/acme/orders.git", secret: "k", hostKeys: [key] } }),
    },
    {
      what: "over ssh needs the server's keys",
      wrong: orders({ git: { url: "ssh://git@gitlab.com/acme/orders.git", secret: "k" } }),
      lines: [
        "mooring:tenants.orders.git.hostKeys: is required with ssh://, or Flux could not tell the server from another: ssh-keyscan prints them",
      ],
      right: orders({ git: { url: "ssh://git@gitlab.com/acme/orders.git", secret: "k", hostKeys: [key] } }),
    },
    {
      what: "has host keys as ssh-keyscan prints them",
      wrong: orders({ git: { url: "ssh://git@gitlab.com/acme/orders.git", secret: "k", hostKeys: ["AAAA"] } }),
      lines: [
        "mooring:tenants.orders.git.hostKeys[0]: \"AAAA\" is not a line of a known_hosts file, as ssh-keyscan prints it; write for example git.acme.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
      ],
      right: orders({ git: { url: "ssh://git@gitlab.com/acme/orders.git", secret: "k", hostKeys: [key] } }),
    },
    {
      what: "is no other tenant's repository",
      wrong: orders({ git: { url: "https://gitlab.com/acme/shop.git" } }, { web: { git: { url: "https://gitlab.com/acme/shop.git" } } }),
      lines: [
        "mooring:tenants.web.git.url: https://gitlab.com/acme/shop.git is the repository of orders (mooring:tenants.orders); share charts in a repository that is no tenant's",
      ],
      right: orders({ git: { url: "https://gitlab.com/acme/shop.git" } }, { web: { git: { url: "https://gitlab.com/acme/web.git" } } }),
    },
    {
      what: "is no name within the platform",
      wrong: orders({ git: { url: "https://gitea.web/acme/orders.git" } }, { web: {} }),
      lines: [
        "mooring:tenants.orders.git.url: gitea.web is an IP address or a name within a network, perhaps the platform's own; name a public host",
      ],
      right: orders({ git: { url: "https://gitea.acme.example/acme/orders.git" } }),
    },
    {
      what: "token and app exclude each other",
      wrong: orders({ repository: { token: { secret: "a" }, app: { id: 1, installationId: 2, secret: "b" } } }),
      lines: [
        "mooring:tenants.orders.repository: token and app exclude each other; keep one of them",
      ],
      right: orders({ repository: { token: { secret: "a" } } }),
    },
  ]);
});

describe("secrets", () => {
  testRules([
    {
      what: "belong to one tenant",
      wrong: orders({ repository: { token: { secret: "shared" } } }, { web: { notify: [{ slack: "#web", secret: "shared" }] } }),
      lines: [
        "mooring:tenants.web.notify[0].secret: the secret shared is already orders's (mooring:tenants.orders); store the value under a name of this tenant's own",
      ],
      right: orders({ repository: { token: { secret: "shared" } } }, { web: { notify: [{ slack: "#web", secret: "webs" }] } }),
    },
    {
      what: "of the platform are no tenant's",
      wrong: { ...orders({ notify: [{ slack: "#orders", secret: "shared" }] }), notify: [{ slack: "#platform", secret: "shared" }] },
      lines: [
        "mooring:tenants.orders.notify[0].secret: the secret shared is already the platform's; store the value under a name of this tenant's own",
      ],
      right: { ...orders({ notify: [{ slack: "#orders", secret: "mine" }] }), notify: [{ slack: "#platform", secret: "shared" }] },
    },
  ]);
});

describe("images", () => {
  testRules([
    {
      what: "have names without a registry",
      wrong: orders({ images: [{ name: "registry.example/api", follow: { branch: "main" } }] }),
      lines: [
        "mooring:tenants.orders.images[0].name: \"registry.example/api\" is not an image's name (lower-case letters, digits, and . - between them, as objects of Kubernetes are called); it lies in the team's part of the registry, which is not written here",
      ],
      right: orders({ images: [image] }),
    },
    {
      what: "follow one thing",
      wrong: orders({ images: [{ name: "api", follow: { branch: "main", semver: "1.x" } }] }),
      lines: [
        "mooring:tenants.orders.images[0].follow: write one of branch, semver, tag",
      ],
      right: orders({ images: [image] }),
    },
    {
      what: "follow something",
      wrong: orders({ images: [{ name: "api", follow: {} }] }),
      lines: [
        "mooring:tenants.orders.images[0].follow: write one of branch, semver, tag",
      ],
      right: orders({ images: [image] }),
    },
    {
      what: "stand there once",
      wrong: orders({ images: [image, image] }),
      lines: [
        "mooring:tenants.orders.images[1].name: api stands above already",
      ],
      right: orders({ images: [image, { ...image, name: "worker" }] }),
    },
    {
      what: "must be there to be updated",
      wrong: orders({ images: [{ name: "api" }], imageUpdates: { interval: "2m" } }),
      lines: [
        "mooring:tenants.orders.imageUpdates: no image is followed; write images with follow, or remove it",
      ],
      right: orders({ images: [image], imageUpdates: { interval: "2m" } }),
    },
    {
      what: "are proposed in production",
      wrong: production({ images: [image], imageUpdates: { propose: false }, deploy: { branch: "main" } }),
      lines: [
        "mooring:tenants.orders.imageUpdates.propose: in production nobody would look at what is written to main, which this environment follows; write true, and imageUpdates.branch for another branch",
      ],
      right: production({ images: [image], deploy: { branch: "main" } }),
    },
    {
      what: "are not pushed to what production follows",
      wrong: production({ images: [image], imageUpdates: { branch: "release" }, deploy: { branch: "release" } }),
      lines: [
        "mooring:tenants.orders.imageUpdates.propose: in production nobody would look at what is written to release, which this environment follows; write true, and imageUpdates.branch for another branch",
      ],
      right: production({ images: [image], imageUpdates: { branch: "flux" }, deploy: { branch: "release" } }),
    },
    {
      what: "are proposed where no branch is followed",
      wrong: orders({ images: [image], imageUpdates: { propose: false }, deploy: { tag: "v1.0.0" } }),
      lines: [
        "mooring:tenants.orders.imageUpdates.propose: this environment follows no branch that could be written to; write true, or deploy.branch",
      ],
      right: orders({ images: [image], deploy: { tag: "v1.0.0" } }),
    },
    {
      what: "need a secret to be written elsewhere",
      wrong: orders({ images: [image], git: { url: "https://gitlab.com/acme/orders.git" } }),
      lines: [
        "mooring:tenants.orders.git.secret: Flux writes images' tags to the repository; name a secret with which it may",
      ],
      right: orders({ images: [image], git: { url: "https://gitlab.com/acme/orders.git", secret: "k" } }),
    },
    {
      what: "are looked for no sooner than the platform allows",
      wrong: { ...orders({ images: [{ ...image, interval: "30s" }], imageUpdates: { interval: "40s" } }), tenancy: { minimumInterval: "1m" } },
      lines: [
        "mooring:tenants.orders.images[0].interval: 30s is shorter than tenancy.minimumInterval; write 1m or more",
        "mooring:tenants.orders.imageUpdates.interval: 40s is shorter than tenancy.minimumInterval; write 1m or more",
      ],
      right: { ...orders({ images: [{ ...image, interval: "60s" }], imageUpdates: { interval: "1m" } }), tenancy: { minimumInterval: "1m" } },
    },
  ]);
});

describe("sources", () => {
  testRules([
    {
      what: "are of one kind",
      wrong: orders({ sources: { s: { git: "https://github.com/acme/x", helm: "https://charts.acme.example", branch: "main" } } }),
      lines: [
        "mooring:tenants.orders.sources.s: write one of git, oci, helm, bucket",
      ],
      right: orders({ sources: { s: { helm: "https://charts.acme.example" } } }),
    },
    {
      what: "say what is followed",
      wrong: orders({ sources: { s: { git: "https://github.com/acme/x" } } }),
      lines: [
        "mooring:tenants.orders.sources.s: say what is followed: one of branch (git), tag, semver, digest (oci)",
      ],
      right: orders({ sources: { s: { git: "https://github.com/acme/x", branch: "main" } } }),
    },
    {
      what: "have a bucket's endpoint",
      wrong: orders({ sources: { s: { bucket: "manifests" } } }),
      lines: [
        "mooring:tenants.orders.sources.s: a bucket needs its endpoint",
      ],
      right: orders({ sources: { s: { bucket: "manifests", endpoint: "storage.acme.example" } } }),
    },
    {
      what: "have a user with a password",
      wrong: orders({ sources: { s: { helm: "https://charts.acme.example", secret: "k" } } }),
      lines: [
        "mooring:tenants.orders.sources.s: secret and username go together",
      ],
      right: orders({ sources: { s: { helm: "https://charts.acme.example", secret: "k", username: "u" } } }),
    },
    {
      what: "read the own registry as the team",
      wrong: orders({ sources: { s: { oci: "/orders/x", tag: "a", secret: "k", username: "u" } } }),
      lines: [
        "mooring:tenants.orders.sources.s: Flux reads the environment's own registry as the team's identity; remove secret and username",
      ],
      right: orders({ sources: { s: { oci: "/orders/x", tag: "a" } } }),
    },
    {
      what: "stay in the team's part of the registry",
      wrong: orders({ sources: { s: { oci: "/web/x", tag: "a" } } }),
      lines: [
        "mooring:tenants.orders.sources.s.oci: /web/x is not in the tenant's part of the registry; write /orders/web/x, or name the part in allowed.registries",
      ],
      right: orders({ sources: { s: { oci: "/orders/x", tag: "a" } } }),
    },
    {
      what: "are no other team's repository",
      wrong: orders({ sources: { s: { git: "https://github.com/acme/web", branch: "main" } } }, { web: {} }),
      lines: [
        "mooring:tenants.orders.sources.s.git: https://github.com/acme/web is the repository of web (mooring:tenants.web); share charts in a repository that is no tenant's",
      ],
      right: orders({ sources: { s: { git: "https://github.com/acme/weblog", branch: "main" } } }, { web: {} }),
    },
    {
      what: "are signed as cosign or notation sign",
      wrong: orders({ sources: { s: { oci: "/orders/x", tag: "a", verify: { provider: "cosign" } } } }),
      lines: [
        "mooring:tenants.orders.sources.s.verify: cosign needs either secret or identities; notation needs secret and trustPolicy",
      ],
      right: orders({ sources: { s: { oci: "/orders/x", tag: "a", verify: { provider: "cosign", secret: "k" } } } }),
    },
    {
      what: "are not the platform's own repository",
      wrong: { ...orders({ sources: { s: { git: "https://github.com/acme/fleet.git", branch: "main" } } }), fleet: {} },
      lines: [
        "mooring:tenants.orders.sources.s.git: https://github.com/acme/fleet.git is the platform's own repository; share charts in a repository of their own",
      ],
      right: { ...orders({ sources: { s: { git: "https://github.com/acme/fleets.git", branch: "main" } } }), fleet: {} },
    },
    {
      what: "are not called as the repository",
      wrong: orders({ sources: { orders: charts.charts } }),
      lines: [
        "mooring:tenants.orders.sources.orders: orders is the team's repository; give it another name",
      ],
      right: orders({ sources: charts }),
    },
  ]);
});

describe("releases", () => {
  testRules([
    {
      what: "come from a source that is there",
      wrong: orders({ sources: charts, releases: { cache: { ...chart.cache, source: "chart" } } }),
      lines: [
        "mooring:tenants.orders.releases.cache.source: there is no source chart; did you mean charts?",
      ],
      right: orders({ sources: charts, releases: chart }),
    },
    {
      what: "name the chart of a Helm repository",
      wrong: orders({ sources: charts, releases: { cache: { source: "charts" } } }),
      lines: [
        "mooring:tenants.orders.releases.cache.chart: is required: a Helm repository has many charts",
      ],
      right: orders({ sources: charts, releases: chart }),
    },
    {
      what: "have the version of an OCI chart from its source",
      wrong: orders({ sources: { charts: { oci: "/orders/charts/redis", semver: "4.0.x" } }, releases: { cache: { source: "charts", version: "4.0.x" } } }),
      lines: [
        "mooring:tenants.orders.releases.cache.version: the source charts is one chart, and says which version; remove it",
      ],
      right: orders({ sources: { charts: { oci: "/orders/charts/redis", semver: "4.0.x" } }, releases: { cache: { source: "charts" } } }),
    },
    {
      what: "come packaged",
      wrong: orders({ sources: { charts: { git: "https://github.com/acme/charts", branch: "main" } }, releases: { cache: { source: "charts" } } }),
      lines: [
        "mooring:tenants.orders.releases.cache.source: charts has no charts that come packaged; push the chart to the registry and name an OCI source",
      ],
      right: orders({ sources: charts, releases: chart }),
    },
    {
      what: "are installed in the team's namespaces",
      wrong: orders({ sources: charts, releases: { cache: { ...chart.cache, namespace: "web" } } }),
      lines: [
        "mooring:tenants.orders.releases.cache.namespace: there is no workload namespace web; there are orders",
      ],
      right: orders({ sources: charts, releases: { cache: { ...chart.cache, namespace: "orders" } } }),
    },
    {
      what: "are each other than the rest of their namespace, whose records Helm keeps there",
      wrong: orders({ sources: charts, releases: { ...chart, redis: { ...chart.cache, name: "cache" } } }),
      lines: [
        "mooring:tenants.orders.releases.redis.name: releases.cache is called cache in orders too; give one of them another name",
      ],
      right: orders({ sources: charts, namespaces: { orders: {}, other: {} }, releases: { ...chart, redis: { ...chart.cache, name: "cache", namespace: "other" } } }),
    },
    {
      what: "are given up in the way that is said of an upgrade alone",
      wrong: orders({ sources: charts, releases: { cache: { ...chart.cache, install: { then: "uninstall" } } } }),
      lines: ["mooring:tenants.orders.releases.cache.install.then: there is no such setting; there are retries, timeout"],
      right: orders({ sources: charts, releases: { cache: { ...chart.cache, upgrade: { then: "uninstall" } } } }),
    },
    {
      what: "wait for others that are there",
      wrong: orders({ sources: charts, releases: { cache: { ...chart.cache, dependsOn: ["database", "cache"] } } }),
      lines: [
        "mooring:tenants.orders.releases.cache.dependsOn[0]: there is no release database; there are cache",
        "mooring:tenants.orders.releases.cache.dependsOn[1]: waits for itself; remove it",
      ],
      right: orders({ sources: charts, releases: { ...chart, app: { ...chart.cache, dependsOn: ["cache"] } } }),
    },
    {
      what: "do not wait for each other",
      wrong: orders({ sources: charts, releases: { a: { ...chart.cache, dependsOn: ["b"] }, b: { ...chart.cache, dependsOn: ["a"] } } }),
      lines: [
        "mooring:tenants.orders.releases.a.dependsOn: they wait for each other: a, then b, then a; remove one of them",
      ],
      right: orders({ sources: charts, releases: { a: chart.cache, b: { ...chart.cache, dependsOn: ["a"] } } }),
    },
  ]);
});

describe("what is applied", () => {
  testRules([
    {
      what: "is waited for in one way: health checks would not be looked at",
      wrong: orders({ kustomizations: { a: { path: "./a", wait: true, healthChecks: [{ apiVersion: "apps/v1", kind: "Deployment", name: "api" }] } } }),
      lines: ["mooring:tenants.orders.kustomizations.a.wait: with true Flux waits for everything and leaves healthChecks aside; remove one of them"],
      right: orders({ kustomizations: { a: { path: "./a", healthChecks: [{ apiVersion: "apps/v1", kind: "Deployment", name: "api" }] } } }),
    },
    {
      what: "come from a source with manifests",
      wrong: orders({ sources: charts, kustomizations: { a: { source: "charts", path: "./" } } }),
      lines: [
        "mooring:tenants.orders.kustomizations.a.source: charts has charts, which a release installs",
      ],
      right: orders({ kustomizations: { a: { path: "./a" } } }),
    },
    {
      what: "are not called as the root",
      wrong: orders({ kustomizations: { orders: { path: "./a" } } }),
      lines: [
        "mooring:tenants.orders.kustomizations.orders: orders is the team's own; give it another name",
      ],
      right: orders({ kustomizations: { a: { path: "./a" } } }),
    },
    {
      what: "look at what is in the team's namespaces",
      wrong: orders({ deploy: { healthChecks: [{ apiVersion: "apps/v1", kind: "Deployment", name: "x", namespace: "web" }] } }),
      lines: [
        "mooring:tenants.orders.deploy.healthChecks[0].namespace: web is not a namespace of this tenant; there are orders",
      ],
      right: orders({ deploy: { healthChecks: [{ apiVersion: "apps/v1", kind: "Deployment", name: "x", namespace: "orders" }] } }),
    },
    {
      what: "wait for others that are there",
      wrong: orders({ deploy: { dependsOn: ["database"] }, kustomizations: { databases: { path: "./a" } } }),
      lines: [
        "mooring:tenants.orders.deploy.dependsOn[0]: there is no kustomization database; did you mean databases?",
      ],
      right: orders({ deploy: { dependsOn: ["databases"] }, kustomizations: { databases: { path: "./a" } } }),
    },
    {
      what: "substitute variables that Flux takes",
      wrong: orders({ deploy: { substitute: { "my-var": "x" } } }),
      lines: [
        "mooring:tenants.orders.deploy.substitute.my-var: a variable's name has letters, digits and _, and does not begin with a digit",
      ],
      right: orders({ deploy: { substitute: { my_var: "x" } } }),
    },
    {
      what: "take components by a path from the folder",
      wrong: orders({ deploy: { components: ["https://example.com"] } }),
      lines: [
        "mooring:tenants.orders.deploy.components[0]: \"https://example.com\" is not a path from the applied folder; write for example ../canary",
      ],
      right: orders({ deploy: { components: ["../canary"] } }),
    },
    {
      what: "change an image in some way",
      wrong: orders({ deploy: { images: [{ name: "a" }] } }),
      lines: [
        "mooring:tenants.orders.deploy.images[0]: changes nothing; write newName, newTag or digest",
      ],
      right: orders({ deploy: { images: [{ name: "a", newTag: "1" }] } }),
    },
  ]);
});

describe("notifications", () => {
  testRules([
    {
      what: "tell one",
      wrong: orders({ notify: [{ slack: "#a", discord: "a", secret: "s" }] }),
      lines: [
        "mooring:tenants.orders.notify[0]: write one of slack, msteams, discord, webhook, github, azureDevOps",
      ],
      right: orders({ notify: [{ discord: "a", secret: "s" }] }),
    },
    {
      what: "have a bot at Slack alone",
      wrong: orders({ notify: [{ discord: "a", bot: true, secret: "s" }] }),
      lines: [
        "mooring:tenants.orders.notify[0]: bot is for slack",
      ],
      right: orders({ notify: [{ slack: "#a", bot: true, secret: "s" }] }),
    },
    {
      what: "are signed to a webhook",
      wrong: orders({ notify: [{ slack: "#a", signature: "k", secret: "s" }] }),
      lines: [
        "mooring:tenants.orders.notify[0]: signature is for webhook",
      ],
      right: orders({ notify: [{ webhook: "a", signature: "k", secret: "s" }] }),
    },
    {
      what: "tell a commit's status always",
      wrong: orders({ notify: [{ github: "acme/orders", severity: "error", secret: "s" }] }),
      lines: [
        "mooring:tenants.orders.notify[0]: a commit's status is told whether it fails or not; remove severity",
      ],
      right: orders({ notify: [{ github: "acme/orders", secret: "s" }] }),
    },
    {
      what: "filter by expressions that Go takes",
      wrong: orders({ notify: [{ slack: "#a", secret: "s", include: ["(?!x)"], exclude: ["("] }] }),
      lines: [
        "mooring:tenants.orders.notify[0].include[0]: \"(?!x)\" is not a regular expression as Go has them, without look-around and references",
        "mooring:tenants.orders.notify[0].exclude[0]: \"(\" is not a regular expression as Go has them, without look-around and references",
      ],
      right: orders({ notify: [{ slack: "#a", secret: "s", include: ["a|b"], exclude: ["^x$"] }] }),
    },
    {
      what: "stand there once",
      wrong: orders({ notify: [{ msteams: "a", secret: "s" }, { msteams: "a", secret: "s" }] }),
      lines: [
        "mooring:tenants.orders.notify[1]: a with the secret s stands above already",
      ],
      right: orders({ notify: [{ msteams: "a", secret: "s" }, { discord: "a", secret: "s" }] }),
    },
  ]);
});

describe("webhooks", () => {
  testRules([
    {
      what: "lead through one",
      wrong: { ...webhooks, webhooks: { ...webhooks.webhooks, ingress: { class: "nginx" } } },
      lines: [
        "mooring:webhooks: gateway and ingress exclude each other; keep one of them",
      ],
      right: webhooks,
    },
    {
      what: "need to know where calls come from",
      wrong: { webhooks: webhooks.webhooks },
      lines: [
        "mooring:tenancy.ingressNamespace: is needed for mooring:webhooks: the namespace of the pods that forward calls to Flux",
      ],
      right: webhooks,
    },
    {
      what: "need a way in",
      wrong: { webhooks: { host: "flux.staging.acme.example" }, tenancy: { ingressNamespace: "gateways" } },
      lines: [
        "mooring:webhooks: has neither gateway nor ingress, and the add-on gateway is not on; write one of them",
      ],
      right: webhooks,
    },
    {
      what: "of a tenant need the address",
      wrong: orders({ webhooks: { repository: true } }),
      lines: [
        "mooring:tenants.orders.webhooks.repository: nobody outside reaches Flux here; write mooring:webhooks, with the address",
      ],
      right: { ...webhooks, ...orders({ webhooks: { repository: true } }) },
    },
    {
      what: "of the registry need something that is followed",
      wrong: { ...webhooks, ...orders({ webhooks: { registry: "pipeline" } }) },
      lines: [
        "mooring:tenants.orders.webhooks.registry: Flux follows nothing in the registry for this tenant; write images, or remove it",
      ],
      right: { ...webhooks, ...orders({ images: [image], webhooks: { registry: "pipeline" } }) },
    },
    {
      what: "are made at GitHub",
      wrong: { ...webhooks, ...orders({ git: { url: "https://gitlab.com/acme/orders.git" }, webhooks: { repository: true } }) },
      lines: [
        "mooring:tenants.orders.webhooks.repository: is for repositories at GitHub; make the webhook on your server by hand, or remove it",
      ],
      right: { ...webhooks, ...orders({ git: { url: "https://gitlab.com/acme/orders.git" } }) },
    },
    {
      what: "are nobody else's host",
      wrong: { ...webhooks, ...orders({ allowed: { hosts: ["staging.acme.example"] } }) },
      lines: [
        "mooring:tenants.orders.allowed.hosts[0]: flux.staging.acme.example, where Flux's webhooks are (mooring:webhooks), would be the team's; name other hosts, or move the webhooks",
      ],
      right: { ...webhooks, ...orders({ allowed: { hosts: ["orders.staging.acme.example"] } }) },
    },
  ]);
});

describe("GitHub", () => {
  testRules([
    {
      what: "free has no rules for private repositories",
      wrong: { github: { owner: "acme", plan: "free" }, ...orders({}) },
      lines: [
        "mooring:tenants.orders.repository.rules: GitHub's plan free has no rules for private repositories: whoever may write could push to what an environment applies. Take another plan (github.plan), make the repository public, or write mooring:github.rules: { enforce: false }",
      ],
      right: { github: { owner: "acme", plan: "free", rules: { enforce: false } }, ...orders({}) },
    },
    {
      what: "free has rules for public ones",
      wrong: { github: { owner: "acme", plan: "free" }, ...orders({ repository: { visibility: "private" } }) },
      lines: [
        "mooring:tenants.orders.repository.rules: GitHub's plan free has no rules for private repositories: whoever may write could push to what an environment applies. Take another plan (github.plan), make the repository public, or write mooring:github.rules: { enforce: false }",
      ],
      right: { github: { owner: "acme", plan: "free", public: ["orders"] }, ...orders({ repository: { visibility: "public" } }) },
    },
    {
      what: "free has no environments for private ones",
      wrong: { github: { owner: "acme", plan: "free", rules: { enforce: false } }, ...orders({ repository: { environment: true } }) },
      lines: [
        "mooring:tenants.orders.repository.environment: GitHub's plan free has no environments for private repositories; take another plan (github.plan), or write false and give the pipelines their variables by hand",
      ],
      right: { github: { owner: "acme", plan: "pro" }, ...orders({ repository: { environment: true } }) },
    },
    {
      what: "internal is for an enterprise",
      wrong: orders({ repository: { visibility: "internal" } }),
      lines: [
        "mooring:tenants.orders.repository.visibility: only an enterprise (github.plan) has internal repositories; write private or public",
      ],
      right: { github: { owner: "acme", plan: "enterprise" }, ...orders({ repository: { visibility: "internal" } }) },
    },
    {
      what: "a person has no teams",
      wrong: { github: { owner: "acme", ownerType: "person", plan: "pro" }, ...orders({ repository: { teams: { a: "push" } } }) },
      lines: [
        "mooring:tenants.orders.repository.teams: a person has no teams (github.ownerType); remove them, and invite people at GitHub",
      ],
      right: { github: { owner: "acme", ownerType: "person", plan: "pro" }, ...orders({}) },
    },
    {
      what: "who does not own a repository does not change it",
      wrong: { github: { owner: "acme", manageRepositories: false }, ...orders({ repository: { topics: ["a"], teams: { a: "push" } } }) },
      lines: [
        "mooring:tenants.orders.repository.topics: another environment owns the repository (repository.manage is false here); write it there",
        "mooring:tenants.orders.repository.teams: another environment owns the repository (repository.manage is false here); write it there",
      ],
      right: { github: { owner: "acme", manageRepositories: false }, ...orders({ repository: { keyRotation: 2 } }) },
    },
    {
      what: "the templates are nobody's repository",
      wrong: orders({ repository: { name: "template-helm" } }),
      lines: [
        "mooring:tenants.orders.repository.name: the repository template-helm is the one that teams' repositories start from; give the team's another name",
      ],
      right: orders({ repository: { name: "template-helms" } }),
    },
    {
      what: "the fleet is nobody's repository",
      wrong: { ...orders({ repository: { name: "Fleet" } }), fleet: {} },
      lines: [
        "mooring:tenants.orders.repository.name: the repository Fleet is the platform's own (mooring:fleet); give the team's another name",
      ],
      right: { ...orders({ repository: { name: "fleets" } }), fleet: {} },
    },
    {
      what: "an enterprise server is not github.com",
      wrong: { github: { owner: "acme", enterpriseServer: { host: "github.com", hostKeys: [key] } } },
      lines: [
        "mooring:github.enterpriseServer.host: \"github.com\" is not the host of an Enterprise Server; write for example git.acme.example",
      ],
      right: { github: { owner: "acme", enterpriseServer: { host: "git.acme.example", hostKeys: [key.replace("gitlab.com", "git.acme.example")] } } },
    },
  ]);
});

describe("add-ons", () => {
  testRules([
    {
      what: "are modules of the fleet repository",
      wrong: { addons: { externalSecrets: {} } },
      lines: [
        "mooring:addons: add-ons are modules of the fleet repository; write mooring:fleet",
      ],
      right: { addons: { externalSecrets: {} }, fleet: {} },
    },
    {
      what: "need others",
      wrong: { addons: { flagger: {} }, fleet: {} },
      lines: [
        "mooring:addons.flagger: flagger needs gateway: it shifts traffic between the backends of a route",
        "mooring:addons.flagger: flagger needs kubePrometheusStack: it asks Prometheus whether a release goes well",
      ],
      right: { addons: { flagger: {}, gateway: {}, kubePrometheusStack: {}, certManager: { email: "a@acme.example" } }, fleet: {}, dns: { zone: "acme.example" }, tenancy: { domain: "acme.example" } },
    },
    {
      what: "need settings",
      wrong: { addons: { certManager: { email: "a@acme.example" } }, fleet: {} },
      lines: [
        "mooring:addons.certManager: certManager needs dns.zone: it proves to Let's Encrypt that a name is the platform's by a record there",
      ],
      right: { addons: { certManager: { email: "a@acme.example" } }, fleet: {}, dns: { zone: "acme.example" } },
    },
    {
      what: "say where they are",
      wrong: { addons: { kubePrometheusStack: {} }, fleet: {}, tenancy: { monitoringNamespace: "kube-system" } },
      lines: [
        "mooring:tenancy.monitoringNamespace: with the add-on kubePrometheusStack it is monitoring; write that, or leave it out",
      ],
      right: { addons: { kubePrometheusStack: {} }, fleet: {}, tenancy: { monitoringNamespace: "monitoring" } },
    },
    {
      what: "keep a name for webhooks",
      wrong: { addons: { gateway: {}, certManager: { email: "a@acme.example" } }, fleet: {}, dns: { zone: "acme.example" }, tenancy: { domain: "acme.example" }, webhooks: { host: "flux.acme.example" }, tenants: { flux: {} } },
      lines: [
        "mooring:tenants.flux: flux.acme.example, where Flux's webhooks are (mooring:webhooks), would be the team's; give the tenant another name, or move the webhooks",
      ],
      right: { addons: { gateway: {}, certManager: { email: "a@acme.example" } }, fleet: {}, dns: { zone: "acme.example" }, tenancy: { domain: "acme.example" }, webhooks: { host: "flux.acme.example" }, tenants: { orders: {} } },
    },
    {
      what: "have a certificate for what is in the zone",
      wrong: { addons: { gateway: {}, certManager: { email: "a@acme.example" } }, fleet: {}, dns: { zone: "acme.example" }, tenancy: { domain: "acme.example" }, webhooks: { host: "flux.other.example" } },
      lines: [
        "mooring:webhooks.host: flux.other.example is not in dns.zone (acme.example), where its certificate is proved; write for example flux.acme.example",
      ],
      right: { addons: { gateway: {}, certManager: { email: "a@acme.example" } }, fleet: {}, dns: { zone: "acme.example" }, tenancy: { domain: "acme.example" }, webhooks: { host: "hooks.acme.example" } },
    },
    {
      what: "have namespaces that are nobody else's",
      wrong: orders({ namespaces: { monitoring: {} } }),
      lines: [
        "mooring:tenants.orders.namespaces.monitoring: the namespace monitoring belongs to Kubernetes or the platform; choose another",
      ],
      right: orders({ namespaces: { monitored: {} } }),
    },
  ]);
});

const listed = (more: object, repository: object) => ({ github: { owner: "acme", ...more }, ...orders({ repository }) });
const folder = "mooring:tenants.orders.repository";

/** Orders, whose images are committed. */
const keyed = (github: object, repository: object = {}, more: object = {}) => ({ github: { owner: "acme", ...github }, ...orders({ images: [image], repository, ...more }) });
const keysReach =
  "mooring:tenants.orders.imageUpdates.propose: the deploy key that commits images here could change what pipelines run as well: GitHub keeps keys from files in private and internal repositories of an organization with the plan team or enterprise only; write true, or accept it with repository.rules: { keysMayPush: true }";

describe("what the platform grants", () => {
  testRules([
    {
      what: "a repository that exists",
      wrong: listed({}, { name: "platform", adopt: true }),
      lines: [`${folder}.name: a repository that exists is the platform's to give; add platform to mooring:github.adoptable`],
      right: listed({ adoptable: ["Platform"] }, { name: "platform", adopt: true }),
    },
    {
      what: "the repository of its own name, when it exists",
      wrong: listed({}, { adopt: true }),
      lines: [`${folder}.adopt: a repository that exists is the platform's to give; add orders to mooring:github.adoptable`],
      right: listed({ adoptRepositories: true }, { adopt: true }),
    },
    {
      what: "a repository of another name that another environment owns",
      wrong: listed({}, { name: "platform", manage: false }),
      lines: [`${folder}.name: a repository that exists is the platform's to give; add platform to mooring:github.adoptable`],
      right: listed({}, { name: "platform" }),
    },
    {
      what: "a public repository",
      wrong: listed({}, { visibility: "public" }),
      lines: [`${folder}.visibility: what is public is the platform's to say; add orders to mooring:github.public`],
      right: listed({ public: ["orders"] }, { visibility: "public" }),
    },
    {
      what: "fewer reviews",
      wrong: listed({ rules: { reviews: 2 } }, { rules: { reviews: 1, codeOwners: false } }),
      lines: [
        `${folder}.rules.reviews: 1 is less than the platform's 2 (github.rules); write more, or remove it`,
        `${folder}.rules.codeOwners: the platform asks for the owners of the code (github.rules); remove it`,
      ],
      right: listed({ rules: { reviews: 2, codeOwners: false } }, { rules: { reviews: 3, codeOwners: false } }),
    },
    {
      what: "who administers a repository, and which tags are kept",
      wrong: listed({}, { teams: { developers: "admin" }, rules: { enforce: false, tags: [] } }),
      lines: [
        `${folder}.teams.developers: "admin" is not one of pull, triage, push, maintain`,
        `${folder}.rules.enforce: there is no such setting; there are reviews, codeOwners, checks, branches, keysMayPush, closedToKeys`,
        `${folder}.rules.tags: there is no such setting; there are reviews, codeOwners, checks, branches, keysMayPush, closedToKeys`,
      ],
      right: listed({ teams: { platform: "admin" }, rules: { enforce: true, tags: ["v*"] } }, { teams: { developers: "maintain" } }),
    },
    {
      what: "that a key which commits images could change what pipelines run, where GitHub has no rule against it",
      wrong: keyed({ plan: "pro" }),
      lines: [keysReach],
      right: keyed({ plan: "pro" }, { rules: { keysMayPush: true } }),
    },
    {
      what: "the same of a public repository",
      wrong: keyed({ public: ["orders"] }, { visibility: "public" }),
      lines: [keysReach],
      right: keyed({ public: ["orders"] }, { visibility: "public" }, { imageUpdates: { propose: true } }),
    },
    {
      what: "the same of a person's",
      wrong: keyed({ ownerType: "person" }),
      lines: [keysReach],
      right: keyed({ ownerType: "person", rules: { keysMayPush: true } }),
    },
    {
      what: "an image in a folder that keys may not change",
      wrong: keyed({ rules: { closedToKeys: ["deploy/**/*"] } }),
      lines: ["mooring:tenants.orders.imageUpdates.path: deploy keys change nothing of deploy/**/* (rules.closedToKeys), so no image can be written there; write another folder"],
      right: keyed({ rules: { closedToKeys: ["deploy/prod/**/*", "deploy/stag/**/*", "deploy/staging"] } }),
    },
    {
      what: "files closed to keys where no rule would be made",
      wrong: { github: { owner: "acme", public: ["web"] }, tenants: { web: { images: [image], repository: { visibility: "public", rules: { closedToKeys: ["a"], keysMayPush: true } } }, orders: { repository: { rules: { closedToKeys: ["a"] } } } } },
      lines: [
        "mooring:tenants.web.repository.rules.closedToKeys: GitHub keeps keys from files in private and internal repositories of an organization with the plan team or enterprise only; remove it",
        `${folder}.rules.closedToKeys: no deploy key gets past the reviews here (rules.keysMayPush), so it closes nothing; remove it`,
      ],
      right: keyed({}, { rules: { closedToKeys: ["a"] } }),
    },
    {
      what: "files closed to keys by no path of a file",
      wrong: keyed({ rules: { closedToKeys: ["/a", "deploy/", "deploy/**", "a b"] } }),
      lines: [
        'mooring:github.rules.closedToKeys[0]: a file\'s path from the repository\'s top, perhaps with *',
        "mooring:github.rules.closedToKeys[1]: names no file; everything below a folder is deploy/prod/**/*",
        "mooring:github.rules.closedToKeys[2]: names no file; everything below a folder is deploy/prod/**/*",
        'mooring:github.rules.closedToKeys[3]: a file\'s path from the repository\'s top, perhaps with *',
      ],
      right: keyed({ rules: { closedToKeys: ["Makefile", "deploy/*/prod.yaml", "a**"] } }),
    },
    {
      what: "the rights of its own teams",
      wrong: listed({ teams: { platform: "maintain" } }, { teams: { platform: "pull" } }),
      lines: [`${folder}.teams.platform: has its rights on every repository from github.teams; remove it here`],
      right: listed({ teams: { platform: "maintain" } }, { teams: { orders: "pull" } }),
    },
    {
      what: "from where charts come",
      wrong: orders({ sources: { s: { helm: "https://charts.attacker.example" } } }),
      lines: ["mooring:tenants.orders.sources.s.helm: https://charts.attacker.example is not below an address of mooring:tenancy.charts; ask the platform to add it there"],
      right: orders({ sources: { s: { helm: "https://charts.acme.example/stable" } } }),
    },
    {
      what: "which branch production follows",
      wrong: { ...production({ deploy: { branch: "develop" } }), fleet: { branch: "main" } },
      lines: [
        "mooring:tenants.orders.deploy.branch: in production follow releases (semver or tag), or a branch that no deploy key may push to: name develop in mooring:github.rules.branches, here and in the environment that owns the repositories",
        "mooring:fleet.branch: in production follow releases (semver or tag), or a branch that is named in mooring:fleet.repository.rules.branches",
      ],
      right: { ...production({ deploy: { branch: "release" } }), fleet: { branch: "main", repository: { rules: { branches: ["main"] } } } },
    },
  ]);
});
