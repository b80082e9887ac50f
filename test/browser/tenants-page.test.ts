/** The page of tenants, as a browser shows it: it asks nothing of anybody, can be read on a phone and in the dark, and is quick with many tenants. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { tenantPages } from "../../cli/render/tenants/pages.ts";
import { settings } from "../settings.ts";
import { changes, crowd, groups, secrets } from "../tenants-page.ts";
import { provideChromium } from "./chromium.ts";
import { faintTexts } from "./contrast.ts";

/** Far more than an idle machine takes (0.2 s for 300 tenants), far less than a person waits. */
const OPEN_MS = 5_000;

/** A browser refuses at once; this is how long a test waits before it says that it does not. */
const REFUSE_MS = 5_000;

const phone = { width: 375, height: 800 };
const desk = { width: 1280, height: 900 };

const chromium = provideChromium();
const skip = "missing" in chromium ? `no browser: ${chromium.missing}` : false;
const folder = mkdtempSync(join(tmpdir(), "mooring-page-"));
let browser: Browser | undefined;
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});
// Also after a test that failed.
afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close();
});

const files = { few: settings(changes, { secrets }), ten: settings(crowd(10)), many: settings(crowd(300)) };
for (const [name, of] of Object.entries(files)) writeFileSync(join(folder, `${name}.html`), tenantPages(of).get("tenants.html")!);

interface Opened {
  page: Page;
  /** Addresses that the page asked for, its own among them. */
  requests: string[];
  /** What the browser complains of. */
  complaints: string[];
  milliseconds: number;
  url: string;
}

async function open(name: keyof typeof files, options: BrowserContextOptions = {}, hash = ""): Promise<Opened> {
  if (browser === undefined) {
    const { chromium: driver } = await import("playwright-core");
    browser = await driver.launch({ executablePath: (chromium as { path: string }).path });
  }
  const page = await browser.newPage({ viewport: desk, ...options });
  const [requests, complaints]: string[][] = [[], []];
  page.on("request", (request) => requests!.push(request.url()));
  page.on("console", (message) => complaints!.push(message.text()));
  page.on("pageerror", (error) => complaints!.push(error.message));
  const url = pathToFileURL(join(folder, `${name}.html`)).href + hash;
  const start = performance.now();
  await page.goto(url);
  return { page, requests: requests!, complaints: complaints!, milliseconds: performance.now() - start, url };
}

const shown = (page: Page, selector: string): Promise<string[]> => page.locator(`${selector}:not([hidden])`).evaluateAll((elements) => elements.map((element) => (element as unknown as { dataset: { t: string } }).dataset.t));

/** How far the page reaches beyond the window's right edge, in pixels. */
const overflow = (page: Page): Promise<number> => page.evaluate("document.documentElement.scrollWidth - innerWidth");

for (const [name, count] of [["few", 8], ["ten", 10], ["many", 300]] as const) {
  describe(`the page of ${count} tenants`, { skip }, () => {
    test("opens quickly, asks for nothing else and complains of nothing", async () => {
      const { requests, complaints, milliseconds, url } = await open(name);
      assert.ok(milliseconds < OPEN_MS, `${milliseconds} ms`);
      assert.deepEqual(requests, [url]);
      assert.deepEqual(complaints, []);
    });

    test("shows every tenant in every table, under headings that a screen reader reads out", async () => {
      const { page } = await open(name);
      const tables = await page.locator("table").evaluateAll((all) =>
        all.map((table) => ({
          caption: table.querySelector("caption")?.textContent ?? "",
          visible: (table as unknown as { checkVisibility(): boolean }).checkVisibility(),
          headers: [...table.querySelectorAll("th")].every((header) => header.hasAttribute("scope")),
          rows: [...table.querySelectorAll("tbody tr")].every((row) => row.querySelector("th[scope=row]") !== null),
          tenants: table.querySelectorAll("tr[data-t]").length,
        })),
      );
      for (const { caption, visible, headers, rows } of tables) assert.ok(caption !== "" && visible && headers && rows, caption);
      assert.equal(tables.find(({ caption }) => caption.startsWith("Besides"))!.tenants, count);
      assert.equal(tables.find(({ caption }) => caption === "Quota of each tenant")!.tenants, count);
      assert.equal(await page.locator("details.card").count(), count);
      assert.equal(await page.locator(".grid").count(), name === "many" ? 0 : 1);
    });

    for (const [what, viewport] of Object.entries({ phone, desk })) {
      test(`fits the width of a ${what}, with every tenant open as well`, async () => {
        const { page } = await open(name, { viewport });
        assert.equal(await overflow(page), 0);
        await page.getByRole("button", { name: "Open all" }).click();
        assert.equal(await page.locator("details[open]").count(), count);
        assert.equal(await overflow(page), 0);
      });
    }

    test("is narrowed by the filter, everywhere at once, and whole again without it", async () => {
      const { page } = await open(name);
      const wanted = name === "few" ? "payments" : "team-007";
      await page.getByRole("searchbox", { name: "Filter tenants" }).fill(`${wanted.toUpperCase()} `);
      assert.deepEqual([await shown(page, ".card"), await shown(page, ".stack tr[data-t]"), await shown(page, ".quotas tr[data-t]")], [[wanted], [wanted], [wanted]]);
      assert.equal(await page.getByRole("status").textContent(), `1 of ${count}`);
      await page.getByRole("searchbox").fill("");
      assert.equal((await shown(page, ".card")).length, count);
      assert.equal(await page.getByRole("status").textContent(), "");
    });
  });
}

