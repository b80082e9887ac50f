/**
 * Routes of the Gateway API, with its own CRDs: a team serves its own hosts, from the platform's Gateway to its own Services.
 * A controller for gateways does not run here; what only it decides is said where it matters.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { silentProgress } from "../../local/progress.ts";
import type { Values } from "../../local/standins/contract.ts";
import type { Answer } from "../../local/standins/kubernetes/rest.ts";
import { provideGatewayCrds } from "../../local/toolchain/gateway-crds.ts";
import { configuration } from "../settings.ts";
import { openLab } from "./lab.ts";
import type { Lab } from "./lab.ts";

const SETTLE_MS = 60_000;
const PAUSE_MS = 200;

/** `orders` has two namespaces; `web` is the neighbour. */
const tenants = { orders: { namespaces: { orders: { share: 50 }, "orders-batch": { share: 50 } } }, web: {} };
const tenancy = { domain: "apps.acme.example", ingressNamespace: "gateway" };

let lab: Lab;

before(async () => {
  const addOns = [await provideGatewayCrds({ progress: silentProgress })];
  lab = await openLab(configuration({ registry: { name: "acmelab" }, tenancy, tenants }), { addOns });
});
after(() => lab?.close());

const reconciler = { user: "system:serviceaccount:orders-flux:reconciler", groups: ["system:serviceaccounts", "system:serviceaccounts:orders-flux", "system:authenticated"] };

/** What the API server says to a server-side apply in the name of the team's reconciler; nothing is stored. */
async function tried(object: Values): Promise<Answer> {
  const { object: path } = await lab.discovery.paths(object);
  const query = { fieldManager: "kustomize-controller", fieldValidation: "Strict", dryRun: "All" };
  return lab.admin.as(reconciler.user, reconciler.groups).request("PATCH", path, { query, body: object, contentType: "application/apply-patch+yaml" });
}

const kinds = ["HTTPRoute", "GRPCRoute"] as const;
const gateway = { name: "public", namespace: "gateway" };
const service = { name: "api", port: 8080 };

/** A legal route, with `spec` over it. */
function route(kind: (typeof kinds)[number], spec: Values, version = "v1"): Values {
  const legal = { parentRefs: [gateway], hostnames: ["orders.apps.acme.example"], rules: [{ backendRefs: [service] }] };
  return { apiVersion: `gateway.networking.k8s.io/${version}`, kind, metadata: { name: "api", namespace: "orders" }, spec: { ...legal, ...spec } };
}

const rule = (fields: Values): Values => ({ rules: [{ backendRefs: [service], ...fields }] });
const mirror = (backendRef: Values): Values => ({ filters: [{ type: "RequestMirror", requestMirror: { backendRef } }] });

const legal: Record<string, Values> = {
  "the own host": {},
  "what lies below it, by name and for all": { hostnames: ["eu.orders.apps.acme.example", "*.orders.apps.acme.example"] },
  "a Gateway of the own namespace": { parentRefs: [{ name: "own" }] },
  "a Service of the tenant's other namespace, which is the platform's to grant": rule({ backendRefs: [{ ...service, namespace: "orders-batch" }] }),
  "a copy to an own Service": rule(mirror({ name: "shadow", port: 8080 })),
  "a changed header": rule({ filters: [{ type: "RequestHeaderModifier", requestHeaderModifier: { set: [{ name: "x-team", value: "orders" }] } }] }),
};

const foreign = { ...service, namespace: "web" };
/** Istio takes any host of the mesh as such a backend, and asks for no grant. */
const hostname = { group: "networking.istio.io", kind: "Hostname", name: "api.web.svc.cluster.local", port: 8080 };
const [noHost, noParent, noBackend, noFilter] = [/name a host in every rule.*orders\.apps\.acme\.example/, /spec\.parentRefs names a Gateway .*orders, orders-batch, gateway/, /a backendRef of spec\.rules .*orders, orders-batch/, /a filter of spec\.rules .*orders, orders-batch/];

