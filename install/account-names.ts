/** The names of brands, groups, forms and fields in Zendesk, so that an administrator need not type ids. */
import type { CallApi } from "./zendesk-api.ts";

export interface Named {
  readonly id: string;
  readonly name: string;
}

/** The settings that hold ids of the account. */
export type NamedSetting = "forms" | "brands" | "groups" | "case_number_field_id";

/** By setting. A missing one could not be read. */
export type Names = Readonly<Partial<Record<NamedSetting, readonly Named[]>>>;

/** The names for one setting; undefined: it holds no ids, or they could not be read. */
export function namesOf(names: Names, setting: string): readonly Named[] | undefined {
  const named = setting.replace(/^capture_/, "");
  return Object.hasOwn(names, named) ? names[named as NamedSetting] : undefined;
}

interface Source {
  readonly setting: NamedSetting;
  readonly path: string;
  readonly member: string;
  readonly title: "name" | "title";
}

const SOURCES: readonly Source[] = [
  { setting: "brands", path: "/api/v2/brands.json", member: "brands", title: "name" },
  { setting: "groups", path: "/api/v2/groups.json", member: "groups", title: "name" },
  { setting: "forms", path: "/api/v2/ticket_forms.json", member: "ticket_forms", title: "name" },
  {
    setting: "case_number_field_id",
    path: "/api/v2/ticket_fields.json",
    member: "ticket_fields",
    title: "title",
  },
];

/** Only these kinds of ticket field can hold a typed number. */
const TYPED = new Set(["text", "integer", "regexp"]);
const MOST_PAGES = 10;

/** A list that cannot be read is left out, and the form takes ids. Plans without brands or forms answer 403 or 404. */
export async function readNames(callZendesk: CallApi): Promise<Names> {
  const found = await Promise.all(
    SOURCES.map(async (source) => {
      const names = await readSource(callZendesk, source).catch(() => null);
      return names === null ? [] : [[source.setting, names] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}

/** Null when refused or incomplete: an id missing from an incomplete list may still exist. */
async function readSource(callZendesk: CallApi, source: Source): Promise<readonly Named[] | null> {
  const names: Named[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const cursor: string = after === null ? "" : `&page[after]=${encodeURIComponent(after)}`;
    const path = `${source.path}?page[size]=100${cursor}`;
    const { status, body } = await callZendesk({ method: "GET", path });
    if (status !== 200 || typeof body !== "object" || body === null) return null;
    const answer = body as Readonly<Record<string, unknown>>;
    const rows = answer[source.member];
    if (!Array.isArray(rows)) return null;
    for (const row of rows as readonly Readonly<Record<string, unknown>>[]) {
      if (typeof row["type"] === "string" && !TYPED.has(row["type"])) continue;
      names.push({ id: String(row["id"]), name: String(row[source.title] ?? row["id"]) });
    }
    const meta = (answer["meta"] ?? {}) as { has_more?: boolean; after_cursor?: unknown };
    // Where no cursor is offered, `next_page` shows that there is more.
    const isLast = meta.has_more !== true && typeof answer["next_page"] !== "string";
    if (isLast) return names;
    const next = meta.after_cursor;
    // A cursor that does not advance would loop forever.
    if (typeof next !== "string" || next === "" || next === after) return null;
    after = next;
  }
  return null;
}
