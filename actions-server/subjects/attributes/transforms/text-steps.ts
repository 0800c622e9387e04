/** Steps that make texts of texts: labels, parts, lists, and what hides a text. */
import { createHmac } from "node:crypto";
import type { StepOf } from "#contract/attributes/steps";
import { openPattern } from "./pattern.ts";
import { ready, refused, type OpenedStep } from "./step.ts";
import { each, failed, isList, toText, valued, type Outcome, type Scalar } from "./value.ts";

type Otherwise = "null" | "keep" | "problem";

function orElse(otherwise: Otherwise, value: Scalar, problem: "unknown_option" | "not_matched") {
  if (otherwise === "keep") return valued(value);
  return otherwise === "null" ? valued(null) : failed(problem);
}

/** Options that are gone from the source keep their labels for as long as they stand here. */
export function openLabel({ options, otherwise = "keep" }: StepOf<"label">): OpenedStep {
  const labels = new Map(Object.entries(options));
  return ready((value) =>
    each(value, (item) => {
      const label = labels.get(toText(item));
      return label === undefined ? orElse(otherwise, item, "unknown_option") : valued(label);
    }),
  );
}

export function openSplit({ by }: StepOf<"split">): OpenedStep {
  return ready((value) => {
    if (value === null) return valued(null);
    const texts = isList(value) ? value.map(toText) : [toText(value)];
    return valued(texts.flatMap((text) => text.split(by)).map((part) => part.trim()));
  });
}

export function openJoin({ with: between }: StepOf<"join">): OpenedStep {
  return ready((value) => {
    if (value === null) return valued(null);
    return isList(value) ? valued(value.map(toText).join(between)) : failed("not_a_list");
  });
}

/** A pattern of the largest size takes a fifth of a second for it. */
const LONGEST_SEARCHED = 20_000;

export function openRegex(step: StepOf<"regex">): OpenedStep {
  const { group = 0, otherwise = "null" } = step;
  const opened = openPattern(step.pattern, step.ignore_case === true);
  if (opened.kind === "refused") return refused(opened.message);
  if (group > opened.groups) return refused(`the pattern has ${opened.groups} groups`);
  return ready((value) =>
    each(value, (item): Outcome<Scalar | null> => {
      const text = toText(item);
      if (text.length > LONGEST_SEARCHED) return failed("too_long");
      const found = opened.match(text);
      return found ? valued(found[group] ?? null) : orElse(otherwise, item, "not_matched");
    }),
  );
}

/** The same text has the same hash, in whatever Unicode form it is written. */
export function openHash({ salt }: StepOf<"hash">): OpenedStep {
  return ready((value) =>
    each(value, (item) =>
      valued(createHmac("sha256", salt).update(toText(item).normalize("NFC")).digest("hex")),
    ),
  );
}

const GRAPHEMES = new Intl.Segmenter("und", { granularity: "grapheme" });
const graphemesOf = (text: string) => Array.from(GRAPHEMES.segment(text), ({ segment }) => segment);

/** A character is what people see as one. A text that would be shown whole is hidden whole. */
export function openMask(step: StepOf<"mask">): OpenedStep {
  const { keep_first: first = 0, keep_last: last = 0, with: sign = "*" } = step;
  return ready((value) =>
    each(value, (item) => {
      const characters = graphemesOf(toText(item));
      const count = characters.length;
      const isHidden = (index: number) =>
        first + last >= count || (index >= first && index < count - last);
      return valued(characters.map((one, index) => (isHidden(index) ? sign : one)).join(""));
    }),
  );
}
