/** Runs the command caseqa against a world's Zendesk by TLS and its server. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { World } from "#scripts/world";
import { environmentKind } from "#cli/zendesk-login";
import { compileCache } from "./compile-cache.ts";
import { runCaseqaInProcess } from "./caseqa-in-process.ts";
import { caseqaCommand, type NodeRun, runNode } from "./run-node.ts";
import { prepareZcliHome } from "./zcli-home.ts";

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export interface Caseqa {
  /** A scratch folder: the working folder and the home. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** In this process where it can be, else in one of its own: that is the case with an OAuth client and signed out. */
  run(args: readonly string[], more?: RunOptions): Promise<NodeRun>;
  /** In a process of its own. */
  spawn(args: readonly string[], more?: RunOptions): Promise<NodeRun>;
  /** The same on a terminal; both streams come as one. */
  onTerminal(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<{ readonly code: number | null; readonly output: string }>;
}

export type CaseqaCredential = "api_token" | "client_credentials" | "wrong";

/** The command in a scratch folder, which is removed when the test ends. */
export async function prepareCaseqa(
  world: World,
  credential: CaseqaCredential = "api_token",
): Promise<Caseqa> {
  if (!world.tls) throw new Error("caseqa wants a world with `tls: true`");
  const folder = await mkdtemp(join(tmpdir(), "caseqa-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await prepareZcliHome(folder);
  const { cert } = world.tls;
  const certificate = join(folder, "certificate.pem");
  await writeFile(certificate, cert);
  const env = {
    ...compileCache(),
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    NODE_EXTRA_CA_CERTS: certificate,
    ZENDESK_SUBDOMAIN: world.tls.zcli.subdomain,
    ZENDESK_DOMAIN: world.tls.zcli.domain,
    CASEQA_ZENDESK_URL: world.card.zendesk.url,
    CASEQA_SERVER_URL: world.card.server.url,
    CASEQA_SERVER_TOKEN: world.card.server.token,
    ...credentialVariables(world, credential),
  };
  const spawnCaseqa: Caseqa["spawn"] = (args, { env: extra = {}, input } = {}) =>
    runNode(caseqaCommand(args).args, { env: { ...env, ...extra }, cwd: folder, input });
  return {
    folder,
    env,
    async onTerminal(args, extra) {
      const command = caseqaCommand(args);
      const words = [command.node, ...command.args];
      const line = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
      // script, of util-linux, gives it a terminal of its own.
      const child = spawn("script", ["--quiet", "--return", "--command", line, "/dev/null"], {
        cwd: folder,
        env: { ...env, ...extra, NO_COLOR: "1" },
        stdio: ["pipe", "pipe", "inherit"],
      });
      let output = "";
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
      const [code] = (await once(child, "close")) as [number | null];
      return { code, output: output.replaceAll("\r\n", "\n") };
    },
    run: (args, more = {}) => {
      const whole = { ...env, ...more.env };
      return environmentKind(whole) === "api_token"
        ? runCaseqaInProcess(args, {
            env: whole,
            cwd: folder,
            input: more.input,
            certificate: cert,
          })
        : spawnCaseqa(args, more);
    },
    spawn: spawnCaseqa,
  };
}

function credentialVariables({ card }: World, credential: CaseqaCredential) {
  const { adminEmail, apiToken, oauth } = card.zendesk;
  if (credential === "client_credentials") {
    return {
      ZENDESK_OAUTH_CLIENT_ID: oauth.clientId,
      ZENDESK_OAUTH_CLIENT_SECRET: oauth.clientSecret,
    };
  }
  const token = credential === "wrong" ? "wrong" : apiToken;
  return { ZENDESK_EMAIL: adminEmail, ZENDESK_API_TOKEN: token };
}
