/** services.json with other environments than the template's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readScaffold } from "../../components/github/scaffold/reader.ts";
import { servicesFile, templateEnvironments } from "../../components/github/scaffold/services.ts";

const template = readScaffold("kustomize").find(({ path }) => path === "services.json")!;

test("with the template's names it is the template's file, to the letter", () => {
  assert.deepEqual(servicesFile(templateEnvironments.main, templateEnvironments.release), template);
});

test("other names are all that differs", () => {
  const { environments, ...rest } = JSON.parse(servicesFile("dev", 'li"ve').content) as { environments: unknown };
  assert.deepEqual(environments, { main: "dev", release: 'li"ve' });
  const { environments: _, ...same } = JSON.parse(template.content) as { environments: unknown };
  assert.deepEqual(rest, same);
});

test("images of pull requests, which are made of what nobody has reviewed, are not pushed unless a team says so", () => {
  assert.equal((JSON.parse(template.content) as { pullRequestImages: boolean }).pullRequestImages, false);
});
