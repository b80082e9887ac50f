/** Runs the real program with the SDK's mock monitor and records what it registers. */
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../../components/settings/read.ts";
import { answerInvoke, answerResource } from "./answers.ts";
import { secretMark } from "./marks.ts";

/** One registered resource, component or provider. */
export interface Registration {
  urn: string;
  type: string;
  name: string;
  /** URN of the parent; absent for the stack. */
  parent?: string;
  /** What the program asked for. Secret values are the text `[secret]`. */
  inputs: Record<string, unknown>;
  custom: boolean;
  protect: boolean;
  retainOnDelete: boolean;
  /** Of a resource that exists and is taken over. */
  importId?: string;
  dependsOn: string[];
  /** The same for each input, and so once more in the state. */
  inputDependencies: Record<string, string[]>;
  deletedWith?: string;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  deleteBeforeReplace: boolean;
  /** What replaces the resource when it changes, whatever its inputs do. */
  replacementTrigger?: unknown;
  /** Outputs that are secret whatever the provider says. */
  secretOutputs: string[];
  /** Names of the hooks that decide whether a failure is tried again. */
  errorHooks: string[];
  /** URN and id of the provider instance, for resources that have one. */
  provider?: string;
}

/** The parts of the engine's registration request that are recorded. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getCustom(): boolean;
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getImportid(): string;
  getDependenciesList(): string[];
  getPropertydependenciesMap(): { forEach(each: (dependencies: { getUrnsList(): string[] }, input: string) => void): void };
  getDeletedwith(): string;
  getIgnorechangesList(): string[];
  getReplaceonchangesList(): string[];
  getDeletebeforereplace(): boolean;
  getReplacementTrigger(): { toJavaScript(): unknown } | undefined;
  getAdditionalsecretoutputsList(): string[];
  getHooks(): { getOnErrorList(): string[] } | undefined;
  getProvider(): string;
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
}

type Callback = (error: Error | null, response?: { getUrn(): string }) => void;

interface Monitor {
  registerResource(request: RegisterRequest, callback: Callback): Promise<void>;
  /** The SDK calls it and its mock monitor lacks it. */
  registerErrorHook?(request: unknown, callback: (error: null, response: object) => void): void;
}

/**
 * Every registration of one environment, in no particular order. `program` constructs the resources; it is imported by
 * the caller's function only after the mock monitor is in place.
 */
export async function evaluate(configuration: Configuration, program: () => Promise<unknown>): Promise<Registration[]> {
  const { environment, values, isSecret } = configuration;
  pulumi.runtime.setAllConfig(values, Object.keys(values).filter((key) => isSecret(key)));
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => answerResource(type, name, inputs as Record<string, unknown>),
      call: ({ token, inputs }) => answerInvoke(token, inputs as Record<string, unknown>),
    },
    "mooring",
    environment,
    false,
  );

  // Mocks are told neither parents nor options, so the registrations are recorded on their way to the monitor.
  const registrations: Registration[] = [];
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) =>
    register(request, (error, response) => {
      if (response) registrations.push(record(request, response.getUrn()));
      callback(error, response);
    });

  monitor.registerErrorHook = (_, callback) => callback(null, {});

  await program();
  await pulumi.runtime.disconnect();
  return registrations;
}

function record(request: RegisterRequest, urn: string): Registration {
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent() || undefined,
    inputs: maskSecrets(request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
    custom: request.getCustom(),
    protect: request.getProtect(),
    retainOnDelete: request.getRetainondelete(),
    importId: request.getImportid() || undefined,
    dependsOn: request.getDependenciesList().sort(),
    inputDependencies: inputDependencies(request),
    deletedWith: request.getDeletedwith() || undefined,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    replacementTrigger: request.getReplacementTrigger()?.toJavaScript() ?? undefined,
    secretOutputs: request.getAdditionalsecretoutputsList(),
    errorHooks: request.getHooks()?.getOnErrorList() ?? [],
    provider: request.getProvider() || undefined,
  };
}

function inputDependencies(request: RegisterRequest): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((dependencies, input) => (all[input] = dependencies.getUrnsList()));
  return all;
}

/** The SDK marks a secret value by this key (sdk/nodejs/runtime/rpc.ts, specialSigKey and specialSecretSig). */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Replaces each leaf of a secret by a mark: a Secret's keys stay readable. */
export function maskSecrets(value: unknown, secret = false): unknown {
  if (Array.isArray(value)) return value.map((item) => maskSecrets(item, secret));
  if (value !== null && typeof value === "object") {
    const fields = value as Record<string, unknown>;
    if (fields[signatureKey] === secretSignature) return maskSecrets(fields.value, true);
    return Object.fromEntries(Object.entries(fields).map(([key, item]) => [key, maskSecrets(item, secret)]));
  }
  return secret ? secretMark : value;
}
