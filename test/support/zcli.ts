/** Runs the unmodified zcli against the world's Zendesk by TLS, as a person at a terminal without a keyboard does. */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject, onTestFinished } from "vitest";
import { compileCache } from "./compile-cache.ts";
import type { World } from "#scripts/world";
import type { Finished } from "./run-script.ts";
import { prepareZcliHome } from "./zcli-home.ts";

export type Credential = "api_token" | "oauth_token" | "client_credentials" | "wrong";

/** Undefined when zcli is installed, else why it is not; for `describe.skipIf`. */
export function zcliMissing(): string | undefined {
  const zcli = inject("zcli");
  return "missing" in zcli ? zcli.missing : undefined;
}

export interface Zcli {
  readonly home: string;
  /** The environment in which zcli reaches the world. */
  readonly env: Readonly<Record<string, string>>;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Finished>;
}

/** A zcli with a scratch home; removed when the test ends. */
export async function prepareZcli(world: World, credential: Credential): Promise<Zcli> {
  const zcli = inject("zcli");
  if ("missing" in zcli) throw new Error(zcli.missing);
  if (!world.tls) throw new Error("zcli wants a world with `tls: true`");
  const home = await mkdtemp(join(tmpdir(), "caseqa-zcli-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  await prepareZcliHome(home);
  const certificate = join(home, "certificate.pem");
  await writeFile(certificate, world.tls.cert);
  const env = {
    ...compileCache(),
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    NODE_EXTRA_CA_CERTS: certificate,
    ZENDESK_SUBDOMAIN: world.tls.zcli.subdomain,
    ZENDESK_DOMAIN: world.tls.zcli.domain,
    ...(await credentialEnvironment(world, credential)),
  };
  return {
    home,
    env,
    run: (args, extra = {}) => run(zcli.bin, args, { ...env, ...extra }, home),
  };
}

async function credentialEnvironment(
  { card }: World,
  credential: Credential,
): Promise<Record<string, string>> {
  const { adminEmail, apiToken, oauth, url } = card.zendesk;
  switch (credential) {
    case "api_token":
      return { ZENDESK_EMAIL: adminEmail, ZENDESK_API_TOKEN: apiToken };
    case "client_credentials":
      return {
        ZENDESK_OAUTH_CLIENT_ID: oauth.clientId,
        ZENDESK_OAUTH_CLIENT_SECRET: oauth.clientSecret,
      };
    case "oauth_token": {
      const response = await fetch(`${url}/oauth/tokens`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          grant_type: "client_credentials",
          client_id: oauth.clientId,
          client_secret: oauth.clientSecret,
          scope: "read write",
        }),
      });
      const { access_token } = (await response.json()) as { access_token: string };
      return { ZENDESK_OAUTH_TOKEN: access_token };
    }
    case "wrong":
    default:
      return { ZENDESK_EMAIL: adminEmail, ZENDESK_API_TOKEN: "wrong" };
  }
}

function run(
  bin: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<Finished> {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    env,
    // zcli asks questions where it can; a closed stdin keeps it from waiting.
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}
