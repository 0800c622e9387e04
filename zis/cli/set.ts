/** What `--set NAME=VALUE` chooses: switches of the engine and of the services, and limits. */
import { nearestPhrase } from "../check/nearest.ts";
import { type Limits, LIMITS, parseLimit } from "../engine/limits.ts";
import { parseSwitch, type Switches, SWITCHES } from "../engine/switches.ts";
import { SERVICE_SWITCHES, type ServiceSwitches } from "../services/service-switches.ts";
import { UsageError } from "../terminal/usage-error.ts";

export interface Choices {
  readonly switches: Partial<Switches>;
  readonly serviceSwitches: Partial<ServiceSwitches>;
  readonly limits: Partial<Limits>;
}

const LIMIT_NAMES = Object.keys(LIMITS).map((name) => `limits.${name}`);

/** Reads every `NAME=VALUE`; a later one wins. Throws a UsageError that names what there is. */
export function readChoices(texts: readonly string[] = []): Choices {
  return texts.map(choiceOf).reduce<Choices>(
    (all, each) => ({
      switches: { ...all.switches, ...each.switches },
      serviceSwitches: { ...all.serviceSwitches, ...each.serviceSwitches },
      limits: { ...all.limits, ...each.limits },
    }),
    { switches: {}, serviceSwitches: {}, limits: {} },
  );
}

/** The switches of the services that the built-in actions of a flow go by. */
const OF_BUILT_INS: readonly string[] = [
  "configMerge",
  "duplicateLink",
] satisfies (keyof ServiceSwitches)[];

/** The names of choices that one attempt of a flow, without the services around it, does not go by. */
export function withoutEffectInRun({ switches, serviceSwitches }: Choices): string[] {
  return [
    ...Object.keys(switches).filter((name) => name === "retryBeforeCatch"),
    ...Object.keys(serviceSwitches).filter((name) => !OF_BUILT_INS.includes(name)),
  ];
}

function choiceOf(text: string): Partial<Choices> {
  const [name = "", ...rest] = text.split("=");
  if (rest.length === 0) throw new UsageError(`--set takes NAME=VALUE, not "${text}"`);
  if (LIMIT_NAMES.includes(name)) {
    const parsed = parseLimit(text);
    if (parsed.ok) return { limits: parsed.limits };
    throw new UsageError(parsed.message);
  }
  if (Object.hasOwn(SERVICE_SWITCHES, name)) {
    return { serviceSwitches: serviceChoice(name as keyof ServiceSwitches, rest.join("=")) };
  }
  const parsed = parseSwitch(text);
  if (parsed.ok) return { switches: parsed.switches };
  if (Object.hasOwn(SWITCHES, name)) throw new UsageError(parsed.message);
  const names = [...Object.keys(SWITCHES), ...Object.keys(SERVICE_SWITCHES), ...LIMIT_NAMES];
  throw new UsageError(
    `there is no switch "${name}"${nearestPhrase(name, names)}; zis switches lists them`,
  );
}

function serviceChoice(name: keyof ServiceSwitches, value: string): Partial<ServiceSwitches> {
  const allowed: readonly string[] = SERVICE_SWITCHES[name].allowed;
  if (allowed.includes(value)) return { [name]: value };
  throw new UsageError(`${name} must be one of ${allowed.join(", ")}`);
}
