/**
 * What a repository's workflows may do by default. Source: docs.github.com/rest/actions/permissions, and
 * resource_github_workflow_repository_permissions.go of integrations/terraform-provider-github, which gives a repository back what it
 * had when new. Checked 2026-11-21.
 */
import type { Values } from "../contract.ts";
import type { Handler } from "./handler.ts";

const ofNew: Values = { canApprovePullRequestReviews: false, defaultWorkflowPermissions: "read" };

export const workflowHandler: Handler = {
  async create(account, { repository: name, ...said }) {
    const repository = account.getWritable(String(name));
    repository.workflows = { ...ofNew, ...said };
    await account.save();
    return { id: String(name), outputs: { repository: String(name), ...repository.workflows } };
  },
  async update(account, _, inputs) {
    return (await this.create(account, inputs)).outputs;
  },
  read(account, id) {
    const repository = account.find(id);
    const values: Values | undefined = repository && { repository: id, ...ofNew, ...repository.workflows };
    return Promise.resolve(values && { inputs: values, outputs: values });
  },
  async delete(account, id) {
    const repository = account.find(id);
    if (repository === undefined) return;
    account.refuseArchived(repository);
    delete repository.workflows;
    await account.save();
  },
};
