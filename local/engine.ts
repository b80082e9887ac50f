/**
 * The real Pulumi engine with the local platform around it: stand-ins, language host, `kubelogin`, and a state in
 * the platform's folder. Nothing of it reaches a cloud.
 */
import { randomBytes } from "node:crypto";
import { delimiter, join, resolve } from "node:path";
import { serveLanguageHost } from "./language-host.ts";
import { installPolicyRunner } from "./language-host/policy-runner.ts";
import type { Package } from "./plugins.ts";
import { keptFile, privateFolder, writePrivateFile } from "./private-files.ts";
import { runToEnd } from "./pulumi-process.ts";
import type { RunOptions, RunResult } from "./pulumi-process.ts";
import { azureStandIn } from "./standins/azure.ts";
import { azureadStandIn } from "./standins/azuread.ts";
import type { StandIn } from "./standins/contract.ts";
import { githubStandIn } from "./standins/github.ts";
import { installKubelogin } from "./standins/kubelogin.ts";
import type { Credential } from "./standins/kubelogin.ts";
import { kubernetesStandIn } from "./standins/kubernetes.ts";
import { randomStandIn } from "./standins/random.ts";
import { serveStandIns } from "./standins/serve.ts";
import { tlsStandIn } from "./standins/tls.ts";
import { withoutLoopbackProxy } from "./toolchain/download.ts";
import type { PulumiCli } from "./toolchain/toolchain.ts";

export interface EngineOptions {
  /** The platform's folder, private to the user; made when missing. */
  folder: string;
  pulumi: PulumiCli;
  /**
   * The Kubernetes API that the stand-in for Azure gives out as the cluster's, and how to log in there. The address is
   * read at every look-up, so that it may become another one's.
   */
  cluster: { server: string; caPem: string; credential: Credential };
  /** The Flux CRDs, which the stand-in for Kubernetes installs in the chart's place; the real plugin needs none. */
  crdFolder?: string;
  /** The packages that are stood in for. Default: all six. */
  standIns?: readonly Package[];
  /** The day that Azure's services live in, which refuse some dates. Default: today. */
  today?: Date;
  /** What protects the state's secrets. Default: a random one, kept in the folder. */
  passphrase?: string;
  /** Added to the environment of the engine and the program. */
  env?: NodeJS.ProcessEnv;
}

export interface Engine {
  /** The environment in which `pulumi`, `kubectl` and the program work with this platform. */
  env: NodeJS.ProcessEnv;
  /** The folder of the state. */
  stateFolder: string;
  /** Runs a command of the Pulumi CLI to its end, for example `["preview", "--stack", "local"]`. */
  run(args: readonly string[], options: RunOptions): Promise<RunResult>;
  /** Ends the stand-ins and the language host. */
  close(): Promise<void>;
}

/** Starts what the engine needs beside itself. Close it when done. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  privateFolder(options.folder);
  const folder = resolve(options.folder);
  const stateFolder = join(folder, "state");
  privateFolder(stateFolder);
  const passphraseFile = join(folder, "passphrase");
  if (options.passphrase === undefined) keptFile(passphraseFile, () => randomBytes(32).toString("base64url"));
  else writePrivateFile(passphraseFile, options.passphrase);
  const binFolder = join(folder, "bin");
  const credentialFile = join(folder, "kubelogin.json");
  writePrivateFile(credentialFile, JSON.stringify(options.cluster.credential));
  installKubelogin({ binFolder, credentialFile });

  const env: NodeJS.ProcessEnv = {
    ...withoutLoopbackProxy(withoutPulumi(process.env)),
    PATH: [binFolder, join(import.meta.dirname, "..", "node_modules", ".bin"), options.pulumi.bin, process.env.PATH ?? ""].join(delimiter),
    PULUMI_HOME: options.pulumi.home,
    PULUMI_BACKEND_URL: `file://${stateFolder}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...options.env,
  };
  const standIns = await serveStandIns(standInsFor(options, folder, env));
  env.PULUMI_DEBUG_PROVIDERS = standIns.address;
  // The stand-in for Kubernetes starts `kubelogin` from this process, as the real plugin would from the engine's.
  process.env.PATH = env.PATH;
  try {
    const languageHost = options.pulumi.hasLanguageHost ? undefined : await serveLanguageHost(env);
    if (languageHost !== undefined) {
      env.PULUMI_DEBUG_LANGUAGES = languageHost.address;
      installPolicyRunner(binFolder);
    }
    return {
      env,
      stateFolder,
      run: (args, runOptions) => runToEnd(join(options.pulumi.bin, "pulumi"), args, env, runOptions),
      async close() {
        await Promise.all([standIns.close(), languageHost?.close()]);
      },
    };
  } catch (error) {
    await standIns.close();
    throw error;
  }
}

function standInsFor({ standIns, crdFolder, cluster, today }: EngineOptions, folder: string, environment: NodeJS.ProcessEnv): StandIn[] {
  const makers: Record<Package, () => StandIn> = {
    "azure-native": () => azureStandIn({ folder, cluster, today }),
    azuread: () => azureadStandIn({ folder, today }),
    github: () => githubStandIn({ folder: repositoriesFolder(folder) }),
    kubernetes: () => {
      if (crdFolder === undefined) throw new Error("the stand-in for Kubernetes needs the folder of the Flux CRDs");
      return kubernetesStandIn({ crdFolder, environment });
    },
    random: randomStandIn,
    tls: tlsStandIn,
  };
  const chosen = standIns ?? (Object.keys(makers) as Package[]);
  return chosen.map((name) => makers[name]());
}

/** Where the stand-in for GitHub keeps its repositories: `<owner>/<name>.git`. */
export function repositoriesFolder(folder: string): string {
  return join(folder, "github");
}

/** Without what the user's own Pulumi is set up with: another backend, a passphrase, a stack, a provider's options. */
function withoutPulumi(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("PULUMI_")));
}
