/** Serves stand-in providers to the Pulumi engine. */
import grpc from "@grpc/grpc-js";
import providerService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { StandIn } from "./contract.ts";
import { serviceFor } from "./serve/service.ts";

/** Stand-ins that the engine can reach, until they are closed. */
export interface ServedStandIns {
  /** The value for `PULUMI_DEBUG_PROVIDERS`, for example `kubernetes:41001,random:41002`. */
  address: string;
  /** Ends all servers at once, calls under way included. */
  close(): Promise<void>;
}

/**
 * Serves each stand-in on its own free port of 127.0.0.1.
 *
 * The engine attaches to a port by the package's name and never starts a plugin of that package then; the version is
 * not compared. One server serves all provider instances of its package, over any number of runs.
 */
export async function serveStandIns(standIns: StandIn[]): Promise<ServedStandIns> {
  const servers = standIns.map(() => new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 }));
  const close = () => {
    for (const server of servers) server.forceShutdown();
    return Promise.resolve();
  };
  try {
    const ports = await Promise.all(standIns.map((standIn, index) => serve(servers[index]!, standIn)));
    return { address: standIns.map((standIn, index) => `${standIn.package}:${ports[index]}`).join(","), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function serve(server: grpc.Server, standIn: StandIn): Promise<number> {
  server.addService(providerService.ResourceProviderService, serviceFor(standIn));
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(new Error(`the stand-in for ${standIn.package} cannot be served: ${error.message}`));
      else resolve(port);
    });
  });
}
