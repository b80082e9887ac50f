/** The program that decides as Flux decides: that its answers are Flux's, and that it refuses what it does not understand. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { parseAllDocuments } from "yaml";
import { FluxError, FluxLogic } from "../flux-logic.ts";

let flux: FluxLogic;
before(async () => { flux = await FluxLogic.open(); });
after(() => flux.close());

const config = (data: Record<string, string>, annotations?: Record<string, string>): string =>
  JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x", ...(annotations && { annotations }) }, data });

const dataOf = (yaml: string): unknown[] => parseAllDocuments(yaml).map((document) => (document.toJS() as { data: unknown }).data);

test("substitutes variables as kustomize-controller does", async () => {
  const manifests = config({ plain: "${region}", fallback: "${zone:=none}", escaped: "$${region}", other: "$region", unset: "<${nothing}>" });
  const [data] = dataOf(await flux.substitute(manifests, { substitute: { region: "westeurope" } }));
  assert.deepEqual(data, { plain: "westeurope", fallback: "none", escaped: "${region}", other: "$region", unset: "<>" });
});

test("substitutes nothing where there is no variable, and nothing in what is exempt", async () => {
  const disabled = { "kustomize.toolkit.fluxcd.io/substitute": "disabled" };
  assert.deepEqual(dataOf(await flux.substitute(config({ a: "${region}" }), {})), [{ a: "${region}" }]);
  assert.deepEqual(dataOf(await flux.substitute(config({ a: "${region}" }, disabled), { substitute: { region: "x" } })), [{ a: "${region}" }]);
});

test("takes variables from a ConfigMap, over which those of the Kustomization go", async () => {
  const objects = [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "vars", namespace: "flux-system" }, data: { region: "north", zone: "1" } }];
  const postBuild = { substitute: { region: "west" }, substituteFrom: [{ kind: "ConfigMap", name: "vars" }] };
  assert.deepEqual(dataOf(await flux.substitute(config({ a: "${region}-${zone}" }), postBuild, { objects })), [{ a: "west-1" }]);
  await assert.rejects(flux.substitute(config({ a: "x" }), postBuild), /substitute from 'ConfigMap\/vars' error/);
});

test("refuses a variable without a value where that is asked for", async () => {
  await assert.rejects(flux.substitute(config({ a: "${typo}" }), { substitute: { region: "x" } }, { strict: true }), /variable not set.*typo|typo.*not set/);
  assert.deepEqual(dataOf(await flux.substitute(config({ a: "${typo:=none}" }), { substitute: { region: "x" } }, { strict: true })), [{ a: "none" }]);
});

test("reads a value anew where it stands alone: y is true, whatever quotes were around the variable", async () => {
  assert.deepEqual(dataOf(await flux.substitute(config({ a: "${x}", b: "-${x}" }), { substitute: { x: "y" } })), [{ a: true, b: "-y" }]);
});

test("refuses the name of a variable that the shell does not know", async () => {
  await assert.rejects(flux.substitute(config({ a: "x" }), { substitute: { "a-b": "x" } }), /'a-b' var name is invalid/);
});

test("refuses what it does not understand, and goes on", async () => {
  const policy = { apiVersion: "image.toolkit.fluxcd.io/v1", kind: "ImagePolicy", metadata: { name: "x", namespace: "y" }, spec: { polcy: {} } };
  await assert.rejects(flux.setImages("/nowhere", [policy]), (error: unknown) => error instanceof FluxError && /unknown field "spec.polcy"/.test(error.message));
  await assert.rejects(flux.receive({ objects: [{ apiVersion: "v1", kind: "Nothing" }], path: "/hook/" }), /no kind "Nothing" is registered/);
  await assert.rejects(flux.notification({ type: "matrix" as never, address: "https://example.com" }, {}), /a Provider of type "matrix" is not built in here/);
  assert.match(await flux.webhookPath("a", "b", "c"), /^\/hook\/[0-9a-f]{64}$/);
});

test("answers in order, however many ask at once, and nobody after its end", async () => {
  const names = Array.from({ length: 50 }, (_, index) => `receiver-${index}`);
  const together = await Promise.all(names.map((name) => flux.webhookPath("token", name, "flux")));
  const alone: string[] = [];
  for (const name of names) alone.push(await flux.webhookPath("token", name, "flux"));
  assert.deepEqual(together, alone);
  assert.equal(new Set(together).size, 50);
  const ended = await FluxLogic.open();
  await ended.close();
  await assert.rejects(ended.webhookPath("a", "b", "c"), /the program ended at webhook-path/);
});
