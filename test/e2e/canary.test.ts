/** Does a full run, with everything that may go wrong in it, leave a secret or somebody's words in the log? */
import { Writable } from "node:stream";
import { expect, it } from "vitest";
import type { Webhooks } from "#contract/routes/zis-webhooks";
import { createLog } from "#platform/log";
import { CASE_NUMBER_FIELD_ID } from "#sandbox/data/ticket-fields";
import type { World } from "#scripts/world";
import { jobsDone } from "../support/jobs.ts";
import { openTicket, renewedWebhooks, startWorld } from "../support/world.ts";

const CANARY = "canary-7f3a";
/** Words of the sample data that are too short to be told from our own. */
const SHORTEST_TEXT = 12;

function createKeptLog() {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { lines, log: createLog("trace", sink) };
}

/** Credentials of the world's own making, and what its people wrote. */
function secretsOf({ card, account, data, zendesk }: World, webhooks: Webhooks): string[] {
  const words = data.zendesk.tickets.flatMap(({ id, subject }) => [
    subject,
    ...zendesk.tickets.comments(String(id)).map(({ body }) => body.split("\n")[0] ?? ""),
  ]);
  return [
    card.zendesk.apiToken,
    card.zendesk.oauth.clientSecret,
    card.salesforce.clientSecret,
    card.server.token,
    ...account.tokens().map(({ accessToken }) => accessToken),
    ...Object.values(webhooks).flatMap(({ url, password }) => [password, new URL(url).pathname]),
    ...data.zendesk.endUsers.flatMap(({ name, email }) => [name, email ?? CANARY]),
    ...words.filter((text) => text.length >= SHORTEST_TEXT),
  ];
}

/** Requests of a stranger and of a known caller with something that must not be told in each place. */
async function sendWrongRequests({ card, deps }: World): Promise<void> {
  const url = `${card.server.url}/v1/actions/capture-conversation`;
  const known = { authorization: `Bearer ${card.server.token}` };
  const json = { "content-type": "application/json" };
  const right = JSON.stringify({ ticket_id: 1 });
  const requests: [Record<string, string>, string][] = [
    [{ authorization: `Bearer ${CANARY}-token-12345` }, right],
    [{ authorization: `Basic ${Buffer.from(`user:${CANARY}`).toString("base64")}` }, right],
    [{ "x-api-key": `${CANARY}-key-12345` }, right],
    [{ ...known, cookie: CANARY, "x-request-id": `${CANARY} is no id` }, right],
    [{ ...known, "idempotency-key": CANARY.repeat(40) }, right],
    [{ ...known, "idempotency-key": CANARY }, right],
    [{ ...known, "idempotency-key": CANARY }, JSON.stringify({ ticket_id: 2 })],
    [known, JSON.stringify({ [`${CANARY}-member`]: CANARY })],
    [known, JSON.stringify({ ticket_id: CANARY })],
    [known, `{"ticket_id": ${CANARY}`],
    [{ ...known, "content-type": `text/${CANARY}` }, CANARY],
  ];
  for (const [headers, body] of requests) {
    await fetch(`${url}?secret=${CANARY}`, {
      method: "POST",
      headers: { ...json, ...headers },
      body,
    });
  }
  await fetch(`${card.server.url}/v1/actions/apply-settings`, {
    method: "POST",
    headers: { ...known, ...json, "idempotency-key": "wrong-settings" },
    body: JSON.stringify({
      settings: { version: 2, revision: 1, ignore_tags: CANARY, [CANARY]: 1 },
    }),
  });
  // What a database error carries: the row that it refused.
  const broken = deps.db
    .insertInto("settings_history")
    .values({ account_id: CANARY } as never)
    .execute();
  await broken.catch((error: unknown) => deps.log.error({ err: error }, "a statement failed"));
}

/** The platforms answer with words of their own where an error is expected. */
async function letPlatformsFail({ faults, zendesk, zis }: World, ticketId: string): Promise<void> {
  const body = {
    error: { title: "Invalid", message: "m" },
    details: { x: [CANARY] },
    other: CANARY,
  };
  faults.zendesk.add({ path: "/api/v2/tickets/*", status: 403, body, times: 1 });
  faults.zendesk.add({
    path: "/api/v2/tickets/*",
    status: 500,
    body: `<p>${CANARY}</p>`,
    times: 1,
  });
  faults.zendesk.add({
    path: "/api/v2/tickets/*",
    status: 200,
    body: { ticket: CANARY },
    times: 1,
  });
  faults.salesforce.add({
    path: "/services/data/*",
    status: 400,
    body: [{ errorCode: "MALFORMED_QUERY", message: `SELECT ${CANARY}` }],
    times: 1,
  });
  faults.salesforce.add({ path: "/services/data/*", drop: "before", times: 1 });
  zendesk.agents.setStatus(ticketId, "solved");
  await zis.idle(120_000);
  faults.zendesk.clear();
  faults.salesforce.clear();
}

it("leaves neither secrets nor anybody's words in the log", async () => {
  const { lines, log } = createKeptLog();
  const world = await startWorld({ waits: "virtual", overrides: { log } });
  const webhooks = await renewedWebhooks(world);
  const { zendesk, zis } = world;
  const [matched, ambiguous] = [openTicket(world, "matched"), openTicket(world, "ambiguous")];

  zendesk.agents.reply(matched, `${CANARY} says a customer`, { public: true });
  zendesk.agents.setCustomField(ambiguous, CASE_NUMBER_FIELD_ID, `${CANARY}-number`);
  zendesk.agents.setStatus(matched, "solved");
  zendesk.agents.setStatus(ambiguous, "solved");
  await zis.idle(120_000);
  await letPlatformsFail(world, openTicket(world, "none"));
  await sendWrongRequests(world);
  await jobsDone(world);

  const text = lines.join("");
  const found = [CANARY, ...secretsOf(world, webhooks)].filter((secret) => text.includes(secret));
  expect(lines.filter((line) => found.some((secret) => line.includes(secret)))).toEqual([]);
  // The run was one: actions were answered, refused and failed.
  for (const word of ["request completed", '"event":"refused"', '"level":40', '"level":50']) {
    expect(text).toContain(word);
  }
});
