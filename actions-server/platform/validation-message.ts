/** Says in one line what is wrong with a body: which member, and what it should be. Pure. */
import { shorten } from "./shorten.ts";

/** What ajv reports of one fault, with `verbose` on. */
export interface SchemaFault {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string | undefined;
  readonly parentSchema?: unknown;
}

const SHOWN_FAULTS = 5;
const SHOWN_NAME = 60;

/** `/tags/0` becomes `body.tags[0]`, where `body` is the root. */
function toPlace(root: string, instancePath: string): string {
  const steps = instancePath.split("/").slice(1);
  const names = steps.map((step) => {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    return /^\d+$/.test(name) ? `[${name}]` : `.${name}`;
  });
  return `${root}${names.join("")}`;
}

function knownNames(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null || !("properties" in schema)) return [];
  const { properties } = schema;
  return typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
}

/** Levenshtein's distance: insertions, deletions and replacements between two words. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > SHOWN_NAME) return undefined;
  const ranked = known
    .map((candidate) => ({ candidate, away: distance(name.toLowerCase(), candidate) }))
    .sort((left, right) => left.away - right.away);
  const best = ranked[0];
  if (best && best.away <= Math.max(2, best.candidate.length / 3)) return best.candidate;
  return known.find((candidate) => candidate.startsWith(name));
}

function describeUnknown(root: string, fault: SchemaFault): string {
  const name = String(fault.params["additionalProperty"]);
  const known = knownNames(fault.parentSchema);
  const guess = nearest(name, known);
  const advice = guess ? `did you mean ${guess}?` : `known are ${known.join(", ")}`;
  return `${toPlace(root, fault.instancePath)} has no member ${JSON.stringify(shorten(name, SHOWN_NAME))}; ${advice}`;
}

/** What was expected. ajv says of a constant only that it is one. */
function expectation({ keyword, params, message }: SchemaFault): string {
  if (keyword === "const") return `must be ${JSON.stringify(params["allowedValue"])}`;
  return message ?? "is wrong";
}

function describeFault(root: string, fault: SchemaFault): string {
  if (fault.keyword === "additionalProperties") return describeUnknown(root, fault);
  if (fault.keyword === "required") {
    const name = String(fault.params["missingProperty"]);
    return `${toPlace(root, `${fault.instancePath}/${name}`)} is missing`;
  }
  return `${toPlace(root, fault.instancePath)} ${expectation(fault)}`;
}

/** The faults at one place are alternatives of a union; `anyOf` itself adds nothing. */
function describePlace(root: string, faults: readonly SchemaFault[]): string[] {
  const describe = (fault: SchemaFault) => describeFault(root, fault);
  const [first, ...others] = faults.filter(({ keyword }) => keyword !== "anyOf");
  if (!first) return faults.map(describe);
  const isUnion = faults.length > others.length + 1;
  if (!isUnion) return [first, ...others].map(describe);
  const alternatives = new Set(others.map(expectation));
  return [[describe(first), ...alternatives].join(" or ")];
}

/** Names every place, at most five; `root` is what the whole value is called. */
export function describeFaults(faults: readonly SchemaFault[], root = "body"): string {
  const places = Map.groupBy(faults, (fault) => fault.instancePath);
  const lines = [...places.values()].flatMap((atPlace) => describePlace(root, atPlace));
  const rest = lines.length - SHOWN_FAULTS;
  return lines.slice(0, SHOWN_FAULTS).join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}
