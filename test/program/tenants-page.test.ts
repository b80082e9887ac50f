/** The page of tenants: its contents for a small environment, and what it does with what people write. That it says what the objects do: tenants-page-agrees.test.ts. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { abilities } from "../../cli/render/tenants/abilities.ts";
import { pageModel } from "../../cli/render/tenants/model.ts";
import { tenantPages } from "../../cli/render/tenants/pages.ts";
import { readStackSettings } from "../../cli/stack-settings.ts";
import { settings as settingsOf } from "../settings.ts";
import { changes, crowd, secrets } from "../tenants-page.ts";

const settings = settingsOf(changes, { secrets });
const page = pageModel(settings);
const files = tenantPages(settings);
const html = files.get("tenants.html")!;

describe("what is said", () => {
  test("as Markdown, of a small environment", (t) => {
    t.assert.fileSnapshot(files.get("tenants.md")!, join(import.meta.dirname, "snapshots/tenants.md"), { serializers: [String] });
  });

  test("of rights: the matrix that was decided on", () => {
    const letters = { yes: "x", partly: "o", no: "." };
    assert.deepEqual(
      page.access.columns.map(({ place, title }) => `${place}: ${title}`),
      [
        "workload: Owners", "workload: Editors", "workload: Viewers", "workload: Flux, in the team's name", "workload: Deployment pipelines", "workload: The team's pods",
        "control: Owners, editors, viewers", "control: Flux in the team's name, pipelines, pods",
      ],
    );
    assert.deepEqual(Object.fromEntries(abilities.map(({ name }, index) => [name, page.access.columns.map(({ reach }) => letters[reach[index]!]).join("")])), {
      "See what runs": "xxxxx...",
      "Read logs": "xxxxx...",
      "See what Flux does": "xxxxx.x.",
      "See limits and traffic rules": "xxxxx...",
      "Change what runs": "xx.xx...",
      "Change what Flux does": "xx.xx...",
      "Restart a pod": "xx......",
      "Read secrets": "x..xx...",
      "Write secrets": "xx.xx...",
      "Open a shell": "x.......",
      "Connect to a pod": "x.......",
      "Start a pod by hand": "........",
      "Change limits": "........",
      "Change traffic rules": "........",
      "Give rights": "........",
      "Act as somebody else": "........",
      "Change the namespace": "........",
    });
  });

  test("of the metadata address: that it is closed, or aloud to whom it is open", () => {
    assert.match(html, /The metadata address of a node \(<code>169\.254\.169\.254<\/code>\).* is closed to every tenant/);
    const oops = { name: "oops", cidr: "169.254.0.0/16", except: [], ports: [80], protocol: "TCP" as const };
    const tenants = settings.tenants.map((tenant) => (tenant.name === "web" ? { ...tenant, traffic: { ...tenant.traffic, outside: [oops] } } : tenant));
    const text = tenantPages({ ...settings, tenants }).get("tenants.md")!;
    assert.match(text, /The metadata address of a node is open to `web`/);
    assert.match(text, /\| `web` \|.*THE METADATA ADDRESS OF THE NODE/);
  });

  test("is the same bytes each time, in whatever order tenants are written", () => {
    const tenants = Object.fromEntries(Object.entries(changes.tenants as object).reverse());
    assert.deepEqual([...tenantPages(settingsOf({ ...changes, tenants }, { secrets }))], [...files]);
  });

  test("is in both files: whatever Markdown says of a tenant, HTML says", () => {
    const plain = (text: string) => text.replaceAll(/<wbr>|<[^>]+>|\*\*/g, "").replaceAll("&#39;", "'").replaceAll("&gt;", ">").replaceAll("&lt;", "<").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
    const shown = plain(html.replaceAll(/<\/(?:dd|dt|li|td|th|p|h\d)>/g, "\n"));
    const facts = files.get("tenants.md")!.split("\n").filter((line) => line.startsWith("- **") && !line.includes("State")).flatMap((line) => line.slice(line.indexOf(": ") + 2).split("; "));
    assert.ok(facts.length > 80);
    for (const fact of facts) assert.ok(shown.includes(fact.replaceAll(/`+/g, "")), fact);
  });
});

describe("what a user wrote", () => {
  test("is text in HTML, not a tag", () => {
    assert.ok(html.includes("Order service &lt;script&gt;alert(1)&lt;/script&gt; | `and` [its](https://evil.example) *workers*"));
    assert.equal(html.match(/<script>/g)?.length, 1);
  });

  test("is text in Markdown, neither a tag nor a link nor a cell", () => {
    const line = files.get("tenants.md")!.split("\n").find((text) => text.startsWith("Order service"));
    assert.equal(line, "Order service \\<script\\>alert(1)\\</script\\> \\| \\`and\\` \\[its\\](https\\://evil.example) \\*workers\\*");
    assert.ok(files.get("tenants.md")!.includes("newest tag in `1.x || 2.x`"));
  });

  test("brings no control characters along", () => {
    for (const content of tenantPages(settingsOf({ tenants: { web: { description: "a\u0000b\u001b[31mc\u2028d" } } })).values()) {
      assert.doesNotMatch(content, /[\u0000-\u0009\u000b-\u001f\u2028\u2029]/);
    }
  });
});

describe("what is not known", () => {
  test("of an existing cluster: its nodes", () => {
    const existing = { existing: { resourceGroup: "rg-hub", name: "aks-hub" }, administrators: undefined };
    const { capacity } = pageModel(settingsOf({ cluster: existing, tenants: { web: {} } }));
    assert.deepEqual(capacity, { promised: { cpu: 8, memory: 16, pods: 60, storage: 100 }, least: {}, most: {}, unknown: ["The cluster aks-hub exists already, so its nodes are not known here."] });
  });

  test("with node provisioning: the most", () => {
    const { least, most, unknown } = pageModel(settingsOf({ cluster: { ...(changes.cluster as object), nodeProvisioning: true, pools: { apps: { min: 2, max: 2 } } }, tenants: { web: {} } })).capacity;
    assert.deepEqual([least.cpu, most], [8, {}]);
    assert.match(unknown.join(), /Node provisioning/);
  });

  test("of sizes whose name does not say it: one such pool makes the sum unknown", () => {
    const { least, most, unknown } = pageModel(settingsOf({ cluster: { ...(changes.cluster as object), pools: { apps: {}, big: { vmSize: "Standard_L8s_v3" } } }, tenants: { web: {} } })).capacity;
    assert.deepEqual([least.cpu, least.memory, most.memory, least.pods], [12, undefined, undefined, 500]);
    assert.deepEqual(unknown, ["The name Standard_L8s_v3 (pool big) does not say how much memory a node has."]);
  });

  test("of a registry with a name made at random: its host, which is said", () => {
    const text = tenantPages(settingsOf({ tenants: { web: {} } })).get("tenants.md")!;
    assert.match(text, /`oci:\/\/<registry>\/web`/);
    assert.match(text, /- `<registry>` stands for the host of this environment's registry, `cracmestaging` and six random characters\./);
  });
});

describe("npm run render", () => {
  test("writes both files beside the others", () => {
    const out = mkdtempSync(join(tmpdir(), "mooring-render-"));
    const root = join(import.meta.dirname, "../..");
    try {
      const { status, stderr } = spawnSync(process.execPath, ["--import", "./cli/preload.mjs", "cli/render.ts", "staging", "--out", out], { cwd: root, encoding: "utf8" });
      assert.equal(status, 0, stderr);
      const { settings: staging } = readStackSettings({ root, stack: "staging" });
      for (const [path, content] of tenantPages(staging!)) assert.equal(readFileSync(join(out, path), "utf8"), content, path);
      assert.ok(existsSync(join(out, "tree.txt")));
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });
});

describe("with many tenants", () => {
  test("the grid gives way to the list, and the files stay small", () => {
    const many = tenantPages(settingsOf(crowd(300)));
    assert.ok(!many.get("tenants.html")!.includes('class="grid"') && html.includes('class="grid"'));
    assert.ok(many.get("tenants.html")!.length < 1_500_000 && many.get("tenants.md")!.length < 750_000);
  });
});
