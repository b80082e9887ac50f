/** What exists in the stand-in's Azure: every resource of every subscription, in one file. */
import { join } from "node:path";
import type { Values } from "../contract.ts";
import { Directory } from "../azuread/directory.ts";
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
  /** What was deleted and can be recovered: its name is taken until the service forgets it. */
  deleted?: { [lowerCaseId: string]: Resource };
}

export class Cloud {
  /** What exists in Microsoft Entra, beside Azure. */
  readonly directory: Directory;
  readonly #store: JsonStore<Content>;

  constructor(folder: string) {
    this.directory = new Directory(folder);
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

  /** Of a type, what was deleted and can be recovered. */
  deletedOfType(token: string): Resource[] {
    return Object.values(this.#store.value.deleted ?? {}).filter((resource) => resource.token === token);
  }

  /** Changes several resources in one step; resolves when they are on disk. */
  async put(...resources: Resource[]): Promise<void> {
    for (const resource of resources) {
      const key = resource.id.toLowerCase();
      this.#store.value.resources[key] = resource;
      delete this.#store.value.deleted?.[key];
    }
    await this.#store.save();
  }

  /**
   * Removes what is at or beneath the id, as ARM does with a group and with a parent, and what these manage. Of it,
   * what `isKept` says can be recovered.
   */
  async remove(id: string, isKept: (resource: Resource) => boolean): Promise<void> {
    this.#drop(id, isKept);
    await this.#store.save();
  }

  #drop(id: string, isKept: (resource: Resource) => boolean): void {
    const { resources } = this.#store.value;
    const gone = Object.keys(resources).filter((key) => isBeneath(key, id));
    for (const key of gone) {
      const resource = resources[key]!;
      if (isKept(resource)) (this.#store.value.deleted ??= {})[key] = resource;
      delete resources[key];
    }
    for (const managed of this.all().filter(({ inputs }) => gone.includes(String(inputs.managedBy).toLowerCase()))) this.#drop(managed.id, isKept);
  }
}
