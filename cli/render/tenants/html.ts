/** The page as one HTML file, which asks nothing of anybody: style and script stand in it, and it may load nothing else. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { html, htmlPhrase } from "./escape.ts";
import type { Phrase } from "./facts.ts";
import { accessTable, capacityTables, crossingTable, crossingsShown, quotaTable, trafficTable } from "./html-tables.ts";
import { tenantCard } from "./html-tenant.ts";
import type { Page } from "./model.ts";
import { accessNotes, capacityNotes, tenantNotes, trafficNotes } from "./notes.ts";
import { measured, percent } from "./capacity-words.ts";
import { plural } from "./words.ts";

const text = (name: string): string => readFileSync(join(import.meta.dirname, name), "utf8").replaceAll("\r\n", "\n");

export function htmlPage(page: Page): string {
  const { settings, tenants, crossings } = page;
  const style = text("page.css");
  const script = text("page.js");
  const title = `Tenants of ${settings.platform}, ${settings.environment}`;
  const policy = `default-src 'none'; style-src ${digest(style)}; script-src ${digest(script)}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${html(title)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#access">To the content</a>
<header>
<p class="place">${html(settings.platform)} <span aria-hidden="true">/</span> ${html(settings.environment)} <span class="badge">${html(settings.tier)}</span></p>
<h1>Tenants</h1>
<p class="lead">${html(headline(page))}</p>
${tiles(page)}
</header>
<div class="bar">
<nav aria-label="Sections"><a href="#access">Access</a> <a href="#traffic">Traffic</a> <a href="#quotas">Quotas</a> <a href="#tenants">Each tenant</a></nav>
<div class="filter" id="filter-box" hidden><label for="filter">Filter tenants</label> <input id="filter" type="search" autocomplete="off" spellcheck="false" placeholder="name, group, namespace"> <span id="count" role="status"></span></div>
</div>
<main>
<section id="access" aria-labelledby="access-title">
<h2 id="access-title">Who may do what</h2>
<p class="lead">The same for every team. Which groups are a team’s owners, editors and viewers stands with each tenant below.</p>
${accessTable(page)}
${notes(accessNotes(page))}
</section>
<section id="traffic" aria-labelledby="traffic-title">
<h2 id="traffic-title">Who may talk to whom</h2>
${notes(trafficNotes(page))}
${crossings.length === 0 ? '<p class="lead">No team talks to another.</p>' : crossingsShown(page) ? crossingTable(page) : `<p class="lead">${plural(crossings.length, "allowance")} from one team to another: too many for a grid. The list says the same; the filter narrows it.</p>`}
${trafficTable(page)}
</section>
<section id="quotas" aria-labelledby="quotas-title">
<h2 id="quotas-title">Quotas and capacity</h2>
${capacityTables(page)}
${notes(capacityNotes(page))}
${quotaTable(page)}
</section>
<section id="tenants" aria-labelledby="tenants-title">
<h2 id="tenants-title">Each tenant</h2>
${notes(tenantNotes(page))}
<p class="lead"><button type="button" id="all" aria-pressed="false" hidden>Open all</button></p>
${tenants.map((tenant) => tenantCard(tenant, page)).join("\n")}
</section>
</main>
<footer>Written by <code>npm run render</code> from the settings that the environment is made of.</footer>
<script>${script}</script>
</body>
</html>
`;
}

/** How a Content-Security-Policy names a text within the page (www.w3.org/TR/CSP3). */
const digest = (content: string): string => `'sha256-${createHash("sha256").update(content).digest("base64")}'`;

function headline({ tenants }: Page): string {
  const states = Map.groupBy(tenants, ({ tenant }) => tenant.state);
  const others = [...states].filter(([state]) => state !== "active").map(([state, of]) => `${of.length} ${state}`).sort();
  return `${[plural(tenants.length, "team"), ...others].join(", ")}. Together they may use:`;
}

function tiles({ capacity }: Page): string {
  const of = measured(capacity).map(({ title, promised, most, share }) => {
    const note = share === undefined ? most : `${percent(share)} of ${most}`;
    return `<div><dt>${title}</dt><dd>${html(promised)}<small${(share ?? 0) > 1 ? ' class="over"' : ""}>${html(note)}</small></dd></div>`;
  });
  return `<dl class="tiles" aria-label="Promised to all tenants together">${of.join("")}</dl>`;
}

const notes = (phrases: Phrase[]): string => (phrases.length === 0 ? "" : `<ul class="notes">${phrases.map((phrase) => `<li>${htmlPhrase(phrase)}</li>`).join("")}</ul>`);
