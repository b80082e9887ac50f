/** Names of what is made before the first `up`. */
import { createHash } from "node:crypto";
import type { Settings } from "../../components/settings/settings.ts";

export interface BootstrapNames {
  /** Holds all of it: one group a platform and subscription. */
  group: string;
  /** The storage account of Pulumi's state; unique in Azure. */
  account: string;
  container: string;
  /** The key vault; unique in Azure. */
  vault: string;
  key: string;
  /** The identity with which a pipeline runs Pulumi; one an environment. */
  identity: string;
  /** The identity with which a pipeline previews and looks for drift; one an environment. */
  reader: string;
  /** What `pulumi login` takes. */
  backend: string;
  /** What `pulumi stack init --secrets-provider` takes. */
  secretsProvider: string;
}

/**
 * The same for the same platform and subscription, always: a second run finds what the first made. Platform names have
 * at most 12 letters and digits, so that every name fits in the 24 characters that Azure allows.
 */
export function bootstrapNames({ platform, environment, azure }: Pick<Settings, "platform" | "environment"> & { azure: { subscription: string } }): BootstrapNames {
  const suffix = createHash("sha256").update(azure.subscription.toLowerCase()).digest("hex").slice(0, 8);
  const account = `st${platform}${suffix}`;
  const vault = `kv-${platform}-${suffix}`;
  return {
    group: `rg-${platform}-state`,
    account,
    container: "state",
    vault,
    key: "pulumi",
    identity: `id-${platform}-${environment}-pulumi`,
    reader: `id-${platform}-${environment}-read`,
    backend: `azblob://state?storage_account=${account}`,
    secretsProvider: `azurekeyvault://${vault}.vault.azure.net/keys/pulumi`,
  };
}
