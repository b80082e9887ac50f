/** The page as GitHub-flavoured Markdown, a line each fact, so that a pull request shows what changes. */
import type { Reach } from "./abilities.ts";
import { capacityRows, poolRows, quotaRows } from "./capacity-words.ts";
import { markdown, markdownCode, markdownPhrase } from "./escape.ts";
import type { Phrase } from "./facts.ts";
import { stateWords, tenantFacts } from "./facts.ts";
import type { Page, TenantPage } from "./model.ts";
import { accessNotes, capacityNotes, tenantNotes, trafficNotes } from "./notes.ts";
import { trafficIn, trafficOut } from "./traffic-words.ts";
import { plural } from "./words.ts";

const marks: Record<Reach, string> = { yes: "✓", partly: "partly", no: "–" };

export function markdownPage(page: Page): string {
  const { settings, tenants } = page;
  return [
    `# Tenants of ${markdown(settings.platform)}, ${markdown(settings.environment)}`,
    "",
    `${plural(tenants.length, "tenant")}, ${settings.tier}. Written by \`npm run render\` from the settings.`,
    "",
    "## Who may do what",
    "",
    ...table(
      ["", ...page.access.columns.map(({ place, title }) => `${title}${place === "control" ? " (control namespace)" : ""}`)],
      page.access.abilities.map(({ name, means }, index) => [`**${name}**: ${lower(means)}`, ...page.access.columns.map(({ reach }) => marks[reach[index]!])]),
    ),
    ...notes(accessNotes(page)),
    "## Who may talk to whom",
    "",
    ...table(
      ["Tenant", "Reached by", "Reaches"],
      tenants.map(({ tenant, traffic }) => [markdownCode(tenant.name), list(trafficIn(traffic)), list(trafficOut(traffic))]),
    ),
    ...notes(trafficNotes(page)),
    "## Quotas and capacity",
    "",
    ...table(["", "Promised to tenants", "Nodes have at least", "at most", "Promised of the most"], capacityRows(page.capacity)),
    ...(page.capacity.pools ? table(["Pool", "Nodes", "VM size", "A node has", "For", "Promised there"], poolRows(page.capacity.pools).map((row) => row.map(markdown))) : []),
    ...table(["Tenant", "CPU", "Memory", "Pods", "Volumes", "Nodes"], quotaRows(page).map(([name, ...rest]) => [markdownCode(name!), ...rest.map(markdown)])),
    ...notes(capacityNotes(page)),
    "## Each tenant",
    "",
    ...notes(tenantNotes(page)),
    ...tenants.flatMap((tenant) => section(tenant, page)),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

function section(tenantPage: TenantPage, page: Page): string[] {
  const { name, description, state } = tenantPage.tenant;
  return [
    `### ${markdownCode(name)}`,
    "",
    ...(description === undefined ? [] : [markdown(description), ""]),
    `- **State**: ${state}: ${stateWords[state]}`,
    ...tenantFacts(tenantPage, page)
      .filter(({ title }) => title !== "Traffic")
      .flatMap(({ facts }) => facts.map(({ label, phrases }) => `- **${label}**: ${phrases.map(markdownPhrase).join("; ")}`)),
    "",
  ];
}

function table(head: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""];
}

const lower = (sentence: string): string => sentence[0]!.toLowerCase() + sentence.slice(1).replace(/\.$/, "");

/** In a cell of a table, where a code span keeps its pipes only so. */
const list = (phrases: Phrase[]): string => phrases.map((phrase) => phrase.map((piece) => (typeof piece === "string" ? markdown(piece) : markdownCode(piece.code).replaceAll("|", "\\|"))).join("")).join("<br>");

const notes = (phrases: Phrase[]): string[] => (phrases.length === 0 ? [] : [...phrases.map((phrase) => `- ${markdownPhrase(phrase)}`), ""]);
