/** Three thousand bodies as large as a route reads are refused while the database is away: does the server stay small? */
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { startWire } from "../postgres-server.ts";
import { startServer } from "../server-process.ts";

const BODIES = 3_000;
const AT_ONCE = 10;
/** Of the 128 KB that apply-settings reads. */
const BODY_BYTES = 120_000;
const MB = 1_000_000;

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

it("keeps nothing of them", async () => {
  const postgres = await startWire();
  const { url, pid } = await startServer("never", {
    DATABASE_URL: postgres.databaseUrl,
    ZENDESK_URL: "http://127.0.0.1:9",
  });
  postgres.relay.fallSilent("are silent");
  const body = JSON.stringify({ settings: "s".repeat(BODY_BYTES) });
  const refuse = async () => {
    const reply = await fetch(`${url}/v1/actions/apply-settings`, {
      method: "POST",
      headers: {
        authorization: "Bearer token-of-acme-12345",
        "content-type": "application/json",
        "idempotency-key": "event",
      },
      body,
    });
    await reply.arrayBuffer();
    return reply.status;
  };
  const statuses = new Set<number>();
  // What the first ones need once is not counted.
  for (let at = 0; at < 50; at += 1) statuses.add(await refuse());
  const before = await residentBytes(pid);
  for (let sent = 0; sent < BODIES; sent += AT_ONCE) {
    for (const status of await Promise.all(Array.from({ length: AT_ONCE }, refuse))) {
      statuses.add(status);
    }
  }
  expect([...statuses]).toEqual([400]);
  // All of them together are 360 MB.
  expect((await residentBytes(pid)) - before).toBeLessThan(150 * MB);
});
