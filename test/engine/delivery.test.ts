/**
 * Everything that an environment gives teams from the first commit on, on the real engine: what stands in the repositories after an
 * `up`, what GitHub and Flux were told of each other, and what stays when the environment goes. Each test goes on where the one
 * before ended.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import { readFolder, readScaffold } from "../../components/github/scaffold/reader.ts";
import { knownHosts } from "../../components/github/host-keys.ts";
import { notificationName } from "../../components/flux/notifications.ts";
import { webhookPath } from "../../components/flux/webhook-path.ts";
import type { NotificationSettings } from "../../components/settings/settings.ts";
import { Cloud } from "../../local/standins/azure/cloud.ts";
import type { Values } from "../../local/standins/contract.ts";
import { collectionPath } from "../../local/standins/kubernetes/rest.ts";
import { mapAt, metadataOf } from "../../local/standins/kubernetes/object.ts";
import { secretsIn } from "./delivery/secrets.ts";
import type { Forge } from "./delivery/forge.ts";
import { existing, openRelay, secretValue } from "./delivery/relay.ts";
import type { Environment } from "./environment.ts";
import { planOf } from "./plans.ts";
import type { Settings } from "./plans.ts";

const host = "https://flux.staging.relay.example";

let environment: Environment;
let forge: Forge;
let asFound: unknown;
before(async () => {
  ({ environment, forge } = await openRelay());
  asFound = Object.keys(existing).map((name) => found(name));
  await environment.up();
});
after(() => environment?.close());

/** What a repository that is taken over must keep: its settings and what is in it. */
const found = (name: string): unknown => {
  return { settings: forge.repository(name), refs: forge.git(name, "for-each-ref") };
};

async function planned(changes: Settings = {}): Promise<string[]> {
  const { code, steps, output } = await planOf(environment, changes);
  assert.equal(code, 0, output);
  return steps;
}

const tokenOf = async (namespace: string): Promise<string> => (await secretsIn(environment, namespace))["webhook-token"]!.token!;
const hookOf = (repository: string): { url: string; secret: string } => mapAt(forge.parts(repository).hooks[0]!, "configuration") as { url: string; secret: string };
const registryHost = (): string => new Cloud(environment.platformFolder).all().find(({ id }) => /\/registries\/[^/]+$/.test(id))!.outputs.loginServer as string;

test("a second preview finds nothing to do", async () => {
  assert.deepEqual(await environment.preview(), []);
});

