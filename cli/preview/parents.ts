/** Which tenant or component a resource belongs to. A URN has the types of all that it stands in, and no names. */
import type { Part } from "../comment/table.ts";

/** For a resource of which neither parents nor types say anything. */
export const unknownPart: Part = { kind: "component", name: "stack" };

const tenantType = "mooring:tenant:Tenant";
/** A tenant's part in Azure, named after it with this ending (components/platform.ts). */
const cloud = { type: "mooring:azure:TenantCloud", ending: /-azure$/ };

export class Parents {
  readonly #parents = new Map<string, string>();

  /** Takes in a resource's parent, by URN, as its step in the engine's events says it. */
  note(urn: string, parent: string | undefined): void {
    if (parent !== undefined && parent !== "") this.#parents.set(urn, parent);
  }

  /** The tenant in which a resource stands; else the component directly below the environment's, or that one itself. */
  partOf(urn: string): Part {
    const above = this.#path(urn).filter((one) => typeOf(one).startsWith("mooring:"));
    for (const one of above) {
      if (typeOf(one) === tenantType) return { kind: "tenant", name: nameOf(one) };
      if (typeOf(one) === cloud.type) return { kind: "tenant", name: nameOf(one).replace(cloud.ending, "") };
    }
    const component = above.at(-2) ?? above.at(-1);
    return component === undefined ? byTypes(urn) : { kind: "component", name: nameOf(component) };
  }

  /** A resource and what it stands in, outwards. */
  #path(urn: string): string[] {
    const path: string[] = [];
    for (let at: string | undefined = urn; at !== undefined && !path.includes(at); at = this.#parents.get(at)) path.push(at);
    return path;
  }
}

/** From the types alone, for a resource whose parent the engine did not tell. */
function byTypes(urn: string): Part {
  const types = chainOf(urn).filter((type) => type.startsWith("mooring:"));
  if (types.includes(tenantType) || types.includes(cloud.type)) return { kind: "component", name: "tenants" };
  const type = types[1] ?? types[0];
  return type === undefined ? unknownPart : { kind: "component", name: type.split(":").at(-1)! };
}

const chainOf = (urn: string): string[] => (urn.split("::")[2] ?? "").split("$");
const typeOf = (urn: string): string => chainOf(urn).at(-1)!;
const nameOf = (urn: string): string => urn.split("::").at(-1)!;
