/** Functions of the package: look-ups of any resource type, the client's own configuration, and a cluster's kubeconfig. */
import { stringify } from "yaml";
import type { Values } from "../contract.ts";
import { valueAt } from "../differences.ts";
import { ArmError, resourceGroupNotFound, resourceNotFound } from "./arm-error.ts";
import type { Cloud, Resource } from "./cloud.ts";
import { groupId, idOf, nameOf, parentId, partsOf } from "./ids.ts";
import { liveOutputs } from "./outputs.ts";
import type { ResourceRule } from "./rule.ts";
import { ruleOf } from "./rules.ts";
import type { Account } from "./service.ts";
import { CLUSTER } from "./services/cluster.ts";

/** The cluster that every ManagedCluster of the stand-in leads to. */
export interface ClusterAddress {
  /** `https://127.0.0.1:6443` */
  server: string;
  /** Of the authority that signed the server's certificate. */
  caPem: string;
}

/** The id of the Microsoft Entra application of every AKS cluster, and of the public client in Microsoft's kubeconfig. */
export const AKS_SERVER_ID = "6dae42f8-4368-4678-94ff-3960e28e3630";
const AKS_CLIENT_ID = "80faf920-1908-4b52-b5ef-a8e7bedfc67a";

export function invoke(token: string, args: Values, account: Account, cloud: Cloud, address: ClusterAddress): Values {
  if (token === "azure-native:authorization:getClientConfig") {
    const { clientId, objectId, subscriptionId, tenantId } = account;
    return { clientId, objectId, subscriptionId, tenantId };
  }
  if (token === "azure-native:containerservice:listManagedClusterUserCredentials") return userCredentials(find(ruleOf(CLUSTER), args, account, cloud), args, account, address);
  if (token === "azure-native:containerservice:listManagedClusterAdminCredentials") return adminCredentials(find(ruleOf(CLUSTER), args, account, cloud));
  const lookup = /^(azure-native:\w+:)get(\w+)$/.exec(token);
  if (lookup === null) throw new Error(`The stand-in for Azure does not know the function ${token}.`);
  const resource = find(ruleOf(`${lookup[1] ?? ""}${lookup[2] ?? ""}`), args, account, cloud);
  return { ...liveOutputs(resource, cloud), id: resource.id };
}

function find(rule: ResourceRule, args: Values, account: Account, cloud: Cloud): Resource {
  const id = idOf(rule, args, account.subscriptionId);
  const resource = cloud.get(id);
  if (resource) return resource;
  const { armType, name, resourceGroup = "" } = partsOf(id);
  const group = groupId(parentId(id) ?? id);
  const missing = armType === undefined || (group !== undefined && cloud.get(group) === undefined) ? resourceGroupNotFound(resourceGroup) : resourceNotFound(armType, name ?? "", resourceGroup);
  throw new Error(`request failed ${id}: ${missing.message}`);
}

function adminCredentials(cluster: Resource): never {
  if (cluster.inputs.disableLocalAccounts === true) {
    throw new ArmError(400, "BadRequest", "Getting static credential is not allowed because this cluster is set to disable local accounts.");
  }
  throw new Error("The stand-in for Azure has no static credentials; use listManagedClusterUserCredentials.");
}

/** As AKS answers with `format: exec`: kubelogin with the device code flow. */
function userCredentials(cluster: Resource, args: Values, account: Account, address: ClusterAddress): Values {
  if (valueAt(cluster.inputs, "aadProfile.managed") !== true) {
    throw new Error(`The stand-in for Azure has no static credentials, which is what a cluster without Microsoft Entra integration answers with; give ${nameOf(cluster.id)} an aadProfile.`);
  }
  if (args.format !== undefined && args.format !== "exec" && args.format !== "azure") {
    throw new ArmError(400, "BadRequest", `The value '${JSON.stringify(args.format)}' of parameter format is invalid; it is exec or azure.`);
  }
  const name = nameOf(cluster.id);
  const user = `clusterUser_${partsOf(cluster.id).resourceGroup ?? ""}_${name}`;
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: address.server, "certificate-authority-data": Buffer.from(address.caPem).toString("base64") } }],
    contexts: [{ name, context: { cluster: name, user } }],
    "current-context": name,
    preferences: {},
    users: [{
      name: user,
      user: {
        exec: {
          apiVersion: "client.authentication.k8s.io/v1beta1",
          command: "kubelogin",
          args: ["get-token", "--environment", "AzurePublicCloud", "--server-id", AKS_SERVER_ID, "--client-id", AKS_CLIENT_ID, "--tenant-id", account.tenantId, "--login", "devicecode"],
          env: null,
          provideClusterInfo: false,
        },
      },
    }],
  };
  return { kubeconfigs: [{ name: "clusterUser", value: Buffer.from(stringify(kubeconfig)).toString("base64") }] };
}
