/**
 * A language host for `runtime: nodejs`: it starts the program when the engine says so. A CLI built from its Go
 * module comes without one; the engine attaches to this one by `PULUMI_DEBUG_LANGUAGES`. It does what the engine
 * asks of a host to preview, update, refresh and destroy; what belongs to making new projects and to plugins (templates,
 * dependencies, code generation) is answered with "unimplemented".
 */
import grpc from "@grpc/grpc-js";
import languageService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/language_pb.js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { EngineLog } from "./language-host/engine-log.ts";
import { runProgram } from "./language-host/program.ts";
import { versions } from "./toolchain/versions.ts";

export interface LanguageHost {
  /** The value for `PULUMI_DEBUG_LANGUAGES`. */
  address: string;
  /** Ends the server and every program that still runs. */
  close(): Promise<void>;
}

/** Serves the language host on a free port of 127.0.0.1. Programs get `environment` and their configuration. */
export async function serveLanguageHost(environment: NodeJS.ProcessEnv): Promise<LanguageHost> {
  const stops = new Set<AbortController>();
  const stopAll = (): void => stops.forEach((stop) => stop.abort());
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(languageService.LanguageRuntimeService, serviceFor(environment, stops, stopAll));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(new Error(`the language host cannot be served: ${error.message}`));
      else resolve(bound);
    });
  });
  return {
    address: `nodejs:${port}`,
    close() {
      stopAll();
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}

type Methods = Pick<ILanguageRuntimeServer,
  "handshake" | "getPluginInfo" | "getRequiredPackages" | "getRequiredPlugins" | "run" | "about" | "cancel">;

function serviceFor(environment: NodeJS.ProcessEnv, stops: Set<AbortController>, stopAll: () => void): grpc.UntypedServiceImplementation {
  let engineAddress = "";
  let engine: EngineLog | undefined;

  /** Hands `work` a signal that is given when the engine cancels the call, cancels everything, or the host is closed. */
  async function stoppable<T>(call: { on(event: "cancelled", listener: () => void): unknown }, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    stops.add(stop);
    call.on("cancelled", () => stop.abort());
    try {
      return await work(stop.signal);
    } finally {
      stops.delete(stop);
    }
  }

  const methods: Methods = {
    handshake(call, reply) {
      engineAddress = call.request.getEngineAddress();
      engine?.close();
      engine = new EngineLog(engineAddress);
      reply(null, new messages.LanguageHandshakeResponse());
    },
    getPluginInfo(_call, reply) {
      reply(null, new pluginMessages.PluginInfo().setVersion(versions.pulumi));
    },
    // None: the plugins that are needed are stood in for or were installed before.
    getRequiredPackages(_call, reply) {
      reply(null, new messages.GetRequiredPackagesResponse());
    },
    getRequiredPlugins(_call, reply) {
      reply(null, new messages.GetRequiredPluginsResponse());
    },
    run(call, reply) {
      const log = engine;
      stoppable(call, (signal) => runProgram(call.request, { engineAddress, log, environment, signal })).then(
        (response) => reply(null, response),
        (error: unknown) => reply(null, new messages.RunResponse().setError(error instanceof Error ? error.message : String(error))),
      );
    },
    about(_call, reply) {
      reply(null, new messages.AboutResponse().setExecutable(process.execPath).setVersion(process.version));
    },
    cancel(_call, reply) {
      stopAll();
      reply(null, new empty.Empty());
    },
  };
  return { ...methods };
}
