import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import grpc from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import providerService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import { PartialFailure, type StandIn } from "../../local/standins/contract.ts";
import { serveStandIns, type ServedStandIns } from "../../local/standins/serve.ts";

const configured: { connection: string; args: unknown }[] = [];
const seen: string[] = [];

const standIn: StandIn = {
  package: "example",
  version: "1.2.3",
  configure: (connection, args) => void configured.push({ connection, args }),
  check: ({ news, olds }) => ({ inputs: { ...news, hadOlds: olds !== undefined }, failures: news.bad ? [{ property: "bad", reason: "it is bad" }] : [] }),
  diff: () => ({ changes: ["size", "tags.a", 'labels["x/y"]', "name"], replaces: ["name"], deleteBeforeReplace: true }),
  create: ({ inputs, connection }) => {
    seen.push(connection);
    if (inputs.fail === "half") return Promise.reject(new PartialFailure("id-1", { made: true }, ["not ready", "still not ready"]));
    if (inputs.fail) return Promise.reject(new Error("no such thing"));
    return Promise.resolve({ id: "id-1", outputs: inputs });
  },
  update: ({ news }) => Promise.resolve(news),
  read: ({ id, inputs, outputs }) => Promise.resolve(id === "gone" ? undefined : { id, inputs, outputs }),
  delete: () => Promise.resolve(),
};

let served: ServedStandIns;
let client: InstanceType<typeof providerService.ResourceProviderClient>;

before(async () => {
  served = await serveStandIns([standIn, { ...standIn, package: "other" }]);
  client = connect();
});
after(async () => {
  client.close();
  await served.close();
});

function connect(): typeof client {
  const address = /^example:(\d+),other:\d+$/.exec(served.address)?.[1];
  assert.ok(address, served.address);
  // A channel of its own: otherwise two clients of one process share a connection.
  return new providerService.ResourceProviderClient(`127.0.0.1:${address}`, grpc.credentials.createInsecure(), { "grpc.use_local_subchannel_pool": 1 });
}

function call<Request, Response>(method: (request: Request, done: (error: grpc.ServiceError | null, response: Response) => void) => unknown, request: Request): Promise<Response> {
  return new Promise((resolve, reject) => {
    method.call(client, request, (error, response) => (error ? reject(error) : resolve(response)));
  });
}

function createRequest(inputs: { [name: string]: struct.JavaScriptValue }): InstanceType<typeof messages.CreateRequest> {
  const request = new messages.CreateRequest();
  request.setProperties(struct.Struct.fromJavaScript(inputs));
  return request;
}

test("the handshake is answered and accepts no secrets, so the engine keeps marking them", async () => {
  const response = await call<InstanceType<typeof messages.ProviderHandshakeRequest>, InstanceType<typeof messages.ProviderHandshakeResponse>>(client.handshake, new messages.ProviderHandshakeRequest());
  assert.deepEqual([response.getAcceptSecrets(), response.getAcceptResources(), response.getAcceptOutputs()], [false, false, false]);
});

test("a detailed diff says what was added, removed, changed and replaced, without what is ignored", async () => {
  const request = new messages.DiffRequest();
  request.setOldInputs(struct.Struct.fromJavaScript({ size: 1, tags: { a: "x" }, name: "old" }));
  request.setNews(struct.Struct.fromJavaScript({ size: 2, labels: { "x/y": "z" }, name: "new" }));
  const whole = await call<typeof request, InstanceType<typeof messages.DiffResponse>>(client.diff, request);
  const kinds = messages.PropertyDiff.Kind;
  const detailed: { [path: string]: number } = {};
  whole.getDetaileddiffMap().forEach((diff, path) => {
    detailed[path] = diff.getKind();
  });
  assert.deepEqual(detailed, { size: kinds.UPDATE, "tags.a": kinds.DELETE, 'labels["x/y"]': kinds.ADD, name: kinds.UPDATE_REPLACE });
  assert.deepEqual(whole.getReplacesList(), ["name"]);
  assert.equal(whole.getDeletebeforereplace(), true);

  request.setIgnorechangesList(["name", "tags", "labels"]);
  const ignoring = await call<typeof request, InstanceType<typeof messages.DiffResponse>>(client.diff, request);
  assert.deepEqual(ignoring.getDiffsList(), ["size"]);
  assert.deepEqual(ignoring.getReplacesList(), []);
  assert.equal(ignoring.getDeletebeforereplace(), false, "nothing is replaced any more");

  request.setIgnorechangesList(["name", "tags", "labels", "size"]);
  const none = await call<typeof request, InstanceType<typeof messages.DiffResponse>>(client.diff, request);
  assert.equal(none.getChanges(), messages.DiffResponse.DiffChanges.DIFF_NONE);
});

