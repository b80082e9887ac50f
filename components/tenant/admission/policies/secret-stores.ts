import { reconciler } from "../../labels.ts";
import { whenSpecChanges } from "../policy.ts";
import type { Policy } from "../policy.ts";

/** Of an ExternalSecret, every place that names a store: its own, that of a key, that of a whole secret. */
const stores = "variables.refs.all(ref, ref.?kind.orValue('SecretStore') == 'SecretStore')";

/**
 * External Secrets asks a store as the account that the store names, and without one as itself; a store of most kinds leads where it
 * says. Source: external-secrets.io/latest/api/spec, and external-secrets.io/latest/provider/azure-key-vault.
 */
export const secretStores: Policy = {
  name: "secret-stores",
  idea: "A team's secrets come from Azure Key Vault, by an identity of the team's.",
  rules: [{ apiGroups: ["external-secrets.io"], resources: ["secretstores", "externalsecrets"] }],
  conditions: whenSpecChanges,
  variables: [
    { name: "store", expression: "object.kind == 'SecretStore'" },
    { name: "vault", expression: "object.spec.?provider.?azurekv" },
    { name: "data", expression: "object.spec.?data.orValue([])" },
    { name: "dataFrom", expression: "object.spec.?dataFrom.orValue([])" },
    // An entry may leave its place out.
    {
      name: "refs",
      expression:
        "(has(object.spec.secretStoreRef) ? [object.spec.secretStoreRef] : []) + variables.data.filter(entry, has(entry.sourceRef) && has(entry.sourceRef.storeRef)).map(entry, entry.sourceRef.storeRef)" +
        " + variables.dataFrom.filter(entry, has(entry.sourceRef) && has(entry.sourceRef.storeRef)).map(entry, entry.sourceRef.storeRef)",
    },
  ],
  validations: [
    {
      expression: "!variables.store || (object.spec.provider.all(kind, kind == 'azurekv') && variables.vault.hasValue())",
      message: "a store of another kind could send requests anywhere in the platform's name; write spec.provider.azurekv",
    },
    {
      expression:
        "!variables.store || !variables.vault.hasValue() || (variables.vault.value().?authType.orValue('') == 'WorkloadIdentity' && variables.vault.value().?serviceAccountRef.?name.orValue('') != ''" +
        " && variables.vault.value().?serviceAccountRef.?namespace.orValue(object.metadata.namespace) == object.metadata.namespace && !has(variables.vault.value().authSecretRef))",
      message: "write authType: WorkloadIdentity and serviceAccountRef.name, an account of this namespace with the team's identity (identity.serviceAccounts); without it the store would sign in as the platform",
    },
    {
      expression: "!variables.store || !variables.vault.hasValue() || variables.vault.value().?vaultUrl.orValue('').matches('^https://[a-z0-9-]+[.]vault[.]azure[.]net/?$')",
      message: "write vaultUrl as https://<vault>.vault.azure.net; the identity's token goes there",
    },
    {
      // Where tokens are sent, and what for: another authority would get the account's. The server writes useAzureSDK itself.
      expression:
        "!variables.store || !variables.vault.hasValue() || (variables.vault.value().all(field, field in ['vaultUrl', 'authType', 'serviceAccountRef', 'tenantId', 'environmentType', 'useAzureSDK'])" +
        " && variables.vault.value().?environmentType.orValue('PublicCloud') == 'PublicCloud' && variables.vault.value().?serviceAccountRef.?audiences.orValue([]).size() == 0)",
      message: "write no more than vaultUrl, authType, serviceAccountRef and tenantId; another cloud's authority would get the account's token",
    },
    {
      // Flux's account reads more of the registry than the team's pods may.
      expression: `!variables.store || !variables.vault.hasValue() || variables.vault.value().?serviceAccountRef.?name.orValue('') != '${reconciler}'`,
      message: "name an account of the team's pods (identity.serviceAccounts); Flux's own is not for secrets",
    },
    { expression: `variables.store || (${stores})`, message: "there are no stores of the whole cluster; name a SecretStore of this namespace" },
    {
      expression: "variables.store || !(variables.data + variables.dataFrom).exists(entry, has(entry.sourceRef) && has(entry.sourceRef.generatorRef))",
      message: "remove generatorRef; generators send requests in the platform's name, so write the value into the team's vault",
    },
    {
      expression: "variables.store || (!has(object.spec.target) || (!has(object.spec.target.manifest) && object.spec.target.?template.?type.orValue('') != 'kubernetes.io/service-account-token'))",
      message: "an ExternalSecret makes a Secret, and no service account's token; remove spec.target.manifest and that type",
    },
    {
      // 0 is once.
      expression: "variables.store || object.spec.?refreshInterval.orValue('1h') in ['0', '0s'] || duration(object.spec.?refreshInterval.orValue('1h')) >= duration('1m')",
      message: "write spec.refreshInterval of 1m or more; all teams share what Azure answers in a minute",
    },
  ],
};
