/**
 * Evaluates the condition of a role assignment as Azure does, as far as Mooring writes such conditions: `AND`, `OR`, `!`,
 * brackets, `ActionMatches{'…'}`, and `@Request[…]` with `StringStartsWithIgnoreCase '…'` or `StringEqualsIgnoreCase '…'`. Throws for anything else.
 * Source: learn.microsoft.com/azure/role-based-access-control/conditions-format.
 */

export interface AccessRequest {
  /** The data action that is tried. */
  action: string;
  /** The attributes of what is asked for, by their names. */
  attributes: Record<string, string>;
}

/** Whether the condition lets the role's actions through for this request. */
export function permits(condition: string, request: AccessRequest): boolean {
  const tokens = [...condition.matchAll(/\s+|\(|\)|!|AND\b|OR\b|ActionMatches\{'([^']+)'\}|@Request\[([^\]]+)\] String(StartsWith|Equals)IgnoreCase '([^']*)'/gy)];
  const read = tokens.reduce((sum, [text]) => sum + text.length, 0);
  if (read !== condition.length) throw new Error(`the condition cannot be read from here on: ${condition.slice(read)}`);
  const rest = tokens.filter(([text]) => text.trim() !== "");

  const next = (text: string): boolean => (rest[0]?.[0] === text ? rest.shift() !== undefined : false);
  // Both sides are always read, so that what follows is found in its place.
  const any = (): boolean => {
    let value = all();
    while (next("OR")) value = [all(), value].some(Boolean);
    return value;
  };
  const all = (): boolean => {
    let value = single();
    while (next("AND")) value = [single(), value].every(Boolean);
    return value;
  };
  const single = (): boolean => {
    if (next("!")) return !single();
    if (next("(")) {
      const value = any();
      if (!next(")")) throw new Error("a bracket is not closed");
      return value;
    }
    const [text, action, attribute, operator, operand] = rest.shift() ?? [];
    if (action !== undefined) return matches(action, request.action);
    if (attribute === undefined || operand === undefined) throw new Error(`${text ?? "the end"} stands where an expression belongs`);
    const value = request.attributes[attribute];
    // An attribute that a request does not have makes the expression false.
    if (value === undefined) return false;
    return operator === "Equals" ? value.toLowerCase() === operand.toLowerCase() : value.toLowerCase().startsWith(operand.toLowerCase());
  };

  const value = any();
  if (rest.length > 0) throw new Error(`${rest[0]![0]} is left over`);
  return value;
}

/** Actions are compared without regard to case, and `*` stands for anything. */
function matches(pattern: string, action: string): boolean {
  const expression = pattern.split("*").map((part) => part.replace(/[.]/g, "\\.")).join(".*");
  return new RegExp(`^${expression}$`, "i").test(action);
}
