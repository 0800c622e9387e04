import { once } from "node:events";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Connection } from "jsforce";
import { createClient } from "node-zendesk";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import type { WorldCard } from "#scripts/world";
import { caseqaCommand, runNode } from "../support/run-node.ts";
import { startScript } from "../support/run-script.ts";

async function startSandbox(
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<{
  card: WorldCard & { ready: true };
  stop(): Promise<number | null>;
}> {
  const child = startScript("scripts/sandbox.ts", ["--json", "--tickets", "40", ...args], {
    DATABASE_URL: inject("templateUrl"),
    ...env,
  });
  const closed = once(child, "close").then(([code]) => code as number | null);
  const stop = () => {
    child.kill("SIGINT");
    return closed;
  };
  onTestFinished(async () => void (await stop()));
  const lines = createInterface({ input: child.stdout! });
  const [line] = (await Promise.race([
    once(lines, "line"),
    closed.then((code) => Promise.reject(new Error(`the sandbox ended with ${code}`))),
  ])) as [string];
  return { card: JSON.parse(line) as WorldCard & { ready: true }, stop };
}

describe("npm run sandbox", () => {
  it("gives with --empty an account to install into, and its credentials to its owner alone", async () => {
    const folder = await mkdtemp(join(tmpdir(), "caseqa-sandbox-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const { stop } = await startSandbox(["--empty"], { DATA_DIR: folder });
    const file = join(folder, "sandbox.env");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const lines = (await readFile(file, "utf8")).matchAll(/^export ([A-Z_]+)='([^']*)'$/gm);
    const env = Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
    const caseqa = (args: readonly string[]) =>
      runNode(caseqaCommand(args).args, {
        env: { ...env, HOME: folder, PATH: process.env["PATH"] ?? "" },
        cwd: folder,
      });
    expect(await caseqa(["init", "--subdomain", "caseqa"])).toMatchObject({ code: 0 });
    const status = await caseqa(["status", "--json"]);
    expect(status).toMatchObject({ code: 1, json: { state: "not_installed" } });
    expect(await caseqa(["install", "--skip-app"])).toMatchObject({ code: 0 });
    expect(await stop()).toBe(0);
  });

  it("gives programs all they need, serves unmodified clients, and stops cleanly", async () => {
    const { card, stop } = await startSandbox();

    expect(card).toMatchObject({
      ready: true,
      zendesk: { url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), subdomain: "caseqa" },
      integration: expect.stringMatching(/^[a-z0-9_-]+$/),
    });

    const zendesk = createClient({
      username: card.zendesk.adminEmail,
      token: card.zendesk.apiToken,
      endpointUri: `${card.zendesk.url}/api/v2`,
    });
    const tickets = (await zendesk.tickets.list()) as { id: number; status: string }[];
    expect(tickets).toHaveLength(40);

    const { loginUrl, clientId, clientSecret } = card.salesforce;
    const org = new Connection({
      loginUrl,
      version: "67.0",
      oauth2: { loginUrl, clientId, clientSecret },
    });
    await org.authorize({ grant_type: "client_credentials" });
    const { fields } = await org.describe("Case");
    expect(fields.find(({ name }) => name === "Zendesk_Ticket_Id__c")).toMatchObject({
      externalId: true,
      unique: true,
    });

    const open = tickets.find(({ status }) => status === "open")!;
    const answer = await fetch(`${card.server.url}/v1/actions/resolve-case`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${card.server.token}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ ticket_id: open.id }),
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ ticket_id: String(open.id) });

    expect(await stop()).toBe(0);
  });

  it("runs a flow when a ticket is solved over the API", async () => {
    const { card } = await startSandbox();
    const { zendesk } = card;
    const authorization = `Basic ${Buffer.from(`${zendesk.adminEmail}/token:${zendesk.apiToken}`).toString("base64")}`;
    const list = await fetch(`${zendesk.url}/api/v2/tickets.json?page[size]=100`, {
      headers: { authorization },
    });
    const { tickets } = (await list.json()) as {
      tickets: { id: number; status: string; tags: string[] }[];
    };
    const ticket = tickets.find(
      ({ status, tags }) => status === "open" && !tags.includes("bulk_import"),
    )!;

    await fetch(`${zendesk.url}/api/v2/tickets/${ticket.id}.json`, {
      method: "PUT",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({ ticket: { status: "solved" } }),
    });
    await fetch(`${zendesk.url}/local/idle?timeout_ms=20000`);

    const log = await (await fetch(`${zendesk.url}/local/log`)).text();
    expect(log).toContain(`Ticket ${ticket.id}: case`);
    expect(log).toContain("conversation stored");
  });
});
