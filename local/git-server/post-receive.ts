/**
 * Git's hook after a push was taken: calls the repository's webhooks and notes what they answered.
 * Run by git in the bare repository; lines `<old> <new> <reference>` come in.
 */
import { appendFileSync, readFileSync } from "node:fs";
import type { PublishedHook, PublishedRepository } from "../standins/github/published.ts";
import { DELIVERIES_FILE, readPublished, REPOSITORY_FILE, WEBHOOKS_FILE } from "../standins/github/published.ts";
import { deliver, hearsPushes } from "./deliver.ts";

const hooks = (readPublished<PublishedHook[]>(process.cwd(), WEBHOOKS_FILE) ?? []).filter(hearsPushes);
const { owner = "", name = "", htmlUrl = "" } = readPublished<PublishedRepository>(process.cwd(), REPOSITORY_FILE) ?? {};
const lines = readFileSync(0, "utf8").split("\n").filter((line) => line !== "");
const isNone = (object: string): boolean => /^0+$/.test(object);

const payloads = lines.map((line) => {
  const [before = "", after = "", ref = ""] = line.split(" ");
  return {
    ref, before, after,
    created: isNone(before),
    deleted: isNone(after),
    head_commit: isNone(after) ? null : { id: after },
    repository: { name, full_name: `${owner}/${name}`, html_url: htmlUrl, owner: { login: owner } },
    pusher: { name: owner },
  };
});
const deliveries = await Promise.all(payloads.flatMap((payload) => hooks.map((hook) => deliver(hook, payload))));
for (const delivery of deliveries) appendFileSync(DELIVERIES_FILE, `${JSON.stringify(delivery)}\n`, { mode: 0o600 });
