import type { Settings } from "./settings.ts";

/** The host name at which Flux's receivers are called; with the add-on gateway there is a listener for it in any case. */
export function receiverHost({ webhooks, addons, tenancy }: Pick<Settings, "webhooks" | "addons" | "tenancy">): string | undefined {
  return webhooks?.host ?? (addons.gateway && tenancy.domain !== undefined ? `flux.${tenancy.domain}` : undefined);
}
