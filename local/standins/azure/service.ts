/** What a service does beyond the rules of its rows: refuse what the real one refuses, and answer what it computes. */
import type { Values } from "../contract.ts";
import type { Cloud, Resource } from "./cloud.ts";
import type { ResourceRule } from "./rule.ts";

/** Who calls: what one provider instance was configured with. */
export interface Account {
  subscriptionId: string;
  tenantId: string;
  /** Of the principal that runs the program. */
  clientId: string;
  objectId: string;
  location?: string;
}

export interface Write {
  rule: ResourceRule;
  id: string;
  inputs: Values;
  account: Account;
  cloud: Cloud;
  /** The day on which it happens. */
  now: Date;
  /** The resource as it is, when this is an update. */
  previous?: Resource;
}

export interface Service {
  /** Throws an ArmError when the service would refuse this create or update. */
  refuse?(write: Write): void;
  /** Throws when the service would refuse to delete. */
  refuseDelete?(resource: Resource, cloud: Cloud, account: Account): void;
  /** The provider deletes it past Azure Resource Manager, so that locks do not hold it. */
  deletedByDataPlane?: boolean;
  /** What is deleted can be recovered, and its name is taken meanwhile. */
  softDeleted?: boolean;
  /** Resources that the service makes along with this one; with `managedBy` in their inputs they go when it goes. */
  alongside?(write: Write): Resource[];
  /** Properties to add to the outputs, by dotted path. */
  computed?(write: Write, alongside: Resource[]): Values;
  /** Outputs that follow from other resources, at the time of a read. */
  live?(resource: Resource, cloud: Cloud): Values;
  /** Writes with one key must not overlap; the second one meets `conflict`. */
  exclusive?(write: Pick<Write, "id">): { key: string; conflict: Error };
}
