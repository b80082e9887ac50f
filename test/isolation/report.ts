/** The table of attacks: who denied each, by the answers that really came. */

export interface Line {
  number: number;
  what: string;
  denied: Set<string>;
  /** Requests that were denied, and those of the legal siblings that were allowed. */
  requests: number;
  allowed: number;
  settings: string[];
}

/** Who denied a request, by the API server's words. */
export function deniedBy(words: string): string {
  const policy = /ValidatingAdmissionPolicy '(mooring-tenant-[a-z-]+)'/.exec(words)?.[1];
  if (policy !== undefined) return `admission: ${policy}`;
  if (words.includes("exceeded quota")) return "quota";
  if (words.includes("violates PodSecurity")) return "pod security";
  if (/unknown field|is invalid|ValidationError/.test(words)) return "the API's schema";
  if (words.startsWith("403")) return "RBAC";
  throw new Error(`nobody knows who denied this: ${words}`);
}

/** As a Markdown table. */
export function table(lines: readonly Line[]): string {
  const rows = lines.map(({ number, what, denied, requests, allowed, settings }) => {
    const counts = requests > 0 ? [`API server: ${requests} denied, ${allowed} legal allowed`] : [`API server: ${allowed} legal allowed`];
    return `| ${number} | ${what} | ${[...denied].join("; ")} | ${[...counts, ...settings.map((setting) => `rendered: ${setting}`)].join("; ")} |`;
  });
  return ["| # | attack | denied by | verified how |", "|---|---|---|---|", ...rows].join("\n");
}
