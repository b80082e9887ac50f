/**
 * The control plane's folder: its files, and the arguments that its programs are started with.
 *
 * - etcd listens on a Unix socket in this folder, which only the user can enter. A port, even on loopback,
 *   would be open to every user of the machine, and would need certificates of its own.
 * - kube-apiserver makes its serving certificate itself (`--cert-dir`), signed by an authority whose key it
 *   throws away. Node cannot make X.509 certificates, and this needs no further library or program. People and
 *   programs log in by token; no client certificates exist.
 * - kube-controller-manager serves nothing.
 */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { join } from "node:path";
import { keptFile, privateFolder, readIfThere, writePrivateFile } from "../private-files.ts";
import type { ControlPlanePrograms } from "../toolchain/toolchain.ts";
import { kubeconfigText } from "../kubeconfig.ts";

/** The programs in the order in which they start; they stop in the reverse order. */
export const components = ["etcd", "kube-apiserver", "kube-controller-manager"] as const;
export type Component = (typeof components)[number];

/** The file names of the programs of a component, by which their processes are found. */
export function programOf(component: Component, programs: ControlPlanePrograms): string {
  switch (component) {
    case "etcd": return programs.etcd;
    case "kube-apiserver": return programs.apiServer;
    case "kube-controller-manager": return programs.controllerManager;
  }
}

/** The argument that names our folder: it tells our processes from others of the same name. */
export function markOf(component: Component, folder: string): string {
  switch (component) {
    case "etcd": return `--data-dir=${dataFolder(folder)}`;
    case "kube-apiserver": return `--cert-dir=${certificateFolder(folder)}`;
    case "kube-controller-manager": return `--kubeconfig=${controllerKubeconfig(folder)}`;
  }
}

export function dataFolder(folder: string): string { return join(folder, "etcd"); }
export function certificateFolder(folder: string): string { return join(folder, "tls"); }
export function logFile(component: Component, folder: string): string { return join(folder, "logs", `${component}.log`); }

function controllerKubeconfig(folder: string): string { return join(folder, "controller-manager.kubeconfig"); }

/**
 * Sockets, relative to the folder, which is the programs' working directory: a socket's path may have 104 bytes
 * at most. etcd asks for a port also here; it is part of the name.
 */
export const etcdSocket = "etcd.sock:0";
export const peerSocket = "peer.sock:0";
const signingKey = "service-account.key";
const authorityFile = "ca.crt";
/** One address for the cluster's own services; nothing listens there, for there are no nodes. */
const serviceAddresses = "10.96.0.0/16";
const issuer = "https://kubernetes.default.svc";

/** What the tenants' objects need: namespaces end, accounts and quotas are filled in, owned objects are collected. */
const controllers = [
  "namespace-controller", "serviceaccount-controller", "serviceaccount-token-controller", "root-ca-certificate-publisher-controller",
  "resourcequota-controller", "garbage-collector-controller", "clusterrole-aggregation-controller", "validatingadmissionpolicy-status-controller",
];

export function argumentsOf(component: Component, folder: string, port: number): string[] {
  switch (component) {
    case "etcd": return [
      markOf(component, folder),
      `--listen-client-urls=unix://${etcdSocket}`, `--advertise-client-urls=unix://${etcdSocket}`,
      `--listen-peer-urls=unix://${peerSocket}`, `--initial-advertise-peer-urls=unix://${peerSocket}`,
      `--initial-cluster=default=unix://${peerSocket}`,
      // The data is thrown away with the platform; waiting for the disk would double the time of a start.
      "--unsafe-no-fsync",
    ];
    case "kube-apiserver": return [
      markOf(component, folder),
      `--etcd-servers=unix://${etcdSocket}`,
      "--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", `--secure-port=${port}`,
      // An address on loopback cannot be published as the cluster's own; nobody inside looks for it either.
      "--endpoint-reconciler-type=none",
      `--service-cluster-ip-range=${serviceAddresses}`,
      "--authorization-mode=RBAC", "--anonymous-auth=false", "--token-auth-file=tokens.csv",
      `--service-account-issuer=${issuer}`, `--service-account-key-file=${signingKey}`, `--service-account-signing-key-file=${signingKey}`,
      // As on AKS: pod security decides what a pod may ask for.
      "--allow-privileged=true",
      "--profiling=false",
    ];
    case "kube-controller-manager": return [
      markOf(component, folder),
      `--controllers=${controllers.join(",")}`,
      "--leader-elect=false", "--secure-port=0", "--profiling=false",
      "--use-service-account-credentials=true", `--service-account-private-key-file=${signingKey}`, `--root-ca-file=${authorityFile}`,
    ];
  }
}

/** Makes the keys and tokens that are missing. Returns the administrator's token. */
export function prepareFolder(folder: string): { token: string } {
  for (const part of [folder, certificateFolder(folder), join(folder, "logs")]) privateFolder(part);
  const token = keptFile(join(folder, "token"), newToken);
  const controllerToken = keptFile(join(folder, "controller-manager.token"), newToken);
  keptFile(join(folder, signingKey), () =>
    generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "sec1", format: "pem" }).toString());
  writePrivateFile(join(folder, "tokens.csv"), [
    `${token},mooring-admin,mooring-admin,system:masters`,
    `${controllerToken},system:kube-controller-manager,system:kube-controller-manager`,
  ].join("\n") + "\n");
  return { token };
}

function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/**
 * The certificate that the server's own is signed with, once the server has made them: it writes its own first
 * and the authority's after it. It is also kept in a file for the controllers.
 */
export function authorityOf(folder: string): string | undefined {
  const chain = readIfThere(join(certificateFolder(folder), "apiserver.crt")) ?? "";
  const certificates = chain.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return certificates.length < 2 ? undefined : `${certificates.at(-1)}\n`;
}

/** Writes what the controllers need to find the server. */
export function prepareControllers(folder: string, server: string, caPem: string): void {
  const token = readIfThere(join(folder, "controller-manager.token")) ?? "";
  writePrivateFile(join(folder, authorityFile), caPem);
  writePrivateFile(controllerKubeconfig(folder), kubeconfigText({ name: "local", server, caPem, user: { name: "controllers", token } }));
}
