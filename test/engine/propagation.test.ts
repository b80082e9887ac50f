/** A first `up` while Azure still spreads the rights of the cluster's identity. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Environment, typeOf } from "./environment.ts";

describe("rights that arrive late", () => {
  let environment: Environment;
  before(async () => {
    environment = await Environment.open("staging");
    environment.configure((config) => (config.tenants = {}));
  });
  after(() => environment.close());

  test("are waited for: the cluster is tried again until AKS sees them", async () => {
    const { code, stdout, stderr } = await environment.operate("up", ["--yes", "--skip-preview"], { cwd: join(import.meta.dirname, "propagation") });
    assert.equal(code, 0, stdout.slice(-3000) + stderr);
    assert.match(stdout, /mooring-cluster: Azure has not spread all rights that its identity was given; trying again in 0\.5 s \(1 of 20\)/);
    assert.match(stdout, /retrying create due to on-error hook request \(1\/\d+\)/);
    assert.equal((await environment.state()).filter(({ urn }) => typeOf(urn) === "azure-native:containerservice:ManagedCluster").length, 1);
  });

  test("leave an environment that the program as it is finds complete", async () => {
    assert.deepEqual(await environment.preview(), []);
  });

  test("are no reason that an environment could not be destroyed without the program that waits", async () => {
    await environment.destroy();
    assert.deepEqual(await environment.state(), []);
  });
});
