/** A schema as jq, so that a flow can say which member of its settings is wrong, and what was expected. */
import type { TSchema } from "typebox";

/** The parts of a JSON schema that settings use; anything else is refused when the bundle is built. */
interface Node {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly Node[];
  readonly items?: Node;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Node>>;
}

/** A jq condition on `.` that holds when the value is as the schema says. */
function condition(node: Node): string {
  if (node.anyOf) return `(${node.anyOf.map(condition).join(" or ")})`;
  if (node.const !== undefined) return `(. == ${JSON.stringify(node.const)})`;
  switch (node.type) {
    case "boolean":
      return `(type == "boolean")`;
    case "null":
      return "(. == null)";
    case "integer":
      return all(
        `type == "number"`,
        ". == floor",
        node.minimum !== undefined && `. >= ${node.minimum}`,
        node.maximum !== undefined && `. <= ${node.maximum}`,
      );
    case "string":
      return all(
        `type == "string"`,
        node.minLength !== undefined && `length >= ${node.minLength}`,
        node.maxLength !== undefined && `length <= ${node.maxLength}`,
        node.pattern !== undefined && `test(${JSON.stringify(wholeText(node.pattern))})`,
      );
    case "array":
      return all(
        `type == "array"`,
        node.minItems !== undefined && `length >= ${node.minItems}`,
        node.maxItems !== undefined && `length <= ${node.maxItems}`,
        node.uniqueItems === true && "(unique | length) == length",
        node.items !== undefined && `all(.[]; ${condition(node.items)})`,
      );
    case undefined:
    default:
      throw new Error(`no jq for the schema ${JSON.stringify(node)}`);
  }
}

/** In jq `$` also matches before a line break at the end of the text; in JSON schema it does not. */
function wholeText(pattern: string): string {
  return pattern.replace(/\$$/, "\\z");
}

function all(...parts: (string | false)[]): string {
  return `(${parts.filter((part) => part !== false).join(" and ")})`;
}

/** What a member was expected to be, for the Cause that an administrator reads. */
function expectation(node: Node): string {
  if (node.anyOf) return node.anyOf.map(expectation).join(" or ");
  if (node.const !== undefined) return JSON.stringify(node.const);
  switch (node.type) {
    case "boolean":
      return "true or false";
    case "null":
      return "null";
    case "integer":
      return `a whole number from ${node.minimum} to ${node.maximum}`;
    case "string":
      if (node.pattern !== undefined) return `text like ${node.pattern}`;
      return `text of ${node.minLength ?? 0} to ${node.maxLength} characters`;
    case "array": {
      const unique = node.uniqueItems === true ? ", none of them twice" : "";
      const items = expectation(node.items ?? {});
      return `a list of ${node.minItems ?? 0} to ${node.maxItems}${unique}: ${items}`;
    }
    case undefined:
    default:
      return "something else";
  }
}

/**
 * A jq expression on an object that gives the list of its problems, `name: expected …`, members that the
 * schema does not know included.
 *
 * @throws Error when the schema uses what has no translation
 */
export function jqProblems(schema: TSchema): string {
  const { properties = {} } = schema as Node;
  const names = JSON.stringify(Object.keys(properties));
  const members = Object.entries(properties).map(
    ([name, node]) =>
      `(if has("${name}") and (.${name} | ${condition(node)}) then empty else ${JSON.stringify(`${name}: expected ${expectation(node)}`)} end)`,
  );
  const unknown = `((keys - ${names})[] | .[0:100] + ": no such setting")`;
  return `[${[...members, unknown].join(", ")}]`;
}
