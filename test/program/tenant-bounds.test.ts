/** What tenants may refer to, as the admission rules read it from the annotations of namespaces. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cluster, hub } from "../azure.ts";
import { Program } from "../evaluate.ts";
import { configuration } from "../settings.ts";

const tenants = {
  least: null,
  orders: {
    description: "Order service",
    namespaces: { orders: {}, "order-jobs": {} },
    repository: { name: "Shop-Orders" },
    allowed: {
      sources: ["ssh://git@github.com/acme/charts.git", "oci://ghcr.io/acme"],
      registries: ["quay.io/prometheus", "/tools"],
      storageClasses: ["managed-csi", "azurefile-csi"],
      priorityClasses: ["business-critical", "batch"],
      serviceTypes: ["ClusterIP", "NodePort"],
      hosts: ["orders.acme.example", "api.acme.example"],
    },
  },
};
const tenancy = { charts: ["https://charts.jetstack.io"], registries: ["mcr.microsoft.com", "/shared"], domain: "apps.acme.example" };
const program = await Program.of(configuration({ registry: { name: "acmelab" }, tenancy, tenants }));

const annotations = (of: Program, namespace: string) => (of.object("Namespace", undefined, namespace).inputs.metadata as { annotations: Record<string, string> }).annotations;
/** The same without their common prefix. */
const bounds = (of: Program, namespace: string) =>
  Object.fromEntries(Object.entries(annotations(of, namespace)).filter(([key]) => key.startsWith("mooring.platform/")).map(([key, value]) => [key.replace("mooring.platform/", ""), value]));

describe("the bounds of a tenant", () => {
  test("by default: its repository, its part of the registry, Microsoft's images, no host without a domain, any storage class", async () => {
    const plain = await Program.of(configuration({ registry: { name: "acmelab" }, tenants: { least: null } }));
    assert.deepEqual(bounds(plain, "least"), {
      name: "least",
      namespaces: "least",
      sources: "ssh://git@github.com/acme/least,https://github.com/acme/least,oci://acmelab.azurecr.io/least",
      images: "acmelab.azurecr.io/least,mcr.microsoft.com",
      hosts: "",
      "service-types": "ClusterIP",
      "storage-classes": "*",
      "priority-classes": "",
      taints: "",
    });
    assert.equal(bounds(program, "least").hosts, "least.apps.acme.example");
  });

  test("as the settings widen them; a leading slash is a part of the environment's registry, for charts too, and `.git` makes no difference", () => {
    assert.deepEqual(bounds(program, "orders"), {
      name: "orders",
      namespaces: "orders,order-jobs",
      sources: [
        ...["ssh://git@github.com/acme/Shop-Orders", "https://github.com/acme/Shop-Orders"],
        ...["oci://acmelab.azurecr.io/orders", "oci://acmelab.azurecr.io/shared", "oci://acmelab.azurecr.io/tools"],
        ...["https://charts.jetstack.io", "ssh://git@github.com/acme/charts", "oci://ghcr.io/acme"],
      ].join(),
      images: "acmelab.azurecr.io/orders,mcr.microsoft.com,acmelab.azurecr.io/shared,quay.io/prometheus,acmelab.azurecr.io/tools",
      hosts: "orders.acme.example,api.acme.example",
      "service-types": "ClusterIP,NodePort",
      "storage-classes": "managed-csi,azurefile-csi",
      "priority-classes": "business-critical,batch",
      taints: "",
    });
  });

  test("stand on each of its namespaces, the control namespace included, beside what people say of it", () => {
    for (const namespace of ["order-jobs", "orders-flux"]) assert.deepEqual(annotations(program, namespace), annotations(program, "orders"), namespace);
    assert.deepEqual(annotations(program, "orders")["kubernetes.io/description"], "Order service");
    assert.ok(!("kubernetes.io/description" in annotations(program, "least")));
  });

  test("taints that its pods may tolerate are those of its pool, without their effect", async () => {
    const pools = { apps: {}, mine: { tenant: "orders", spot: true, taints: ["team=shop:NoExecute", "spare:NoSchedule"] } };
    const own = await Program.of(configuration({ cluster: cluster({ pools }), tenants: { orders: {}, web: {} } }));
    assert.equal(bounds(own, "orders").taints, "team=shop,spare,mooring.platform/tenant=orders,kubernetes.azure.com/scalesetpriority=spot");
    assert.equal(bounds(own, "web").taints, "");
  });

  test("the types of Services that take ports of the nodes are in the quota only where the tenant may not have them", () => {
    const hard = (namespace: string) => (program.object("ResourceQuota", namespace, "tenant").inputs.spec as { hard: Record<string, string> }).hard;
    assert.deepEqual([hard("least")["services.nodeports"], hard("orders")["services.nodeports"]], ["0", undefined]);
  });
});

describe("the registry's host in them", () => {
  const images = async (registry: Record<string, unknown>) => bounds(await Program.of(configuration({ registry, tenants: { least: null } })), "least").images;

  test("of a registry with a name of its own is plain text, so that no change of the registry changes a namespace", async () => {
    assert.equal(await images({ name: "acmelab" }), "acmelab.azurecr.io/least,mcr.microsoft.com");
    assert.equal(await images({ name: "acmelab", sku: "Premium", privateEndpoint: true, privateDnsZone: hub("Microsoft.Network/privateDnsZones", "privatelink.azurecr.io") }), await images({ name: "acmelab" }));
  });

  test("of one with a generated name depends on that name alone; of one that exists it is what Azure says", async () => {
    assert.equal(await images({}), "cracmestaging<mooring-registry-suffix.result>.azurecr.io/least,mcr.microsoft.com");
    assert.equal(await images({ existing: { name: "cracmeshared", resourceGroup: "rg-shared" } }), "<cracmeshared.loginServer>/least,mcr.microsoft.com");
  });
});
