/** The page's tables. */
import type { Reach } from "./abilities.ts";
import { measured, percent, poolRows, quotaRows } from "./capacity-words.ts";
import type { Measured } from "./capacity-words.ts";
import { html, htmlPhrase } from "./escape.ts";
import type { Phrase } from "./facts.ts";
import type { Page } from "./model.ts";
import { trafficIn, trafficOut } from "./traffic-words.ts";

const marks: Record<Reach, string> = {
  yes: '<td class="yes"><span aria-hidden="true">✓</span><span class="sr">yes</span></td>',
  partly: '<td class="partly"><span>partly</span></td>',
  no: '<td class="no"><span aria-hidden="true">–</span><span class="sr">no</span></td>',
};

/** Scrolls by itself where it is too wide, with the keyboard as well. */
const scrolling = (label: string, table: string, kind = ""): string => `<div class="scroll ${kind}" role="region" aria-label="${html(label)}" tabindex="0">${table}</div>`;

const heads = (titles: readonly string[], kind = ""): string => titles.map((title) => `<th scope="col"${kind}>${html(title)}</th>`).join("");

const number = ' class="number"';

const cells = (texts: readonly string[], kind = ""): string => texts.map((text) => `<td${kind}>${html(text)}</td>`).join("");

const link = (tenant: string): string => `<a href="#t-${html(tenant)}">${html(tenant)}</a>`;

const list = (phrases: readonly Phrase[]): string => (phrases.length === 1 ? htmlPhrase(phrases[0]!) : `<ul>${phrases.map((phrase) => `<li>${htmlPhrase(phrase)}</li>`).join("")}</ul>`);

export function accessTable({ access: { abilities, columns } }: Page): string {
  const inside = columns.filter(({ place }) => place === "workload").length;
  const caption = "What each kind of person and machine may do in the namespaces of its own team";
  return scrolling(
    caption,
    `<table class="access"><caption class="sr">${caption}</caption>
<colgroup><col></colgroup><colgroup span="${inside}"></colgroup><colgroup span="${columns.length - inside}"></colgroup>
<thead><tr><td></td><th scope="colgroup" colspan="${inside}">In the team’s namespaces</th><th scope="colgroup" colspan="${columns.length - inside}">In its control namespace</th></tr>
<tr><td></td>${heads(columns.map(({ title }) => title))}</tr></thead>
<tbody>
${abilities.map(({ name, means }, index) => `<tr><th scope="row">${html(name)}<small>${html(means)}</small></th>${columns.map(({ reach }) => marks[reach[index]!]).join("")}</tr>`).join("\n")}
</tbody></table>`,
  );
}

/** As many tenants as a grid stays readable with. */
const gridSize = 24;

export function talkers({ crossings }: Page): string[] {
  return [...new Set(crossings.flatMap(({ from, to }) => [from, to]))].sort();
}

export const crossingsShown = (page: Page): boolean => talkers(page).length <= gridSize;

export function crossingTable(page: Page): string {
  const names = talkers(page);
  const ports = new Map(page.crossings.map(({ from, to, ports }) => [`${from} ${to}`, ports.join(", ")]));
  const cell = (from: string, to: string): string => {
    const open = ports.get(`${from} ${to}`);
    return from === to ? '<td class="own"><span class="sr">its own pods</span></td>' : open === undefined ? '<td class="no"><span aria-hidden="true">–</span><span class="sr">no</span></td>' : `<td class="yes">${open}</td>`;
  };
  const caption = "TCP ports from a row’s team to a column’s";
  return scrolling(
    caption,
    `<table class="grid"><caption>${caption}</caption>
<thead><tr><td></td>${names.map((name) => `<th scope="col"><span>${html(name)}</span></th>`).join("")}</tr></thead>
<tbody>
${names.map((from) => `<tr data-t="${html(from)}"><th scope="row">${link(from)}</th>${names.map((to) => cell(from, to)).join("")}</tr>`).join("\n")}
</tbody></table>`,
    "framed",
  );
}

