/** What exists in the stand-ins' Microsoft Entra: applications, their service principals and passwords, in one file. */
import { join } from "node:path";
import type { Values } from "../contract.ts";
import { JsonStore } from "../store.ts";

export interface DirectoryObject {
  /** The type in a Pulumi program. */
  type: string;
  id: string;
  outputs: Values;
}

interface Content {
  version: 1;
  objects: { [id: string]: DirectoryObject };
}

export const APPLICATION = "azuread:index/application:Application";
export const SERVICE_PRINCIPAL = "azuread:index/servicePrincipal:ServicePrincipal";
export const PASSWORD = "azuread:index/applicationPassword:ApplicationPassword";

export class Directory {
  readonly #store: JsonStore<Content>;

  /** `azuread.json` in the folder; made, readable by the user alone, with the first object. */
  constructor(folder: string) {
    this.#store = new JsonStore<Content>(join(folder, "azuread.json"), () => ({ version: 1, objects: {} }));
  }

  get(id: string): DirectoryObject | undefined {
    return this.#store.value.objects[id];
  }

  ofType(type: string): DirectoryObject[] {
    return Object.values(this.#store.value.objects).filter((object) => object.type === type);
  }

  isServicePrincipal(objectId: string): boolean {
    return this.ofType(SERVICE_PRINCIPAL).some(({ outputs }) => outputs.objectId === objectId);
  }

  async put(object: DirectoryObject): Promise<void> {
    this.#store.value.objects[object.id] = object;
    await this.#store.save();
  }

  /** Removes an object; with an application go its passwords and its service principal. */
  async remove(id: string): Promise<void> {
    const { objects } = this.#store.value;
    const clientId = objects[id]?.type === APPLICATION ? objects[id].outputs.clientId : undefined;
    for (const [key, { outputs }] of Object.entries(objects)) {
      if (key === id || outputs.applicationId === id || (clientId !== undefined && outputs.clientId === clientId)) delete objects[key];
    }
    await this.#store.save();
  }
}