describe("repositories", () => {
  for (const flavour of ["kustomize", "helm"] as const) {
    test(`the template for ${flavour} has exactly the files of the scaffold, to the letter`, () => {
      const name = `template-${flavour}`;
      const scaffold = readScaffold(flavour);
      assert.deepEqual(forge.files(name), scaffold.map(({ path }) => path));
      for (const { path, content } of scaffold) assert.equal(forge.content(name, path), content, path);
      assert.deepEqual([forge.repository(name).isTemplate, forge.repository(name).visibility], [true, "private"]);
    });
  }

  for (const [team, flavour, control] of [["orders", "helm", "orders-flux"], ["web", "kustomize", "web-flux"]] as const) {
    test(`that of ${team} started from the template, with its owners and this environment's folder`, () => {
      assert.deepEqual(forge.repository(team).template, { owner: "relay", repository: `template-${flavour}` });
      const overlay = "deploy/delivery/kustomization.yaml";
      const scaffold = readScaffold(flavour);
      assert.deepEqual(forge.files(team), [...scaffold.map(({ path }) => path), ".github/CODEOWNERS", overlay].sort());
      const told = "services.json";
      for (const { path, content } of scaffold) if (path !== told) assert.equal(forge.content(team, path), content, path);
      // Its pipelines are told which environments there are.
      const { environments, ...others } = JSON.parse(forge.content(team, told)) as { environments: { main: string } };
      const { environments: _, ...started } = JSON.parse(scaffold.find(({ path }) => path === told)!.content) as { environments: object };
      assert.deepEqual([environments.main, others], ["delivery", started]);
      const text = forge.content(team, overlay);
      assert.ok(parse(text));
      // The scaffold's own service has the first image.
      const image = team === "orders" ? "orders-api" : "web";
      for (const part of ["name", "tag"]) assert.ok(text.includes(`{"$imagepolicy": "${control}:${image}:${part}"}`), text);
      if (flavour === "helm") assert.ok(text.includes(`"${registryHost()}/orders/orders-api"`) && text.includes(`"oci://${registryHost()}/orders/charts/app"`), text);
    });
  }

  test("CODEOWNERS says what the settings say, and else the teams that maintain the repository", () => {
    assert.match(forge.content("orders", ".github/CODEOWNERS"), /^\* @relay\/orders\n\/deploy\/ @relay\/orders-leads\n/m);
    assert.match(forge.content("web", ".github/CODEOWNERS"), /^\* @relay\/platform (.* )?@relay\/web\n/m);
  });

  test("the fleet's has every module, and this environment's folder", () => {
    const all = readFolder("fleet").map(({ path }) => path.replace("environments/example/", "environments/delivery/"));
    assert.deepEqual(forge.files("platform-fleet"), [".github/CODEOWNERS", ...all].sort());
    assert.match(forge.content("platform-fleet", ".github/CODEOWNERS"), /^\* @relay\/platform\n/m);
  });

  test("that were there are as they were; keys, rules, teams and webhooks came to them", () => {
    assert.deepEqual(Object.keys(existing).map(found), asFound);
    for (const name of Object.keys(existing)) {
      const { rulesets, teams, hooks } = forge.parts(name);
      assert.ok(rulesets.some((ruleset) => ruleset.name === "mooring default-branch" && ruleset.enforcement === "active"), name);
      assert.deepEqual([Object.values(teams).includes("admin"), hooks.length], [true, 1], name);
    }
    // One is read with a token, the other with an app: neither needs a key.
    assert.deepEqual(Object.keys(existing).flatMap((name) => forge.parts(name).keys), []);
  });

  test("each is read with a key of its own, which writes only where images are followed", () => {
    const rights = Object.fromEntries(["orders", "web", "platform-fleet"].map((name) => [name, forge.parts(name).keys.map(({ title, readOnly }) => `${title} ${readOnly ? "reads" : "writes"}`)]));
    assert.deepEqual(rights, {
      orders: ["Flux relay-delivery writes"],
      web: ["Flux relay-delivery writes"],
      "platform-fleet": ["Flux relay-delivery-2 reads"],
    });
  });
});

