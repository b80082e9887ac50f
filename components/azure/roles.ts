import { addOnRoles } from "../add-ons/catalogue.ts";

/** Azure's built-in roles by their fixed ids (learn.microsoft.com/azure/role-based-access-control/built-in-roles). */
export const roles = {
  acrPull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
  acrPush: "8311e382-0749-4cb8-b61a-304f252e45ec",
  aksClusterUser: "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
  grafanaAdmin: "22926164-76b3-42b3-bc55-97df8dab3e41",
  keyVaultCryptoUser: "12338af0-0e69-4776-bea7-57ae8d297424",
  keyVaultSecretsOfficer: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
  keyVaultSecretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
  managedIdentityOperator: "f1a07417-d97a-45cb-824c-7a7467783830",
  monitoringDataReader: "b0d8363b-8ddd-447d-831f-62ca05bff136",
  networkContributor: "4d97b98b-1d4f-4787-a291-c67834d212e7",
  privateDnsZoneContributor: "b12aa53e-6015-4669-85d0-8515ebb3ae7f",
  repositoryReader: "b93aa761-3e63-49ed-ac28-beffa264f7ac",
  repositoryWriter: "2a1e307c-b015-4ebd-883e-5b7698a07328",
  ...addOnRoles,
} as const;

export type Role = keyof typeof roles;
