/** The key with which Flux reads a repository, and writes to it where it rewrites images. */
import { RepositoryDeployKey } from "@pulumi/github/repositoryDeployKey.js";
import type * as pulumi from "@pulumi/pulumi";
import { PrivateKey } from "@pulumi/tls/privateKey.js";
import type { RepositorySettings, Settings } from "../settings/settings.ts";

export interface DeployKey {
  /** OpenSSH form, secret. */
  privateKey: pulumi.Output<string>;
  publicKey: pulumi.Output<string>;
  /** GitHub knows the key once this exists. */
  registered: RepositoryDeployKey;
}

/**
 * One ed25519 key a repository and environment, made anew when `repository.keyRotation` is raised.
 *
 * @param repository its name, as an output of the repository where this environment makes it
 * @param write only where image automation pushes
 */
export function registerDeployKey(
  name: string,
  { platform, environment }: Settings,
  { keyRotation }: RepositorySettings,
  repository: pulumi.Input<string>,
  write: boolean,
  opts: pulumi.CustomResourceOptions,
): DeployKey {
  // A new name is a new key, registered before the old one is removed: Flux never stands without a valid one.
  const generation = keyRotation === 1 ? "" : `-${keyRotation}`;
  const key = new PrivateKey(`${name}-deploy-key${generation}`, { algorithm: "ED25519" }, opts);
  const publicKey = key.publicKeyOpenssh.apply((line) => line.trim());
  const registered = new RepositoryDeployKey(
    `${name}-deploy-key${generation}`,
    { repository, title: `Flux ${platform}-${environment}${generation}`, key: publicKey, readOnly: !write },
    // GitHub takes a key once: after another name of the repository, or another right, it is the same one that is registered anew.
    { ...opts, deleteBeforeReplace: true },
  );
  return { privateKey: key.privateKeyOpenssh, publicKey, registered };
}
