/** What a role for tenants must not allow. */

interface Rule {
  apiGroups?: string[];
  resources?: string[];
  verbs: string[];
}

const reading = ["get", "list", "watch"];

/** Resources that hold a tenant within its bounds, and what writing them would let it do. */
const bounds: Record<string, string> = {
  roles: "make itself roles",
  rolebindings: "give its rights away",
  clusterroles: "make itself roles",
  clusterrolebindings: "give its rights away",
  networkpolicies: "open its network",
  ciliumnetworkpolicies: "open its network",
  resourcequotas: "raise its quota",
  limitranges: "raise its limits",
  namespaces: "change its namespaces and their pod security",
  endpoints: "lead its Services to others' addresses",
  endpointslices: "lead its Services to others' addresses",
  events: "make up what happened",
  imageupdateautomations: "have Flux write into a repository",
  "serviceaccounts/token": "mint tokens",
  "pods/binding": "choose the nodes of its pods",
  "nodes/proxy": "reach the nodes",
};

/** Each right in one rule that goes beyond a tenant's bounds, as it ends the sentence "It lets a tenant …". */
export function excess({ apiGroups = [], resources = [], verbs }: Rule): string[] {
  const everything = [...apiGroups, ...resources, ...verbs].some((entry) => entry === "*" || entry.startsWith("*/"));
  if (everything) return [`do ${verbs.join(", ")} on ${resources.join(", ") || "addresses"} of ${apiGroups.map((group) => group || "the core group").join(", ")}, by a *`];
  const writes = verbs.some((verb) => !reading.includes(verb));
  return [
    ...["escalate", "bind", "impersonate"].filter((verb) => verbs.includes(verb)).map((verb) => `${verb} ${resources.join(", ")}`),
    ...(writes ? resources.flatMap((resource) => (Object.hasOwn(bounds, resource) ? [bounds[resource]!] : /\/(status|finalizers)$/.test(resource) ? [`write ${resource}`] : [])) : []),
  ];
}
