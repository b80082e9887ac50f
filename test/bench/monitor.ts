/**
 * A stand-in for the engine's resource monitor: it answers every registration and call at once and notes what was
 * registered and when, so that a program's own time can be told from the engine's.
 */
import grpc from "@grpc/grpc-js";
import type { handleUnaryCall, ServerUnaryCall } from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import monitorService from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import { answerInvoke, answerResource } from "../../cli/render/answers.ts";
import { fromWire, toWire } from "../../local/standins/serve/values.ts";
import type { Values } from "../../local/standins/contract.ts";

/** A resource, provider or component as the program asked for it; the stack itself is left out. */
export interface Registered {
  urn: string;
  type: string;
  name: string;
  custom: boolean;
  /** Secrets are unwrapped; a value that another resource brings is the text `<name.output>`. */
  inputs: Values;
  /** URNs, both those named in `dependsOn` and those of resources whose outputs are used. */
  dependencies: string[];
  /** URN and id, `::` between them. */
  provider?: string;
  deletedWith?: string;
  protect: boolean;
  deleteBeforeReplace: boolean;
  ignoreChanges: string[];
  replaceOnChanges: string[];
}

type Call<Request> = ServerUnaryCall<Request, unknown>;

export class Monitor {
  /** `host:port`, both of the monitor and of the engine. */
  readonly address: string;
  readonly registered: Registered[] = [];
  /** When the first registration of something other than the stack arrived, by `performance.now()`. */
  first?: number;
  /** What the program logged as an error. */
  readonly errors: string[] = [];
  private readonly server: grpc.Server;

  private constructor(server: grpc.Server, address: string) {
    this.server = server;
    this.address = address;
  }

  static async serve(): Promise<Monitor> {
    const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
    });
    const monitor = new Monitor(server, `127.0.0.1:${port}`);
    monitor.addServices();
    return monitor;
  }

  /** A new program begins. */
  reset(): void {
    this.registered.length = 0;
    this.errors.length = 0;
    this.first = undefined;
  }

  close(): void {
    this.server.forceShutdown();
  }

  private addServices(): void {
    this.server.addService(monitorService.ResourceMonitorService, {
      supportsFeature: unary(() => {
        const response = new messages.SupportsFeatureResponse();
        response.setHassupport(true);
        return response;
      }),
      registerResource: unary(({ request }: Call<InstanceType<typeof messages.RegisterResourceRequest>>) => this.register(request)),
      registerResourceOutputs: unary(() => new empty.Empty()),
      // Nothing fails here, so no hook is ever called.
      registerErrorHook: unary(() => new empty.Empty()),
      invoke: unary(({ request }: Call<InstanceType<typeof messages.ResourceInvokeRequest>>) => {
        const response = new messages.ResourceInvokeResponse();
        response.setReturn(toWire(answerInvoke(request.getTok(), fromWire(request.getArgs())) as Values));
        return response;
      }),
      signalAndWaitForShutdown: unary(() => new empty.Empty()),
    });
    this.server.addService(engineService.EngineService, {
      log: unary(({ request }: Call<InstanceType<typeof engineMessages.LogRequest>>) => {
        if (request.getSeverity() === engineMessages.LogSeverity.ERROR) this.errors.push(request.getMessage());
        return new empty.Empty();
      }),
      getRootResource: unary(() => new engineMessages.GetRootResourceResponse()),
      setRootResource: unary(() => new engineMessages.SetRootResourceResponse()),
    });
  }

  private register(request: InstanceType<typeof messages.RegisterResourceRequest>): InstanceType<typeof messages.RegisterResourceResponse> {
    const type = request.getType();
    const name = request.getName();
    const inputs = fromWire(request.getObject());
    // Types of the parents are left out: within one program, type and name tell resources apart.
    const urn = `urn:pulumi:bench::bench::${type}::${name}`;
    if (type !== "pulumi:pulumi:Stack") {
      this.first ??= performance.now();
      this.registered.push({
        urn,
        type,
        name,
        custom: request.getCustom(),
        inputs,
        dependencies: request.getDependenciesList(),
        provider: request.getProvider() || undefined,
        deletedWith: request.getDeletedwith() || undefined,
        protect: request.getProtect() === true,
        deleteBeforeReplace: request.getDeletebeforereplace(),
        ignoreChanges: request.getIgnorechangesList(),
        replaceOnChanges: request.getReplaceonchangesList(),
      });
    }
    const response = new messages.RegisterResourceResponse();
    response.setUrn(urn);
    if (request.getCustom()) {
      const { id, state } = answerResource(type, name, inputs);
      response.setId(id);
      response.setObject(toWire(state as Values));
    }
    return response;
  }
}

function unary<Request, Response>(answer: (call: Call<Request>) => Response): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    try {
      callback(null, answer(call));
    } catch (error) {
      callback({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
    }
  };
}
