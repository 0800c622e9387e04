/** What `npm run sandbox -- --empty` prints, followed to the letter by somebody who knows nothing else. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, inject, onTestFinished, test } from "vitest";
import { appFrame, installedState } from "../../scripts/app/app-page.ts";
import { launchBrowser, newSite } from "../../scripts/app/site.ts";
import { browserMissing } from "../support/browser.ts";
import { zcliMissing } from "../support/zcli.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** What running the instructions writes into a checkout. */
const WRITTEN = new Set(["dist", ".caseqa", "caseqa.json"]);

/** The checkout as if it were fresh: everything that the instructions write is missing, and stays out of the real one. */
async function freshCheckout(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "caseqa-checkout-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const name of await readdir(ROOT)) {
    if (!WRITTEN.has(name)) await symlink(join(ROOT, name), join(folder, name));
  }
  return folder;
}

/** Starts the empty sandbox in the folder. @returns what it printed */
async function startEmptySandbox(cwd: string): Promise<string> {
  const child = spawn("npm", ["run", "--silent", "sandbox", "--", "--empty", "--tickets", "60"], {
    cwd,
    env: { ...process.env, DATABASE_URL: inject("templateUrl") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await closed;
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (printed += chunk));
  await expect.poll(() => printed).toContain("docs/install.md");
  return printed;
}

/** The indented lines of the second part, as somebody pastes them into a shell. */
function commandsOf(printed: string): string {
  const [, part = ""] = printed.split("In another terminal, in this folder:");
  return part
    .split("\n")
    .filter((line) => line.startsWith("  "))
    .filter((line) => !line.includes("npm ci --prefix")) // The suite has brought zcli already.
    .join("\n");
}

async function shell(
  cwd: string,
  script: string,
): Promise<{ code: number | null; output: string }> {
  const child = spawn("bash", ["-e"], { cwd, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end(script);
  let output = "";
  const collect = (chunk: string) => (output += chunk);
  child.stdout.setEncoding("utf8").on("data", collect);
  child.stderr.setEncoding("utf8").on("data", collect);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

test.skipIf(browserMissing() !== undefined || zcliMissing() !== undefined)(
  "lead from an empty account to the first link and to the app's page",
  async () => {
    const folder = await freshCheckout();
    const printed = await startEmptySandbox(folder);

    // The link is made by a flow, some moments after the ticket is solved.
    const commands = commandsOf(printed).replace(
      "  npm run --silent caseqa -- links find",
      "  sleep 3\n$&",
    );
    const { code, output } = await shell(folder, commands);
    expect(output).toMatch(/^1\d{3}\s+500\w{15}\s/m);
    expect(code).toBe(0);

    const [, page = "", name = ""] =
      /app is then on (\S+): sign in as ([^.]+)\./.exec(printed) ?? [];
    const browser = await launchBrowser();
    onTestFinished(() => browser.close());
    const site = await newSite(browser);
    await site.page.goto(page);
    await site.page.getByLabel("Who").selectOption({ label: `${name} (admin)` });
    await site.page.getByRole("button", { name: "Sign in" }).click();
    expect(await installedState(await appFrame(site.page))).toBe("In sync");
    await site.page.close();
  },
);
