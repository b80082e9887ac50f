/** The way from outside to Flux, and as whom the program works at GitHub. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { githubProviderArgs } from "../../components/github/provider.ts";
import { readFolder } from "../../components/github/scaffold/reader.ts";
import { spec, stackOf } from "../delivered.ts";
import { settings } from "../settings.ts";

const tenancy = { ingressNamespace: "gateways" };
const host = "flux.acme.example";
const of = async (webhooks: object, more: object = {}) => stackOf({}, { tenancy, webhooks: { host, ...webhooks }, ...more });
const exposed = (program: Awaited<ReturnType<typeof of>>) => program.registrations.filter(({ type }) => /:(HTTPRoute|Ingress)$/.test(type));

describe("Flux's receivers", () => {
  test("are reached through a Gateway, below one path and at one host", async () => {
    const program = await of({ gateway: { name: "shared", namespace: "gateways", section: "https" } });
    const [route, ...others] = exposed(program);
    assert.deepEqual(others, []);
    assert.deepEqual(route!.inputs, {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: { name: "flux-webhooks", namespace: "flux-system" },
      spec: {
        parentRefs: [{ name: "shared", namespace: "gateways", sectionName: "https" }],
        hostnames: [host],
        rules: [{ matches: [{ path: { type: "PathPrefix", value: "/hook/" } }], backendRefs: [{ name: "webhook-receiver", port: 80 }] }],
      },
    });
    assert.ok(program.dependsOn(route!, program.one("Release", "mooring-flux")));
  });

  test("are reached by any listener of the Gateway that has the host, where none is named", async () => {
    const [route] = exposed(await of({ gateway: { name: "shared", namespace: "gateways" } }));
    assert.deepEqual((route!.inputs.spec as { parentRefs: unknown }).parentRefs, [{ name: "shared", namespace: "gateways" }]);
  });

  test("are reached through the add-on's Gateway where neither is written: its module of the fleet repository has the route", async () => {
    const program = await stackOf({}, {
      webhooks: { host: "flux.apps.acme.example" },
      ...{ tenancy: { domain: "apps.acme.example" }, dns: { zone: "acme.example" }, fleet: {}, addons: { certManager: { email: "p@acme.example" }, gateway: null } },
    });
    assert.deepEqual(exposed(program), []);
    const { postBuild } = spec(program, "Kustomization", "flux-system", "envoy-gateway-public") as { postBuild: { substitute: Record<string, string> } };
    assert.equal(postBuild.substitute.receiver_host, "flux.apps.acme.example");
    assert.ok(readFolder("fleet").some(({ path, content }) => path.startsWith("addons/envoy-gateway-public/") && /kind: HTTPRoute[\s\S]*name: webhook-receiver/.test(content)));
  });

  test("are reached through an Ingress, with a certificate that somebody else makes, or cert-manager", async () => {
    const ingress = (certificate?: object) => of({ ingress: { class: "nginx", certificate } });
    const [given] = exposed(await ingress());
    assert.deepEqual([given!.type, given!.inputs.metadata, given!.inputs.spec], [
      "kubernetes:networking.k8s.io/v1:Ingress",
      { name: "flux-webhooks", namespace: "flux-system", annotations: { "pulumi.com/skipAwait": "true" } },
      {
        ingressClassName: "nginx",
        tls: [{ hosts: [host], secretName: "flux-webhooks-tls" }],
        rules: [{ host, http: { paths: [{ path: "/hook/", pathType: "Prefix", backend: { service: { name: "webhook-receiver", port: { number: 80 } } } }] } }],
      },
    ]);
    const [made, ...others] = exposed(await ingress({ secret: "flux-tls", issuer: "letsencrypt" }));
    assert.deepEqual(others, []);
    assert.deepEqual(made!.inputs.metadata, { name: "flux-webhooks", namespace: "flux-system", annotations: { "pulumi.com/skipAwait": "true", "cert-manager.io/cluster-issuer": "letsencrypt" } });
    assert.deepEqual((made!.inputs.spec as { tls: unknown }).tls, [{ hosts: [host], secretName: "flux-tls" }]);
  });

  test("are not reached without an address", async () => assert.deepEqual(exposed(await stackOf({})), []));
});

describe("at GitHub the program works", () => {
  const hostKeys = ["git.acme.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"];
  const args = (github: object, secrets: Record<string, pulumi.Output<string>> = {}) =>
    githubProviderArgs({ ...settings({ github: { owner: "acme", ...github } }, { secrets: Object.fromEntries(Object.keys(secrets).map((name) => [name, true])) }), secrets });

  test("with the token of the environment", () => assert.deepEqual(args({}), { owner: "acme" }));

  test("as an app, whose key it hands to nobody else", async () => {
    const key = pulumi.output("-----BEGIN KEY-----");
    assert.deepEqual(args({ app: { id: 4711, installationId: 815, key: "app" } }, { app: key }), { owner: "acme", appAuth: { id: "4711", installationId: "815", pemFile: key } });
    const program = await stackOf({ orders: null }, { github: { owner: "acme", app: { id: 4711, installationId: 815, key: "app" } } }, { secrets: ["app"] });
    const provider = program.registrations.find(({ type }) => type === "pulumi:providers:github")!;
    assert.deepEqual([provider.inputs.appAuth, provider.inputs.token], ["[secret]", undefined]);
    const readers = program.registrations.filter(({ inputs, type }) => JSON.stringify(inputs).includes("githubAppPrivateKey") && type !== "pulumi:providers:github");
    assert.deepEqual(readers, []);
  });

  test("on an Enterprise Server", () => assert.deepEqual(args({ enterpriseServer: { host: "git.acme.example", hostKeys } }), { owner: "acme", baseUrl: "https://git.acme.example/" }));
});
