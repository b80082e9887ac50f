/** What exists in the stand-in's Azure: every resource of every subscription, in one file. */
import { join } from "node:path";
import type { Values } from "../contract.ts";
import { JsonStore } from "../store.ts";
import { isBeneath } from "./ids.ts";

export interface Resource {
  token: string;
  id: string;
  /** As the last create or update gave them. */
  inputs: Values;
  /** As a read answers. */
  outputs: Values;
}

interface Content {
  version: 1;
  resources: { [lowerCaseId: string]: Resource };
}

export class Cloud {
  readonly #store: JsonStore<Content>;

  constructor(folder: string) {
    this.#store = new JsonStore<Content>(join(folder, "azure.json"), () => ({ version: 1, resources: {} }));
  }

  get(id: string): Resource | undefined {
    return this.#store.value.resources[id.toLowerCase()];
  }

  all(): Resource[] {
    return Object.values(this.#store.value.resources);
  }

  ofType(token: string): Resource[] {
    return this.all().filter((resource) => resource.token === token);
  }

  /** Changes several resources in one step; resolves when they are on disk. */
  async put(...resources: Resource[]): Promise<void> {
    for (const resource of resources) this.#store.value.resources[resource.id.toLowerCase()] = resource;
    await this.#store.save();
  }

  /** Removes what is at or beneath the id, as ARM does with a group and with a parent, and what these manage. */
  async remove(id: string): Promise<void> {
    this.#drop(id);
    await this.#store.save();
  }

  #drop(id: string): void {
    const resources = this.#store.value.resources;
    const gone = Object.keys(resources).filter((key) => isBeneath(key, id));
    for (const key of gone) delete resources[key];
    for (const managed of this.all().filter(({ inputs }) => gone.includes(String(inputs.managedBy).toLowerCase()))) this.#drop(managed.id);
  }
}
