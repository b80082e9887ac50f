/** Where a GitHub's pages, API and SSH are: github.com, an enterprise's own tenant of it, or an Enterprise Server. */

export interface Hosts {
  /** `https://github.com` */
  web: string;
  /** `https://api.github.com`; of an Enterprise Server `https://<host>/api/v3`. */
  api: string;
  /** `github.com` */
  host: string;
}

/**
 * From the provider's `baseUrl`. Throws when that is no address of an API: it has http or https, no query, and no path but `/api/v3`.
 * Source: `getBaseURL` in config.go of integrations/terraform-provider-github; docs.github.com, "About GitHub Enterprise Cloud with
 * data residency" (api.SUBDOMAIN.ghe.com). Checked 2026-11-21.
 */
export function hostsOf(baseUrl: unknown = "https://api.github.com/"): Hosts {
  const url = typeof baseUrl === "string" ? URL.parse(baseUrl) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "" || !/^\/(api\/v3\/?)?$/.test(url.pathname)) {
    throw new Error(`github: baseUrl must be the address of a GitHub, such as https://github.example.com/, not ${JSON.stringify(baseUrl)}.`);
  }
  const cloud = /^(?:api\.)?(github\.com|[a-z\d-]+\.ghe\.com)$/.exec(url.hostname);
  if (cloud !== null && (url.protocol !== "https:" || url.pathname !== "/")) throw new Error(`github: baseUrl of ${cloud[1]} must be https and without a path.`);
  if (cloud !== null) return { web: `https://${cloud[1]}`, api: `https://api.${cloud[1]}`, host: cloud[1]! };
  return { web: url.origin, api: `${url.origin}/api/v3`, host: url.hostname };
}