test("empty old inputs mean a new resource, and mistakes reach the engine", async () => {
  const request = new messages.CheckRequest();
  request.setOlds(new struct.Struct());
  request.setNews(struct.Struct.fromJavaScript({ bad: true }));
  const response = await call<typeof request, InstanceType<typeof messages.CheckResponse>>(client.check, request);
  assert.deepEqual(response.getInputs()?.toJavaScript(), { bad: true, hadOlds: false });
  assert.deepEqual(response.toObject().failuresList, [{ property: "bad", reason: "it is bad" }]);
});

test("an error carries its message and nothing else", async () => {
  await assert.rejects(call(client.create, createRequest({ fail: true })), { details: "no such thing", code: grpc.status.UNKNOWN });
});

test("a resource that was made but is not ready is recorded with its reasons", async () => {
  const error = await call(client.create, createRequest({ fail: "half" })).then(
    () => assert.fail("the create must fail"),
    (thrown: grpc.ServiceError) => thrown,
  );
  const [details] = error.metadata.get("grpc-status-details-bin");
  const packed = statusMessages.Status.deserializeBinary(details as Buffer).getDetailsList()[0]!;
  const failed = packed.unpack((bytes) => messages.ErrorResourceInitFailed.deserializeBinary(bytes), "pulumirpc.ErrorResourceInitFailed");
  assert.equal(failed?.getId(), "id-1");
  assert.deepEqual(failed?.getProperties()?.toJavaScript(), { made: true });
  assert.deepEqual(failed?.getReasonsList(), ["not ready", "still not ready"]);
});

test("a resource that is gone reads without an id", async () => {
  const request = new messages.ReadRequest();
  request.setId("gone");
  const response = await call<typeof request, InstanceType<typeof messages.ReadResponse>>(client.read, request);
  assert.equal(response.getId(), "");
});

test("provider instances are told apart by connection, and Cancel does not end the server", async () => {
  const other = connect();
  const configure = (to: typeof client, args: { [name: string]: string }) =>
    new Promise<void>((resolve, reject) => {
      const request = new messages.ConfigureRequest();
      request.setArgs(struct.Struct.fromJavaScript(args));
      to.configure(request, (error) => (error ? reject(error) : resolve()));
    });
  await configure(client, { which: "first" });
  await configure(other, { which: "second" });
  other.close();
  assert.deepEqual(configured.map(({ args }) => args), [{ which: "first" }, { which: "second" }]);
  assert.notEqual(configured[0]!.connection, configured[1]!.connection);
  await call(client.cancel, new empty.Empty());
  seen.length = 0;
  await call(client.create, createRequest({}));
  assert.deepEqual(seen, [configured[0]!.connection]);
});

test("a message larger than gRPC's usual 4 MiB passes both ways", async () => {
  const response = await new Promise<InstanceType<typeof messages.CreateResponse>>((resolve, reject) => {
    const large = new providerService.ResourceProviderClient(`127.0.0.1:${/:(\d+)/.exec(served.address)![1]}`, grpc.credentials.createInsecure(), { "grpc.max_receive_message_length": -1 });
    large.create(createRequest({ text: "x".repeat(6 << 20) }), (error, answer) => {
      large.close();
      if (error) reject(error);
      else resolve(answer);
    });
  });
  assert.equal(response.getProperties()?.getFieldsMap().get("text")?.getStringValue().length, 6 << 20);
});
