/**
 * The page of tenants says what the objects do. Whatever a change of roles, bindings or network policies opens without the page saying
 * so, or the page says without its being so, fails here.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { abilities } from "../../cli/render/tenants/abilities.ts";
import { pageModel } from "../../cli/render/tenants/model.ts";
import type { Page, TenantPage } from "../../cli/render/tenants/model.ts";
import { amount } from "../../components/settings/values.ts";
import type { Values } from "../../local/standins/contract.ts";
import { Program } from "../evaluate.ts";
import { boundEverywhere, boundIn, may } from "../rbac.ts";
import { configuration, settings } from "../settings.ts";
import { changes, groups, secrets } from "../tenants-page.ts";
import { connects, inRange } from "../traffic.ts";
import type { Pods, Port } from "../traffic.ts";

const page = pageModel(settings(changes, { secrets }));
const program = await Program.of(configuration(changes, { secrets }));
const objects = program.objects().map(({ inputs }) => inputs as Values);

const everyNamespace = ({ tenant }: TenantPage): string[] => [...tenant.namespaces.map(({ name }) => name), tenant.controlNamespace];

/** Lines of which one set has more than the other. */
function difference(said: Set<string>, done: Set<string>): string[] {
  const only = [...said].filter((line) => !done.has(line)).map((line) => `only said: ${line}`);
  return [...only, ...[...done].filter((line) => !said.has(line)).map((line) => `not said: ${line}`)].sort();
}

describe("the page and the bindings and roles", () => {
  /** What the page says, a line each right: namespace, who, ability, how much of it. */
  function said({ access, tenants }: Page): Set<string> {
    // The page has their names, the objects their ids, for which something stands until Azure has made them.
    const [password] = program.all("ServicePrincipal");
    const ids = new Map([["id-acme-staging-deploy", "<id-acme-staging-deploy.principalId>"], ["acme-staging-deploy", `<${password!.name}.objectId>`]]);
    const columns = { owners: 0, editors: 1, viewers: 2, reconciler: 3, deployers: 4, observers: 6 };
    return new Set(
      tenants.flatMap(({ holders }) =>
        holders.flatMap(({ namespace, grant, who }) =>
          who.flatMap((name) =>
            abilities.flatMap((ability, index) => {
              const reach = access.columns[columns[grant]]!.reach[index]!;
              return reach === "no" ? [] : [`${namespace}: ${ids.get(name) ?? name}: ${ability.name}: ${reach}`];
            }),
          ),
        ),
      ),
    );
  }

  /** The same from the objects. */
  function done(of: readonly Values[]): Set<string> {
    return new Set(
      page.tenants.flatMap(everyNamespace).flatMap((namespace) =>
        boundIn(of, namespace).flatMap((who) =>
          abilities.flatMap(({ name, probes }) => {
            const answers = probes.flatMap(({ verbs, group, resources }) => verbs.flatMap((verb) => resources.map((resource) => may(of, who, namespace, verb, group, resource))));
            return answers.includes(true) ? [`${namespace}: ${who}: ${name}: ${answers.includes(false) ? "partly" : "yes"}`] : [];
          }),
        ),
      ),
    );
  }

  const changed = (kind: string, name: string, change: (object: Values) => Values): Values[] => {
    assert.ok(objects.some((object) => object.kind === kind && (object.metadata as { name: string }).name === name), `${kind} ${name}`);
    return objects.map((object) => (object.kind === kind && (object.metadata as { name: string }).name === name ? change(structuredClone(object)) : object));
  };

  test("agree", () => {
    assert.deepEqual(difference(said(page), done(objects)), []);
    assert.ok(said(page).size > 100);
  });

  test("agree on tenants that rest or go: whom nothing is bound to, the page gives nothing", () => {
    assert.deepEqual(boundIn(objects, "resting"), [groups.owners]);
    assert.deepEqual([boundIn(objects, "gone"), boundIn(objects, "gone-flux")], [[], []]);
    assert.deepEqual(page.tenants.find(({ tenant }) => tenant.name === "gone")!.holders, []);
  });

  test("agree on pods, on other teams, and on everywhere: nobody has anything", () => {
    const accounts = page.tenants.flatMap(({ tenant }) => [...tenant.serviceAccounts, "default"].map((account) => `${tenant.namespaces[0]!.name}/${account}`));
    const people = new Set([...page.tenants.flatMap(({ holders }) => holders.flatMap(({ who }) => who)), ...accounts]);
    for (const who of boundEverywhere(objects)) assert.ok(!people.has(who) && !who.startsWith("system:"), who);
    for (const namespace of page.tenants.flatMap(everyNamespace)) {
      for (const who of boundIn(objects, namespace)) assert.ok(!accounts.includes(who) && !who.startsWith("system:"), `${who} in ${namespace}`);
    }
    for (const index of [5, 7]) assert.ok(page.access.columns[index]!.reach.every((reach) => reach === "no"));
  });

  test("disagree when a role gets a right", () => {
    const opened = changed("ClusterRole", "mooring-tenant-editor", (role) => ({ ...role, rules: [...(role.rules as Values[]), { apiGroups: [""], resources: ["pods/exec"], verbs: ["*"] }] }));
    assert.deepEqual(difference(said(page), done(opened)), [`not said: orders-jobs: ${groups.editors}: Open a shell: partly`, `not said: orders: ${groups.editors}: Open a shell: partly`]);
  });

  test("disagree when a role loses one", () => {
    const closed = changed("ClusterRole", "mooring-tenant-viewer", (role) => ({ ...role, rules: (role.rules as { resources: string[] }[]).map((rule) => ({ ...rule, resources: rule.resources.filter((resource) => resource !== "pods/log") })) }));
    assert.deepEqual(difference(said(page), done(closed)), [
      `only said: orders-jobs: ${groups.viewers}: Read logs: yes`, `only said: orders: ${groups.viewers}: Read logs: yes`, `only said: shop: ${groups.both}: Read logs: yes`,
    ]);
  });

  test("disagree when somebody is bound beside the settings", () => {
    const binding = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", metadata: { name: "more", namespace: "payments" }, roleRef: { kind: "ClusterRole", name: "mooring-tenant-viewer" }, subjects: [{ kind: "Group", name: groups.owners }] };
    assert.ok(difference(said(page), done([...objects, binding])).includes(`not said: payments: ${groups.owners}: Read logs: yes`));
  });

  test("disagree when a binding is gone", () => {
    const fewer = objects.filter(({ kind, metadata }) => kind !== "RoleBinding" || (metadata as { name: string; namespace: string }).name !== "deployers");
    assert.ok(difference(said(page), done(fewer)).some((line) => /^only said: orders: <.*principalId>: Change what runs: yes$/.test(line)));
  });
});

