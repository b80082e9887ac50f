import { stringify } from "yaml";
import { writePrivateFile } from "./private-files.ts";

export interface KubeconfigInput {
  /** Names the cluster and the context. */
  name: string;
  /** `https://…` */
  server: string;
  /** The certificate that the server's is signed with, PEM. */
  caPem: string;
  user: { name: string; token: string };
}

/** A kubeconfig with one cluster, one user and one context, which is the current one. */
export function kubeconfigText({ name, server, caPem, user }: KubeconfigInput): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": Buffer.from(caPem).toString("base64") } }],
    users: [{ name: user.name, user: { token: user.token } }],
    contexts: [{ name, context: { cluster: name, user: user.name } }],
    "current-context": name,
  }, { lineWidth: 0 });
}

/** Writes a kubeconfig for kubectl that only the user can read. */
export function writeKubeconfig(file: string, input: KubeconfigInput): void {
  writePrivateFile(file, kubeconfigText(input));
}
