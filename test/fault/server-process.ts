/** The real server in a process of its own, which kills itself at a given point; ended when the test ends. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { CrashPoint } from "./idempotency/crashing-server.ts";

const SERVER = fileURLToPath(new URL("idempotency/crashing-server.ts", import.meta.url));
const TOKEN = "token-of-acme-12345";

interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** Settles with exit code and signal. */
  readonly exited: Promise<unknown[]>;
  /** SIGKILL by default, now. */
  readonly kill: (signal?: NodeJS.Signals) => void;
}

/** `env` adds to what every server needs: a database, the account acme, a Zendesk, and a Salesforce that is away. */
export async function startServer(
  crashAt: CrashPoint,
  env: { readonly DATABASE_URL: string; readonly ZENDESK_URL: string } & Record<string, string>,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [SERVER], {
    stdio: ["pipe", "pipe", "inherit"],
    env: {
      ...process.env,
      CRASH_AT: crashAt,
      SERVER_TOKENS: `acme:${TOKEN}`,
      ZENDESK_EMAIL: "agent@acme.example",
      ZENDESK_API_TOKEN: "token",
      ZENDESK_ALLOW_API_TOKEN: "true",
      SALESFORCE_LOGIN_URL: "http://127.0.0.1:9",
      SALESFORCE_CLIENT_ID: "id",
      SALESFORCE_CLIENT_SECRET: "secret",
      ...env,
    },
  });
  const exited = once(child, "exit");
  onTestFinished(async () => {
    child.stdin.end();
    await exited;
  });
  const [url] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return {
    url,
    pid: child.pid ?? 0,
    exited,
    kill: (signal = "SIGKILL") => void child.kill(signal),
  };
}

/** Calls an action of the server under a key. Rejects when the server dies before its answer. */
export async function callAction(
  serverUrl: string,
  { action, key, body }: { readonly action: string; readonly key: string; readonly body: object },
): Promise<{ readonly status: number; readonly replayed: boolean; readonly body: string }> {
  const reply = await fetch(`${serverUrl}/v1/actions/${action}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${TOKEN}`,
      "content-type": "application/json",
      "idempotency-key": key,
    },
    body: JSON.stringify(body),
  });
  return {
    status: reply.status,
    replayed: reply.headers.get("idempotency-replayed") === "true",
    body: await reply.text(),
  };
}
