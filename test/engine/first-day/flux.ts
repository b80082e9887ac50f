/** One environment's Flux for one tenant: the objects of the cluster, and Flux's own code that acts on them. Only where the git server is, is another. */
import type { GitServer } from "../../../local/git-server/server.ts";
import type { Values } from "../../../local/standins/contract.ts";
import { mapAt } from "../../../local/standins/kubernetes/object.ts";
import { collectionPath } from "../../../local/standins/kubernetes/rest.ts";
import type { FluxLogic, GitRef, GitRefInput, ImageRef } from "../../flux-logic.ts";
import { secretsIn } from "../delivery/secrets.ts";
import type { Environment } from "../environment.ts";

const kinds = {
  GitRepository: ["source.toolkit.fluxcd.io/v1", "gitrepositories"],
  ImagePolicy: ["image.toolkit.fluxcd.io/v1", "imagepolicies"],
  ImageRepository: ["image.toolkit.fluxcd.io/v1", "imagerepositories"],
  ImageUpdateAutomation: ["image.toolkit.fluxcd.io/v1", "imageupdateautomations"],
  Receiver: ["notification.toolkit.fluxcd.io/v1", "receivers"],
} as const;

export class TenantFlux {
  readonly #environment: Environment;
  readonly #logic: FluxLogic;
  readonly #server: GitServer;
  readonly #namespace: string;
  readonly #repository: string;
  /** What the policies found last, as it stands in their status. */
  readonly #latest: Record<string, ImageRef | undefined> = {};

  constructor(environment: Environment, logic: FluxLogic, server: GitServer, tenant: string) {
    this.#environment = environment;
    this.#logic = logic;
    this.#server = server;
    this.#namespace = `${tenant}-flux`;
    this.#repository = tenant;
  }

  async object(kind: keyof typeof kinds, name: string): Promise<Values> {
    const [version, plural] = kinds[kind];
    const found = await this.#environment.kubernetes.get(`${collectionPath(version, plural, this.#namespace)}/${name}`);
    if (found === undefined) throw new Error(`there is no ${kind} ${this.#namespace}/${name}`);
    return { ...found, apiVersion: version, kind };
  }

  /** In clear. */
  async secret(name: string): Promise<Record<string, string>> {
    return (await secretsIn(this.#environment, this.#namespace))[name]!;
  }

  async deployKey(): Promise<Record<string, string>> {
    return { ...(await this.secret("deploy-key")), known_hosts: this.#server.knownHosts };
  }

  get address(): string {
    return this.#server.url("acme", this.#repository);
  }

  /** What source-controller fetches. */
  async fetched(): Promise<GitRef> {
    const spec = mapAt(await this.object("GitRepository", this.#repository), "spec") as unknown as GitRefInput["spec"];
    return this.#logic.gitRef({ spec: { url: this.address, interval: spec.interval, ref: spec.ref }, secret: await this.deployKey() });
  }

  /** image-reflector-controller looks at the registry and decides. `undefined`: no tag fits. */
  async decide(policy: string, tags: string[]): Promise<string | undefined> {
    const { image } = mapAt(await this.object("ImageRepository", policy), "spec") as { image: string };
    const { latestRef } = await this.#logic.imagePolicy({ image, tags, spec: mapAt(await this.object("ImagePolicy", policy), "spec"), latestRef: this.#latest[policy] });
    this.#latest[policy] = latestRef;
    return latestRef?.tag;
  }

  /** image-automation-controller writes what was decided, and pushes. */
  async automate(): Promise<Awaited<ReturnType<FluxLogic["automate"]>>> {
    const source = await this.object("GitRepository", this.#repository);
    const { secretRef } = mapAt(source, "spec") as { secretRef: { name: string } };
    const policies = await Promise.all(Object.entries(this.#latest).map(async ([name, latestRef]) => ({ ...(await this.object("ImagePolicy", name)), ...(latestRef && { status: { latestRef } }) })));
    return this.#logic.automate([
      await this.object("ImageUpdateAutomation", this.#repository),
      ...policies,
      { ...source, spec: { ...mapAt(source, "spec"), url: this.address } },
      { apiVersion: "v1", kind: "Secret", metadata: { name: secretRef.name, namespace: this.#namespace }, stringData: await this.deployKey() },
    ]);
  }

  /** notification-controller takes a call, or not; returns what it asks to look again. */
  async called(receiver: string, path: string, headers: Record<string, string>, body: string): Promise<{ status: number; requested: string[] }> {
    const object = await this.object("Receiver", receiver);
    const { resources, secretRef } = mapAt(object, "spec") as unknown as { resources: { kind: keyof typeof kinds; name: string }[]; secretRef: { name: string } };
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: secretRef.name, namespace: this.#namespace }, stringData: await this.secret(secretRef.name) };
    return this.#logic.receive({ objects: [object, secret, ...(await Promise.all(resources.map(({ kind, name }) => this.object(kind, name))))], path, headers, body });
  }
}
