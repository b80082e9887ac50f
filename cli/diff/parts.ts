/** Which tenant or component a rendered resource belongs to: a rendering says so in its tree and in namespaces' labels. */
import { tenantLabel } from "../../components/tenant/labels.ts";
import type { Part } from "../comment/table.ts";
import type { Rendering } from "./rendered.ts";

interface Component {
  name: string;
  part: Part;
  /** The kinds of what stands directly in it. */
  holds: readonly string[];
}

const labelled = new RegExp(`^ +${tenantLabel.replaceAll(".", "\\.")}: "?([^"\\s]+)"?$`, "m");

export interface Parts {
  /** An entry of a JSON file, by the name of the component that it stands in. */
  entry(parent: string | null, type: string): Part;
  /** An object, by its path in the rendering. */
  object(path: string, kind: string): Part;
}

export function partsOf(rendering: Rendering): Parts {
  const components = Map.groupBy(componentsOf(rendering.get("tree.txt") ?? ""), ({ name }) => name);
  return {
    entry: (parent, type) => {
      const those = components.get(parent ?? "") ?? [];
      // A tenant may have the name of a component; only one of them holds the type.
      const one = those.find(({ holds }) => holds.includes(type.split(":").at(-1)!)) ?? those[0];
      return one?.part ?? { kind: "component", name: parent ?? "stack" };
    },
    object: (path, kind) => {
      const [, folder = "", file = ""] = path.split("/");
      const namespace = folder !== "_cluster" ? folder : kind === "Namespace" ? file.replace(/^namespace-(.*)\.yaml$/, "$1") : undefined;
      if (namespace === undefined) return { kind: "component", name: "cluster-wide objects" };
      const tenant = labelled.exec(rendering.get(`kubernetes/_cluster/namespace-${namespace}.yaml`) ?? "")?.[1];
      return tenant === undefined ? { kind: "component", name: `namespace ${namespace}` } : { kind: "tenant", name: tenant };
    },
  };
}

/** The lines of `tree.txt` (cli/render/tree.ts), each indented below what it stands in. */
function componentsOf(tree: string): Component[] {
  const above: { type: string; name: string }[] = [];
  return tree.split("\n").flatMap((line) => {
    const [, indent, type, name, holds = ""] = /^( *)([\w-]+:[^ ]+:[^ ]+) (\S+)(?: {2}\((.*)\))?$/.exec(line) ?? [];
    if (indent === undefined || type === undefined || name === undefined) return [];
    above.splice(indent.length / 2, Infinity, { type, name });
    const tenant = above.find((one) => one.type === "mooring:tenant:Tenant") ?? above.find((one) => one.type === "mooring:azure:TenantCloud");
    const part: Part = tenant === undefined ? { kind: "component", name: (above[1] ?? above[0])!.name } : { kind: "tenant", name: tenant.name.replace(tenant.type.endsWith("Cloud") ? /-azure$/ : "", "") };
    return [{ name, part, holds: holds.replace(/^\d+: /, "").split(", ").map((kind) => kind.replace(/ ×\d+$/, "")) }];
  });
}
