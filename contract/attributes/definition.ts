/** What an attribute is: a field of a ticket, user or agent, its steps, and the type that its value has in the end. */
import { Type, type Static } from "typebox";
import { FieldKey, Step } from "./steps.ts";

/** What has attributes. An agent is the Zendesk user of that id. */
export const AttributeSubject = Type.Union([
  Type.Literal("ticket"),
  Type.Literal("user"),
  Type.Literal("agent"),
]);

export type AttributeSubject = Static<typeof AttributeSubject>;

/** `texts`: several at once, as of a field of many options. */
export const AttributeType = Type.Union([
  Type.Literal("text"),
  Type.Literal("texts"),
  Type.Literal("number"),
  Type.Literal("boolean"),
  Type.Literal("instant"),
]);
export type AttributeType = Static<typeof AttributeType>;

export const AttributeDefinition = Type.Object(
  {
    subject: AttributeSubject,
    field: FieldKey,
    /** For people. Two attributes may have the same: their names differ. */
    label: Type.String({ minLength: 1, maxLength: 200 }),
    type: AttributeType,
    steps: Type.Array(Step, { maxItems: 20 }),
  },
  { additionalProperties: false },
);
export type AttributeDefinition = Static<typeof AttributeDefinition>;

/** The name that programs use: the last one that a step gives, else the field's key. */
export function nameOf({ field, steps }: AttributeDefinition): string {
  return steps.findLast((step) => step.do === "rename")?.to ?? field;
}

/** Every field that the value is made of, each once. */
export function fieldsOf({ field, steps }: AttributeDefinition): readonly string[] {
  const more = steps.flatMap((step) => (step.do === "coalesce" ? step.fields : []));
  return [...new Set([field, ...more])];
}
