/** The path of a tenant's setting, in the stack file or in the team's own file. */
export function settingPath(tenant: { origin: string }, setting: string): string {
  return tenant.origin.startsWith("mooring:") ? `${tenant.origin}.${setting}` : `${tenant.origin}: ${setting}`;
}
