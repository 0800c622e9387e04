/** An account of its own with attributes, on a real Postgres: tickets are put into the store, and what comes of them is read. */
import { sql, type Kysely } from "kysely";
import type { AttributeDefinition } from "#contract/attributes/definition";
import type { ActivateReply } from "#contract/routes/attributes";
import type { Database } from "#platform/db/schema";
import { activate, retire } from "#subjects/attributes/activate";
import { createReadActive } from "#subjects/attributes/active-definitions";
import { createAttributeValues } from "#subjects/attributes/attribute-values";
import { readActiveVersion, saveDefinition } from "#subjects/attributes/definition-store";
import { preview } from "#subjects/attributes/preview";
import { readReports } from "#subjects/attributes/reports";
import { readRerun } from "#subjects/attributes/rerun-store";
import { runRerun } from "#subjects/attributes/rerun";
import { createManualClock } from "#test/support/manual-clock";
import { silentLog } from "#test/support/silent-log";

type Fields = Readonly<Record<string, unknown>>;

const START = new Date("2026-11-30T08:00:00Z");
let accounts = 0;

export const textOf = (field: string, steps: AttributeDefinition["steps"] = []) =>
  ({ subject: "ticket", field, label: "Tier", type: "text", steps }) satisfies AttributeDefinition;

export function openAttributeDesk(db: Kysely<Database>) {
  accounts += 1;
  const account = `acme-${accounts}`;
  const { now, advance } = createManualClock(START);
  const readActive = createReadActive(silentLog);
  const values = createAttributeValues(readActive);
  const asked: string[] = [];
  const enqueue = async (_trx: unknown, { id }: { readonly id: string }) => {
    asked.push(id);
  };
  const inOne = db.transaction();
  const refOf = (id: string) => ({ account, id });

  /** As a capture does: the row first, then its values, in one transaction, which ends after `meanwhile`. */
  async function putTicket(
    id: string,
    fields: Fields,
    meanwhile: () => Promise<void> = async () => {},
  ): Promise<void> {
    advance(1_000);
    const custom = Object.entries(fields).map(([field, value]) => ({ id: field, value }));
    await inOne.execute(async (trx) => {
      await sql`
        insert into qa_conversations (account_id, ticket_id, status, tags, custom_fields, created_at, source_updated_at,
                                      observed_at, captured_at, captures, message_count)
        values (${account}, ${id}, 'solved', '{}', ${JSON.stringify(custom)}::jsonb, ${START}, ${now()}, ${now()}, ${now()}, 1, 0)
        on conflict (account_id, ticket_id) do update set
          custom_fields = excluded.custom_fields, source_updated_at = excluded.source_updated_at`.execute(
        trx,
      );
      await values.store(trx, account, { tickets: [id] });
      await meanwhile();
    });
  }

  async function putPerson(id: string, role: string, name: string): Promise<void> {
    await inOne.execute(async (trx) => {
      await trx
        .insertInto("qa_people")
        .values({ account_id: account, user_id: id, role, name, email: null, updated_at: now() })
        .execute();
      await values.store(trx, account, { users: [id] });
    });
  }

  const erase = (id: string) =>
    inOne.execute(async (trx) => {
      await trx
        .deleteFrom("qa_conversations")
        .where("account_id", "=", account)
        .where("ticket_id", "=", id)
        .execute();
      await values.forget(trx, account, { tickets: [id] });
    });

  const save = (id: string, definition: AttributeDefinition) =>
    inOne.execute((trx) => saveDefinition(trx, refOf(id), definition, now()));
  const activateVersion = (id: string, version: number, replaces: number | null) =>
    inOne.execute((trx) => activate(trx, enqueue, refOf(id), { version, replaces }, now()));
  const previewVersion = (id: string, version: number) =>
    preview({ db, readActive, now }, refOf(id), { version });

  /** Saves, previews and activates. */
  async function define(id: string, definition: AttributeDefinition): Promise<ActivateReply> {
    const saved = await save(id, definition);
    if (saved.outcome === "refused") throw new Error(JSON.stringify(saved.refusals));
    await previewVersion(id, saved.version);
    return activateVersion(id, saved.version, await readActiveVersion(db, refOf(id)));
  }

  return {
    account,
    asked,
    values,
    now,
    readActive,
    putTicket,
    putPerson,
    erase,
    save,
    previewVersion,
    activateVersion,
    define,
    retire: (id: string) => inOne.execute((trx) => retire(trx, refOf(id), now())),
    rerun: (id: string) => runRerun({ db, readActive, now }, refOf(id)),
    progress: (id: string) => readRerun(db, refOf(id)),
    async report(id: string) {
      const [report] = await readReports(db, account, id);
      if (!report) throw new Error(`no attribute ${id}`);
      return report;
    },
    /** One row each: version, typed value, raw and problem. */
    stored: (subjectId: string) =>
      db
        .selectFrom("attribute_values")
        .selectAll()
        .where("account_id", "=", account)
        .where("subject_id", "=", subjectId)
        .orderBy("attribute_id")
        .execute(),
    async valueOf(
      subjectId: string,
      id: string,
      subject: AttributeDefinition["subject"] = "ticket",
    ) {
      const found = await values.valuesOf(db, account, subject, [subjectId]);
      return found.get(subjectId)?.find((one) => one.attribute_id === id)?.value;
    },
  };
}
