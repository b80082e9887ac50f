/** The registry's own calls of new images: one webhook a repository, and nobody else's pushes. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { evaluate } from "../../cli/render/evaluate.ts";
import { registerRegistryWebhook } from "../../components/azure/registry-webhook.ts";
import { azureNames } from "../../components/settings/names.ts";
import { testRules } from "../rules.ts";
import { tags } from "../azure.ts";
import { configuration, settings } from "../settings.ts";

const image = (name: string) => ({ name, follow: { branch: "main" } });
const images = (count: number) => Array.from({ length: count }, (_, index) => image(`image-${index}`));
const webhooks = { host: "hooks.acme.example", gateway: { name: "public", namespace: "gateway-system" } };
const tenant = (count: number, registry = "acr") => ({ images: images(count), webhooks: { registry } });
const of = (tenants: Record<string, unknown>, more: Record<string, unknown> = {}) => ({ webhooks, tenancy: { ingressNamespace: "gateway-system" }, tenants, ...more });

const changes = of({ orders: { images: [image("orders-api"), image("orders-worker")], sources: { chart: { oci: "/orders/charts/orders", semver: "1.x" } }, webhooks: { registry: "acr" } } });
const all = await evaluate(configuration(changes), async () => {
  const wanted = settings(changes);
  const args = { tenant: wanted.tenants[0]!, resourceGroup: "rg-acme-staging", registryName: "cracme", serviceUri: pulumi.output("https://hooks.acme.example/hook/0815") };
  registerRegistryWebhook("orders-registry", wanted, args, {});
  await Promise.resolve();
});

describe("webhooks of the registry", () => {
  test("tell of pushes of the tenant's images and charts, each by itself, at an address that is a secret", () => {
    assert.deepEqual(
      all.filter(({ type }) => type.endsWith(":Webhook")).map(({ name, inputs: { webhookName, ...inputs } }) => [name, String(webhookName).replace(/[0-9a-f]{12}$/, ""), inputs]).sort(),
      ["orders/charts/orders", "orders/orders-api", "orders/orders-worker"].map((repository) => [
        `orders-registry/${repository}`,
        repository.replaceAll(/[/-]/g, ""),
        {
          registryName: "cracme",
          resourceGroupName: "rg-acme-staging",
          location: "westeurope",
          serviceUri: "[secret]",
          scope: `${repository}:*`,
          actions: ["push"],
          status: "enabled",
          tags: { ...tags(), tenant: "orders" },
        },
      ]),
    );
  });

  test("have names that the registry takes, apart for any two repositories, tenants and environments that share it", () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,48}[a-z0-9]$/);
    const place = fc.record({ environment: word, tenant: word, repository: word });
    const nameOf = ({ environment, tenant: key, repository }: { environment: string; tenant: string; repository: string }) => azureNames("acme", environment).webhook(key, repository);
    fc.assert(
      fc.property(place, place, (one, other) => {
        assert.match(nameOf(one), /^[a-zA-Z0-9]{5,50}$/);
        assert.equal(nameOf(one) === nameOf(other), JSON.stringify(one) === JSON.stringify(other));
      }),
    );
    // What is left of the names without hyphens is the same.
    assert.notEqual(azureNames("acme", "staging").webhook("a", "a/b-c"), azureNames("acme", "staging").webhook("a", "a/bc"));
  });
});

const at = "mooring:tenants";
const full = (tier: string, most: number, taken: number, own: number, remedy = "write pipeline, or give the registry a higher tier") =>
  `a ${tier} registry has room for ${most} webhooks, one a repository: ${taken} are taken above, and this tenant has ${own}; ${remedy}`;

describe("the registry's tier", () => {
  testRules([
    {
      what: "has room for two webhooks in Basic",
      wrong: of({ a1: tenant(2), b1: tenant(1) }, { registry: { sku: "Basic" } }),
      lines: [`${at}.b1.webhooks.registry: ${full("Basic", 2, 2, 1)}`],
      right: of({ a1: tenant(2), b1: tenant(1, "pipeline") }, { registry: { sku: "Basic" } }),
    },
    {
      what: "has room for ten in Standard, and tells every tenant that has none",
      wrong: of({ a1: tenant(8), b1: tenant(3), c1: tenant(1) }),
      lines: [`${at}.b1.webhooks.registry: ${full("Standard", 10, 8, 3)}`, `${at}.c1.webhooks.registry: ${full("Standard", 10, 11, 1)}`],
      right: of({ a1: tenant(8), b1: tenant(2), c1: tenant(1, "none") }),
    },
    {
      what: "has room for 500 in Premium, the highest",
      wrong: of(Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`t${index}`, tenant(index === 10 ? 1 : 50)])), { registry: { sku: "Premium" } }),
      lines: [`${at}.t10.webhooks.registry: ${full("Premium", 500, 500, 1, "write pipeline")}`],
      right: of(Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`t${index}`, tenant(50)])), { registry: { sku: "Premium" } }),
    },
    {
      what: "is another's business where the registry exists",
      wrong: of({ a1: tenant(1) }, { registry: { existing: { name: "cracmeshared", resourceGroup: "rg-shared" } } }),
      lines: [`${at}.a1.webhooks.registry: acr is for a registry that Mooring makes, and this one exists (registry.existing); write pipeline`],
      right: of({ a1: tenant(1, "pipeline") }, { registry: { existing: { name: "cracmeshared", resourceGroup: "rg-shared" } } }),
    },
  ]);
});
