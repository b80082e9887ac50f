/**
 * The address of a host's REST interface, without a slash at the end: of github.com, of a company's own `<name>.ghe.com`, or of an
 * Enterprise Server. Source: docs.github.com/rest/enterprise-admin, "About GitHub Enterprise Cloud with data residency".
 */
export function apiOf(host: string): string {
  return host === "github.com" || host.endsWith(".ghe.com") ? `https://api.${host}` : `https://${host}/api/v3`;
}
