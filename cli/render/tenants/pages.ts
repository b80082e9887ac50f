/** What a team and the platform can see of an environment, as two files of its rendering. */
import type { Settings } from "../../../components/settings/settings.ts";
import { htmlPage } from "./html.ts";
import { markdownPage } from "./markdown.ts";
import { pageModel } from "./model.ts";

/** Path to content. The same settings give the same bytes. */
export function tenantPages(settings: Settings): Map<string, string> {
  const page = pageModel(settings);
  return new Map([
    ["tenants.html", htmlPage(page)],
    ["tenants.md", markdownPage(page)],
  ]);
}
