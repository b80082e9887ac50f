/** The environment of test/everything that uses every setting of delivery, on the engine. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { silentProgress } from "../../../local/progress.ts";
import { readCrds } from "../../../local/standins/kubernetes/helm/crds.ts";
import { provideGatewayCrds } from "../../../local/toolchain/gateway-crds.ts";
import { Environment } from "../environment.ts";
import { Forge } from "./forge.ts";

const file = join(import.meta.dirname, "../../everything/Pulumi.delivery.yaml");

/** The value of each secret that the settings name. */
export const secretValue = (name: string): string => `value of ${name}`;

/** What the stack's teams have at GitHub already, otherwise than the program would make it. */
export const existing = {
  search: { name: "search", description: "Found since 2019", visibility: "private", hasIssues: false, hasWiki: true, autoInit: true },
  stock: { name: "stock", description: "What there is", visibility: "internal", topics: ["warehouse"], autoInit: true },
};

/** With the Gateway API's kinds, which the add-on would bring: nothing applies modules here. Nothing is up yet. */
export async function openRelay(): Promise<{ environment: Environment; forge: Forge }> {
  const environment = await Environment.open("delivery", { file });
  try {
    for (const crd of readCrds(await provideGatewayCrds({ progress: silentProgress })).values()) {
      await environment.kubernetes.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd);
    }
    await setSecrets(environment);
    const forge = new Forge(environment.repositories, "relay");
    const driver = await forge.byHand();
    for (const [name, inputs] of Object.entries(existing)) await driver.create("github:index/repository:Repository", name, inputs);
    return { environment, forge };
  } catch (error) {
    await environment.close();
    throw error;
  }
}

/** In the place of the file's, which nobody can decrypt. */
async function setSecrets(environment: Environment): Promise<void> {
  const names: string[] = [];
  environment.configure((config) => {
    for (const key of Object.keys(config).filter((name) => name.startsWith("secret:"))) {
      names.push(key);
      delete config[key];
    }
  });
  const values = names.flatMap((key) => ["--secret", `${key}=${secretValue(key.slice("secret:".length))}`]);
  const { code, stderr } = await environment.run(["config", "set-all", "--stack", environment.stack, "--config-file", environment.stackFile, ...values]);
  assert.equal(code, 0, stderr);
}
