/** Public regions of Azure by their short names. Source: learn.microsoft.com/azure/reliability/regions-list. Checked 2026-11-20. */
export const regions: readonly string[] = [
  ...["australiacentral", "australiacentral2", "australiaeast", "australiasoutheast", "austriaeast", "belgiumcentral", "brazilsouth", "brazilsoutheast"],
  ...["canadacentral", "canadaeast", "centralindia", "centralus", "chilecentral", "denmarkeast", "eastasia", "eastus", "eastus2", "francecentral", "francesouth"],
  ...["germanynorth", "germanywestcentral", "indonesiacentral", "israelcentral", "italynorth", "japaneast", "japanwest", "jioindiacentral", "jioindiawest"],
  ...["koreacentral", "koreasouth", "malaysiawest", "mexicocentral", "newzealandnorth", "northcentralus", "northeurope", "norwayeast", "norwaywest"],
  ...["polandcentral", "qatarcentral", "southafricanorth", "southafricawest", "southcentralus", "southeastasia", "southindia", "spaincentral"],
  ...["swedencentral", "swedensouth", "switzerlandnorth", "switzerlandwest", "uaecentral", "uaenorth", "uksouth", "ukwest"],
  ...["westcentralus", "westeurope", "westindia", "westus", "westus2", "westus3"],
];

/** `West Europe` and `WestEurope` are `westeurope`. */
export function normalizedLocation(location: string): string {
  return location.toLowerCase().replace(/ /g, "");
}
