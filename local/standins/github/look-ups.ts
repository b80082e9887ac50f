/** The functions of the package. What is not recorded of a person or a team is made from the name, the same each time. */
import type { Values } from "../contract.ts";
import type { GithubAccount } from "./account.ts";
import { factsOf, numberOf, teamNumber } from "./owners.ts";
import { repositoryOutputs } from "./repositories.ts";

const nodeId = (prefix: string, kind: string, id: number): string => `${prefix}_${Buffer.from(`${kind}:${id}`).toString("base64url")}`;

/** Throws for a function that is not known here, and as GitHub does for what does not exist. */
export async function lookUp(token: string, args: Values, account: GithubAccount): Promise<Values> {
  switch (token) {
    case "github:index/getRepository:getRepository": {
      const [owner, name] = String(args.fullName ?? `${account.owner}/${String(args.name)}`).split("/");
      const repository = owner?.toLowerCase() === account.owner.toLowerCase() && name !== undefined ? account.find(name) : undefined;
      // Nothing is found, and that is no error: integrations/terraform-provider-github#1612, data_source_github_repository.go. Checked 2026-11-21.
      if (repository === undefined) return {};
      return { ...(await repositoryOutputs(account, repository)), id: repository.name };
    }
    case "github:index/getOrganization:getOrganization": {
      const login = String(args.name);
      const repositories = account.state.repositories.filter((repository) => repository.owner.toLowerCase() === login.toLowerCase());
      const isKnown = login.toLowerCase() === account.owner.toLowerCase() || repositories.length > 0;
      if (!isKnown || factsOf(account.folder, login).kind === "user") throw new Error(`404 Not Found: the organization ${login} does not exist`);
      const id = numberOf("organization", login);
      return { id: String(id), login, name: login, orgname: login, nodeId: nodeId("O", "organization", id), repositories: repositories.map((repository) => `${repository.owner}/${repository.name}`) };
    }
    case "github:index/getRepositories:getRepositories": {
      // Of the search's syntax, what is asked for: everything of an owner (docs.github.com/search-github/searching-on-github/searching-for-repositories). It tells of 1,000 at most. Checked 2026-11-21.
      const [, login] = /^user:([\w-]+)$/.exec(String(args.query)) ?? [];
      if (login === undefined) throw new Error(`The stand-in for GitHub cannot search for ${JSON.stringify(args.query)}.`);
      const found = account.state.repositories.filter((repository) => repository.owner.toLowerCase() === login.toLowerCase()).slice(0, 1000);
      return { ...args, id: String(args.query), names: found.map(({ name }) => name), fullNames: found.map(({ owner, name }) => `${owner}/${name}`), repoIds: found.map(({ repoId }) => repoId) };
    }
    case "github:index/getTeam:getTeam": {
      const slug = String(args.slug);
      const id = teamNumber(account.folder, account.owner, slug);
      return {
        ...args, slug, id: String(id), name: slug, nodeId: nodeId("T", "team", id), description: "", privacy: "closed", permission: "pull",
        notificationSetting: "notifications_enabled", members: [], repositories: [], repositoriesDetaileds: [],
      };
    }
    case "github:index/getUser:getUser": {
      // "" asks for who is logged in, of whom nothing is known.
      const login = String(args.username) || account.owner;
      const id = numberOf("user", login);
      return {
        ...args, login, id: String(id), name: login, nodeId: nodeId("U", "user", id), siteAdmin: false, gpgKeys: [], sshKeys: [], followers: 0, following: 0, publicGists: 0, publicRepos: 0,
        avatarUrl: `${account.hosts.web}/${login}.png`, gravatarId: "", email: "", bio: "", blog: "", company: "", location: "", createdAt: "", updatedAt: "", suspendedAt: "",
      };
    }
    default:
      throw new Error(`The stand-in for GitHub does not know the function ${token}.`);
  }
}
