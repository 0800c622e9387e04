/** The preamble that every flow of ours begins with: load the settings, and say what is wrong with them. */
import { NEW_IN_4 } from "#contract/settings/migrations";
import { DEFAULT_SETTINGS, Settings, SETTINGS_SCOPE } from "#contract/settings/settings";
import { allowanceStates, retryName } from "./allowance.ts";
import { booleanEquals } from "./conditions.ts";
import { jqProblems } from "./jq-schema.ts";
import type { Node } from "./node.ts";
import { catchInto, choice, ERROR_PATH, fail, jq, when } from "./states.ts";
import { parameters } from "./values.ts";

/** Where the settings are after the preamble, in the current version, with `ok` and `problem` beside them. */
const SETTINGS = "$.settings";

/** The path of one setting; a name that the schema does not have does not compile. */
export function setting<const Name extends keyof Settings>(name: Name): `$.settings.${Name}` {
  return `${SETTINGS}.${name}`;
}

/** A missing Config has no documented error text; the REST service answers 404 (ZIS Configs API). */
const MISSING = "404|not found|no config|does not exist";

/**
 * Loads the Config, migrates an older document to the current version and checks every member. A Config that is
 * not there, or not right, ends the flow in a Fail at once; any other failure to load it is retried.
 */
export function loadSettings<const Target extends string>(options: {
  readonly subject: string;
  readonly next: Target;
}): Node<Target> {
  const { subject, next } = options;
  return {
    targets: [next],
    states: (name) => ({
      [name]: {
        Type: "Action",
        Comment: "An administrator changes settings in ZIS Configs; each run reads them anew.",
        ActionName: "zis:common:action:LoadConfig",
        Parameters: parameters({ scope: SETTINGS_SCOPE }),
        ResultPath: SETTINGS,
        ...catchInto(`${name}: missing?`),
        Next: `${name}: check`,
      },
      ...jq({
        why: "Is the Config missing, or could it just not be loaded now?",
        data: ERROR_PATH,
        expr: `{config: ((.Cause // "") | tostring | test("${MISSING}"; "i"))}`,
        into: "$.missing",
        next: `${name}: configured?`,
        failed: retryName(name),
      }).states(`${name}: missing?`),
      ...choice({
        why: "Trying again does not create a missing Config.",
        branches: [when(booleanEquals("$.missing.config", true), `${name}: not configured`)],
        otherwise: retryName(name),
      }).states(`${name}: configured?`),
      ...fail({
        why: "CaseQA was installed without its settings, or they were deleted.",
        error: "CaseQA.NotConfigured",
        cause: `${subject}: not configured: ZIS Configs has no scope "${SETTINGS_SCOPE}". Save the settings in the CaseQA app.`,
      }).states(`${name}: not configured`),
      ...jq({
        why: "Settings of an older version get the defaults of what they lack; every member is checked.",
        data: SETTINGS,
        expr: checkExpression(),
        into: SETTINGS,
        next: `${name}: right?`,
        failed: `${name}: unreadable`,
      }).states(`${name}: check`),
      ...choice({
        why: "Wrong settings must not act.",
        branches: [when(booleanEquals(`${SETTINGS}.ok`, true), next as string)],
        otherwise: `${name}: wrong`,
      }).states(`${name}: right?`),
      ...fail({
        why: "Name the field and what was expected, so that an administrator can correct it.",
        error: "CaseQA.BadSettings",
        cause: `${subject}: the settings are wrong: {{${SETTINGS}.problem}}`,
      }).states(`${name}: wrong`),
      ...fail({
        why: "The Config is not an object of settings at all.",
        error: "CaseQA.BadSettings",
        cause: `${subject}: the settings could not be read: {{${ERROR_PATH}.Cause}}`,
      }).states(`${name}: unreadable`),
      ...allowanceStates(name, name, subject),
    }),
  };
}

function checkExpression(): string {
  const defaults = JSON.stringify(DEFAULT_SETTINGS);
  return (
    `(if type == "object" and .version == 1 then ${defaults} + . + {version: 2} else . end | ` +
    `if type == "object" and .version == 2 then {sweep_old_tickets: false} + . + {version: 3} else . end | ` +
    `if type == "object" and .version == 3 then ${JSON.stringify(NEW_IN_4)} + . + {version: 4} else . end) as $settings | ` +
    `(if ($settings | type) == "object" then ($settings | ${jqProblems(Settings)}) else ["expected an object"] end) as $problems | ` +
    // The result comes last: a document with a member "ok" of its own must not override it.
    `($settings | if type == "object" then . else {} end) + {ok: ($problems == []), problem: ($problems | join("; "))}`
  );
}
