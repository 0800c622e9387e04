/** Checks what a caller sent against its schema, at a cost that does not grow with the number of faults. */
import { Ajv, type ValidateFunction } from "ajv";
import type { FastifySchemaCompiler } from "fastify";
import { FORMATS } from "#contract/instant";

/** Of a value with more members than this, only the first fault is named: a hostile body holds a fault in each. */
const ALL_FAULTS_UP_TO = 200;

/** Whether the value holds at most so many values, itself and the nested ones counted. Stops as soon as it knows. */
function isSmall(value: unknown): boolean {
  const open: unknown[] = [value];
  for (let seen = 1; open.length > 0;) {
    const next = open.pop();
    if (typeof next !== "object" || next === null) continue;
    const members: unknown[] = Object.values(next);
    seen += members.length;
    if (seen > ALL_FAULTS_UP_TO) return false;
    open.push(...members);
  }
  return true;
}

/**
 * Checks bodies and parameters of the path as they are: nothing coerced, filled in or taken away. A query is text: its
 * numbers and booleans are read, and what is left out is filled in. Headers are checked by hand. ajv's `allErrors` reads a
 * value to its end whatever it holds, and `uniqueItems` compares every item with every other (ajv #2012), so the first look
 * at a value ends at its first fault.
 */
export function createCheckCompiler(): FastifySchemaCompiler<unknown> {
  const options = { verbose: true, formats: FORMATS };
  const asSent = [new Ajv(options), new Ajv({ ...options, allErrors: true })] as const;
  const readText = { ...options, coerceTypes: true, useDefaults: true };
  const asText = [new Ajv(readText), new Ajv({ ...readText, allErrors: true })] as const;
  return ({ schema, httpPart }) => {
    if (httpPart === "headers") return () => true;
    const [first, all] = httpPart === "querystring" ? asText : asSent;
    // Compiled at the first value and at the first fault: a server has many schemas, and starts without them.
    let isRight: ValidateFunction | undefined;
    let isAllRight: typeof isRight;
    return (value) => {
      isRight ??= first.compile(schema as object);
      if (isRight(value)) return true;
      if (!isSmall(value)) return { error: isRight.errors ?? [] };
      isAllRight ??= all.compile(schema as object);
      isAllRight(value);
      return { error: isAllRight.errors ?? [] };
    };
  };
}
