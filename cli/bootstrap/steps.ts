/** What must exist before the first `up`, in the order in which it is made. */
import { createHash } from "node:crypto";
import type { Settings } from "../../components/settings/settings.ts";
import { registrations } from "../az.ts";
import type { Az } from "../az.ts";
import { resourceProviders } from "../resource-providers.ts";
import type { BootstrapNames } from "./names.ts";

export interface Step {
  /** What it makes, for people. */
  what: string;
  /** The arguments of the `az` command that makes it. */
  make: string[];
  /** The commands that are needed now: none when it is there already. Only reads. */
  missing(az: Az): Promise<string[][]>;
}

/** A step that is done once, and for good. */
function once(what: string, make: string[], exists: (az: Az) => Promise<boolean>): Step {
  return { what, make, missing: async (az) => ((await exists(az)) ? [] : [make]) };
}

/** Whose tokens the pipeline's identity accepts. */
export interface Trust {
  issuer: string;
  subject: string;
}

/** Days for which deleted state, and a deleted key vault, can be brought back. */
const RETENTION_DAYS = "90";

/** Registrations. What this command itself goes on to use is waited for. */
export function providerSteps(settings: Settings): Step[] {
  const { subscription } = settings.azure;
  let states: Promise<Map<string, string>> | undefined;
  const used = ["Microsoft.KeyVault", "Microsoft.ManagedIdentity", "Microsoft.Storage"];
  return resourceProviders(settings).map((namespace) =>
    once(
      `registration of ${namespace}`,
      ["provider", "register", "--namespace", namespace, "--subscription", subscription, ...(used.includes(namespace) ? ["--wait"] : [])],
      async (az) => {
        states ??= registrations(az, subscription);
        const state = (await states).get(namespace.toLowerCase());
        return state === "Registered" || (state === "Registering" && !used.includes(namespace));
      },
    ),
  );
}

/** The storage of Pulumi's state: versions and deleted blobs are kept, shared keys and public access are off. */
export function stateSteps({ tier, azure: { subscription, location } }: Settings, { group, account, container }: BootstrapNames): Step[] {
  const place = ["--resource-group", group, "--subscription", subscription];
  return [
    once(
      `resource group ${group}`,
      ["group", "create", "--name", group, "--location", location, "--subscription", subscription],
      async (az) => (await az.read(["group", "exists", "--name", group, "--subscription", subscription])) === true,
    ),
    once(
      `storage account ${account}`,
      [
        "storage", "account", "create", "--name", account, ...place, "--location", location, "--kind", "StorageV2",
        // Not every region has zones; production's does.
        "--sku", tier === "production" ? "Standard_ZRS" : "Standard_LRS",
        "--min-tls-version", "TLS1_2", "--https-only", "true", "--allow-blob-public-access", "false", "--allow-shared-key-access", "false",
      ],
      (az) => listed(az, ["storage", "account", "list", ...place], account),
    ),
    once(
      `versions and deleted blobs of ${account}, kept for ${RETENTION_DAYS} days`,
      [
        "storage", "account", "blob-service-properties", "update", "--account-name", account, ...place, "--enable-versioning", "true",
        "--enable-delete-retention", "true", "--delete-retention-days", RETENTION_DAYS,
        "--enable-container-delete-retention", "true", "--container-delete-retention-days", RETENTION_DAYS,
      ],
      async (az) => isRecoverable(await az.read(["storage", "account", "blob-service-properties", "show", "--account-name", account, ...place])),
    ),
    once(
      `container ${container}`,
      // Through the control plane: no role on the data is needed, and none has to arrive first.
      ["storage", "container-rm", "create", "--storage-account", account, "--name", container, ...place, "--public-access", "off"],
      async (az) => ((await az.read(["storage", "container-rm", "exists", "--storage-account", account, "--name", container, ...place])) as { exists: boolean }).exists,
    ),
  ];
}

/** The key that encrypts the stacks' secrets. */
export function keySteps({ azure: { subscription, location } }: Settings, { group, vault, key }: BootstrapNames): Step[] {
  const place = ["--resource-group", group, "--subscription", subscription];
  const keys = `https://management.azure.com${vaultId(subscription, group, vault)}/keys`;
  const version = "?api-version=2023-07-01";
  return [
    once(
      `key vault ${vault}`,
      [
        "keyvault", "create", "--name", vault, ...place, "--location", location,
        "--enable-rbac-authorization", "true", "--enable-purge-protection", "true", "--retention-days", RETENTION_DAYS,
      ],
      (az) => listed(az, ["keyvault", "list", ...place], vault),
    ),
    once(
      `key ${key}`,
      // Through Azure Resource Manager, which needs no role on the vault's data and never makes a second version
      // (learn.microsoft.com/azure/key-vault/keys/quick-create-template).
      [
        "rest", "--method", "put", "--url", `${keys}/${key}${version}`,
        "--body", JSON.stringify({ properties: { kty: "RSA", keySize: 3072, keyOps: ["encrypt", "decrypt"] } }),
      ],
      async (az) => ((await az.read(["rest", "--method", "get", "--url", `${keys}${version}`])) as { value: { name: string }[] }).value.some(({ name }) => name === key),
    ),
  ];
}

/** The identity with which a pipeline runs Pulumi, and whose tokens it accepts. */
export function identitySteps({ azure: { subscription, location } }: Settings, { group, identity }: BootstrapNames, trust?: Trust): Step[] {
  const place = ["--resource-group", group, "--subscription", subscription];
  const make = once(
    `identity ${identity}`,
    ["identity", "create", "--name", identity, "--location", location, ...place],
    (az) => listed(az, ["identity", "list", ...place], identity),
  );
  if (trust === undefined) return [make];
  const { issuer, subject } = trust;
  // A name made from both: another pipeline is added by another run and takes nothing from the first.
  const name = `pulumi-${createHash("sha256").update(`${issuer} ${subject}`).digest("hex").slice(0, 8)}`;
  return [
    make,
    once(
      `trust of ${identity} in ${subject}`,
      [
        "identity", "federated-credential", "create", "--name", name, "--identity-name", identity, ...place,
        "--issuer", issuer, "--subject", subject, "--audiences", "api://AzureADTokenExchange",
      ],
      (az) => listed(az, ["identity", "federated-credential", "list", "--identity-name", identity, ...place], name),
    ),
  ];
}

export function accountId(subscription: string, group: string, account: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Storage/storageAccounts/${account}`;
}

export function vaultId(subscription: string, group: string, vault: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.KeyVault/vaults/${vault}`;
}

async function listed(az: Az, args: string[], name: string): Promise<boolean> {
  return ((await az.read(args)) as { name: string }[]).some((one) => one.name.toLowerCase() === name.toLowerCase());
}

function isRecoverable(answer: unknown): boolean {
  const { isVersioningEnabled, deleteRetentionPolicy, containerDeleteRetentionPolicy } = answer as {
    isVersioningEnabled?: boolean | null;
    deleteRetentionPolicy?: { enabled?: boolean | null } | null;
    containerDeleteRetentionPolicy?: { enabled?: boolean | null } | null;
  };
  return isVersioningEnabled === true && deleteRetentionPolicy?.enabled === true && containerDeleteRetentionPolicy?.enabled === true;
}
