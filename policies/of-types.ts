import type { Resource, Unwrap } from "@pulumi/pulumi";
import { validateResourceOfType } from "@pulumi/policy";
import type { ResourceValidation, ResourceValidationArgs, TypedResourceValidation } from "@pulumi/policy";

interface Case {
  handles(args: ResourceValidationArgs): boolean;
  validate: ResourceValidation;
}

/** What a rule says of one type. */
export function of<TResource extends Resource, TArgs>(
  resourceClass: new (name: string, args: TArgs, ...rest: never[]) => TResource,
  validate: TypedResourceValidation<Unwrap<NonNullable<TArgs>>>,
): Case {
  const constructor = resourceClass as new (name: string, args: TArgs, ...rest: unknown[]) => TResource;
  return { handles: (args) => args.isType(constructor), validate: validateResourceOfType(constructor, validate) };
}

/**
 * One rule for several types. Pulumi's own way, a list of validations, reports the rule as not applicable to a resource
 * that one of them has just looked at, since the others have nothing to do with it.
 */
export function ofTypes(...cases: Case[]): ResourceValidation {
  return (args, report) => {
    const found = cases.find(({ handles }) => handles(args));
    return found === undefined ? args.notApplicable("it is about other types") : found.validate(args, report);
  };
}