describe("GitHub and Flux", () => {
  test("know the same address and the same token, which stands in one Secret", async () => {
    for (const team of ["orders", "web", "search", "stock"]) {
      const token = await tokenOf(`${team}-flux`);
      assert.match(token, /^[A-Za-z0-9]{40}$/);
      const { url, secret } = hookOf(team);
      assert.equal(url, `${host}${webhookPath(token, "repository", `${team}-flux`)}`);
      assert.equal(secret, token);
      const receiver = await environment.kubernetes.get(`${collectionPath("notification.toolkit.fluxcd.io/v1", "receivers", `${team}-flux`)}/repository`);
      assert.deepEqual(mapAt(receiver!, "spec").secretRef, { name: "webhook-token" });
    }
  });

  test("a pipeline is told where to call, and what to sign with; the registry calls for a team that wants that", async () => {
    const { variables, secrets } = forge.parts("orders");
    const [{ name, value, environment: of } = { name: "", value: "{}" }] = variables;
    const token = await tokenOf("orders-flux");
    assert.deepEqual([name, of, (JSON.parse(value) as Values).receiver], ["MOORING", "delivery", `${host}${webhookPath(token, "images", "orders-flux")}`]);
    assert.deepEqual(secrets.map((secret) => secret.name), ["MOORING_RECEIVER_TOKEN"]);
    const { hash, salt } = secrets[0]!;
    assert.equal(hash, createHash("sha256").update(salt).update(token).digest("hex"));
    const called = new Cloud(environment.platformFolder).all().filter(({ id }) => /\/webhooks\//.test(id)).map(({ inputs }) => [inputs.serviceUri, inputs.scope]);
    assert.deepEqual(called, [[`${host}${webhookPath(await tokenOf("web-flux"), "images", "web-flux")}`, "web/web:*"]]);
    assert.deepEqual(forge.parts("web").secrets, []);
  });

  test("the way to Flux is open: a route of the add-on's Gateway, which Flux applies, for that host and the hooks alone", async () => {
    const [route] = (parseAllDocuments(forge.content("platform-fleet", "addons/envoy-gateway-public/webhooks.yaml")).map((document) => document.toJS()) as Values[]).filter(({ kind }) => kind === "HTTPRoute");
    const { hostnames, rules } = mapAt(route!, "spec") as unknown as { hostnames: string[]; rules: { matches: object[]; backendRefs: object[] }[] };
    assert.match(hostnames.join(), /^\$\{receiver_host\}$/);
    assert.deepEqual(rules.map(({ matches, backendRefs }) => [matches, backendRefs]), [[[{ path: { type: "PathPrefix", value: "/hook/" } }], [{ name: "webhook-receiver", port: 80 }]]]);
    const applied = await environment.kubernetes.get(`${collectionPath("kustomize.toolkit.fluxcd.io/v1", "kustomizations", "flux-system")}/envoy-gateway-public`);
    assert.equal(mapAt(mapAt(mapAt(applied!, "spec"), "postBuild"), "substitute").receiver_host, "flux.staging.relay.example");
  });

  test("to another Gateway the program makes the route", async () => {
    const steps = await planned({ "webhooks.gateway": { name: "edge", namespace: "envoy-gateway-system" } });
    assert.deepEqual(steps, ["create HTTPRoute mooring-webhooks"]);
  });
});

test("every Secret has exactly the keys that Flux reads of it, with the values of the settings", async () => {
  const value = secretValue;
  const docker = (registry: string, password: string): object => ({ ".dockerconfigjson": { auths: { [registry]: { username: "relay", password } } } });
  const contents = async (namespace: string): Promise<Record<string, Record<string, unknown>>> => {
    const all = await secretsIn(environment, namespace);
    for (const data of Object.values(all)) if (data[".dockerconfigjson"] !== undefined) Object.assign(data, { ".dockerconfigjson": JSON.parse(data[".dockerconfigjson"]) as object });
    return all;
  };
  const gitlab = "gitlab.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6tdG4SLp1Btn/nOeHHE5UOzRdf";
  assert.deepEqual(await contents("legacy-flux"), { "repository-access": { identity: value("legacy-key"), known_hosts: gitlab } });
  assert.deepEqual(await contents("books-flux"), { "repository-access": { username: "flux", password: value("books-token") } });
  const ofRepository = async (namespace: string): Promise<unknown> => (await contents(namespace))["repository-access"];
  assert.deepEqual(await ofRepository("search-flux"), { username: "relay-bot", password: value("search-token") });
  assert.deepEqual(await ofRepository("stock-flux"), { githubAppID: "42", githubAppInstallationID: "4242", githubAppPrivateKey: value("stock-app") });

  const all = await contents("orders-flux");
  const [registered] = forge.parts("orders").keys;
  const known = knownHosts({} as Parameters<typeof knownHosts>[0]);
  assert.deepEqual({ ...all["deploy-key"], identity: "" }, { identity: "", "identity.pub": registered!.key, known_hosts: known });
  assert.match(String(all["deploy-key"]!.identity), /^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
  const told = (kind: string, to: string, secret: string): string => `notify-${notificationName({ kind, to, secret } as NotificationSettings)}`;
  const expected: Record<string, object> = {
    [told("slack", "#orders", "orders-slack")]: { token: value("orders-slack") },
    [told("discord", "orders", "orders-discord")]: { address: value("orders-discord") },
    [told("webhook", "pager", "orders-pager")]: { address: value("orders-pager"), token: value("orders-pager-key") },
    [told("github", "relay/orders", "orders-status")]: { token: value("orders-status") },
    [told("azureDevOps", "https://dev.azure.com/relay/shop/_git/orders", "orders-ado")]: { token: value("orders-ado") },
    "source-assets": { accesskey: "orders", secretkey: value("orders-bucket") },
    "source-bitnami": { username: "orders", password: value("orders-charts") },
    "source-config": { identity: value("orders-config-key"), known_hosts: known },
    "source-elsewhere": { identity: value("orders-gitlab-key"), known_hosts: gitlab },
    "source-mirror": docker("ghcr.io", value("orders-ghcr")),
    "source-tagged": { username: "flux", password: value("orders-tools-token") },
    "values-orders-db": { values: value("orders-db") },
    "values-orders-values": { values: value("orders-values") },
    "verify-mirror": { "cosign.pub": value("orders-cosign") },
    "verify-signed": { "certificate.pem": value("orders-notation"), "trustpolicy.json": JSON.stringify({ version: "1.0" }) },
  };
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, all[name]])), expected);
  // Whatever else the settings name has one of the forms that Flux knows.
  const forms = [{ token: "" }, { address: "" }, ...Object.values(expected)].map((data) => Object.keys(data).sort().join());
  for (const [name, data] of Object.entries(all)) if (name !== "deploy-key") assert.ok(forms.includes(Object.keys(data).sort().join()), `${name}: ${Object.keys(data).join()}`);
  for (const namespace of ["orders-flux", "legacy-flux", "stock-flux"]) {
    const leaked = Object.values((await environment.kubernetes.list(collectionPath("v1", "configmaps", namespace)))).filter((object) => JSON.stringify(object).includes("value of "));
    assert.deepEqual(leaked, []);
  }
});

