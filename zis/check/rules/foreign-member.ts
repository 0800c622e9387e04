/** Does a flow use members of the Amazon States Language that ZIS does not have, or no longer? */
import type { JsonObject } from "../../model/json.ts";
import type { Found, Severity } from "../finding.ts";
import { child } from "../json-pointer.ts";
import type { Rule } from "../rule.ts";

interface Foreign {
  readonly severity: Severity;
  readonly message: string;
  readonly hint: string;
}

const unsupported = (hint: string): Foreign => ({
  severity: "error",
  message: "is not supported by ZIS",
  hint,
});
/** No public page or bundle has them; that ZIS ignores them is inferred. */
const unseen = (hint: string): Foreign => ({ ...unsupported(hint), severity: "warning" });
const withdrawn = (hint: string): Foreign => ({
  severity: "warning",
  message: "has gone from the ZIS documentation",
  hint,
});

const SELECT = "Shape the data with a Jq action before this state.";

const IN_STATES: ReadonlyMap<string, Foreign> = new Map([
  ["Retry", withdrawn("Use Catch, a counter in a Choice, a Wait, and the same call again.")],
  ["TimeoutSeconds", withdrawn("Remove it; the run time of the whole flow is limited anyway.")],
  ["InputPath", unseen(SELECT)],
  ["OutputPath", unseen(SELECT)],
  ["ResultSelector", unseen(SELECT)],
  ["MaxConcurrency", unsupported("Remove it; iterations run one after the other.")],
  ["Parameters", unsupported("Copy what the iterations need into the items with Jq first.")],
  ["ItemSelector", unsupported("Copy what the iterations need into the items with Jq first.")],
  ["ItemProcessor", unsupported("Name it Iterator.")],
  ["Timestamp", unsupported("Give Seconds or SecondsPath.")],
  ["TimestampPath", unsupported("Compute the seconds with Jq and name them in SecondsPath.")],
  ["HeartbeatSeconds", unsupported("Remove it.")],
  ["Resource", unsupported('Use the type "Action" with an ActionName.')],
  ["Branches", unsupported("There is no Parallel: put the states one after the other.")],
]);

const IN_DEFINITIONS: ReadonlyMap<string, Foreign> = new Map([
  ["Version", unsupported("Remove it.")],
  ["TimeoutSeconds", unsupported("Remove it; ZIS limits the run time itself.")],
]);

/** Members that other rules report where they are not allowed. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set(["Next", "End", "Catch"]);

/** True when another finding reports this member of a state or flow, so that it is not "unknown". */
export function isForeignMember(path: string, member: string): boolean {
  if (/\/States\/[^/]*$/.test(path)) return IN_STATES.has(member) || TOLD_ELSEWHERE.has(member);
  return /\/(definition|Iterator)$/.test(path) && IN_DEFINITIONS.has(member);
}

export const foreignMember: Rule = {
  name: "foreign-member",
  severity: "error",
  what: "A flow uses a member of the Amazon States Language that ZIS does not have, or has withdrawn.",
  source: "ZIS developer guide, flow state limitations; for some inferred from public bundles",
  *find({ scopes, states }) {
    for (const { state, type, path } of states) yield* foreign(state, path, IN_STATES, type);
    for (const { definition, path } of scopes) yield* foreign(definition, path, IN_DEFINITIONS);
  },
};

function* foreign(
  object: JsonObject,
  path: string,
  members: ReadonlyMap<string, Foreign>,
  type?: string,
): Generator<Found> {
  for (const member of Object.keys(object)) {
    // An Action has Parameters of its own.
    const known = member === "Parameters" && type === "Action" ? undefined : members.get(member);
    if (known === undefined) continue;
    const { severity, message, hint } = known;
    yield {
      path: child(path, member),
      atKey: true,
      severity,
      message: `${member} ${message}.`,
      hint,
    };
  }
}
