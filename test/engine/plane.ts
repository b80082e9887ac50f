/** A control plane of a test's own. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startControlPlane, stopControlPlane } from "../../local/control-plane/control-plane.ts";
import { writePrivateFile } from "../../local/private-files.ts";
import { endProcess } from "../../local/processes.ts";
import { silentProgress } from "../../local/progress.ts";
import { connect } from "../../local/standins/kubernetes/rest.ts";
import type { KubernetesClient } from "../../local/standins/kubernetes/rest.ts";
import { provideToolchain } from "../../local/toolchain/toolchain.ts";

export interface Plane {
  server: string;
  caPem: string;
  token: string;
  /** The API server, as its administrator. */
  client: KubernetesClient;
  /** Ends kube-controller-manager and starts it again. */
  restartControllers(): Promise<void>;
  /** Ends it and removes what it stored; does nothing the second time. */
  stop(): Promise<void>;
}

const STOP_MS = 15_000;

/** @param token the administrator's, as Entra's tokens are good for every cluster; default: a new one */
export async function startPlane(folder: string, token?: string): Promise<Plane> {
  const { controlPlane: programs } = await provideToolchain({ progress: silentProgress });
  if (token !== undefined) {
    mkdirSync(folder, { mode: 0o700 });
    writePrivateFile(join(folder, "token"), token);
  }
  const stop = async (): Promise<void> => void (await stopControlPlane(folder));
  try {
    const plane = await startControlPlane({ folder, programs });
    const restartControllers = async (): Promise<void> => {
      await endProcess(plane.pids["kube-controller-manager"], STOP_MS);
      await startControlPlane({ folder, programs });
    };
    return { ...plane, client: connect(plane), restartControllers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
