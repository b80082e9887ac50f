/**
 * What a stand-in provider implements. `serve.ts` speaks the engine's wire protocol and calls these
 * functions with plain values; a stand-in never sees protocol buffers.
 *
 * Secrets arrive unwrapped (the stand-ins do not accept secrets on the wire, so the engine unwraps them and
 * marks the outputs of the same path secret again). An unknown value is the string {@link UNKNOWN}.
 */

export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Values = { [key: string]: Value };

/** The engine's marker for a value that is not known yet (any place in a tree of values may hold it). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface ResourceRequest {
  urn: string;
  /** The type token, for example `azure-native:containerservice:ManagedCluster`. */
  type: string;
  /** The resource's name in the program (not the name in the cloud). */
  name: string;
  /** Tells provider instances of one package apart: equal for all calls that come through one instance. */
  connection: string;
}

export interface CheckResult {
  /** The inputs the engine shall keep: defaults and generated names filled in. */
  inputs: Values;
  /** One entry a mistake; the engine refuses the resource when there is any. */
  failures?: { property: string; reason: string }[];
}

export interface DiffResult {
  /** Paths of the inputs that differ, `a.b[0].c` style. Empty: no change. */
  changes: string[];
  /** Those among them that need a replacement. */
  replaces?: string[];
  /** Delete the old before the new is created (a fixed name is in use). */
  deleteBeforeReplace?: boolean;
}

export interface Created {
  /** Empty during a preview. */
  id: string;
  outputs: Values;
}

/**
 * An object was made but did not become ready: the engine records it, and the run fails with these reasons.
 */
export class PartialFailure extends Error {
  readonly id: string;
  readonly outputs: Values;
  readonly reasons: string[];
  constructor(id: string, outputs: Values, reasons: string[]) {
    super(reasons.join("; "));
    this.id = id;
    this.outputs = outputs;
    this.reasons = reasons;
  }
}

export interface StandIn {
  /** The package, for example `azure-native`. */
  package: string;
  version: string;
  /** A provider instance with its arguments (nested ones are JSON strings, as on the wire); throws to refuse. */
  configure?(connection: string, args: Values): void | Promise<void>;
  /** The provider instance's own arguments changed: whether it, and so all its resources, must be replaced. */
  diffConfig?(olds: Values, news: Values): DiffResult;
  check(request: ResourceRequest & { olds?: Values; news: Values; randomSeed: Uint8Array }): CheckResult | Promise<CheckResult>;
  diff(request: ResourceRequest & { id: string; oldInputs: Values; oldOutputs: Values; news: Values; ignoreChanges: string[] }): DiffResult | Promise<DiffResult>;
  create(request: ResourceRequest & { inputs: Values; preview: boolean }): Promise<Created>;
  update(request: ResourceRequest & { id: string; oldInputs: Values; oldOutputs: Values; news: Values; preview: boolean }): Promise<Values>;
  /** `undefined`: it is gone. */
  read(request: ResourceRequest & { id: string; inputs: Values; outputs: Values }): Promise<{ id: string; inputs: Values; outputs: Values } | undefined>;
  delete(request: ResourceRequest & { id: string; inputs: Values; outputs: Values }): Promise<void>;
  /** A function of the package, for example `azure-native:containerservice:listManagedClusterUserCredentials`. */
  invoke?(token: string, args: Values, connection: string): Promise<Values>;
}
