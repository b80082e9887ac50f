/** Azure Resource Manager: what holds for every type before and after its own service has its say. */
import { setTimeout as pass } from "node:timers/promises";
import type { Values } from "../contract.ts";
import { ArmError, resourceGroupNotFound } from "./arm-error.ts";
import type { Cloud, Resource } from "./cloud.ts";
import { parentId } from "./ids.ts";
import { refusedChanges } from "./inputs.ts";
import { refuseLocked } from "./locks.ts";
import { liveOutputs, writtenOutputs } from "./outputs.ts";
import { refuseMissingReferences, refuseMissingScope } from "./references.ts";
import { normalizedLocation, regions } from "./regions.ts";
import type { Account, Write } from "./service.ts";
import { serviceOf } from "./services.ts";

/** How long an exclusive write takes, in milliseconds: long enough that two of one run really meet. */
const EXCLUSIVE_WRITE = 40;

export class Arm {
  readonly cloud: Cloud;
  readonly #writing = new Set<string>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  /** Refuses, then records, a create or update; answers as a GET does. */
  async put(write: Write): Promise<Values> {
    const { rule, id, inputs } = write;
    let outputs: Values = {};
    await this.#exclusively(rule.token, id, async () => {
      refuse(write);
      const alongside = serviceOf(rule.token).alongside?.(write) ?? [];
      const resource = { token: rule.token, id, inputs, outputs: writtenOutputs(write, alongside) };
      await this.cloud.put(resource, ...alongside);
      outputs = liveOutputs(resource, this.cloud);
    });
    return outputs;
  }

  /** Refuses, then removes. What does not exist is gone already. */
  async delete(id: string, account: Account): Promise<void> {
    const resource = this.cloud.get(id);
    if (resource === undefined) return;
    const service = serviceOf(resource.token);
    if (service.deletedByDataPlane !== true) refuseLocked(this.cloud, resource.token, id, "delete");
    service.refuseDelete?.(resource, this.cloud, account);
    await this.#exclusively(resource.token, id, () => this.cloud.remove(id, isRecoverable));
  }

  /** Runs a write of a type whose writes must not overlap; refuses it while another one is under way. */
  async #exclusively(token: string, id: string, write: () => Promise<void>): Promise<void> {
    const exclusive = serviceOf(token).exclusive?.({ id });
    if (exclusive === undefined) return write();
    if (this.#writing.has(exclusive.key)) throw exclusive.conflict;
    this.#writing.add(exclusive.key);
    try {
      await pass(EXCLUSIVE_WRITE);
      await write();
    } finally {
      this.#writing.delete(exclusive.key);
    }
  }
}

const isRecoverable = (resource: Resource): boolean => serviceOf(resource.token).softDeleted === true;

/** What holds for every type: no lock, parents and references exist, the location is one, create-only properties stay; then the service's own refusals. */
function refuse(write: Write): void {
  const { rule, id, inputs, cloud, previous } = write;
  refuseLocked(cloud, rule.token, id, "write");
  const parent = parentId(id);
  if (rule.id.startsWith("/{")) refuseMissingScope(parent ?? id, cloud);
  else if (parent !== undefined && cloud.get(parent) === undefined) throw parentNotFound(parent, rule.armType);
  const { locations = regions } = rule;
  if (typeof inputs.location === "string" && !locations.includes(normalizedLocation(inputs.location))) {
    throw new ArmError(400, "LocationNotAvailableForResourceType", `The provided location '${inputs.location}' is not available for resource type '${rule.armType}'. List of available regions for the resource type is '${locations.join(",")}'.`);
  }
  const [changed] = previous ? refusedChanges(rule, previous, inputs) : [];
  if (changed === "location" && previous) {
    throw new ArmError(409, "InvalidResourceLocation", `The resource '${String(previous.outputs.name)}' already exists in location '${String(previous.outputs.location)}' in resource group. A resource with the same name cannot be created in location '${String(inputs.location)}'. Please select a new resource name.`);
  }
  if (changed !== undefined) throw new ArmError(400, "PropertyChangeNotAllowed", `Changing property '${changed}' is not allowed.`);
  refuseMissingReferences(write);
  serviceOf(rule.token).refuse?.(write);
}

function parentNotFound(parent: string, armType: string): ArmError {
  const group = /\/resourceGroups\/([^/]+)$/i.exec(parent)?.[1];
  if (group !== undefined) return resourceGroupNotFound(group);
  return new ArmError(404, "ParentResourceNotFound", `Failed to perform 'write' on resource(s) of type '${armType.replace(/^[^/]+\//, "")}', because the parent resource '${parent}' could not be found.`);
}
