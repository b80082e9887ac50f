/** All that the page shows, as plain data. Computed from the settings alone, by the functions that the program registers its objects with. */
import { enabledAddOns } from "../../../components/add-ons/enabled.ts";
import type { Settings, TenantSettings } from "../../../components/settings/settings.ts";
import { allowedImages, allowedSources } from "../../../components/tenant/bounds.ts";
import { accessMatrix, holders } from "./access.ts";
import type { AccessMatrix, Holder } from "./access.ts";
import { capacity } from "./capacity.ts";
import type { Capacity } from "./capacity.ts";
import { crossings, tenantTraffic } from "./traffic.ts";
import type { Crossing, TenantTraffic } from "./traffic.ts";

export interface Page {
  settings: Settings;
  access: AccessMatrix;
  capacity: Capacity;
  crossings: Crossing[];
  /** By name. */
  tenants: TenantPage[];
}

export interface TenantPage {
  tenant: TenantSettings;
  holders: Holder[];
  traffic: TenantTraffic;
  sources: string[];
  images: string[];
}

/** What stands for the host of a registry whose name Azure is asked for, or a part of which is made at random. */
export const registryMark = "<registry>";

export function pageModel(settings: Settings): Page {
  const host = registryHost(settings);
  const tenants = [...settings.tenants].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    settings,
    access: accessMatrix(enabledAddOns(settings)),
    capacity: capacity({ ...settings, tenants }),
    crossings: crossings(tenants),
    tenants: tenants.map((tenant) => ({
      tenant,
      holders: holders(tenant, settings),
      traffic: tenantTraffic(tenant, settings),
      sources: allowedSources(tenant, settings, host, false),
      images: allowedImages(tenant, settings, host),
    })),
  };
}

function registryHost({ registry }: Settings): string {
  return registry.existing === undefined && registry.name !== undefined ? `${registry.name}.azurecr.io` : registryMark;
}