describe("a change", () => {
  test("by the team, of the files that it was given, is none of ours", async () => {
    const overlay = "deploy/delivery/kustomization.yaml";
    await forge.merge("web", overlay, "# the team's own\nresources: [../base]\n");
    await forge.merge("web", ".github/CODEOWNERS", "* @relay/others\n");
    await forge.merge("platform-fleet", "environments/delivery/kustomization.yaml", "# the platform team's own\nresources: []\n");
    assert.deepEqual(await environment.preview(), []);
    const { code, stdout, stderr } = await environment.operate("up", ["--yes", "--skip-preview", "--refresh", "--expect-no-changes"]);
    assert.equal(code, 0, stdout + stderr);
    assert.match(forge.content("web", overlay), /the team's own/);
  });

  const rotated = { "tenants.orders.webhooks.rotation": 3, "tenants.orders.repository.keyRotation": 2 };

  test("of both rotations replaces the key, and the token at both ends", async () => {
    assert.deepEqual(await planned(rotated), [
      "create PrivateKey orders-deploy-key-2",
      "create RandomPassword orders-webhooks-3",
      "create RepositoryDeployKey orders-deploy-key-2",
      "delete PrivateKey orders-deploy-key",
      "delete RandomPassword orders-webhooks-2",
      "delete RepositoryDeployKey orders-deploy-key",
      ...["ActionsEnvironmentSecret orders-environment: plaintextValue", "ActionsEnvironmentVariable orders-environment: value"],
      "RepositoryWebhook orders-webhook: configuration.secret", "RepositoryWebhook orders-webhook: configuration.url",
      "Secret orders-deploy-key: stringData", "Secret orders-webhook-token: stringData",
    ].map((step) => (/^(create|delete) /.test(step) ? step : `update ${step}`)).sort());
  });

  test("comes to GitHub and to Flux in one up", async () => {
    const before = { token: await tokenOf("orders-flux"), key: forge.parts("orders").keys[0]!.key };
    environment.configure((config) => {
      const { orders } = config.tenants as { orders: { webhooks: object; repository: object } };
      Object.assign(orders.webhooks, { rotation: 3 });
      Object.assign(orders.repository, { keyRotation: 2 });
    });
    await environment.up();
    const token = await tokenOf("orders-flux");
    assert.notEqual(token, before.token);
    assert.deepEqual(hookOf("orders"), { ...hookOf("orders"), url: `${host}${webhookPath(token, "repository", "orders-flux")}`, secret: token });
    const keys = forge.parts("orders").keys;
    assert.deepEqual(keys.map(({ title }) => title), ["Flux relay-delivery-2"]);
    assert.notEqual(keys[0]!.key, before.key);
    assert.equal((await secretsIn(environment, "orders-flux"))["deploy-key"]!["identity.pub"], keys[0]!.key);
  });
});

test("destroy leaves every repository but the templates with all that is in it, and takes away who may read and call", async () => {
  const before = forge.names().filter((name) => !name.startsWith("template-")).map((name) => [name, forge.repository(name), forge.git(name, "for-each-ref")]);
  await environment.unprotect();
  await environment.destroy();
  assert.deepEqual(forge.names().map((name) => [name, forge.repository(name), forge.git(name, "for-each-ref")]), before);
  assert.deepEqual(Object.keys(existing).map(found), asFound);
  const left = forge.names().flatMap((name) => Object.entries(forge.parts(name)).filter(([, parts]) => Object.keys(parts).length > 0).map(([kind]) => `${kind} of ${name}`));
  assert.deepEqual(left, []);
  assert.deepEqual(await environment.state(), []);
  assert.ok(!metadataOf((await environment.kubernetes.get("/api/v1/namespaces/kube-system"))!).deletionTimestamp);
});
