/** What the page says of one tenant, folded until somebody wants to read it. */
import { quotaAmounts } from "./capacity.ts";
import { html, htmlPhrase } from "./escape.ts";
import { stateWords, tenantFacts } from "./facts.ts";
import type { Page, TenantPage } from "./model.ts";
import { gib, number } from "./words.ts";

export function tenantCard(tenantPage: TenantPage, page: Page): string {
  const { tenant, holders } = tenantPage;
  const { name, description, state, nodePool, namespaces, protect, quota } = tenant;
  const weakest = ["privileged", "baseline"].find((level) => namespaces.some(({ podSecurity }) => podSecurity === level));
  const badges = [
    ...(state === "active" ? [] : [badge(state, "warn")]),
    ...(weakest === undefined ? [] : [badge(`${weakest} pods`, weakest === "privileged" ? "warn" : "")]),
    ...(nodePool === undefined ? [] : [badge(`pool ${nodePool.name}`)]),
    ...(protect ? [] : [badge("not protected")]),
  ];
  const { cpu, memory } = quotaAmounts(quota);
  const words = [name, tenant.key, description ?? "", tenant.repository?.name ?? tenant.git.url, ...namespaces.map((namespace) => namespace.name), ...holders.flatMap(({ who }) => who), state, nodePool?.name ?? ""];
  return `<details class="card" id="t-${html(name)}" data-t="${html(name)}" data-words="${html([...new Set(words)].join(" ").toLowerCase())}">
<summary><h3>${html(name)}</h3><span class="about"><bdi>${html(description ?? "")}</bdi></span><span class="badges">${badges.join("")}</span><span class="size">${number(cpu)} CPU, ${gib(memory)}</span></summary>
<p class="state"><b>${state}</b>: ${stateWords[state]}.</p>
<div class="groups">
${tenantFacts(tenantPage, page)
  .map(({ title, facts }) => `<section><h4>${title}</h4><dl>${facts.map(({ label, phrases }) => `<dt>${label}</dt>${phrases.map((phrase) => `<dd>${htmlPhrase(phrase)}</dd>`).join("")}`).join("")}</dl></section>`)
  .join("\n")}
</div>
</details>`;
}

const badge = (words: string, kind = ""): string => `<span class="badge ${kind}">${html(words)}</span>`;
