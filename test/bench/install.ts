/** How long it takes by the command line from an empty account to the first linked ticket: a measurement, not a test. */
import type { Command } from "commander";
import { wholeNumber } from "../../zis/terminal/command-line.ts";
import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildApp } from "../../scripts/app/build.ts";
import { createWorld, type World } from "../../scripts/world.ts";
import { type Part, reachFirstLink } from "../install/support/first-link.ts";
import { caseqaCommand, runNode } from "../support/run-node.ts";
import { environment, writeReport } from "./environment.ts";

const ZCLI = fileURLToPath(
  new URL("../install/node_modules/@zendesk/zcli/bin/run", import.meta.url),
);

export interface InstallOptions {
  readonly out: string;
  readonly tickets: number;
}

export function declareInstall(command: Command): Command {
  return command
    .description(
      "from an empty account to the first linked ticket, by caseqa and the unmodified zcli",
    )
    .option("--tickets <N>", "size of the account", wholeNumber(1, 5_000), 1_000);
}

export async function runInstallBench({ out, tickets }: InstallOptions): Promise<number> {
  const isThere = await access(ZCLI).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    throw new Error("zcli is not there: run npm ci --prefix test/install --ignore-scripts");
  }
  const folder = await mkdtemp(join(tmpdir(), "caseqa-bench-"));
  try {
    const parts = await measure(folder, tickets);
    const seconds = parts.reduce((sum, part) => sum + part.seconds, 0);
    for (const part of parts) print(part.part, part.seconds);
    print("all", seconds);
    await writeReport(out, { ...environment(), seconds, parts });
    return 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, tickets: number): Promise<readonly Part[]> {
  const app = join(folder, "app");
  await buildApp({ out: app });
  const world = await createWorld({
    seed: 3,
    tickets,
    ports: { zendesk: 0, salesforce: 0, server: 0 },
    logLevel: "silent",
    tls: true,
    installed: false,
  });
  try {
    const env = await environmentOf(world, folder);
    const { parts } = await reachFirstLink({
      world,
      caseqa: (args) => runNode(caseqaCommand(args).args, { env, cwd: folder }),
      zcli: ZCLI,
      app,
      clock: () => performance.now(),
    });
    return parts;
  } finally {
    await world.close();
  }
}

async function environmentOf({ card, tls }: World, folder: string) {
  if (!tls) throw new Error("the world has no TLS");
  const certificate = join(folder, "certificate.pem");
  await writeFile(certificate, tls.cert);
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    NODE_EXTRA_CA_CERTS: certificate,
    ZENDESK_SUBDOMAIN: tls.zcli.subdomain,
    ZENDESK_DOMAIN: tls.zcli.domain,
    ZENDESK_EMAIL: card.zendesk.adminEmail,
    ZENDESK_API_TOKEN: card.zendesk.apiToken,
    CASEQA_ZENDESK_URL: card.zendesk.url,
    CASEQA_SERVER_URL: card.server.url,
    CASEQA_SERVER_TOKEN: card.server.token,
  };
}

function print(part: string, seconds: number): void {
  console.log(`${part.padEnd(12)}${seconds.toFixed(1).padStart(6)} s`);
}
