/** An attribute's whole life over HTTP, with the job that computes its values, in a running server. */
import { expect, it } from "vitest";
import { ROUTES } from "#contract/routes";
import { jobsDone } from "#test/support/jobs";
import { startWorld } from "#test/support/world";

it("saves, previews, activates, computes, shows and retires an attribute", async () => {
  const world = await startWorld({ tickets: 5 });
  const { url, token } = world.card.server;
  const { db } = world.deps;

  async function call(method: string, path: string, body?: unknown, key = "none") {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        "idempotency-key": key,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  }
  const path = ROUTES.attribute.path.replace(":id", "tier");
  const { body: me } = await call("GET", ROUTES.me.path);
  const at = new Date("2026-11-30T08:00:00Z");
  const ticket = (id: string, value: unknown) => ({
    account_id: me.account,
    ticket_id: id,
    status: "solved",
    tags: [],
    custom_fields: JSON.stringify([{ id: "360001", value }]),
    created_at: at,
    source_updated_at: at,
    observed_at: at,
    captured_at: at,
    captures: 1,
    message_count: 0,
  });
  await db
    .insertInto("qa_conversations")
    .values([ticket("1", "4"), ticket("2", "x"), ticket("3", null)])
    .execute();

  const definition = {
    subject: "ticket",
    field: "360001",
    label: "Score",
    type: "number",
    steps: [
      { do: "scale", multiply: 20, decimals: 0 },
      { do: "rename", to: "score" },
    ],
  };
  for (const wrong of [
    { ...definition, type: "money" },
    { ...definition, steps: [{ do: "guess" }] },
    { ...definition, steps: [{ do: "rename", to: "a b" }] },
    { ...definition, steps: Array.from({ length: 21 }, () => ({ do: "rename", to: "a" })) },
    { ...definition, field: "a field" },
    { ...definition, label: "" },
    { ...definition, more: 1 },
  ]) {
    const { status, body } = await call("PUT", path, wrong);
    expect([wrong, status, body.error.code]).toEqual([wrong, 400, "BAD_REQUEST"]);
  }
  const jq = { ...definition, steps: [{ do: "jq", program: ".x" }] };
  expect((await call("PUT", path, jq)).body).toEqual({
    outcome: "refused",
    refusals: [{ step: 1, message: "jq is not available on this server: use the other steps" }],
  });
  expect((await call("GET", path)).status).toBe(404);
  expect((await call("POST", `${path}/rerun`)).status).toBe(404);
  expect((await call("POST", `${path}/retire`)).status).toBe(404);

  expect((await call("PUT", path, definition)).body).toEqual({ outcome: "saved", version: 1 });
  expect((await call("PUT", path, definition)).body).toEqual({ outcome: "unchanged", version: 1 });
  const asked = { version: 1, replaces: null };
  expect((await call("POST", `${path}/activate`, asked)).body).toEqual({
    outcome: "not_previewed",
  });
  const { body: shown } = await call("POST", `${path}/preview`, {
    version: 1,
    rows: 2,
  });
  expect(shown).toEqual({
    version: 1,
    rows: [
      { id: "3", raw: { "360001": null }, before: null, after: null, problem: null },
      {
        id: "2",
        raw: { "360001": "x" },
        before: null,
        after: null,
        problem: { code: "not_a_number", step: 1 },
      },
    ],
    with_value: 0,
    changed: 0,
    problems: 1,
  });
  const { body: activated } = await call("POST", `${path}/activate`, asked);
  expect(activated).toMatchObject({ outcome: "activated", rerun: { version: 1 } });
  await jobsDone(world);
  expect((await call("GET", `${path}/rerun`)).body).toMatchObject({
    state: "finished",
    rows_done: 3,
    rows_total: 3,
    problems: 1,
  });
  const { body: listed } = await call("GET", ROUTES.attributes.path);
  expect(listed.attributes).toMatchObject([
    {
      id: "tier",
      subject: "ticket",
      active_version: 1,
      source: "present",
      versions: [{ version: 1, state: "active", name: "score", definition }],
      rerun: { state: "finished" },
    },
  ]);
  const values = await db
    .selectFrom("attribute_values")
    .select(["subject_id", "number_value", "problem"])
    .orderBy("subject_id")
    .execute();
  expect(values).toEqual([
    { subject_id: "1", number_value: 80, problem: null },
    { subject_id: "2", number_value: null, problem: "not_a_number" },
    { subject_id: "3", number_value: null, problem: null },
  ]);

  await db.deleteFrom("attribute_values").execute();
  expect(await call("POST", `${path}/rerun`)).toMatchObject({ status: 202, body: { version: 1 } });
  await jobsDone(world);
  expect(await db.selectFrom("attribute_values").select("subject_id").execute()).toHaveLength(3);
  const erasure = { ticket_id: 1, state: "erased", occurred_at: "2026-11-30T09:00:00Z" };
  const erased = await call("POST", "/v1/actions/record-deletion", erasure, "e:1");
  expect(erased).toMatchObject({ status: 200, body: { state: "erased" } });
  const left = await db.selectFrom("attribute_values").select("subject_id").execute();
  expect(left.map((row) => row.subject_id).toSorted()).toEqual(["2", "3"]);
  expect((await call("POST", `${path}/retire`)).status).toBe(204);
  expect((await call("POST", `${path}/rerun`)).status).toBe(404);
  expect((await call("GET", path)).body).toMatchObject({ active_version: null });
});
