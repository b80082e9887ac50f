/** Drives a stand-in as the engine does, with plain values: check, diff, then create or update. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { CheckResult, DiffResult, StandIn, Values } from "../../local/standins/contract.ts";

/** A folder that goes when the test ends. */
export function scratch(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "mooring-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Live {
  type: string;
  name: string;
  id: string;
  inputs: Values;
  outputs: Values;
}

export class Driver {
  readonly standIn: StandIn;
  readonly connection: string;
  #seed = 0;

  constructor(standIn: StandIn, connection = "first") {
    this.standIn = standIn;
    this.connection = connection;
  }

  #request(type: string, name: string): { urn: string; type: string; name: string; connection: string } {
    return { urn: `urn:pulumi:local::mooring::${type}::${name}`, type, name, connection: this.connection };
  }

  async check(type: string, name: string, news: Values, olds?: Values): Promise<CheckResult> {
    this.#seed += 1;
    return this.standIn.check({ ...this.#request(type, name), news, olds, randomSeed: Uint8Array.of(this.#seed) });
  }

  async #checked(type: string, name: string, news: Values, olds?: Values): Promise<Values> {
    const { inputs, failures = [] } = await this.check(type, name, news, olds);
    if (failures.length > 0) throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
    return inputs;
  }

  async create(type: string, name: string, news: Values): Promise<Live> {
    const inputs = await this.#checked(type, name, news);
    const { id, outputs } = await this.standIn.create({ ...this.#request(type, name), inputs, preview: false });
    return { type, name, id, inputs, outputs };
  }

  async previewCreate(type: string, name: string, news: Values): Promise<{ id: string; outputs: Values }> {
    const inputs = await this.#checked(type, name, news);
    return this.standIn.create({ ...this.#request(type, name), inputs, preview: true });
  }

  async diff(live: Live, news: Values): Promise<DiffResult> {
    const inputs = await this.#checked(live.type, live.name, news, live.inputs);
    return this.standIn.diff({ ...this.#request(live.type, live.name), id: live.id, oldInputs: live.inputs, oldOutputs: live.outputs, news: inputs, ignoreChanges: [] });
  }

  async update(live: Live, news: Values, preview = false): Promise<Live> {
    const inputs = await this.#checked(live.type, live.name, news, live.inputs);
    const outputs = await this.standIn.update({ ...this.#request(live.type, live.name), id: live.id, oldInputs: live.inputs, oldOutputs: live.outputs, news: inputs, preview });
    return { ...live, inputs, outputs };
  }

  read(live: Pick<Live, "type" | "name" | "id">): ReturnType<StandIn["read"]> {
    return this.standIn.read({ ...this.#request(live.type, live.name), id: live.id, inputs: {}, outputs: {} });
  }

  delete(live: Live): Promise<void> {
    return this.standIn.delete({ ...this.#request(live.type, live.name), id: live.id, inputs: live.inputs, outputs: live.outputs });
  }

  invoke(token: string, args: Values): Promise<Values> {
    if (this.standIn.invoke === undefined) throw new Error("no functions");
    return this.standIn.invoke(token, args, this.connection);
  }
}
