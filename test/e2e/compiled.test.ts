/** What `npm run build` makes: does it start on Postgres as the image runs it, answer, and stop? */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, inject, it, onTestFinished } from "vitest";
import { createDatabase, dropDatabase } from "#platform/db/databases";
import { MAIN_ENV, startMain } from "../support/main-process.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** In a folder of its own below dist/, from where it finds node_modules and nobody reads it meanwhile. */
async function build(): Promise<string> {
  await mkdir(join(ROOT, "dist"), { recursive: true });
  const folder = await mkdtemp(join(ROOT, "dist", "test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  // Beside the Node that runs this, as npm scripts get it.
  const PATH = `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`;
  await promisify(execFile)("npm", ["run", "build", "--", "--out", folder], {
    cwd: ROOT,
    env: { ...process.env, PATH },
  });
  return folder;
}

it("is a server that migrates, answers, replays, and stops on SIGTERM", async () => {
  const folder = await build();
  const template = inject("templateUrl");
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  const DATABASE_URL = await createDatabase(template, name);
  onTestFinished(() => dropDatabase(template, name));
  const { child, output, closed, listening } = startMain(
    { ...MAIN_ENV, NODE_ENV: "production", DATABASE_URL },
    { entry: join(folder, "actions-server", "start.js") },
  );
  const url = await listening();
  expect(output.stdout).toContain("the database was migrated");
  expect(await (await fetch(`${url}/health/ready`)).json()).toMatchObject({ status: "ok" });

  const record = async () => {
    const reply = await fetch(`${url}/v1/actions/record-assignment`, {
      method: "POST",
      headers: {
        authorization: "Bearer token-of-acme-12345",
        "content-type": "application/json",
        "idempotency-key": "event-1",
      },
      body: JSON.stringify({
        ticket_id: "7",
        agent_id: "8",
        group_id: null,
        occurred_at: "2026-11-25T08:00:00Z",
      }),
    });
    return [reply.status, reply.headers.get("idempotency-replayed"), await reply.text()];
  };
  const answer = JSON.stringify({ outcome: "recorded", ticket_id: "7", current: true });
  expect(await record()).toEqual([200, null, answer]);
  expect(await record()).toEqual([200, "true", answer]);

  child.kill("SIGTERM");
  expect(await closed).toEqual([0, null]);
  expect(output.stderr).toBe("");
});