describe("the page of tenants", { skip }, () => {
  test("lets nothing out, even if something in it tried", async (t) => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked++;
      response.end();
    }).listen(0, "127.0.0.1");
    t.after(() => server.close().closeAllConnections());
    await once(server, "listening");
    const { page } = await open("few");
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const outcomes = await page.evaluate(`(async () => {
      const refused = (start) => new Promise((resolve) => {
        addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective), { once: true });
        setTimeout(resolve, ${REFUSE_MS}, "not refused");
        start();
      });
      const load = (tag) => () => Object.assign(document.body.appendChild(document.createElement(tag)), { src: "${address}" });
      return [await refused(() => fetch("${address}").catch(() => {})), await refused(load("img")), await refused(load("script")), await refused(load("iframe"))];
    })()`);
    assert.deepEqual(outcomes, ["connect-src", "img-src", "script-src-elem", "frame-src"]);
    assert.equal(asked, 0);
  });

  test("shows what a team wrote as text", async () => {
    const { page } = await open("few");
    assert.equal(await page.locator("#t-orders .about").textContent(), "Order service <script>alert(1)</script> | `and` [its](https://evil.example) *workers*");
    assert.equal(await page.locator("script").count(), 1);
  });

  test("finds a tenant by the group of its people, and opens it by its link", async () => {
    const { page } = await open("few");
    await page.getByRole("searchbox").fill(groups.editors);
    assert.deepEqual(await shown(page, ".card"), ["orders"]);
    // A link leads to what the filter hid, too.
    await page.evaluate("location.hash = '#t-payments'");
    await page.locator("#t-payments[open] dl").first().waitFor({ state: "visible" });
    assert.equal((await shown(page, ".card")).length, 8);
    const direct = await open("few", {}, "#t-shop");
    assert.equal(await direct.page.locator("details[open]").count(), 0);
    const other = await open("few", {}, "#t-web");
    assert.ok(await other.page.locator("#t-web dl").first().isVisible());
  });

  test("can be used with the keyboard alone", async () => {
    const { page } = await open("few");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate("document.activeElement.textContent"), "To the content");
    await page.locator("#t-orders summary").focus();
    await page.keyboard.press("Enter");
    assert.ok(await page.locator("#t-orders dl").first().isVisible());
    // Whatever scrolls by itself can be reached.
    assert.ok(await page.locator(".scroll").evaluateAll((all) => all.every((element) => element.getAttribute("tabindex") === "0" || element.scrollWidth <= element.clientWidth)));
  });

  for (const colorScheme of ["light", "dark"] as const) {
    test(`has enough contrast in ${colorScheme} colours`, async () => {
      const { page } = await open("few", { colorScheme });
      await page.getByRole("button", { name: "Open all" }).click();
      assert.deepEqual(await faintTexts(page), []);
    });
  }

  test("without scripts: everything is there, and no box that does nothing", async () => {
    const { page } = await open("few", { javaScriptEnabled: false });
    assert.ok(await page.locator("#filter").isHidden());
    assert.equal(await page.getByRole("button").count(), 0);
    await page.locator("#t-orders summary").click();
    assert.ok(await page.getByText("acme/orders", { exact: false }).first().isVisible());
  });

  test("in print: every tenant is unfolded", async () => {
    const { page } = await open("few");
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.locator(".bar").isHidden());
    const folded = "[...document.querySelectorAll('.card .groups')].filter((element) => !element.checkVisibility()).length";
    assert.equal(await page.evaluate(folded), 0);
    await page.emulateMedia({ media: "screen" });
    assert.equal(await page.evaluate(folded), 8);
  });
});
