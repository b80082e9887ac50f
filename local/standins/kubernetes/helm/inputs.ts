/** The inputs of a Helm Release: defaults and mistakes. */
import { UNKNOWN, type CheckResult, type Value, type Values } from "../../contract.ts";
import { formatPath, type Path } from "../../serve/paths.ts";
import { isValues, mapAt, textAt } from "../object.ts";
import { suffix } from "../inputs.ts";
import { crdsOf, knownValues, offByDefault, type KnownKeys } from "./flux2-chart.ts";

/** Inputs that the stand-in acts on, or that cannot matter where nothing is rendered and no pod is waited for. */
const knownInputs = new Set(
  ("name namespace chart version repositoryOpts values createNamespace maxHistory timeout " +
    "atomic cleanupOnFail description disableCRDHooks disableOpenapiValidation disableWebhooks forceUpdate lint recreatePods " +
    "renderSubchartNotes resetValues skipAwait skipCrds waitForJobs").split(" "),
);
const DEFAULT_TIMEOUT_SECONDS = 300;

export function checkRelease(news: Values, olds: Values | undefined, resourceName: string, randomSeed: Uint8Array, defaultNamespace: string): CheckResult {
  const inputs: Values = {};
  for (const [input, value] of Object.entries(news)) {
    // `compat` is how the SDK says that it is not the old Helm resource.
    if (value !== null && input !== "compat") inputs[input] = value;
  }
  inputs.name ??= olds?.name ?? `${resourceName}-${suffix(resourceName, randomSeed)}`;
  inputs.namespace ??= defaultNamespace;
  if (inputs.skipAwait !== true) inputs.timeout ??= DEFAULT_TIMEOUT_SECONDS;
  return { inputs, failures: [...inputMistakes(inputs), ...valueMistakes(inputs.values)] };
}

function inputMistakes(inputs: Values): { property: string; reason: string }[] {
  const mistakes: { property: string; reason: string }[] = [];
  for (const property of Object.keys(inputs)) {
    if (!knownInputs.has(property)) mistakes.push({ property, reason: `the stand-in for Helm does not support ${property}` });
  }
  const { chart, version } = inputs;
  const repo = mapAt(inputs, "repositoryOpts").repo;
  if (chart !== UNKNOWN && chart !== "flux2") {
    mistakes.push({ property: "chart", reason: `the stand-in for Helm cannot render charts and knows only flux2, not ${JSON.stringify(chart ?? "")}` });
  } else if (repo !== UNKNOWN && !(typeof repo === "string" && repo.startsWith("https://"))) {
    mistakes.push({ property: "repositoryOpts.repo", reason: "without the https:// address of its repository Helm does not find the chart flux2" });
  }
  if (version !== UNKNOWN && !(typeof version === "string" && /^\d+\.\d+\.\d+/.test(version))) {
    mistakes.push({ property: "version", reason: "version must name one version of the chart, for example 2.18.3; Helm would take the newest otherwise" });
  }
  return mistakes;
}

/** Keys that the chart does not read. Helm accepts them, and they silently do nothing. */
export function valueMistakes(values: Value | undefined): { property: string; reason: string }[] {
  const unknown: Path[] = [];
  const visit = (value: Value | undefined, known: KnownKeys, path: Path): void => {
    if (!isValues(value)) return;
    for (const [key, member] of Object.entries(value)) {
      const next = Object.hasOwn(known, key) ? known[key] : undefined;
      if (next === undefined) unknown.push([...path, key]);
      else if (next !== "free") visit(member, next, [...path, key]);
    }
  };
  visit(values, knownValues, ["values"]);
  return unknown.map((path) => ({ property: formatPath(path), reason: `the chart flux2 2.18.3 has no value ${formatPath(path.slice(1))}; Helm would ignore it` }));
}

/** Names of the CRDs that the chart installs with these values. */
export function wantedCrds(values: Values): string[] {
  if (values.installCRDs === false) return [];
  return Object.keys(crdsOf)
    .filter((controller) => (mapAt(values, controller).create ?? !offByDefault.has(controller)) === true)
    .flatMap((controller) => crdsOf[controller]!);
}

/** Time in milliseconds that an installation or removal may take. */
export function timeoutOf(inputs: Values): number {
  return (typeof inputs.timeout === "number" && inputs.timeout > 0 ? inputs.timeout : DEFAULT_TIMEOUT_SECONDS) * 1000;
}

/** For people: `namespace/name`, which is also the id. */
export function releaseId(inputs: Values): string {
  return `${textAt(inputs, "namespace")}/${textAt(inputs, "name")}`;
}