describe("the page and the network policies", () => {
  const port = (number: number, protocol = "TCP"): Port => ({ port: number, protocol });
  const numbers = [...new Set([53, 80, 123, 443, 5432, 8080, 8443, 9000, 9090, 31_000])];
  const everyPort = numbers.flatMap((number) => [port(number), port(number, "UDP")]);
  const withIdentity = { "azure.workload.identity/use": "true" };
  const strangers = ["app-routing-system", "metrics", "kube-public", "flux-system"];
  const addresses = ["169.254.169.254", "168.63.129.16", "8.8.8.8", "203.0.113.9", "10.9.9.9", "10.244.0.9", "10.0.0.10", "10.240.0.4", "10.240.16.4", "192.168.1.1", "100.64.0.1", "172.20.0.1"];
  const dns: Pods = { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } };
  const isPrivate = (address: string) => ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "168.63.129.16/32"].some((range) => inRange(address, range));
  const line = (from: string, to: string, { port: number, protocol }: Port) => `${from} > ${to} ${protocol} ${number}`;
  const workloads = page.tenants.flatMap(({ tenant }) => tenant.namespaces.map(({ name }) => ({ tenant: tenant.name, namespace: name })));

  /** What the page says, a line each connection between the ends above. */
  function said({ tenants }: Page): Set<string> {
    const lines = new Set<string>();
    const spaces = (name: string) => workloads.filter(({ tenant }) => tenant === name).map(({ namespace }) => namespace);
    for (const { tenant, traffic } of tenants) {
      const own = spaces(tenant.name);
      for (const namespace of own) {
        for (const other of own) for (const open of everyPort) lines.add(line(namespace, other, open));
        for (const protocol of ["TCP", "UDP"]) lines.add(line(namespace, "dns", port(53, protocol)));
        for (const { tenant: callee, ports } of traffic.calls) for (const other of spaces(callee)) for (const number of ports) lines.add(line(namespace, other, port(number)));
        for (const gateway of [traffic.ingress, traffic.monitoring]) for (const number of gateway?.ports ?? []) lines.add(line(gateway!.namespace, namespace, port(number)));
        for (const { cidr, except, ports, protocol } of traffic.outside) {
          for (const address of addresses.filter((one) => inRange(one, cidr) && !except.some((closed) => inRange(one, closed)))) {
            for (const number of ports) for (const pods of ["", " with identity"]) lines.add(line(namespace + pods, address, port(number, protocol)));
          }
        }
        if (traffic.metadata) lines.add(`${namespace} reaches metadata`);
      }
      const { azure } = traffic;
      for (const address of azure ? addresses.filter((one) => !isPrivate(one)) : []) for (const number of azure!.ports) lines.add(line(`${azure!.namespace} with identity`, address, port(number)));
    }
    return lines;
  }

  function done(of: readonly Values[]): Set<string> {
    const lines = new Set<string>();
    for (const { namespace } of workloads) {
      for (const open of everyPort) {
        const add = (from: string, to: string, ends: [Pods, Pods | string]) => connects(of, ...ends, open) && lines.add(line(from, to, open));
        for (const other of workloads) add(namespace, other.namespace, [{ namespace }, { namespace: other.namespace }]);
        for (const stranger of strangers) {
          add(stranger, namespace, [{ namespace: stranger }, { namespace }]);
          add(namespace, stranger, [{ namespace }, { namespace: stranger }]);
        }
        add(namespace, "dns", [{ namespace }, dns]);
        add(namespace, "kube-system", [{ namespace }, { namespace: "kube-system" }]);
        for (const address of addresses) {
          add(namespace, address, [{ namespace }, address]);
          add(`${namespace} with identity`, address, [{ namespace, labels: withIdentity }, address]);
        }
      }
    }
    return lines;
  }

  test("agree, pair by pair and port by port", () => {
    assert.deepEqual(difference(said(page), done(objects)), []);
    assert.ok(said(page).has(line("shop", "orders-jobs", port(8443))) && !said(page).has(line("orders", "shop", port(8080))));
  });

  test("agree that nobody reaches the metadata address", () => {
    assert.ok(page.tenants.every(({ traffic }) => !traffic.metadata));
    assert.ok([...done(objects)].every((one) => !one.includes("169.254.169.254")));
  });

  test("disagree when a policy is gone, or opens more", () => {
    const without = objects.filter(({ kind, metadata }) => kind !== "NetworkPolicy" || (metadata as { namespace: string }).namespace !== "payments");
    assert.ok(difference(said(page), done(without)).includes(`not said: ${line("kube-public", "payments", port(80))}`));
    const wider = objects.map((object) => {
      const { name, namespace } = object.metadata as { name: string; namespace?: string };
      if (object.kind !== "NetworkPolicy" || namespace !== "shop" || name !== "tenant") return object;
      const spec = object.spec as unknown as { egress: unknown[] };
      return { ...object, spec: { ...spec, egress: [...spec.egress, { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ port: 80, protocol: "TCP" }] }] } } as Values;
    });
    assert.ok(difference(said(page), done(wider)).includes(`not said: ${line("shop", "169.254.169.254", port(80))}`));
  });
});

