/** The server as operators run it: start.ts, or what was compiled of it, in a process of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";
import { compileCache } from "./compile-cache.ts";

const MAIN = fileURLToPath(new URL("../../actions-server/start.ts", import.meta.url));
const LISTENING = /Server listening at (http:\/\/127\.0\.0\.1:\d+)/;

/** Platforms that are away, and an account: what a server needs besides a database. */
export const MAIN_ENV = {
  PORT: "0",
  SERVER_TOKENS: "acme:token-of-acme-12345",
  ZENDESK_URL: "http://127.0.0.1:9",
  ZENDESK_CLIENT_ID: "id",
  ZENDESK_CLIENT_SECRET: "secret",
  SALESFORCE_LOGIN_URL: "http://127.0.0.1:9",
  SALESFORCE_CLIENT_ID: "id",
  SALESFORCE_CLIENT_SECRET: "secret",
} as const;

/** Its environment is `env`, and nothing else that it reads. Killed when the test ends. */
export function startMain(
  env: Readonly<Record<string, string>>,
  { args = [], entry = MAIN }: { readonly args?: readonly string[]; readonly entry?: string } = {},
) {
  const child = spawn(process.execPath, [entry, ...args], {
    env: { ...compileCache(), ...env },
    stdio: "pipe",
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output.stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (output.stderr += chunk));
  return {
    child,
    output,
    /** Settles with exit code and signal, when all output is there. */
    closed: once(child, "close"),
    /** Its address, once it listens. */
    async listening(): Promise<string> {
      await expect.poll(() => output.stdout).toMatch(LISTENING);
      return LISTENING.exec(output.stdout)?.[1] ?? "";
    },
  };
}
