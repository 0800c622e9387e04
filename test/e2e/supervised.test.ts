/** A supervisor signals the process it started, which is npm: what npm started has to stop too. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { MAIN_ENV } from "../support/main-process.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

interface Supervised {
  readonly child: ChildProcess;
  readonly closed: Promise<unknown[]>;
  readonly output: () => string;
}

/** `npm run SCRIPT`, as leader of a session of its own, so that everything it starts can be counted. */
async function supervise(script: string, args: string[], env: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), "caseqa-supervised-"));
  const child = spawn("npm", ["run", script, "--", ...args], {
    cwd: ROOT,
    env: { ...process.env, DATABASE_URL: inject("templateUrl"), DATA_DIR: folder, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  const collect = (chunk: string) => (output += chunk);
  child.stdout.setEncoding("utf8").on("data", collect);
  child.stderr.setEncoding("utf8").on("data", collect);
  onTestFinished(async () => {
    for (const pid of sessionOf(child)) process.kill(pid, "SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });
  return { child, closed: once(child, "close"), output: () => output } satisfies Supervised;
}

/** The living processes of the session that the child leads, by Linux's /proc. */
function sessionOf({ pid }: ChildProcess): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((found) => {
      try {
        // After the command in brackets: state, parent, group, session (proc(5)).
        const [state, , , session] = readFileSync(`/proc/${found}/stat`, "utf8")
          .replace(/^.*\) /s, "")
          .split(" ");
        return Number(session) === pid && state !== "Z";
      } catch {
        return false;
      }
    });
}

describe.skipIf(process.platform !== "linux")("SIGTERM to npm", () => {
  it.each([
    ["start", [], "Server listening", MAIN_ENV],
    ["sandbox", ["--tickets", "20"], "The sandbox is running", {}],
    ["demo", ["--tickets", "20", "--keep"], "keeps running", {}],
  ] as const)("stops what `npm run %s` started", async (script, args, ready, env) => {
    const { child, closed, output } = await supervise(script, [...args], { ...env });
    await expect.poll(output).toContain(ready);

    child.kill("SIGTERM");
    await closed;

    await expect.poll(() => sessionOf(child)).toEqual([]);
  });
});
