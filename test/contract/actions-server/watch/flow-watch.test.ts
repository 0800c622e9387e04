/** Is what the watch over flows noted written, also when the database was away? */
import { expect, it, onTestFinished, vi } from "vitest";
import { createFlowWatch } from "../../../../actions-server/watch/flow-watch.ts";
import { freshDatabase } from "../../../support/postgres.ts";
import { silentLog } from "../../../support/silent-log.ts";

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
  flowWatch.heard({ ...call, answer: "{}", failed: false });
  await vi.advanceTimersByTimeAsync(1_000);
  await expect(flowWatch.flush()).rejects.toThrow("flow_contacts");
  await pool.query("alter table away rename to flow_contacts");

  // Each look lets the clock go on.
  await vi.waitFor(async () => expect(await contacts()).toBe(1), {
    interval: 500,
    timeout: 10_000,
  });
  expect(warn).toHaveBeenCalledOnce();
});
