/** The real program, evaluated for a configuration; one after the other, since the SDK keeps what it registers in one place. */
import * as pulumi from "@pulumi/pulumi";
import { Platform } from "../components/platform.ts";
import { loadSettings } from "../components/settings/load.ts";
import type { Configuration } from "../components/settings/read.ts";
import { evaluate, maskSecrets } from "../cli/render/evaluate.ts";
import type { Registration } from "../cli/render/evaluate.ts";

let last: Promise<unknown> = Promise.resolve();

export class Program {
  readonly registrations: readonly Registration[];
  /** What the stack exports. A secret is the text `[secret]`. */
  readonly outputs: Record<string, unknown>;
  /** The same as it goes over the wire, with secrets in their envelopes. */
  readonly wire: Record<string, unknown>;

  private constructor(registrations: readonly Registration[], wire: Record<string, unknown>) {
    this.registrations = registrations;
    this.wire = wire;
    this.outputs = maskSecrets(wire) as Record<string, unknown>;
  }

  static of(configuration: Configuration): Promise<Program> {
    const program = last.then(() => Program.#evaluated(configuration));
    last = program.catch(() => undefined);
    return program;
  }

  static async #evaluated(configuration: Configuration): Promise<Program> {
    let wire: Record<string, unknown> = {};
    const registrations = await evaluate(configuration, async () => {
      const { summary } = await Platform.create("mooring", loadSettings());
      wire = await pulumi.runtime.serializeProperties("outputs", { ...summary });
    });
    return new Program(registrations, wire);
  }

  /** All resources (not components) of a type, by the last part of its token: `Namespace`, `RoleAssignment`. */
  all(kind: string): Registration[] {
    return this.registrations.filter(({ type, custom }) => custom && type.split(":").at(-1) === kind);
  }

  /** The one of a type with this name. Throws when there is none. */
  one(kind: string, name: string): Registration {
    const found = this.all(kind).find((registration) => registration.name === name);
    if (!found) throw new Error(`no ${kind} ${name}; there are ${this.all(kind).map((registration) => registration.name).join(", ")}`);
    return found;
  }

  /** The Kubernetes object of a kind with this namespace and name. */
  object(kind: string, namespace: string | undefined, name: string): Registration {
    const found = this.objects().find(({ inputs }) => {
      const metadata = inputs.metadata as { name: string; namespace?: string };
      return inputs.kind === kind && metadata.name === name && metadata.namespace === namespace;
    });
    if (!found) throw new Error(`no ${kind} ${namespace ?? ""}/${name}`);
    return found;
  }

  /** Everything that becomes an object of the Kubernetes API. */
  objects(): Registration[] {
    return this.registrations.filter(({ type, inputs }) => type.startsWith("kubernetes:") && "kind" in inputs && "metadata" in inputs);
  }

  /** What a component and its children registered. */
  within(componentType: string, name: string): Registration[] {
    const component = this.registrations.find(({ type, name: own }) => type === componentType && own === name);
    return this.registrations.filter(({ urn, parent }) => urn === component?.urn || (parent !== undefined && parent === component?.urn));
  }

  /** The names of what a resource depends on directly, components with all that stands in them. */
  needs({ dependsOn }: Registration): string[] {
    return dependsOn.map((urn) => urn.split("::").at(-1)!).sort();
  }

  /** Whether `from` depends, over any number of steps, on `on`. */
  dependsOn(from: Registration, on: Registration): boolean {
    const byUrn = new Map(this.registrations.map((registration) => [registration.urn, registration]));
    const seen = new Set<string>();
    const walk = (urn: string): boolean => {
      if (urn === on.urn) return true;
      if (seen.has(urn)) return false;
      seen.add(urn);
      return (byUrn.get(urn)?.dependsOn ?? []).some(walk);
    };
    return from.dependsOn.some(walk);
  }
}
