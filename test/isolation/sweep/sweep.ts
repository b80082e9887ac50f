/** Asks for everybody, everywhere. */
import type { Settings } from "../../../components/settings/settings.ts";
import type { Lab } from "../lab.ts";
import { allResources, inParallel, mayUser, rulesOf, verbs } from "./authorizer.ts";
import type { Resource, Rule, User } from "./authorizer.ts";
import { namespacesOf, strangers, subjectsOf } from "./tenants.ts";
import type { Subject } from "./tenants.ts";

export interface Finding {
  subject: Subject;
  namespace: string;
  /** What the subject may there, and a stranger may not. */
  rules: Rule[];
}

type Question = Omit<Finding, "rules">;

const written = (rule: Rule): string => JSON.stringify(rule);
const isAccount = ({ name }: User): boolean => name.startsWith("system:serviceaccount:");

/** One line a finding. */
export const told = (findings: Finding[]): string[] =>
  findings.map(({ subject, namespace, rules }) => `${subject.name} (${subject.part} of ${subject.tenant}) in ${namespace}: ${rules.map(written).join(" ")}`);

export const right = ({ name }: User, place: string | undefined, verb: string, { group, resource }: Resource): string =>
  `${name} may ${verb} ${resource}.${group} in ${place ?? "the cluster"}`;

export class Sweep {
  readonly lab: Lab;
  readonly settings: Settings;
  readonly subjects: Subject[];
  readonly resources: Resource[];

  private constructor(lab: Lab, settings: Settings, resources: Resource[]) {
    this.lab = lab;
    this.settings = settings;
    this.subjects = subjectsOf(settings, lab);
    this.resources = resources;
  }

  static async of(lab: Lab, settings: Settings): Promise<Sweep> {
    return new Sweep(lab, settings, await allResources(lab.admin));
  }

  tenantOf(namespace: string) {
    return this.settings.tenants.find((tenant) => namespacesOf(tenant).includes(namespace))!;
  }

  /** A group that two tenants name acts in each as one of that tenant's own; a pipeline in each namespace that the settings list. */
  isOwnRight({ subject: { part, groups }, namespace }: Question): boolean {
    const { owners, editors, viewers } = this.tenantOf(namespace);
    if (part === "pipeline") return this.settings.pipelines.deploy.namespaces.includes(namespace);
    return [...owners, ...editors, ...viewers].some((id) => groups.includes(id));
  }

  /** What each subject may in a namespace, beyond what whoever is signed in may there. */
  async beyondStrangers(questions: Question[]): Promise<Finding[]> {
    const { admin } = this.lab;
    const namespaces = [...new Set(questions.map(({ namespace }) => namespace))];
    const common = await inParallel(
      namespaces.flatMap((namespace) => Object.values(strangers).map((stranger) => ({ namespace, stranger }))),
      async ({ namespace, stranger }) => [`${isAccount(stranger)} ${namespace}`, new Set((await rulesOf(admin, stranger, namespace)).map(written))] as const,
    );
    const known = new Map(common);
    return await inParallel(questions, async ({ subject, namespace }) => {
      const everybodys = known.get(`${isAccount(subject)} ${namespace}`)!;
      return { subject, namespace, rules: (await rulesOf(admin, subject, namespace)).filter((rule) => !everybodys.has(written(rule))) };
    });
  }

  /** Every subject in every namespace of every other tenant: what should not be, and what is the subject's own right there. */
  async acrossTenants(): Promise<{ asked: number; leaks: Finding[]; own: Finding[] }> {
    const { settings, subjects } = this;
    const questions = settings.tenants.flatMap((other) =>
      namespacesOf(other).flatMap((namespace) => subjects.filter(({ tenant }) => tenant !== other.name).map((subject) => ({ subject, namespace }))),
    );
    const found = (await this.beyondStrangers(questions)).filter(({ rules }) => rules.length > 0);
    return { asked: questions.length, leaks: found.filter((one) => !this.isOwnRight(one)), own: found.filter((one) => this.isOwnRight(one)) };
  }

  /** Everybody in every namespace of their own tenant, also where they may nothing. */
  atHome(): Promise<Finding[]> {
    const { settings, subjects } = this;
    const own = settings.tenants.flatMap((tenant) =>
      namespacesOf(tenant).flatMap((namespace) => subjects.filter((subject) => subject.tenant === tenant.name).map((subject) => ({ subject, namespace }))),
    );
    return this.beyondStrangers(own);
  }

  /** Each verb on each resource, by a SubjectAccessReview each; `undefined` among the places is the whole cluster. Answers what is allowed. */
  async everyRight(users: readonly User[], places: readonly (string | undefined)[]): Promise<{ asked: number; allowed: Set<string> }> {
    const questions = users.flatMap((user) =>
      places.flatMap((place) => this.resources.flatMap((resource) => verbs.map((verb) => ({ user, place, resource, verb })))),
    );
    const answers = await inParallel(questions, ({ user, place, resource, verb }) => mayUser(this.lab.admin, user, verb, resource, place));
    const allowed = questions.filter((_, index) => answers[index]).map(({ user, place, resource, verb }) => right(user, place, verb, resource));
    return { asked: questions.length, allowed: new Set(allowed) };
  }
}