/** The roles are said again for readers that forget them where the style lays a row out as a block. */
export function trafficTable({ tenants }: Page): string {
  return `<div class="scroll"><table class="stack" role="table"><caption>Besides its own pods and the cluster’s DNS</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Tenant</th><th scope="col" role="columnheader">Reached by</th><th scope="col" role="columnheader">Reaches</th></tr></thead>
<tbody role="rowgroup">
${tenants
  .map(({ tenant: { name }, traffic }) => {
    const quiet = (words: Phrase[]) => (words.length === 1 && /^(nobody|nothing) else$/.test(String(words[0]![0])) ? ' class="soft"' : "");
    const [into, out] = [trafficIn(traffic), trafficOut(traffic)];
    return `<tr role="row" data-t="${html(name)}"><th scope="row" role="rowheader">${link(name)}</th><td role="cell" data-head="Reached by"${quiet(into)}>${list(into)}</td><td role="cell" data-head="Reaches"${quiet(out)}>${list(out)}</td></tr>`;
  })
  .join("\n")}
</tbody></table></div>`;
}

/** Promised against the most, with a mark at the least; longer than the whole where more is promised. */
function bar({ share, leastShare = 0 }: Measured): string {
  if (share === undefined) return "";
  const whole = 100 / Math.max(1, share);
  const at = (part: number): string => (Math.round(part * whole * 10) / 10).toString();
  const over = share > 1 ? `<rect class="over" x="${at(1)}" width="${at(share - 1)}" height="8"/>` : "";
  return `<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="most" width="${at(1)}" height="8"/><rect class="promised" width="${at(Math.min(1, share))}" height="8"/>${over}<rect class="least" x="${at(leastShare)}" width="0.6" height="8"/></svg>`;
}

export function capacityTables({ capacity }: Page): string {
  const totals = `<table><caption>All tenants, and the nodes for them</caption>
<thead><tr><td></td>${heads(["Promised", "At least", "At most"], number)}<th scope="col">Promised of the most; the mark is the least</th></tr></thead>
<tbody>
${measured(capacity).map((row) => `<tr><th scope="row">${row.title}</th>${cells([row.promised, row.least, row.most], number)}<td class="meter">${row.share === undefined ? "" : `<span${row.share > 1 ? ' class="over"' : ""}>${percent(row.share)}</span>${bar(row)}`}</td></tr>`).join("\n")}
</tbody></table>`;
  const pools = capacity.pools
    ? `<table class="pools"><caption>Node pools</caption>
<thead><tr>${heads(["Pool", "Nodes", "VM size", "A node has", "For", "Promised there"])}</tr></thead>
<tbody>
${poolRows(capacity.pools).map(([name, ...rest]) => `<tr><th scope="row">${html(name!)}</th>${cells(rest)}</tr>`).join("\n")}
</tbody></table>`
    : "";
  return scrolling("Quotas against capacity", totals) + (pools === "" ? "" : scrolling("Node pools", pools));
}

export function quotaTable(page: Page): string {
  const all = measured(page.capacity).map(({ promised }) => promised);
  return scrolling(
    "Quota of each tenant",
    `<table class="quotas"><caption>Quota of each tenant</caption>
<thead><tr>${heads(["Tenant"])}${heads(["CPU", "Memory", "Pods", "Volumes"], number)}${heads(["Nodes"])}</tr></thead>
<tbody>
${quotaRows(page).map(([name, ...rest]) => `<tr data-t="${html(name!)}"><th scope="row">${link(name!)}</th>${cells(rest.slice(0, 4), number)}${cells(rest.slice(4))}</tr>`).join("\n")}
</tbody>
<tfoot><tr><th scope="row">All</th>${cells(all, number)}<td></td></tr></tfoot></table>`,
  );
}
