/**
 * What workflows are given: environments, their rules, variables and secrets. Sources: the resources of these names in
 * integrations/terraform-provider-github, docs.github.com/rest/deployments and /rest/actions. Checked 2026-11-21.
 */
import type { Values } from "../../contract.ts";
import { UNKNOWN } from "../../contract.ts";
import type { Failure } from "../../shape.ts";
import { isObject, listOf, object, text } from "../../shape.ts";
import type { Row } from "../row.ts";

/** `validateSecretNameFunc` of the provider; it is used for variables too. */
const variableName = text(/^(?!github_)[a-z_][a-z0-9_]*$/i, "letters, digits and '_', not starting with a digit nor with GITHUB_");
const environmentName = text(/^.{1,255}$/, "1 to 255 characters");

const MAX_REVIEWERS = 6;

const secretValues = ["value", "valueEncrypted", "encryptedValue", "plaintextValue"];

function exactlyOne(inputs: Values, names: readonly string[]): Failure[] {
  const given = names.filter((name) => inputs[name] !== undefined);
  if (given.length === 1) return [];
  return [{ property: given[1] ?? names[0]!, reason: `exactly one of ${names.join(", ")} must be given, not ${given.join(" and ") || "none"}` }];
}

function reviewerMistakes({ reviewers }: Values): Failure[] {
  if (!Array.isArray(reviewers)) return [];
  const lists = reviewers.flatMap((entry) => (isObject(entry) ? [entry.teams, entry.users] : []));
  const count = lists.reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0);
  return count <= MAX_REVIEWERS ? [] : [{ property: "reviewers", reason: `a maximum of ${MAX_REVIEWERS} reviewers (users and teams combined) can be set for an environment` }];
}

function policyMistakes({ deploymentBranchPolicy: policy }: Values): Failure[] {
  if (!isObject(policy) || policy.protectedBranches === UNKNOWN || policy.protectedBranches !== policy.customBranchPolicies) return [];
  return [{ property: "deploymentBranchPolicy", reason: "protectedBranches and customBranchPolicies cannot have the same value" }];
}

export const actionRows: readonly Row[] = [
  {
    token: "github:index/workflowRepositoryPermissions:WorkflowRepositoryPermissions",
    arguments: object({ canApprovePullRequestReviews: "boolean", defaultWorkflowPermissions: text(/^(read|write)$/, "read or write"), "repository!": "string" }),
    createOnly: ["repository"],
    computed: ["canApprovePullRequestReviews", "defaultWorkflowPermissions"],
  },
  {
    token: "github:index/repositoryEnvironment:RepositoryEnvironment",
    arguments: object({
      canAdminsBypass: "boolean",
      deploymentBranchPolicy: object({ "customBranchPolicies!": "boolean", "protectedBranches!": "boolean" }),
      "environment!": environmentName,
      preventSelfReview: "boolean",
      "repository!": "string",
      reviewers: listOf(object({ teams: listOf("number"), users: listOf("number") })),
      waitTimer: { kind: "range", from: 0, to: 43_200 },
    }),
    createOnly: ["environment"],
    followsRename: true,
    unordered: ["reviewers[].teams", "reviewers[].users"],
    mistakes: (inputs) => [...reviewerMistakes(inputs), ...policyMistakes(inputs)],
    defaults: { canAdminsBypass: true },
    computed: ["repositoryId"],
  },
  {
    token: "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy",
    arguments: object({ branchPattern: text(/./, "not empty"), "environment!": "string", "repository!": "string", tagPattern: text(/./, "not empty") }),
    createOnly: ["environment"],
    followsRename: true,
    togetherCreateOnly: ["branchPattern", "tagPattern"],
    mistakes: (inputs) => exactlyOne(inputs, ["branchPattern", "tagPattern"]),
    computed: ["policyId", "repositoryId"],
  },
  {
    token: "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable",
    arguments: object({ "environment!": "string", "repository!": "string", "value!": "string", "variableName!": variableName }),
    createOnly: ["environment", "variableName"],
    followsRename: true,
    computed: ["createdAt", "repositoryId", "updatedAt"],
  },
  {
    token: "github:index/actionsVariable:ActionsVariable",
    arguments: object({ "repository!": "string", "value!": "string", "variableName!": variableName }),
    createOnly: ["variableName"],
    followsRename: true,
    computed: ["createdAt", "repositoryId", "updatedAt"],
  },
  {
    token: "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret",
    arguments: object({
      encryptedValue: "string",
      "environment!": "string",
      keyId: "string",
      plaintextValue: "string",
      "repository!": "string",
      "secretName!": variableName,
      value: "string",
      valueEncrypted: "string",
    }),
    createOnly: ["environment", "secretName"],
    followsRename: true,
    // There is no key pair to encrypt for.
    refused: ["encryptedValue", "keyId", "valueEncrypted"],
    untold: ["plaintextValue", "value"],
    mistakes: (inputs) => exactlyOne(inputs, secretValues),
    computed: ["createdAt", "keyId", "remoteUpdatedAt", "repositoryId", "updatedAt"],
  },
];
