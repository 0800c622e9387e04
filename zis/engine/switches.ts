/** Which behaviours of ZIS are not publicly known, what the engine does there, and what else it can do. */

interface SwitchSpec {
  readonly default: string;
  readonly allowed: readonly string[];
  /** What each value means and why the default is the default. */
  readonly reason: string;
  /** The public page or the observation behind it, or what it is inferred from. */
  readonly source: string;
}

/** Every switch, by name. */
export const SWITCHES = {
  resultPathDefault: {
    default: "keep",
    allowed: ["keep", "replace"],
    reason:
      "An Action or Map without ResultPath: keep leaves the data as they were and drops the result, replace makes the result the data, as Amazon States Language does. Many published flows omit ResultPath on side effects and read $.input right after, which only works with keep.",
    source: "inferred because published flows rely on it; the documentation's table is not public",
  },
  passResultPathDefault: {
    default: "replace",
    allowed: ["keep", "replace"],
    reason:
      "A Pass with a Result but no ResultPath: replace makes Result the data, keep drops it. With keep such a state would do nothing.",
    source: "inferred from the Amazon States Language",
  },
  passResultTemplates: {
    default: "literal",
    allowed: ["literal", "resolve"],
    reason:
      "The Result of a Pass: literal takes it as written, resolve fills in keys that end in .$ as in Parameters.",
    source: "inferred because the page on the Pass state shows constant results only",
  },
  isPresentNull: {
    default: "true",
    allowed: ["true", "false"],
    reason:
      "IsPresent on a member whose value is null. Amazon States Language says true, some ZIS authors expect false: test IsNull, or a Boolean computed by jq.",
    source: "inferred from the Amazon States Language",
  },
  missingVariable: {
    default: "false",
    allowed: ["false", "error"],
    reason:
      "A Choice comparison on a path that does not exist: false does not match and warns, error fails the flow with JSON path not found. IsPresent is never an error.",
    source: "inferred; the Amazon States Language of 2016 leaves it open",
  },
  jqOutputs: {
    default: "first",
    allowed: ["first", "all", "single"],
    reason:
      "A jq program with several outputs or none: first keeps the first (null when there is none), all keeps several as an array (null when there is none), single makes anything but one output a runtime error.",
    source:
      "inferred from published flows, which compare such results with strings and with IsNull",
  },
  jqPlainText: {
    default: "error",
    allowed: ["error", "string"],
    reason:
      "A string given to jq as data that is not JSON: error is a runtime error, string hands it to jq as a JSON string.",
    source: "inferred because the official demo bundle passes JSON text as data",
  },
  emptyMapResult: {
    default: "array",
    allowed: ["array", "null"],
    reason:
      "The result of a Map over no items: an empty array, or null, for which one published flow provides.",
    source: "inferred; a published flow turns null into an empty array after its Map",
  },
  placeholderNull: {
    default: "empty",
    allowed: ["empty", "null", "error"],
    reason:
      "A {{$.x}} whose value is null: empty inserts nothing and warns, null inserts the word, error is a runtime error.",
    source: "inferred because no public page says",
  },
  actionRoot: {
    default: "parameters",
    allowed: ["parameters", "all"],
    reason:
      "The path $ in the definition of an action, as in requestBody.$: parameters gives the Parameters of the state alone, all gives subdomain and zendeskHost beside them, which {{$.subdomain}} finds in any case.",
    source: "inferred because the pages call the Parameters the data of a definition",
  },
  retryBeforeCatch: {
    default: "catch",
    allowed: ["catch", "retry"],
    reason:
      "A reply of 429 or 5xx to an action whose state has a Catch: catch goes to the Catch at once, retry fails the flow so that it runs again from the start, and catches in the last attempt only.",
    source:
      "inferred; the page on retries and error handling says that a fallback runs when a state cannot retry",
  },
  emptyReply: {
    default: "text",
    allowed: ["text", "null", "object"],
    reason:
      "A 2xx reply without a body: text gives an empty __httpresponse like any other reply that is not JSON, null gives null, object gives an empty object.",
    source:
      "inferred from the page on custom actions, which names __httpresponse for replies that are not JSON",
  },
  pathSyntax: {
    default: "reference",
    allowed: ["reference", "rfc9535"],
    reason:
      "Which paths may be read: reference admits $, members and indexes only, rfc9535 all of JSONPath (a query that may match several values gives an array). ResultPath is a reference path in any case.",
    source: "inferred because no published flow uses anything but members and indexes",
  },
} as const satisfies Record<string, SwitchSpec>;

type SwitchName = keyof typeof SWITCHES;

export type Switches = {
  readonly [K in SwitchName]: (typeof SWITCHES)[K]["allowed"][number];
};

/** The value of every switch when nobody chooses. */
export const DEFAULT_SWITCHES = Object.fromEntries(
  Object.entries(SWITCHES).map(([name, spec]) => [name, spec.default]),
) as Switches;

export type ParsedSwitch =
  | { readonly ok: true; readonly switches: Partial<Switches> }
  | { readonly ok: false; readonly message: string };

/** Parses one choice, `NAME=VALUE`, as a command line or a file of settings gives it. */
export function parseSwitch(text: string): ParsedSwitch {
  const [name = "", ...rest] = text.split("=");
  const value = rest.join("=");
  if (!isSwitchName(name)) {
    const names = Object.keys(SWITCHES).join(", ");
    return { ok: false, message: `there is no switch "${name}"; there are ${names}` };
  }
  const allowed: readonly string[] = SWITCHES[name].allowed;
  if (!allowed.includes(value)) {
    return { ok: false, message: `${name} must be one of ${allowed.join(", ")}` };
  }
  return { ok: true, switches: { [name]: value } };
}

function isSwitchName(name: string): name is SwitchName {
  return Object.hasOwn(SWITCHES, name);
}
