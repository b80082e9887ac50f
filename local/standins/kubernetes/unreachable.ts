/**
 * A cluster that does not answer. The provider asks once, when it is configured, and goes by that for its life: previews
 * pass without the server, and whatever reads or writes fails. `deleteUnreachable` lets go of what is read or deleted
 * then, but no Helm Release can be deleted. A server that goes away later is an ordinary failure of each call.
 *
 * Source: `Configure`, `Create`, `Read`, `Update` and `Delete` in `provider/pkg/provider/provider.go` and
 * `helm_release.go` of pulumi-kubernetes, commit 94977969 (2026-07-01).
 */
import { accepted, type KubernetesClient } from "./rest.ts";

export interface Reach {
  /** Why the server could not be worked with; absent: it can. */
  unreachable?: string;
  /** Whether what cannot be reached counts as gone. */
  deleteUnreachable: boolean;
}

const ADVICE = 'rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"';

/** Asks the server: it may not be there, have a certificate of another authority, or let this user not in. */
export async function reach(client: KubernetesClient): Promise<Pick<Reach, "unreachable">> {
  try {
    accepted(await client.request("GET", "/api"));
    return {};
  } catch (error) {
    return { unreachable: `unable to load schema information from the API server: ${(error as Error).message}` };
  }
}

/** Refuses a create or update of an object or a Helm Release without the server. */
export function refuseWrite({ unreachable }: Reach, operation: "create" | "update", isRelease: boolean): void {
  if (unreachable === undefined) return;
  throw new Error(isRelease ? `can't ${operation} Helm Release with unreachable cluster: ${unreachable}` : `configured Kubernetes cluster is unreachable: ${unreachable}`);
}

/** Whether what is read or deleted counts as gone without asking; throws where that was not said. */
export function letGo({ unreachable, deleteUnreachable }: Reach, operation: "read" | "delete", isRelease: boolean): boolean {
  if (unreachable === undefined) return false;
  if (isRelease && operation === "delete") throw new Error(`can't delete Helm Release with unreachable cluster. Reason: "${unreachable}"`);
  if (deleteUnreachable) return true;
  throw new Error(operation === "read"
    ? `failed to read resource state due to unreachable cluster. If the cluster was deleted, you can remove this resource from Pulumi state by ${ADVICE}`
    : `configured Kubernetes cluster is unreachable. If the cluster was deleted, you can remove this resource from Pulumi state by ${ADVICE}`);
}
