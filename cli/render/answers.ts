/**
 * What stands, in a rendering, for values that exist only after `up`: the name of the resource and the output, in angle
 * brackets, so that a reader sees what refers to what.
 */

/** Outputs that the program uses and that no input gives, by their paths. A type that is missing here has none. */
const computed: Record<string, string[]> = {
  "azure-native:containerregistry:Registry": ["loginServer"],
  "azure-native:dashboard:Grafana": ["properties.endpoint"],
  "azure-native:dns:Zone": ["nameServers"],
  "azure-native:keyvault:Key": ["keyUriWithVersion"],
  "azure-native:keyvault:Vault": ["properties.vaultUri"],
  "azure-native:managedidentity:UserAssignedIdentity": ["clientId", "principalId"],
  "azure-native:network:PublicIPAddress": ["ipAddress"],
  "azuread:index/application:Application": ["clientId"],
  "azuread:index/applicationPassword:ApplicationPassword": ["value"],
  "azuread:index/servicePrincipal:ServicePrincipal": ["objectId"],
  "github:index/repository:Repository": ["defaultBranch", "fullName", "htmlUrl", "httpCloneUrl", "nodeId", "repoId", "sshCloneUrl"],
  "github:index/repositoryEnvironment:RepositoryEnvironment": ["repositoryId"],
  "github:index/repositoryRuleset:RepositoryRuleset": ["nodeId", "rulesetId"],
  "random:index/randomPassword:RandomPassword": ["result"],
  "random:index/randomString:RandomString": ["result"],
  "tls:index/privateKey:PrivateKey": ["privateKeyOpenssh", "publicKeyOpenssh"],
};

/** Where the name in the cloud comes from, for types whose `name` output the program uses. */
const nameInput: Record<string, string> = {
  "azure-native:containerregistry:Registry": "registryName",
  "azure-native:containerservice:ManagedCluster": "resourceName",
  "azure-native:dns:Zone": "zoneName",
  "azure-native:keyvault:Vault": "vaultName",
  "azure-native:managedidentity:UserAssignedIdentity": "resourceName",
  "azure-native:network:PrivateEndpoint": "privateEndpointName",
  "azure-native:network:Subnet": "subnetName",
  "azure-native:network:VirtualNetwork": "virtualNetworkName",
  "azure-native:privatedns:PrivateZone": "privateZoneName",
  "azure-native:resources:ResourceGroup": "resourceGroupName",
};

export function answerResource(type: string, name: string, inputs: Record<string, unknown>): { id: string; state: Record<string, unknown> } {
  const state: Record<string, unknown> = { ...inputs };
  for (const output of computed[type] ?? []) place(state, output.split("."), reference(name, output));
  const source = nameInput[type];
  if (source !== undefined) state.name = inputs[source];
  return { id: reference(name, "id"), state };
}

export function answerInvoke(token: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const name = String(inputs.resourceName ?? inputs.credentialSetName ?? inputs.workspaceName ?? inputs.registryName ?? inputs.zoneName);
  switch (token) {
    case "azure-native:managedidentity:getUserAssignedIdentity":
      return { ...inputs, name, clientId: reference(name, "clientId"), principalId: reference(name, "principalId") };
    case "github:index/getRepositories:getRepositories":
      // Nothing is missing.
      return { ...inputs, names: [], fullNames: [], repoIds: [] };
    case "github:index/getOrganization:getOrganization":
    case "github:index/getRepository:getRepository":
    case "github:index/getTeam:getTeam":
    case "github:index/getUser:getUser":
      return answerGithub(inputs);
    case "azuread:index/getClientConfig:getClientConfig":
      return { objectId: "<who runs.objectId>" };
    case "azure-native:containerregistry:getCredentialSet":
    case "azure-native:dashboard:getGrafana":
      return { ...inputs, name, identity: { type: "SystemAssigned", principalId: reference(name, "identity.principalId") } };
    case "azure-native:containerregistry:getRegistry":
      return { ...inputs, name, loginServer: reference(name, "loginServer") };
    case "azure-native:dns:getZone":
      return { ...inputs, name, nameServers: reference(name, "nameServers") };
    case "azure-native:containerservice:getManagedCluster":
      return {
        ...inputs,
        name,
        oidcIssuerProfile: { enabled: true, issuerURL: reference(name, "oidcIssuerProfile.issuerURL") },
        identityProfile: { kubeletidentity: { objectId: reference(name, "identityProfile.kubeletidentity.objectId") } },
      };
    case "azure-native:containerservice:listManagedClusterUserCredentials": {
      const cluster = { server: reference(name, "server"), "certificate-authority-data": reference(name, "certificateAuthority") };
      const kubeconfig = JSON.stringify({ clusters: [{ name, cluster }] });
      return { kubeconfigs: [{ name: "clusterUser", value: Buffer.from(kubeconfig).toString("base64") }] };
    }
    default:
      throw new Error(`a rendering has no answer for the function ${token}; add it to cli/render/answers.ts`);
  }
}

/** What GitHub tells of something by its name, slug or login: its number, and what is asked for. */
function answerGithub(inputs: Record<string, unknown>): Record<string, unknown> {
  const name = String(inputs.fullName ?? inputs.name ?? inputs.slug ?? inputs.username);
  const told = Object.fromEntries(["id", "nodeId", "repoId", "defaultBranch", "htmlUrl", "httpCloneUrl", "sshCloneUrl"].map((output) => [output, reference(name, output)]));
  return { name, login: name, fullName: name, ...told, ...inputs };
}

function reference(name: string, output: string): string {
  return `<${name}.${output}>`;
}

/** Sets a value at a path, without touching the inputs that a state was made from. */
function place(state: Record<string, unknown>, [key = "", ...rest]: string[], value: string): void {
  if (rest.length === 0) {
    state[key] = value;
    return;
  }
  const inner = { ...(state[key] as Record<string, unknown> | undefined) };
  place(inner, rest, value);
  state[key] = inner;
}
