/** Ends of allowed traffic that several network policies name. */

/** All pods of a namespace; the API server itself sets this label. */
export const inNamespace = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });

export const tcp = (ports: readonly number[]) => ports.map((port) => ({ port, protocol: "TCP" }));

/** Questions to the cluster's DNS. */
export const clusterDns = {
  to: [{ ...inNamespace("kube-system"), podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }],
  ports: [
    { port: 53, protocol: "UDP" },
    { port: 53, protocol: "TCP" },
  ],
};
