/** Killed after Zendesk took the note, but before the record says so: is there one note in the end? */
import { beforeAll, describe, expect, it } from "vitest";
import type { OpenDatabase } from "#platform/db/open";
import { servedDatabase } from "../../support/postgres.ts";
import { callAction, startServer } from "../server-process.ts";
import { openZendesk } from "./open-zendesk.ts";

const TICKET = 1_001;

let database: OpenDatabase;

beforeAll(async () => {
  database = await servedDatabase();
});

async function startZendesk() {
  const { zendesk, app, credentials } = openZendesk();
  await app.register(zendesk.routes);
  const env = {
    DATABASE_URL: database.url,
    ZENDESK_URL: await app.listen({ port: 0, host: "127.0.0.1" }),
    ...credentials,
  };
  const ticket = () => zendesk.tickets.get(String(TICKET))!;
  return {
    env,
    notes: () => ticket().comments.filter(({ body }) => body.startsWith("CaseQA")).length,
    tags: () => ticket().tags.filter((tag) => tag === "caseqa_ambiguous_case").length,
  };
}

const notify = (url: string, telling: "note" | "tag", key: string) =>
  callAction(url, {
    action: "annotate-ticket",
    key,
    body: { ticket_id: TICKET, telling, reason: "ambiguous_case" },
  });

describe("a server that is killed", () => {
  it.each([
    { point: "after-claim", left: 0, outcome: "annotated", replayed: false },
    { point: "before-commit", left: 1, outcome: "already_there", replayed: false },
    { point: "after-commit", left: 1, outcome: "annotated", replayed: true },
  ] as const)(
    "$point leaves one note when the event is delivered again",
    async ({ point, left, outcome, replayed }) => {
      const { env, notes } = await startZendesk();
      const dying = await startServer(point, env);
      await expect(notify(dying.url, "note", point)).rejects.toThrow("fetch failed");
      expect(await dying.exited).toEqual([null, "SIGKILL"]);
      expect(notes()).toBe(left);

      const { url } = await startServer("never", env);
      const second = await notify(url, "note", point);
      expect(second).toMatchObject({ status: 200, replayed });
      expect(JSON.parse(second.body)).toEqual({ outcome, ticket_id: String(TICKET) });
      expect(await notify(url, "note", point)).toEqual({ ...second, replayed: true });
      expect(notes()).toBe(1);
    },
  );

  it("leaves its note to a server at which a duplicate already waits", async () => {
    const { env, notes } = await startZendesk();
    const [dying, survivor] = await Promise.all([
      startServer("before-commit", env),
      startServer("never", env),
    ]);
    const lost = expect(notify(dying.url, "note", "at-once")).rejects.toThrow("fetch failed");
    await dying.exited;
    const duplicates = await Promise.all([
      notify(survivor.url, "note", "at-once"),
      notify(survivor.url, "note", "at-once"),
    ]);
    await lost;
    expect(duplicates.map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set(duplicates.map(({ body }) => body))).toEqual(
      new Set([JSON.stringify({ outcome: "already_there", ticket_id: String(TICKET) })]),
    );
    expect(notes()).toBe(1);
  });

  it("leaves one tag", async () => {
    const { env, tags } = await startZendesk();
    const dying = await startServer("before-commit", env);
    await expect(notify(dying.url, "tag", "tag")).rejects.toThrow("fetch failed");
    await dying.exited;
    const { url } = await startServer("never", env);
    expect((await notify(url, "tag", "tag")).status).toBe(200);
    expect(tags()).toBe(1);
  });
});
