/** Is what the watch over flows noted written, also when the database was away? */
import { expect, it, onTestFinished, vi } from "vitest";
import { SCOPES } from "#contract/routes/route";
import { hashSecret } from "#platform/http/callers";
import { createFlowWatch } from "#subjects/flow-watch/flow-watch";
import { readFlows } from "#subjects/flow-watch/watch-store";
import { freshDatabase } from "#test/support/postgres";
import { silentLog } from "#test/support/silent-log";

it("writes what it noted once the database is back, although no other call comes", async () => {
  const { db, pool } = await freshDatabase();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const warn = vi.fn();
  const now = () => new Date("2026-11-30T08:00:00Z");
  const flowWatch = createFlowWatch({ db, now, log: { ...silentLog, warn }, credentials: [] });
  onTestFinished(() => flowWatch.close());
  const contacts = async () =>
    (await db.selectFrom("flow_contacts").select(["account_id", "last_event_at"]).execute()).length;

  await pool.query("alter table flow_contacts rename to away");
  const call = { account: "acme", operation: "record-assignment", eventKey: "k" } as const;
  flowWatch.heard({ ...call, result: { kind: "answered", answer: () => ({}) } });
  await vi.advanceTimersByTimeAsync(1_000);
  await expect(flowWatch.flush()).rejects.toThrow("flow_contacts");
  await pool.query("alter table away rename to flow_contacts");

  // Each look lets the clock go on.
  await vi.waitFor(async () => expect(await contacts()).toBe(1), {
    interval: 500,
    timeout: 60_000,
  });
  expect(warn).toHaveBeenCalledOnce();
});

it("shows the refusal of a credential that was the account's own, however many strangers knock", async () => {
  const { db } = await freshDatabase();
  let second = 0;
  const now = () => new Date(Date.parse("2026-11-30T08:00:00Z") + 1_000 * (second += 1));
  const sha256 = hashSecret("a-token-that-was-rotated");
  const credentials = [{ account: "acme", kind: "bearer", sha256, scopes: SCOPES } as const];
  const before = createFlowWatch({ db, now, log: silentLog, credentials });
  await before.flush();
  await before.close();
  const flowWatch = createFlowWatch({ db, now, log: silentLog, credentials: [] });
  onTestFinished(() => flowWatch.close());

  flowWatch.refused({ kind: "bearer", sha256 });
  await flowWatch.flush();
  for (let flood = 0; flood < 6; flood += 1) {
    for (let guess = 0; guess < 200; guess += 1) {
      flowWatch.refused({ kind: "bearer", sha256: hashSecret(`guess-${flood}-${guess}`) });
    }
    await flowWatch.flush();
  }

  const { refused } = await readFlows(db, "acme");
  expect(refused.filter(({ was_ours: wasOurs }) => wasOurs)).toHaveLength(1);
  expect(refused.map(({ last_at: at }) => at)).toEqual(
    refused
      .map(({ last_at: at }) => at)
      .toSorted()
      .toReversed(),
  );
});
