import grpc from "@grpc/grpc-js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/engine_pb.js";

/** Hands lines to the engine, which shows them among its own. */
export class EngineLog {
  readonly #client: InstanceType<typeof engineService.EngineClient>;

  /** `address` is the engine's, as it says at the handshake. */
  constructor(address: string) {
    this.#client = new engineService.EngineClient(address, grpc.credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
  }

  /** Resolves when the engine has the line, or is gone. */
  info(line: string): Promise<void> {
    const request = new messages.LogRequest().setSeverity(messages.LogSeverity.INFO).setMessage(line);
    return new Promise((resolve) => {
      this.#client.log(request, () => resolve());
    });
  }

  close(): void {
    this.#client.close();
  }
}
