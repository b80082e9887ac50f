/**
 * What a module of the fleet repository is told of its environment: `${name}` in its manifests, replaced by Flux
 * (`postBuild.substitute` of its Kustomization). Values are texts; Flux replaces `${…}` after the build, so that a number comes out
 * as a number.
 */
export interface Variable {
  /** What it is, for whoever writes a module. */
  what: string;
  /** The setting, the identity or the output of Azure that it comes from. */
  from: string;
  example: string;
}

export const variables = {
  environment: { what: "The environment's name.", from: "the stack's name", example: "staging" },
  cluster_name: {
    what: "The cluster's name, by which external-dns knows its own records: no two clusters that write to one zone may share it.",
    from: "names.cluster",
    example: "aks-acme-staging",
  },
  replicas: { what: "How many copies of a controller run: 2 in production, else 1.", from: "tier", example: "2" },
  domain: { what: "The domain below which teams serve.", from: "tenancy.domain", example: "staging.acme.example" },
  receiver_host: {
    what: "The host name at which Flux's receivers are called. Its listener is open to routes of flux-system alone, so no team may have it.",
    from: "the webhooks' host, else flux.<domain>",
    example: "flux.staging.acme.example",
  },
  dns_zone: { what: "The public DNS zone, `domain` or one above it.", from: "dns.zone", example: "acme.example" },
  dns_resource_group: { what: "The resource group of the DNS zone.", from: "the DNS zone's id", example: "rg-acme-dns" },
  subscription_id: { what: "The subscription of the DNS zone.", from: "the DNS zone's id", example: "8a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d" },
  tenant_id: { what: "The Entra tenant.", from: "azure.tenant", example: "5f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e" },
  cert_manager_client_id: { what: "The client id of cert-manager's identity.", from: "the identity certManager", example: "0c8f5a1b-2d3e-4a7e-9d7c-5f0c1d526f0b" },
  external_dns_client_id: { what: "The client id of external-dns's identity.", from: "the identity externalDns", example: "1b2d3e0c-8f5a-4a7e-9d7c-5f0c1d526f0b" },
  email: { what: "Whom Let's Encrypt writes to about the account.", from: "addons.certManager.email", example: "platform@acme.example" },
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof variables;
