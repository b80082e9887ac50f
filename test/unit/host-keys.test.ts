import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { githubKnownHosts } from "../../components/github/host-keys.ts";

test("the pinned host keys are those whose fingerprints GitHub publishes", () => {
  const fingerprints = Object.fromEntries(
    githubKnownHosts.split("\n").map((line) => {
      const [host, type, key] = line.split(" ");
      assert.equal(host, "github.com");
      return [type, createHash("sha256").update(Buffer.from(key!, "base64")).digest("base64").replace(/=+$/, "")];
    }),
  );
  // docs.github.com/authentication/keeping-your-account-and-data-secure/githubs-ssh-key-fingerprints
  assert.deepEqual(fingerprints, {
    "ssh-ed25519": "+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU",
    "ecdsa-sha2-nistp256": "p2QAMXNIC1TJYWeIOttrVc98/R1BUFWu3/LiyKgUfQM",
    "ssh-rsa": "uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
  });
});
