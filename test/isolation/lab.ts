/**
 * An API server with Flux's CRDs and what the program declares for a configuration, to be attacked. No controller of Flux's
 * and no node runs there: what the API server decides is real (access, admission, quota, pod security, schemas).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Configuration } from "../../components/settings/read.ts";
import { silentProgress } from "../../local/progress.ts";
import type { Values } from "../../local/standins/contract.ts";
import { Discovery } from "../../local/standins/kubernetes/discovery.ts";
import { readCrds } from "../../local/standins/kubernetes/helm/crds.ts";
import { collectionPath } from "../../local/standins/kubernetes/rest.ts";
import type { KubernetesClient } from "../../local/standins/kubernetes/rest.ts";
import { provideToolchain } from "../../local/toolchain/toolchain.ts";
import { startPlane } from "../engine/plane.ts";
import { Program } from "../evaluate.ts";

export interface Lab {
  /** The API server, as its administrator: what Pulumi is, and Flux's controllers. */
  admin: KubernetesClient;
  program: Program;
  /** What was put into the server, in this order. */
  objects: Values[];
  discovery: Discovery;
  close(): Promise<void>;
}

export interface LabOptions {
  /** Changes what is put into the server, to see that an attack that is denied succeeds without what denies it. */
  change?: (objects: Values[]) => Values[];
  /** Folders with CRDs of add-ons, one YAML file each. */
  addOns?: string[];
}

/** How long a rule may take to hold, and a quota to be counted; seconds on an idle machine. */
const SETTLE_MS = 120_000;
const PAUSE_MS = 200;

/** An open lab is closed by whoever opened it. */
export async function openLab(configuration: Configuration, { change = (objects) => objects, addOns = [] }: LabOptions = {}): Promise<Lab> {
  const program = await Program.of(configuration);
  const { crdFolder } = await provideToolchain({ progress: silentProgress });
  const folder = mkdtempSync(join(tmpdir(), "mooring-lab-"));
  const plane = await startPlane(join(folder, "plane"));
  const admin = plane.client;
  const close = async (): Promise<void> => {
    admin.close();
    await plane.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const discovery = new Discovery(admin);
    for (const crds of [crdFolder, ...addOns]) await installCrds(admin, discovery, crds);
    // A controller-manager learns of kinds that it can count at its start, and later within minutes.
    await plane.restartControllers();
    const objects = change(inOrder(program.objects().map(({ inputs }) => inputs as Values)));
    for (const object of objects) await put(admin, discovery, object);
    await settle(admin, discovery, objects);
    return { admin, program, objects, discovery, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function installCrds(admin: KubernetesClient, discovery: Discovery, folder: string): Promise<void> {
  const crds = [...readCrds(folder).values()];
  for (const crd of crds) await admin.apply((await discovery.paths(crd)).object, crd);
  for (const { spec } of crds) {
    const { group, names, versions } = spec as { group: string; names: { kind: string }; versions: { name: string; served: boolean }[] };
    await discovery.wait(`${group}/${versions.findLast(({ served }) => served)!.name}`, names.kind, SETTLE_MS);
  }
}

/** Applies an object, with strict validation, when its kind is served. */
async function put(admin: KubernetesClient, discovery: Discovery, object: Values): Promise<void> {
  await discovery.wait(object.apiVersion as string, object.kind as string, SETTLE_MS);
  await admin.apply((await discovery.paths(object)).object, object, { force: true });
}

/** Namespaces first; the engine's order does not matter to the API server beyond that. */
function inOrder(objects: Values[]): Values[] {
  const isNamespace = ({ kind }: Values): boolean => kind === "Namespace";
  return [...objects.filter(isNamespace), ...objects.filter((object) => !isNamespace(object))];
}

/** Until the quotas are counted, without which every object of a counted kind is refused, and the rules are in force. */
async function settle(admin: KubernetesClient, discovery: Discovery, objects: Values[]): Promise<void> {
  for (const quota of objects.filter(({ kind }) => kind === "ResourceQuota")) {
    const { object: path } = await discovery.paths(quota);
    const names = Object.keys((quota.spec as { hard: Values }).hard);
    const wanted: string[] = [];
    for (const name of names) if (await isServed(admin, name)) wanted.push(name);
    await until(`the quota ${path} is counted`, async () => {
      const { used = {} } = ((await admin.get(path))?.status ?? {}) as { used?: Values };
      return wanted.every((name) => name in used);
    });
  }
  const [ruled] = objects.filter(({ kind, metadata }) => kind === "Namespace" && (metadata as { labels?: Values }).labels?.["toolkit.fluxcd.io/tenant"] !== undefined);
  for (const policy of objects.filter(({ kind }) => kind === "ValidatingAdmissionPolicy")) {
    const name = (policy.metadata as { name: string }).name;
    const { object: path } = await discovery.paths(policy);
    await until(`the policy ${name} was read`, async () => {
      const found = await admin.get(path);
      return (found?.status as Values | undefined)?.observedGeneration === (found?.metadata as Values | undefined)?.generation;
    });
  }
  if (ruled === undefined || !objects.some(({ kind, spec }) => kind === "ValidatingAdmissionPolicyBinding" && (spec as { validationActions: string[] }).validationActions.includes("Deny"))) return;
  const namespace = (ruled.metadata as { name: string }).name;
  const forbidden = { apiVersion: "v1", kind: "Service", metadata: { name: "probe", namespace }, spec: { type: "ExternalName", externalName: "probe.example" } };
  await until("the rules are in force", async () => {
    const answer = await admin.request("POST", collectionPath("v1", "services", namespace), { query: { dryRun: "All" }, body: forbidden });
    return answer.status === 403;
  });
}

/** Whether what a quota counts is a kind of this server: add-ons bring some of them. */
async function isServed(admin: KubernetesClient, counted: string): Promise<boolean> {
  const [, group] = /^count\/[^.]+\.(.*\..*)$/.exec(counted) ?? [];
  return group === undefined || (await admin.get(`/apis/${group}`)) !== undefined;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + SETTLE_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`after ${SETTLE_MS / 1000} s it does not hold that ${what}`);
    await delay(PAUSE_MS);
  }
}
