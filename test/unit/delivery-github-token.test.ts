/** `npm run github-token`: the token that GitHub is asked for is signed by a key that stays where it is. */
import assert from "node:assert/strict";
import { createVerify, generateKeyPairSync, privateEncrypt, constants } from "node:crypto";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import type { Az } from "../../cli/az.ts";
import { appOf, installationToken } from "../../cli/github-token.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = "https://kv-acme-1234abcd.vault.azure.net/keys/github-app";
const now = Date.UTC(2026, 10, 21, 12);

/** Key Vault's `sign` with RS256: PKCS #1 v1.5 over a SHA-256 digest, in base64url (RFC 8017, learn.microsoft.com/rest/api/keyvault/keys/sign/sign). */
const vault: Az = {
  async read(args) {
    const flags = Object.fromEntries(args.flatMap((word, index) => (word.startsWith("--") ? [[word, args[index + 1]!]] : [])));
    assert.deepEqual([args[0], flags["--method"], flags["--url"], flags["--resource"]], ["rest", "post", `${key}/sign?api-version=7.4`, "https://vault.azure.net"]);
    const { alg, value, ...rest } = JSON.parse(flags["--body"]!) as { alg: string; value: string };
    assert.deepEqual([alg, rest], ["RS256", {}]);
    const digest = Buffer.from(value, "base64url");
    assert.equal(digest.length, 32);
    const info = Buffer.concat([Buffer.from("3031300d060960864801650304020105000420", "hex"), digest]);
    return Promise.resolve({ kid: `${key}/0123`, value: privateEncrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, info).toString("base64url") });
  },
  write: () => Promise.reject(new Error("nothing is changed in Azure")),
};

let server: Server;
let api: string;
let installations: Record<string, number>;
let status = 201;

/** GitHub, as far as an App that asks for a token sees it; it takes no JWT that the real one would refuse. */
before(async () => {
  server = createServer((request, response) => {
    const answer = (code: number, body: object): void => void response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
    const [head = "", payload = "", signature = ""] = (request.headers.authorization ?? "").replace("Bearer ", "").split(".");
    const verified = createVerify("RSA-SHA256").update(`${head}.${payload}`).verify(publicKey, Buffer.from(signature, "base64url"));
    const { iat, exp, iss } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { iat: number; exp: number; iss: string };
    if (!verified || iss !== "Iv23liAcme" || exp - iat > 600 || iat > now / 1000 || exp < now / 1000) return answer(401, { message: "A JSON web token could not be decoded" });
    const [, owner] = /^\/((?:orgs|users)\/[^/]+)\/installation$/.exec(request.url ?? "") ?? [];
    if (request.method === "GET" && owner !== undefined) return owner in installations ? answer(200, { id: installations[owner] }) : answer(404, { message: "Not Found" });
    if (request.method === "POST" && request.url === "/app/installations/42/access_tokens") return answer(status, status === 201 ? { token: "ghs_the_token" } : { message: "Suspended", token: "ghs_never" });
    return answer(404, { message: "Not Found" });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());
beforeEach(() => {
  installations = { "orgs/acme": 42, "users/jane": 42 };
  status = 201;
});

const app = () => ({ clientId: "Iv23liAcme", key, api });

test("a token for an organisation, and for a person", async () => {
  assert.equal(await installationToken(app(), "acme", vault, now), "ghs_the_token");
  assert.equal(await installationToken(app(), "jane", vault, now), "ghs_the_token");
});

test("an App that is not installed, one that is suspended, and another App's key are told apart, and no token is shown", async () => {
  await assert.rejects(installationToken(app(), "other", vault, now), /Iv23liAcme is not installed at other; install it there/);
  status = 403;
  await assert.rejects(installationToken(app(), "acme", vault, now), (error: Error) => /refuses POST .*: 403 Suspended$/.test(error.message) && !error.message.includes("ghs_"));
  await assert.rejects(installationToken({ ...app(), clientId: "Iv23liOther" }, "acme", vault, now), /401 A JSON web token/);
  await assert.rejects(installationToken({ ...app(), api: "http://127.0.0.1:1" }, "acme", vault, now), /does not answer/);
});

test("what the environment must name", () => {
  assert.deepEqual(appOf({ MOORING_GITHUB_APP: "Iv23liAcme", MOORING_GITHUB_KEY: key }, "github.com"), { clientId: "Iv23liAcme", key, api: "https://api.github.com" });
  assert.equal(appOf({ MOORING_GITHUB_APP: "Iv23liAcme", MOORING_GITHUB_KEY: `${key}/0a1b` }, "git.acme.example").api, "https://git.acme.example/api/v3");
  assert.throws(() => appOf({}, "github.com"), /set MOORING_GITHUB_APP/);
  assert.throws(() => appOf({ MOORING_GITHUB_APP: "Iv23liAcme", MOORING_GITHUB_KEY: "https://evil.example/keys/x" }, "github.com"), /not the address of a key/);
});