const attacks: Record<string, [spec: Values, says: RegExp]> = {
  "another tenant's host": [{ hostnames: ["web.apps.acme.example"] }, noHost],
  "another tenant's host among its own": [{ hostnames: ["orders.apps.acme.example", "web.apps.acme.example"] }, noHost],
  "a host that only ends alike": [{ hostnames: ["evilorders.apps.acme.example"] }, noHost],
  "all hosts of the domain": [{ hostnames: ["*.apps.acme.example"] }, noHost],
  "no host, which is every host": [{ hostnames: [] }, noHost],
  "a Gateway, or a Service of the mesh, of another tenant": [{ parentRefs: [gateway, { name: "own", namespace: "web" }] }, noParent],
  "a Gateway among the platform's own parts": [{ parentRefs: [{ name: "internal", namespace: "kube-system" }] }, noParent],
  "another tenant's Service": [rule({ backendRefs: [foreign] }), noBackend],
  "another tenant's Service for a part of the requests": [rule({ backendRefs: [{ ...service, weight: 9 }, { ...foreign, weight: 1 }] }), noBackend],
  "another tenant's Service by a name in the mesh": [rule({ backendRefs: [hostname] }), noBackend],
  "a copy of the requests to another tenant's Service": [rule(mirror(foreign)), noFilter],
  "a copy to another tenant's Service by a name in the mesh": [rule(mirror(hostname)), noFilter],
  "a copy to another tenant's Service, for one backend": [rule({ backendRefs: [{ ...service, ...mirror(foreign) }] }), noFilter],
};

for (const kind of kinds) {
  describe(`${kind}: the team's reconciler`, () => {
    for (const [what, spec] of Object.entries(legal)) {
      test(`may ship a route with ${what}`, async () => {
        const { status, text } = await tried(route(kind, spec));
        assert.equal(status, 201, text);
      });
    }
    for (const [what, [spec, says]] of Object.entries(attacks)) {
      test(`may not ship a route with ${what}`, async () => {
        const { status, body } = await tried(route(kind, spec));
        assert.deepEqual([status, body.reason], [403, "Forbidden"]);
        assert.match(String(body.message), says);
      });
    }
  });
}

describe("around routes", () => {
  test("the rules hold for the older version of the API too", async () => {
    assert.equal((await tried(route("HTTPRoute", {}, "v1beta1"))).status, 201);
    for (const what of ["another tenant's host", "another tenant's Service"]) {
      const [spec, says] = attacks[what]!;
      assert.match(String((await tried(route("HTTPRoute", spec, "v1beta1"))).body.message), says);
    }
  });

  // A controller lets a route into another namespace only with a grant of that namespace.
  test("a team makes neither grants nor Gateways", async () => {
    const grant = { from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: "web" }], to: [{ group: "", kind: "Service" }] };
    const listener = { name: "all", port: 80, protocol: "HTTP", allowedRoutes: { namespaces: { from: "All" } } };
    const objects = [
      { apiVersion: "gateway.networking.k8s.io/v1beta1", kind: "ReferenceGrant", metadata: { name: "open", namespace: "orders" }, spec: grant },
      { apiVersion: "gateway.networking.k8s.io/v1", kind: "Gateway", metadata: { name: "own", namespace: "orders" }, spec: { gatewayClassName: "public", listeners: [listener] } },
    ];
    for (const object of objects) {
      const { status, body } = await tried(object);
      assert.equal(status, 403, object.kind);
      assert.match(String(body.message), /cannot patch resource "(referencegrants|gateways)" in API group "gateway.networking.k8s.io" in the namespace "orders"/);
      // The objects themselves are right: the platform may make them.
      await lab.admin.apply((await lab.discovery.paths(object)).object, object, { dryRun: true });
    }
  });

  test("a team does not say how its routes were taken, nor sees another's", async () => {
    const path = (namespace: string) => `/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/httproutes`;
    const as = lab.admin.as(reconciler.user, reconciler.groups);
    assert.equal((await as.request("GET", path("orders"))).status, 200);
    assert.equal((await as.request("GET", path("web"))).status, 403);
    assert.equal((await as.request("PATCH", `${path("orders")}/api/status`, { body: { status: { parents: [] } }, contentType: "application/merge-patch+json" })).status, 403);
  });

  // Last, since it takes the rules away. It shows that nothing but they refused the attacks.
  test("without the rules the attacks succeed", async () => {
    for (const name of ["hosts", "routes"]) await lab.admin.delete(`/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/mooring-tenant-${name}`);
    const end = performance.now() + SETTLE_MS;
    for (const kind of kinds) {
      for (const [what, [spec]] of Object.entries(attacks)) {
        let answer = await tried(route(kind, spec));
        for (; answer.status !== 201 && performance.now() < end; answer = await tried(route(kind, spec))) await delay(PAUSE_MS);
        assert.equal(answer.status, 201, `${kind}: ${what}: ${answer.text}`);
      }
    }
  });
});
