/** Makes Azure's published schemas strict. */
import type { Fields } from "./arm-body.ts";

/**
 * The same schema without template expressions, which no request may have, and with every object closed that names its
 * fields. Azure leaves them open. Maps, and objects that name no fields at all, stay as they are.
 */
export function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (schema === null || typeof schema !== "object") return schema;
  const fields = schema as Fields;
  const choices = Array.isArray(fields.oneOf) ? (fields.oneOf as Fields[]).filter(({ $ref }) => !String($ref).endsWith("/expression")) : undefined;
  if (choices?.length === 1 && fields.properties === undefined) {
    const { oneOf: _oneOf, ...others } = fields;
    return strict({ ...others, ...choices[0] });
  }
  if (choices !== undefined && fields.properties !== undefined) {
    // Fields common to all alternatives: each alternative is closed, so each must know them.
    const { oneOf: _oneOf, properties, type, ...others } = fields;
    const whole = (choice: Fields) => ({ type, ...choice, properties: { ...(properties as Fields), ...(choice.properties as Fields) } });
    return strict({ ...others, oneOf: choices.map(whole) });
  }
  const result: Fields = Object.fromEntries(Object.entries({ ...fields, ...(choices && { oneOf: choices }) }).map(([key, value]) => [key, strict(value)]));
  if (fields.type === "object" && isMap(fields.properties) && fields.additionalProperties === undefined) result.additionalProperties = false;
  return result;
}

function isMap(value: unknown): value is Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
