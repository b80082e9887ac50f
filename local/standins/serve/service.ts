/** A stand-in as an implementation of the engine's provider service. */
import { status, type handleUnaryCall, type ServerUnaryCall, type UntypedServiceImplementation } from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { CheckResult, ResourceRequest, StandIn } from "../contract.ts";
import { toDiffResponse } from "./diff.ts";
import { toServiceError } from "./errors.ts";
import { fromWire, toWire } from "./values.ts";

type Call<Request> = ServerUnaryCall<Request, unknown>;

interface NamesResource {
  getUrn(): string;
  getType(): string;
  getName(): string;
}

/**
 * The service for one stand-in.
 *
 * - It answers the handshake without accepting secrets, resources or outputs, so the engine unwraps them and marks
 *   the outputs of the same path secret again. An answered handshake also means that previews call create and update.
 * - Requests do not say which provider instance they belong to; each instance has its own connection, so the peer's
 *   address tells them apart.
 * - Cancel ends nothing: the engine sends it at the end of every run, and this server outlives runs.
 */
export function serviceFor(standIn: StandIn): UntypedServiceImplementation {
  const name = standIn.package;
  const unimplemented = (what: string) => unary(() => Promise.reject(new NotImplemented(`${name} (stand-in): ${what} is not supported`)));
  const service: UntypedServiceImplementation = {
    handshake: unary(() => {
      const response = new messages.ProviderHandshakeResponse();
      response.setAcceptSecrets(false);
      response.setAcceptResources(false);
      response.setAcceptOutputs(false);
      return response;
    }),
    attach: unary(() => new empty.Empty()),
    cancel: unary(() => new empty.Empty()),
    getPluginInfo: unary(() => {
      const response = new pluginMessages.PluginInfo();
      response.setVersion(standIn.version);
      return response;
    }),
    checkConfig: unary(({ request }: Call<InstanceType<typeof messages.CheckRequest>>) => {
      const response = new messages.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    configure: unary(async (call: Call<InstanceType<typeof messages.ConfigureRequest>>) => {
      await standIn.configure?.(call.getPeer(), fromWire(call.request.getArgs()));
      const response = new messages.ConfigureResponse();
      response.setAcceptsecrets(false);
      response.setAcceptresources(false);
      response.setAcceptoutputs(false);
      response.setSupportspreview(true);
      return response;
    }),
    diffConfig: standIn.diffConfig
      ? unary(({ request }: Call<InstanceType<typeof messages.DiffRequest>>) => {
          const before = fromWire(request.getOldInputs() ?? request.getOlds());
          const after = fromWire(request.getNews());
          return toDiffResponse(standIn.diffConfig!(before, after), before, after, request.getIgnorechangesList());
        })
      : unimplemented("DiffConfig"),
    check: unary(async (call: Call<InstanceType<typeof messages.CheckRequest>>) => {
      const { request } = call;
      const olds = request.getOlds();
      const result = await standIn.check({
        ...resource(call),
        olds: olds && olds.getFieldsMap().getLength() > 0 ? fromWire(olds) : undefined,
        news: fromWire(request.getNews()),
        randomSeed: request.getRandomseed_asU8(),
      });
      return checkResponse(result);
    }),
    diff: unary(async (call: Call<InstanceType<typeof messages.DiffRequest>>) => {
      const { request } = call;
      const oldInputs = fromWire(request.getOldInputs());
      const news = fromWire(request.getNews());
      const ignoreChanges = request.getIgnorechangesList();
      const result = await standIn.diff({ ...resource(call), id: request.getId(), oldInputs, oldOutputs: fromWire(request.getOlds()), news, ignoreChanges });
      return toDiffResponse(result, oldInputs, news, ignoreChanges);
    }),
    create: unary(async (call: Call<InstanceType<typeof messages.CreateRequest>>) => {
      const { request } = call;
      const created = await standIn.create({ ...resource(call), inputs: fromWire(request.getProperties()), preview: request.getPreview() });
      const response = new messages.CreateResponse();
      response.setId(created.id);
      response.setProperties(toWire(created.outputs));
      return response;
    }),
    update: unary(async (call: Call<InstanceType<typeof messages.UpdateRequest>>) => {
      const { request } = call;
      const outputs = await standIn.update({
        ...resource(call),
        id: request.getId(),
        oldInputs: fromWire(request.getOldInputs()),
        oldOutputs: fromWire(request.getOlds()),
        news: fromWire(request.getNews()),
        preview: request.getPreview(),
      });
      const response = new messages.UpdateResponse();
      response.setProperties(toWire(outputs));
      return response;
    }),
    read: unary(async (call: Call<InstanceType<typeof messages.ReadRequest>>) => {
      const { request } = call;
      const found = await standIn.read({ ...resource(call), id: request.getId(), inputs: fromWire(request.getInputs()), outputs: fromWire(request.getProperties()) });
      const response = new messages.ReadResponse();
      if (found) {
        response.setId(found.id);
        response.setInputs(toWire(found.inputs));
        response.setProperties(toWire(found.outputs));
      }
      return response;
    }),
    delete: unary(async (call: Call<InstanceType<typeof messages.DeleteRequest>>) => {
      const { request } = call;
      await standIn.delete({ ...resource(call), id: request.getId(), inputs: fromWire(request.getOldInputs()), outputs: fromWire(request.getProperties()) });
      return new empty.Empty();
    }),
    invoke: unary(async (call: Call<InstanceType<typeof messages.InvokeRequest>>) => {
      const token = call.request.getTok();
      if (!standIn.invoke) throw new NotImplemented(`${token}: the stand-in for ${name} has no functions`);
      const response = new messages.InvokeResponse();
      response.setReturn(toWire(await standIn.invoke(token, fromWire(call.request.getArgs()), call.getPeer())));
      return response;
    }),
    getSchema: unimplemented("GetSchema"),
    parameterize: unimplemented("Parameterize"),
    construct: unimplemented("Construct"),
    call: unimplemented("Call"),
    getMapping: unimplemented("GetMapping"),
    getMappings: unimplemented("GetMappings"),
    list: (stream: { emit(event: "error", error: { code: number; details: string }): void }) => {
      stream.emit("error", { code: status.UNIMPLEMENTED, details: `${name} (stand-in): List is not supported` });
    },
  };
  return service;
}

class NotImplemented extends Error {}

/** A handler that answers with what the function returns, or with its error. */
function unary<Request, Response>(answer: (call: Call<Request>) => Response | Promise<Response>): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    new Promise<Response>((resolve) => resolve(answer(call))).then(
      (response) => callback(null, response),
      (thrown: unknown) => {
        const error = toServiceError(thrown);
        callback(thrown instanceof NotImplemented ? { ...error, code: status.UNIMPLEMENTED } : error);
      },
    );
  };
}

function resource(call: Call<NamesResource>): ResourceRequest {
  const { request } = call;
  return { urn: request.getUrn(), type: request.getType(), name: request.getName(), connection: call.getPeer() };
}

function checkResponse(result: CheckResult): InstanceType<typeof messages.CheckResponse> {
  const response = new messages.CheckResponse();
  response.setInputs(toWire(result.inputs));
  for (const { property, reason } of result.failures ?? []) {
    const failure = new messages.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    response.addFailures(failure);
  }
  return response;
}
