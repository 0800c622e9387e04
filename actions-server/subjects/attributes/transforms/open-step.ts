/** Which transform does which step. */
import type { Step, StepName, StepOf } from "#contract/attributes/steps";
import { ready, refused, type OpenedStep } from "./step.ts";
import { openHash, openJoin, openLabel, openMask, openRegex, openSplit } from "./text-steps.ts";
import { openBoolean, openDate, openDateText, openScale } from "./typed-steps.ts";
import { readRaw, valued } from "./value.ts";

const OPENERS: { readonly [Name in StepName]: (step: StepOf<Name>) => OpenedStep } = {
  rename: () => ready(valued),
  label: openLabel,
  date: openDate,
  date_text: openDateText,
  scale: openScale,
  boolean: openBoolean,
  split: openSplit,
  join: openJoin,
  regex: openRegex,
  coalesce: openCoalesce,
  hash: openHash,
  mask: openMask,
  constant: ({ value }) => ready(() => valued(value)),
  jq: () => refused("jq is not available on this server: use the other steps"),
};

/** Checks a step and makes its transform. */
export function openStep(step: Step): OpenedStep {
  // Each opener takes the steps of its own name.
  const open = OPENERS[step.do] as (step: Step) => OpenedStep;
  return open(step);
}

function openCoalesce({ fields }: StepOf<"coalesce">): OpenedStep {
  return ready((value, rawOf) => {
    if (value !== null) return valued(value);
    for (const field of fields) {
      const outcome = readRaw(rawOf(field));
      if (outcome.kind === "problem" || outcome.value !== null) return outcome;
    }
    return valued(null);
  });
}
