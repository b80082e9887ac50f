/** What Flux decides, decided by Flux's own code: the program of local/toolchain/flux-logic, with types. */
import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import { silentProgress } from "../local/progress.ts";
import { provideFluxLogic } from "../local/toolchain/flux-logic.ts";

/** The Ready condition that a controller leaves. */
export interface Condition {
  ready: boolean;
  reason: string;
  message: string;
}

/** An image as it stands in the status of an ImagePolicy. */
export interface ImageRef {
  name: string;
  tag: string;
  digest?: string;
}

export interface ImagePolicyInput {
  /** Of the ImageRepository, without a tag. */
  image: string;
  /** What the registry has, in any order. */
  tags: string[];
  /** Of the ImagePolicy. Digests are asked for at the registry of `image`: over HTTP where that is on this machine. */
  spec: object;
  /** The status it had before. */
  latestRef?: ImageRef;
}

/** One value that the automation set. */
export interface ImageChange {
  file: string;
  kind: string;
  name: string;
  /** `<namespace>:<policy>[:name|tag|digest]` */
  setter: string;
  oldValue: string;
  newValue: string;
}

export interface GitRefInput {
  /** Of the GitRepository. */
  spec: { url: string; interval: string; ref?: { branch?: string; tag?: string; semver?: string; commit?: string; name?: string }; [field: string]: unknown };
  /** The contents of its Secret, in clear. */
  secret?: Record<string, string>;
}

export interface GitRef {
  /** As in the status, for example `v1.2.0@sha1:…`. */
  revision: string;
  reference: string;
  commit: string;
  files: string[];
}

export interface DeployKey {
  /** One line, as ssh-keygen writes it. */
  publicKey: string;
  /** The repository's folder under the root, for example `contoso/orders.git`. */
  repository: string;
  write?: boolean;
}

export interface WebhookCall {
  /** A Receiver, its Secret, and the objects that it names. Receivers count as ready. */
  objects: object[];
  /** With the query, if there is one. */
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface Provider {
  type: "slack" | "discord" | "msteams" | "generic" | "generic-hmac";
  address: string;
  channel?: string;
  username?: string;
  token?: string;
  headers?: Record<string, string>;
}

export interface SentRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

interface Answer {
  output?: unknown;
  error?: string;
}

/** What Flux says when it refuses, in its own words. */
export class FluxError extends Error {
  override name = "FluxError";
}

export class FluxLogic {
  readonly #program: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #last: Promise<unknown> = Promise.resolve();
  #complaints = "";

  private constructor(program: ChildProcessWithoutNullStreams) {
    this.#program = program;
    this.#answers = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
    program.stderr.setEncoding("utf8").on("data", (text: string) => { this.#complaints += text; });
    // Whoever asks a program that has ended is told so by the missing answer.
    program.stdin.on("error", () => undefined);
  }

  /** Builds the program if it is not in the cache (some minutes), and starts it. Throws Unavailable without Go. */
  static async open(): Promise<FluxLogic> {
    return new FluxLogic(spawn(await provideFluxLogic({ progress: silentProgress }), { stdio: "pipe" }));
  }

  /** Ends the program, and with it the servers it started. */
  async close(): Promise<void> {
    if (this.#program.exitCode !== null || this.#program.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#program.once("close", resolve));
    this.#program.stdin.end();
    await ended;
  }

  /** Reconciles an ImagePolicy over what a scan found. */
  imagePolicy(input: ImagePolicyInput): Promise<Condition & { latestRef?: ImageRef }> {
    return this.#ask("image-policy", input);
  }

  /** Rewrites a folder by the markers in its files, and says what the commit would. `objects`: an ImageUpdateAutomation and its ImagePolicies. */
  setImages(folder: string, objects: object[]): Promise<{ changes: ImageChange[]; message: string }> {
    return this.#ask("set-images", { folder, objects });
  }

  /** Reconciles an ImageUpdateAutomation: clones, updates, commits and pushes. `objects`: it, its ImagePolicies, its GitRepository and the Secret of that. */
  automate(objects: object[]): Promise<Condition & { lastPushCommit: string; events: string[] }> {
    return this.#ask("automate", { objects });
  }

  /** Clones as source-controller does. */
  gitRef(input: GitRefInput): Promise<GitRef> {
    return this.#ask("git-ref", input);
  }

  /** Serves bare repositories over SSH at a port of its own, until `close`. A key opens one repository, as at GitHub. */
  serveGit(root: string, keys: DeployKey[]): Promise<{ address: string; knownHosts: string }> {
    return this.#ask("serve-git", { root, keys });
  }

  /** The path of a Receiver. */
  webhookPath(token: string, name: string, namespace: string): Promise<string> {
    return this.#ask("webhook-path", { token, name, namespace });
  }

  /** Calls the webhook server; `requested` is `kind/namespace/name` of what it asked to be reconciled. */
  receive({ method = "POST", headers = {}, body = "", ...call }: WebhookCall): Promise<{ status: number; requested: string[] }> {
    return this.#ask("receive", { ...call, method, headers, body });
  }

  /** What a Provider would send for an event; nothing is sent. */
  notification(provider: Provider, event: object): Promise<SentRequest[]> {
    return this.#ask("notification", { provider, event });
  }

  /** What kustomize-controller makes of the variables in YAML documents. `objects`: the ConfigMaps and Secrets of `substituteFrom`. */
  substitute(manifests: string, postBuild: object, options: { namespace?: string; objects?: object[]; strict?: boolean } = {}): Promise<string> {
    return this.#ask("substitute", { manifests, postBuild, namespace: "flux-system", objects: [], strict: false, ...options });
  }

  /** One question at a time: the answers have no other order than that. */
  #ask<T>(command: string, input: unknown): Promise<T> {
    const answer = this.#last.then(async () => {
      this.#program.stdin.write(`${JSON.stringify({ command, input })}\n`);
      const line = await this.#answers.next();
      if (line.done === true) throw new Error(`the program ended at ${command}: ${this.#complaints.slice(-2000)}`);
      const { output, error } = JSON.parse(line.value) as Answer;
      if (error !== undefined) throw new FluxError(error);
      return output as T;
    });
    this.#last = answer.catch(() => undefined);
    return answer;
  }
}
