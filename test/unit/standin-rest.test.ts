import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { ApiError, connect, type KubernetesClient } from "../../local/standins/kubernetes/rest.ts";
import { UnreachableError } from "../../local/standins/kubernetes/transport.ts";

/** A server that answers the requests of one test, and a client for it. */
async function serve(context: TestContext, listener: RequestListener): Promise<KubernetesClient> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = connect({ server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: "secret" });
  context.after(() => {
    client.close();
    server.closeAllConnections();
    server.close();
  });
  return client;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

test("a busy server is asked again, whatever the method", async (context) => {
  const seen: string[] = [];
  const client = await serve(context, (request, response) => {
    seen.push(request.method!);
    response.writeHead(seen.length < 3 ? 429 : 201, { "retry-after": "0" }).end('{"ok":true}');
  });
  assert.deepEqual(await client.create("/api/v1/namespaces", {}), { ok: true });
  assert.deepEqual(seen, ["POST", "POST", "POST"]);
});

test("a create is not repeated after an error that may have come too late; a read is", async (context) => {
  const seen: string[] = [];
  const client = await serve(context, (request, response) => {
    seen.push(request.method!);
    response.writeHead(seen.filter((method) => method === request.method).length === 1 ? 503 : 200).end("{}");
  });
  await assert.rejects(client.create("/a", {}), (error) => error instanceof ApiError && error.status === 503);
  assert.deepEqual(await client.get("/a"), {});
  assert.deepEqual(seen, ["POST", "GET", "GET"]);
});

test("500 is an answer, not a reason to repeat", async (context) => {
  let count = 0;
  const client = await serve(context, (_request, response) => {
    count += 1;
    response.writeHead(500).end('{"message":"field not declared in schema","reason":"InternalError"}');
  });
  await assert.rejects(client.apply("/a", {}), { message: "field not declared in schema", reason: "InternalError" });
  assert.equal(count, 1);
});

test("a server that is not there is reported as unreachable, soon", async () => {
  const client = connect({ server: "http://127.0.0.1:1" });
  await assert.rejects(client.get("/a"), (error) => error instanceof UnreachableError && error.message.startsWith("http://127.0.0.1:1 cannot be reached"));
});

test("every write is strict, a dry run says so, and a delete's options have a length", async (context) => {
  const seen: { method?: string; url: URL; headers: IncomingMessage["headers"]; body: string }[] = [];
  const client = await serve(context, (request, response) => {
    void bodyOf(request).then((body) => {
      seen.push({ method: request.method, url: new URL(request.url!, "http://x"), headers: request.headers, body });
      response.end("{}");
    });
  });
  await client.create("/c", { a: 1 }, { dryRun: true });
  await client.apply("/o", { a: 1 }, { force: true });
  await client.delete("/o", { propagationPolicy: "Foreground" });
  const [create, apply, remove] = seen;
  assert.equal(create!.url.search, "?fieldManager=pulumi-kubernetes&fieldValidation=Strict&dryRun=All");
  assert.equal(apply!.url.search, "?fieldManager=pulumi-kubernetes&fieldValidation=Strict&force=true");
  assert.equal(apply!.headers["content-type"], "application/apply-patch+yaml");
  assert.equal(remove!.headers["content-length"], String(remove!.body.length));
  assert.equal(remove!.headers["transfer-encoding"], undefined);
  assert.deepEqual(JSON.parse(remove!.body), { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Foreground" });
});

test("impersonation names the user and every group, with the own token", async (context) => {
  const raw: string[][] = [];
  const client = await serve(context, (request, response) => {
    raw.push(request.rawHeaders);
    response.end("{}");
  });
  await client.as("someone", ["one", "two"]).get("/a");
  const headers = raw[0]!.map((text) => text.toLowerCase());
  const valuesOf = (name: string) => headers.filter((_, index) => headers[index - 1] === name && index % 2 === 1);
  assert.deepEqual(valuesOf("impersonate-user"), ["someone"]);
  assert.deepEqual(valuesOf("impersonate-group"), ["one", "two"]);
  assert.deepEqual(valuesOf("authorization"), ["bearer secret"]);
});

test("a long list is read to its end", async (context) => {
  const client = await serve(context, (request, response) => {
    const next = new URL(request.url!, "http://x").searchParams.get("continue");
    response.end(JSON.stringify(next === "more" ? { items: [{ n: 2 }], metadata: {} } : { items: [{ n: 1 }], metadata: { continue: "more" } }));
  });
  assert.deepEqual(await client.list("/a", { labelSelector: "a=b" }), [{ n: 1 }, { n: 2 }]);
});
