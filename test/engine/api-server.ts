/** An API server of a test file's own. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startControlPlane, stopControlPlane } from "../../local/control-plane/control-plane.ts";
import { kubeconfigText } from "../../local/kubeconfig.ts";
import { silentProgress } from "../../local/progress.ts";
import { provideToolchain } from "../../local/toolchain/toolchain.ts";

export interface ApiServer {
  /** The administrator's, as text. */
  kubeconfig: string;
  /** The Flux CRDs, not installed. */
  crdFolder: string;
  /** Ends the processes and removes what they stored. */
  close(): Promise<void>;
}

/** Starts an empty control plane in a folder of its own; the programs come from the cache, or are put there first. */
export async function openApiServer(): Promise<ApiServer> {
  const { controlPlane, crdFolder } = await provideToolchain({ progress: silentProgress });
  const folder = mkdtempSync(join(tmpdir(), "mooring-api-"));
  const close = async (): Promise<void> => void (await stopControlPlane(folder));
  try {
    const { server, caPem, token } = await startControlPlane({ folder, programs: controlPlane });
    return { kubeconfig: kubeconfigText({ name: "test", server, caPem, user: { name: "admin", token } }), crdFolder, close };
  } catch (error) {
    await close();
    throw error;
  }
}
