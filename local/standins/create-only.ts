/** What `random` and `tls` resources share: they are computed once and every input is create-only. */
import { UNKNOWN, type DiffResult, type ResourceRequest, type StandIn, type Value, type Values } from "./contract.ts";
import { hasUnknown } from "./serve/values.ts";
import { changedPaths, formatPath } from "./serve/paths.ts";

/** One resource type of such a package. */
export interface CreateOnlyType {
  /** Inputs that the type has, with the value each takes when it is left out (`undefined`: none). */
  inputs: { [input: string]: Value | undefined };
  /** Names of the outputs besides the inputs; they are unknown during a preview. */
  outputs: string[];
  /** Mistakes in inputs whose defaults are filled in. Rules skip what is still unknown. */
  mistakes(inputs: Values): { property: string; reason: string }[];
  /** The id, and every output named in `outputs`. */
  generate(inputs: Values): { id: string; outputs: Values };
}

/**
 * A stand-in for a package of such types. An input that the type does not have, and a type that is not in the table,
 * are refused by name. Reading answers with what the state holds: nothing exists elsewhere.
 *
 * @param types by type token, for example `random:index/randomString:RandomString`
 */
export function createOnlyStandIn(name: string, version: string, types: { [token: string]: CreateOnlyType }): StandIn {
  const typeOf = (request: ResourceRequest): CreateOnlyType => {
    const type = types[request.type];
    if (!type) throw new Error(`${request.type} is not in the stand-in for ${name}; it has ${Object.keys(types).join(", ")}`);
    return type;
  };
  return {
    package: name,
    version,
    check(request) {
      const type = typeOf(request);
      const inputs: Values = {};
      for (const [input, fallback] of Object.entries(type.inputs)) {
        const value = request.news[input] ?? fallback;
        if (value !== undefined) inputs[input] = value;
      }
      const unknownInputs = Object.keys(request.news).filter((input) => !(input in type.inputs));
      const failures = unknownInputs.map((property) => ({ property, reason: `${request.type} has no input "${property}"` }));
      return { inputs, failures: [...failures, ...type.mistakes(inputs)] };
    },
    diff(request) {
      return createOnlyDiff(request.oldInputs, request.news);
    },
    create(request) {
      const type = typeOf(request);
      if (request.preview) {
        return Promise.resolve({ id: "", outputs: { ...request.inputs, ...Object.fromEntries(type.outputs.map((output) => [output, UNKNOWN])) } });
      }
      if (hasUnknown(request.inputs)) return Promise.reject(new Error(`${request.name}: an input is not known although the run is not a preview`));
      const { id, outputs } = type.generate(request.inputs);
      return Promise.resolve({ id, outputs: { ...request.inputs, ...outputs } });
    },
    update(request) {
      return Promise.reject(new Error(`${request.name}: ${request.type} cannot be updated, only replaced`));
    },
    read({ id, inputs, outputs }) {
      if (Object.keys(outputs).length === 0) return Promise.reject(new Error(`${name} (stand-in): a value cannot be imported`));
      return Promise.resolve({ id, inputs, outputs });
    },
    delete: () => Promise.resolve(),
  };
}

/** Every changed input asks for a replacement. */
function createOnlyDiff(before: Values, after: Values): DiffResult {
  const changes = changedPaths(before, after).map(formatPath);
  return { changes, replaces: changes };
}
