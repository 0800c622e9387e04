/** The steps that turn a raw value into an attribute's value. docs/attributes.md lists them and is tested against this table. */
import { Type, type Static, type TProperties } from "typebox";

/** What becomes of a value that the step does not know. */
const Otherwise = Type.Optional(
  Type.Union([Type.Literal("null"), Type.Literal("keep"), Type.Literal("problem")]),
);

/** A name that programs use. */
const AttributeName = Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9_]{0,62}$" });

/** A field as the source calls it: the id of a custom field, or a member's name. */
export const FieldKey = Type.String({ pattern: "^[A-Za-z0-9_.-]{1,120}$" });

/** Of the IANA database; whether it exists is checked with the definition. */
const Zone = Type.String({ minLength: 1, maxLength: 64 });
const Words = Type.Array(Type.String({ maxLength: 255 }), { minItems: 1, maxItems: 50 });
const ShortText = Type.String({ maxLength: 50 });

const step = <Name extends string, Members extends TProperties>(
  name: Name,
  description: string,
  members: Members,
) =>
  Type.Object({ do: Type.Literal(name), ...members }, { additionalProperties: false, description });

export const STEPS = {
  rename: step("rename", "Gives the attribute another name; the value stays.", {
    to: AttributeName,
  }),
  label: step("label", "Replaces an option by its label.", {
    options: Type.Record(Type.String({ maxLength: 255 }), Type.String({ maxLength: 255 }), {
      maxProperties: 2_000,
    }),
    otherwise: Otherwise,
  }),
  date: step("date", "Reads a date or time, in the zone where it names none itself.", {
    zone: Zone,
    format: Type.Optional(ShortText),
  }),
  date_text: step("date_text", "Writes an instant as the clocks of the zone show it.", {
    zone: Zone,
    format: ShortText,
  }),
  scale: step("scale", "Reads a number, multiplies it, adds to it and rounds it.", {
    multiply: Type.Optional(Type.Number()),
    add: Type.Optional(Type.Number()),
    decimals: Type.Optional(Type.Integer({ minimum: 0, maximum: 10 })),
    decimal_mark: Type.Optional(Type.Union([Type.Literal("."), Type.Literal(",")])),
  }),
  boolean: step("boolean", "Maps words to yes and no, whatever their case.", {
    true: Words,
    false: Words,
    otherwise: Type.Optional(Type.Union([Type.Literal("null"), Type.Literal("problem")])),
  }),
  split: step("split", "Makes a list of a text.", {
    by: Type.String({ minLength: 1, maxLength: 50 }),
  }),
  join: step("join", "Makes a text of a list.", { with: ShortText }),
  regex: step("regex", "Takes the part of a text that a pattern of RE2 matches.", {
    pattern: Type.String({ minLength: 1, maxLength: 500 }),
    group: Type.Optional(Type.Integer({ minimum: 0, maximum: 20 })),
    ignore_case: Type.Optional(Type.Boolean()),
    otherwise: Otherwise,
  }),
  coalesce: step(
    "coalesce",
    "Where there is no value, takes that of the first field that has one.",
    {
      fields: Type.Array(FieldKey, { minItems: 1, maxItems: 10 }),
    },
  ),
  hash: step("hash", "Replaces a text by its HMAC-SHA-256 under the salt.", {
    salt: Type.String({ minLength: 16, maxLength: 200 }),
  }),
  mask: step("mask", "Replaces every character but the first and last ones.", {
    keep_first: Type.Optional(Type.Integer({ minimum: 0, maximum: 20 })),
    keep_last: Type.Optional(Type.Integer({ minimum: 0, maximum: 20 })),
    with: Type.Optional(Type.String({ minLength: 1, maxLength: 4 })),
  }),
  constant: step("constant", "Puts a fixed value in place of whatever is there.", {
    value: Type.Union([Type.String({ maxLength: 255 }), Type.Number(), Type.Boolean()]),
  }),
  jq: step("jq", "Not available on this server: a definition that has it is refused.", {
    program: Type.String({ minLength: 1, maxLength: 2_000 }),
  }),
} as const;

export type StepName = keyof typeof STEPS;
export type StepOf<Name extends StepName> = Static<(typeof STEPS)[Name]>;

export const Step = Type.Union([
  STEPS.rename,
  STEPS.label,
  STEPS.date,
  STEPS.date_text,
  STEPS.scale,
  STEPS.boolean,
  STEPS.split,
  STEPS.join,
  STEPS.regex,
  STEPS.coalesce,
  STEPS.hash,
  STEPS.mask,
  STEPS.constant,
  STEPS.jq,
]);
export type Step = Static<typeof Step>;
