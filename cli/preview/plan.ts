/**
 * What a preview would do, read from the engine's events.
 *
 * `pulumi preview --json` prints one document in which policy violations are missing (pulumi/pulumi#18851); with
 * PULUMI_ENABLE_STREAMING_JSON_PREVIEW it prints the engine's events instead, one a line, and they have everything. Their
 * shape: sdk/go/common/apitype/events.go of pulumi/pulumi. Values of properties are never looked at, only their names.
 */

import type { Part } from "../comment/table.ts";
import { Parents, unknownPart } from "./parents.ts";

export type Kind = "create" | "update" | "replace" | "delete" | "import";

export interface Change {
  kind: Kind;
  urn: string;
  type: string;
  /** The last part of the URN. */
  name: string;
  /** The paths of the properties that make it change, for an update or a replacement. */
  because: string[];
  /** Replaced for the sake of another resource; its own properties would not ask for it. */
  consequence: boolean;
  /** Pulumi only forgets it; what it stands for stays. */
  retained: boolean;
  /** Has a provider; the others exist in the state alone. */
  custom: boolean;
  /** The tenant or component that it belongs to. */
  part: Part;
}

export interface Violation {
  policy: string;
  urn: string;
  message: string;
  /** An advisory one is told, and stops nothing. */
  mandatory: boolean;
}

export interface Plan {
  changes: Change[];
  unchanged: number;
  violations: Violation[];
  errors: string[];
  /** The policy packs that ran, `name` to `version`; absent when the engine came to no end. */
  packs?: Record<string, string>;
}

/** The parts of the engine's events that are read here. A value that is not known yet is a marker, or missing. */
interface Event {
  resourcePreEvent?: { metadata: Step };
  policyEvent?: { resourceUrn?: string; message: string; policyName: string; enforcementLevel: string };
  diagnosticEvent?: { message: string; severity: string };
  summaryEvent?: { PolicyPacks?: Record<string, string> | null };
}

interface Step {
  op: string;
  urn: string;
  type: string;
  old: State | null;
  new: State | null;
  keys?: string[] | null;
  diffs?: string[] | null;
  detailedDiff?: Record<string, { diffKind?: string }> | null;
}

interface State {
  parent?: string;
  custom?: boolean;
  retainOnDelete?: boolean;
  taint?: boolean;
}

/** The engine's operations that change something. A replacement is up to three steps, in an order of their own. */
const kinds: Readonly<Record<string, Kind>> = {
  create: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "import-replacement": "replace",
  delete: "delete",
  import: "import",
};

/** Takes in the lines that Pulumi prints, one after the other: those of a large stack do not fit into memory together. */
export class PlanReader {
  readonly #changes = new Map<string, Change>();
  /** Of the replacements, those of which any step says what of their own asks for it. */
  readonly #own = new Set<Change>();
  readonly #parents = new Parents();
  readonly #plan: Omit<Plan, "changes"> = { unchanged: 0, violations: [], errors: [] };

  read(line: string): void {
    if (!line.startsWith("{")) return;
    const { resourcePreEvent, policyEvent, diagnosticEvent, summaryEvent } = JSON.parse(line) as Event;
    if (resourcePreEvent !== undefined) this.#readStep(resourcePreEvent.metadata);
    if (policyEvent !== undefined) this.#readViolation(policyEvent);
    // Said after every other error as well.
    if (diagnosticEvent?.severity === "error" && diagnosticEvent.message.trim() !== "preview failed") this.#plan.errors.push(diagnosticEvent.message.trim());
    if (summaryEvent !== undefined) this.#plan.packs = summaryEvent.PolicyPacks ?? {};
  }

  get plan(): Plan {
    const changes = [...this.#changes.values()].map((change) => ({ ...change, consequence: change.kind === "replace" && !this.#own.has(change), part: this.#parents.partOf(change.urn) }));
    return { ...this.#plan, changes };
  }

  #readStep(step: Step): void {
    if (step.op === "same") this.#plan.unchanged++;
    const kind = kinds[step.op];
    const { parent, custom } = step.new ?? step.old ?? {};
    // The parents of what does not change are asked for only where it is a component.
    if (kind !== undefined || custom === false) this.#parents.note(step.urn, parent);
    if (kind === undefined) return;
    const key = `${kind} ${step.urn}`;
    const change = this.#changes.get(key) ?? started(kind, step);
    this.#changes.set(key, change);
    const differing = Object.keys(step.detailedDiff ?? {});
    const asksForIt = differing.filter((path) => kind === "update" || step.detailedDiff![path]?.diffKind?.endsWith("-replace"));
    // Without a detailed difference the engine still names the properties at the top.
    const named = asksForIt.length > 0 ? asksForIt : (kind === "update" ? step.diffs : step.keys) ?? [];
    change.because = [...new Set([...change.because, ...named])];
    if (differing.length > 0 || (step.diffs ?? []).length > 0 || step.old?.taint === true) this.#own.add(change);
  }

  #readViolation({ resourceUrn = "", message, policyName, enforcementLevel }: NonNullable<Event["policyEvent"]>): void {
    // The engine puts the policy's description before what the policy says about the resource.
    const [description = "", ...said] = message.trim().split("\n");
    this.#plan.violations.push({ policy: policyName, urn: resourceUrn, message: said.join(" ") || description, mandatory: enforcementLevel !== "advisory" });
  }
}

function started(kind: Kind, { urn, type, old, new: next }: Step): Change {
  const { custom = false, retainOnDelete = false } = old ?? next ?? {};
  return { kind, urn, type, name: nameOf(urn), because: [], consequence: false, retained: retainOnDelete, custom, part: unknownPart };
}

export function nameOf(urn: string): string {
  return urn.split("::").at(-1)!;
}

/** `AgentPool`; `kubernetes provider` for the instance of a provider. */
export function shortType(type: string): string {
  const last = type.split(/[$:]/).at(-1)!;
  return /(^|\$)pulumi:providers:\w[\w-]*$/.test(type) ? `${last} provider` : last;
}

/** `AgentPool mooring-cluster-batch` */
export function title(urn: string): string {
  const [type = "", name = ""] = urn.split("::").slice(2);
  return `${shortType(type)} ${name}`;
}