describe("the page and the other objects", () => {
  test("agree on quotas", () => {
    for (const { tenant } of page.tenants) {
      const of = (name: string) => tenant.namespaces.reduce((sum, { name: namespace }) => sum + amount((program.object("ResourceQuota", namespace, "tenant").inputs.spec as { hard: Record<string, string> }).hard[name]!), 0);
      const { cpu, memory, pods, storage } = tenant.quota;
      assert.deepEqual([of("limits.cpu"), of("limits.memory"), of("pods"), of("requests.storage")], [amount(cpu), amount(memory), pods, amount(storage)], tenant.name);
    }
    const { promised } = page.capacity;
    assert.deepEqual(promised, { cpu: 6 + 8 + 6 * 4, memory: 12 + 16 + 6 * 8, pods: 60 * 2 + 30 * 6, storage: 100 * 2 + 50 * 6 });
  });

  test("agree on node pools, and count what they can have", () => {
    const pools = program.all("AgentPool").map(({ inputs }) => [inputs.agentPoolName, inputs.vmSize, inputs.minCount, inputs.maxCount]);
    assert.deepEqual(page.capacity.pools!.slice(1).map(({ name, vmSize, min, max }) => [name, vmSize, min, max]).sort(), pools.sort());
    // apps: 1 to 4 of 8 CPUs and 256 GiB; batch: 0 to 5 of 4 and 16, 60 pods; vault: 2 of 4 and 16.
    assert.deepEqual([page.capacity.least, page.capacity.most], [{ cpu: 16, memory: 288, pods: 750 }, { cpu: 32 + 20 + 8, memory: 1024 + 80 + 32, pods: 1000 + 300 + 500 }]);
    const placed = Object.fromEntries(page.capacity.pools!.map(({ name, tenants }) => [name, tenants]));
    assert.deepEqual(placed, { system: [], apps: ["gone", "lab", "orders", "relay", "resting", "web"], batch: ["node-agents"], vault: ["payments"] });
  });

  test("agree on what a tenant may fetch and run", () => {
    for (const { tenant, sources, images } of page.tenants) {
      for (const { name } of tenant.namespaces) {
        const { annotations } = program.object("Namespace", undefined, name).inputs.metadata as { annotations: Record<string, string> };
        assert.deepEqual([annotations["mooring.platform/sources"], annotations["mooring.platform/images"]], [sources.join(","), images.join(",")]);
      }
    }
  });
});
