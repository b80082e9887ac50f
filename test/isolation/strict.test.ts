/**
 * Every Kubernetes object that the program declares for the stacks of this project and for those that use every setting is one that
 * the API server takes: each field known, of its type, within the rules of its schema.
 */
import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readSettings } from "../../components/settings/read.ts";
import type { Configuration } from "../../components/settings/read.ts";
import { readStackFile } from "../../cli/stack-file.ts";
import { waitUntil } from "../../local/processes.ts";
import { silentProgress } from "../../local/progress.ts";
import type { Values } from "../../local/standins/contract.ts";
import { ApiError } from "../../local/standins/kubernetes/rest.ts";
import { provideGatewayCrds } from "../../local/toolchain/gateway-crds.ts";
import { everything, root } from "../conformance/files.ts";
import { Program } from "../evaluate.ts";
import { openLab } from "./lab.ts";
import type { Lab } from "./lab.ts";
import { inParallel } from "./sweep/authorizer.ts";

/** A server with Flux's kinds and those of the Gateway API, and with the admission rules of the environment that has every add-on, in force. */
let lab: Lab;
before(async () => {
  // Namespaces too, with which it is waited for the rules.
  const rules = (objects: Values[]): Values[] => objects.filter(({ kind }) => kind === "Namespace" || String(kind).startsWith("ValidatingAdmissionPolicy"));
  const { configuration: found, mistakes } = readStackFile({ root, file: everything.find((file) => file.endsWith("Pulumi.delivery.yaml"))! });
  assert.deepEqual(mistakes, []);
  lab = await openLab(withSecrets(found!), { change: rules, addOns: [await provideGatewayCrds({ progress: silentProgress })] });
});
// Where it could not be opened, that alone is to be told.
after(() => lab?.close());

const files = [...["staging", "prod", "local"].map((stack) => join(root, `Pulumi.${stack}.yaml`)), ...everything];

const identified = ({ kind, metadata }: Values): string => {
  const { namespace, name } = metadata as { namespace?: string; name: string };
  return `${String(kind)} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
};

/** What the server says against an object: nothing, when it takes it. Namespaces are made, since others stand in them; the rest is a dry run. */
async function objection(object: Values): Promise<string | undefined> {
  const served = await lab.discovery.find(object.apiVersion as string, object.kind as string);
  if (served === undefined) return `${identified(object)}: the server does not know ${String(object.kind)} of ${String(object.apiVersion)}`;
  try {
    await lab.admin.apply((await lab.discovery.paths(object)).object, object, { dryRun: object.kind !== "Namespace", force: true });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${identified(object)}: ${error.message}`;
  }
}

/** The rules read what a namespace says from a copy, which may be a moment behind. */
const COPIED_MS = 10_000;

async function settledObjection(object: Values): Promise<string | undefined> {
  let said = await objection(object);
  if (said?.includes("ValidatingAdmissionPolicy") === true) await waitUntil(async () => (said = await objection(object)) === undefined, COPIED_MS);
  return said;
}

async function objections(objects: Values[]): Promise<string[]> {
  const found: (string | undefined)[] = [];
  for (const namespaces of [true, false]) {
    found.push(...(await inParallel(objects.filter(({ kind }) => (kind === "Namespace") === namespaces), settledObjection)));
  }
  return found.filter((one) => one !== undefined);
}

/** With the secrets that the settings name, which a newcomer has not set yet. */
function withSecrets(found: Configuration): Configuration {
  const secrets = Object.fromEntries(readSettings(found).missingSecrets.map(({ message }) => [/secret (\S+) is not set/.exec(message)![1]!, "planted-secret"]));
  const values = { ...found.values, ...Object.fromEntries(Object.entries(secrets).map(([name, value]) => [`secret:${name}`, value])) };
  return { ...found, values, isSecret: (key) => key.startsWith("secret:") };
}

async function declared(file: string): Promise<Values[]> {
  const { configuration: found, mistakes } = readStackFile({ root, file });
  assert.deepEqual(mistakes, []);
  const program = await Program.of(withSecrets(found!));
  return program.objects().map(({ inputs }) => asAfterUp(inputs as Values));
}

/** With what is known after an `up` alone, where the server looks at it: the registry's host, and a secret that is JSON. */
function asAfterUp(object: Values): Values {
  const known = JSON.parse(JSON.stringify(object).replaceAll(/<[^<>"]+-suffix\.result>/g, "a1b2c3").replaceAll(/<[^<>"]+\.loginServer>/g, "crmooring.azurecr.io")) as Values;
  const { stringData } = known as { stringData?: Values };
  return stringData?.[".dockerconfigjson"] === undefined ? known : { ...known, stringData: { ".dockerconfigjson": JSON.stringify({ auths: {} }) } };
}

describe("the API server takes every object of", () => {
  for (const file of files) {
    test(basename(file), async (t) => {
      const objects = await declared(file);
      assert.ok(objects.length > 0);
      assert.deepEqual(await objections(objects), []);
      const kinds = [...new Set(objects.map(({ kind }) => String(kind)))].sort();
      t.diagnostic(`${objects.length} objects of ${kinds.length} kinds: ${kinds.join(", ")}`);
    });
  }
});

describe("it would say so of", () => {
  let objects: Values[];
  before(async () => {
    objects = await declared(files[0]!);
  });
  /** An object of the staging stack, changed. */
  async function changed(kind: string, change: (object: Values) => void): Promise<string[]> {
    const object = structuredClone(objects.find((one) => one.kind === kind)!);
    change(object);
    return await objections([...objects.filter((one) => one.kind === "Namespace"), object]);
  }
  const spec = (object: Values): Values => object.spec as Values;

  const wrong: { what: string; kind: string; change: (object: Values) => void; says: RegExp }[] = [
    { what: "a field that there is not", kind: "Kustomization", change: (object) => (spec(object).serviceAccount = "reconciler"), says: /unknown field|field not declared in schema/ },
    { what: "a value of another type", kind: "NetworkPolicy", change: (object) => (spec(object).podSelector = "all"), says: /NetworkPolicy.*(expected|cannot unmarshal)/s },
    { what: "a value that the schema's rules refuse", kind: "GitRepository", change: (object) => (spec(object).url = "git@github.com:acme/orders.git"), says: /spec\.url/ },
    { what: "an expression that does not compile", kind: "ValidatingAdmissionPolicy", change: (object) => ((spec(object).validations as Values[])[0]!.expression = "object.("), says: /compilation failed/ },
    { what: "a source that the rules do not allow", kind: "GitRepository", change: (object) => (spec(object).url = "ssh://git@github.com/others/shop.git"), says: /ValidatingAdmissionPolicy 'mooring-tenant-sources'/ },
    { what: "a kind that is not served", kind: "GitRepository", change: (object) => (object.apiVersion = "source.toolkit.fluxcd.io/v9"), says: /does not know/ },
  ];
  for (const { what, kind, change, says } of wrong) {
    test(what, async () => {
      const lines = await changed(kind, change);
      assert.equal(lines.length, 1, lines.join("\n"));
      assert.match(lines[0]!, says);
    });
  }
});
