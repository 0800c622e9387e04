/** The tables of attributes. Ids are text; times are UTC instants. */
import type { JSONColumnType } from "kysely";
import type { AttributeDefinition, AttributeSubject } from "#contract/attributes/definition";
import type { RerunReport } from "#contract/routes/attributes";

declare module "#platform/db/schema" {
  interface Database {
    attribute_definitions: AttributeDefinitionTable;
    attribute_values: AttributeValueTable;
    attribute_reruns: AttributeRerunTable;
  }
}

/** One row a version; its document never changes. At most one version of an attribute is active. */
interface AttributeDefinitionTable {
  account_id: string;
  attribute_id: string;
  version: number;
  subject: AttributeSubject;
  /** Of the document: unique among the active ones of a subject. */
  name: string;
  state: "draft" | "active" | "retired";
  document: JSONColumnType<AttributeDefinition>;
  saved_at: Date;
  previewed_at: Date | null;
  activated_at: Date | null;
}

/** One row for each attribute of a ticket or person. At most one of the typed columns has a value. Divided by hash. */
interface AttributeValueTable {
  account_id: string;
  subject: AttributeSubject;
  /** The ticket's or user's id. */
  subject_id: string;
  attribute_id: string;
  /** Of the definition that computed it. */
  version: number;
  /** By the fields that the definition reads; what the source no longer has stays as it was last seen. */
  raw: JSONColumnType<Record<string, unknown>>;
  text_value: string | null;
  texts_value: string[] | null;
  number_value: number | null;
  boolean_value: boolean | null;
  instant_value: Date | null;
  /** Why there is no value although there is something raw. */
  problem: string | null;
  problem_step: number | null;
}

/** How far an attribute's values are computed anew: one row an attribute, of the last time. */
interface AttributeRerunTable {
  account_id: string;
  attribute_id: string;
  version: number;
  state: RerunReport["state"];
  /** The id of the last row that was dealt with; empty: none was. */
  cursor: string;
  rows_done: number;
  rows_total: number | null;
  problems: number;
  requested_at: Date;
  finished_at: Date | null;
}
