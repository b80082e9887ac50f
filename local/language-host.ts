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
  const engines = new Map<string, Engine>();
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(languageService.LanguageRuntimeService, serviceFor(environment, engines));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(new Error(`the language host cannot be served: ${error.message}`));
      else resolve(bound);
    });
  });
  return {
    address: `nodejs:${port}`,
    close() {
      engines.forEach(leave);
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}

type Methods = Pick<ILanguageRuntimeServer,
  "handshake" | "getPluginInfo" | "getRequiredPackages" | "getRequiredPlugins" | "run" | "about" | "cancel">;

/** An engine that works with this host. */
interface Engine {
  address: string;
  log: EngineLog;
  /** Its programs that run, by what stops them. */
  programs: Map<AbortController, Promise<unknown>>;
}

/** Ends an engine's programs. Until then they may have something to say. */
function leave({ log, programs }: Engine): void {
  programs.forEach((_, stop) => stop.abort());
  void Promise.allSettled(programs.values()).then(() => log.close());
}

/** `engines` by the address that they call from: each has a connection of its own, so that several may be at work at a time. */
function serviceFor(environment: NodeJS.ProcessEnv, engines: Map<string, Engine>): grpc.UntypedServiceImplementation {
  /** Hands `work` a signal that is given when the engine cancels the call, cancels everything, or the host is closed. */
  function stoppable<T>({ programs }: Engine, call: { on(event: "cancelled", listener: () => void): unknown }, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    call.on("cancelled", () => stop.abort());
    const working = work(stop.signal).finally(() => programs.delete(stop));
    programs.set(stop, working);
    return working;
  }

  const methods: Methods = {
    handshake(call, reply) {
      const address = call.request.getEngineAddress();
      engines.get(call.getPeer())?.log.close();
      engines.set(call.getPeer(), { address, log: new EngineLog(address), programs: new Map() });
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
      const engine = engines.get(call.getPeer());
      if (engine === undefined) {
        reply(null, new messages.RunResponse().setError("the language host knows no engine that calls from here"));
        return;
      }
      const { address: engineAddress, log } = engine;
      stoppable(engine, call, (signal) => runProgram(call.request, { engineAddress, log, environment, signal })).then(
        (response) => reply(null, response),
        (error: unknown) => reply(null, new messages.RunResponse().setError(error instanceof Error ? error.message : String(error))),
      );
    },
    about(_call, reply) {
      reply(null, new messages.AboutResponse().setExecutable(process.execPath).setVersion(process.version));
    },
    cancel(call, reply) {
      const engine = engines.get(call.getPeer());
      if (engine !== undefined) leave(engine);
      engines.delete(call.getPeer());
      reply(null, new empty.Empty());
    },
  };
  return { ...methods };
}
