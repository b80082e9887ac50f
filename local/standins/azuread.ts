/**
 * The stand-in for the package `azuread`: applications, their service principals and passwords in Microsoft Entra. It keeps
 * what exists beside the stand-in for Azure, which knows the service principals of its directory.
 */
import { callerOf } from "./azure/account.ts";
import { Directory } from "./azuread/directory.ts";
import { rows } from "./azuread/rows.ts";
import type { DirectoryRow } from "./azuread/rows.ts";
import { services } from "./azuread/services.ts";
import type { StandIn, Values } from "./contract.ts";
import { UNKNOWN } from "./contract.ts";
import { differences, isWithin } from "./differences.ts";
import { failuresOf, withoutNulls } from "./shape.ts";

export interface AzureadOptions {
  /** Where `azuread.json` is kept: the folder of the stand-in for Azure. */
  folder: string;
  /** The day that the services live in. Default: today. */
  today?: Date;
}

const NO_TENANT = "00000000-0000-0000-0000-000000000000";
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function azureadStandIn({ folder, today }: AzureadOptions): StandIn {
  const directory = new Directory(folder);
  const tenants = new Map<string, string>();

  function rowOf(type: string): DirectoryRow {
    const row = Object.hasOwn(rows, type) ? rows[type] : undefined;
    if (row === undefined) throw new Error(`The stand-in for azuread does not know ${type}; it has ${Object.keys(rows).join(", ")}.`);
    return row;
  }
  const call = (type: string, inputs: Values, connection: string) => ({
    service: services[type]!,
    creation: { inputs: withoutNulls(inputs), directory, tenantId: tenants.get(connection) ?? NO_TENANT, now: today ?? new Date() },
  });

  return {
    package: "azuread",
    version: "6.9.1",

    configure(connection, { tenantId }) {
      if (tenantId !== undefined && tenantId !== null && !(typeof tenantId === "string" && GUID.test(tenantId))) throw new Error(`azuread: tenantId must be a GUID, not ${JSON.stringify(tenantId)}.`);
      tenants.set(connection, typeof tenantId === "string" ? tenantId : NO_TENANT);
    },

    diffConfig: () => ({ changes: [] }),

    check({ type, news }) {
      const inputs = withoutNulls(news);
      return { inputs, failures: failuresOf(rowOf(type).arguments, inputs) };
    },

    diff({ type, oldInputs, news }) {
      const changes = differences(withoutNulls(oldInputs), withoutNulls(news));
      return { changes, replaces: changes.filter((path) => isWithin(path, rowOf(type).createOnly)) };
    },

    async create({ type, inputs, preview, connection }) {
      const { outputs: added } = rowOf(type);
      if (preview) return { id: "", outputs: { ...Object.fromEntries(added.map((name) => [name, UNKNOWN])), ...inputs } };
      const { service, creation } = call(type, inputs, connection);
      service.refuse(creation);
      const { id, outputs } = service.create(creation);
      const object = { type, id, outputs: { ...creation.inputs, ...outputs } };
      await directory.put(object);
      return { id, outputs: object.outputs };
    },

    async update({ type, id, oldInputs, oldOutputs, news, preview, connection }) {
      // What was taken out of the inputs is no longer answered; what the service added stays.
      const kept = Object.fromEntries(Object.entries(oldOutputs).filter(([name]) => !(name in oldInputs)));
      if (preview) return { ...kept, ...withoutNulls(news) };
      const { service, creation } = call(type, news, connection);
      service.refuse(creation, id);
      const outputs = { ...kept, ...creation.inputs };
      await directory.put({ type, id, outputs });
      return outputs;
    },

    read({ id, inputs }) {
      const object = directory.get(id);
      if (object === undefined) return Promise.resolve(undefined);
      const { arguments: { fields } } = rowOf(object.type);
      const imported = Object.fromEntries(Object.entries(object.outputs).filter(([name]) => name in fields));
      return Promise.resolve({ id, inputs: Object.keys(inputs).length === 0 ? imported : inputs, outputs: object.outputs });
    },

    delete: ({ id }) => directory.remove(id),

    invoke(token, _, connection) {
      if (token !== "azuread:index/getClientConfig:getClientConfig") return Promise.reject(new Error(`The stand-in for azuread does not know the function ${token}.`));
      const tenantId = tenants.get(connection) ?? NO_TENANT;
      const caller = callerOf(tenantId);
      return Promise.resolve({ ...caller, tenantId, id: `${tenantId}-${caller.clientId}-${caller.objectId}` });
    },
  };
}
