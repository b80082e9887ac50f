import { texts, whenSpecChanges } from "../policy.ts";
import type { Policy } from "../policy.ts";

/** Parameters by which the driver signs in as the node, whose identity is every team's. */
const asTheNode = ["useVMManagedIdentity", "usePodIdentity"];

/** Source of the parameters: azure.github.io/secrets-store-csi-driver-provider-azure, "SecretProviderClass". */
export const vaultMounts: Policy = {
  name: "vault-mounts",
  idea: "A team's pods read vaults as the team's own identity.",
  rules: [{ apiGroups: ["secrets-store.csi.x-k8s.io"], resources: ["secretproviderclasses"] }],
  conditions: whenSpecChanges,
  validations: [
    {
      expression: `${texts(asTheNode)}.all(name, object.spec.?parameters[?name].orValue('') in ['', 'false'])`,
      message: `remove ${asTheNode.join(" and ")} from spec.parameters; write clientID, of the team's own identity`,
    },
  ],
};
