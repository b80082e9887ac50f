/**
 * What stands, in a rendering, for values that exist only after `up`: the name of the resource and the output, in angle
 * brackets, so that a reader sees what refers to what.
 */

/** Outputs that the program uses and that no input gives. A type that is missing here has none. */
const computed: Record<string, string[]> = {
  "azure-native:managedidentity:UserAssignedIdentity": ["clientId", "principalId"],
  "azure-native:containerregistry:Registry": ["loginServer"],
  "random:index/randomString:RandomString": ["result"],
  "tls:index/privateKey:PrivateKey": ["privateKeyOpenssh", "publicKeyOpenssh"],
};

/** Where the name in the cloud comes from, for types whose `name` output the program uses. */
const nameInput: Record<string, string> = {
  "azure-native:resources:ResourceGroup": "resourceGroupName",
  "azure-native:network:VirtualNetwork": "virtualNetworkName",
  "azure-native:network:Subnet": "subnetName",
  "azure-native:managedidentity:UserAssignedIdentity": "resourceName",
  "azure-native:containerservice:ManagedCluster": "resourceName",
  "azure-native:containerregistry:Registry": "registryName",
};

export function answerResource(type: string, name: string, inputs: Record<string, unknown>): { id: string; state: Record<string, unknown> } {
  const state: Record<string, unknown> = { ...inputs };
  for (const output of computed[type] ?? []) state[output] = reference(name, output);
  const source = nameInput[type];
  if (source !== undefined) state.name = inputs[source];
  return { id: reference(name, "id"), state };
}

export function answerInvoke(token: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const name = String(inputs.resourceName);
  switch (token) {
    case "azure-native:managedidentity:getUserAssignedIdentity":
      return { ...inputs, name, clientId: reference(name, "clientId"), principalId: reference(name, "principalId") };
    case "azure-native:containerservice:getManagedCluster":
      return { ...inputs, name, oidcIssuerProfile: { enabled: true, issuerURL: reference(name, "oidcIssuerProfile.issuerURL") } };
    case "azure-native:containerservice:listManagedClusterUserCredentials": {
      const cluster = { server: reference(name, "server"), "certificate-authority-data": reference(name, "certificateAuthority") };
      const kubeconfig = JSON.stringify({ clusters: [{ name, cluster }] });
      return { kubeconfigs: [{ name: "clusterUser", value: Buffer.from(kubeconfig).toString("base64") }] };
    }
    default:
      throw new Error(`a rendering has no answer for the function ${token}; add it to cli/render/answers.ts`);
  }
}

function reference(name: string, output: string): string {
  return `<${name}.${output}>`;
}
