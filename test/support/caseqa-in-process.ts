/** Runs the command caseqa in this process: the same command line, with an Io of the test's own. */
import { randomUUID } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { inject } from "vitest";
import { runCaseqa } from "#cli/command-line";
import { COMMANDS } from "#cli/commands";
import { createProgress } from "#zis/terminal/progress";
import { onFileFinished } from "./file-end.ts";
import { type NodeRun, nodeRun } from "./run-node.ts";

/** What zcli-core reads of the process itself, whatever the command is given. */
const CREDENTIAL = [
  "ZENDESK_SUBDOMAIN",
  "ZENDESK_DOMAIN",
  "ZENDESK_EMAIL",
  "ZENDESK_API_TOKEN",
] as const;

// zcli-core notes the home when it is loaded, and keeps a file there.
process.env["HOME"] = mkdtempSync(join(inject("runFolder"), "home-"));

const running = { credential: "", runs: 0 };

const authorities = getCACertificates("default");
let isNarrowed = false;

/** Certificates of worlds before have the same subject, so OpenSSL would take the wrong one. */
function trustOnly(certificate: string): void {
  if (!isNarrowed) {
    isNarrowed = true;
    onFileFinished(() => {
      isNarrowed = false;
      setDefaultCACertificates(authorities);
    });
  }
  setDefaultCACertificates([certificate]);
}

export interface InProcessOptions {
  /** Signed in by an API token: zcli-core keeps what it knows of other credentials for the whole process. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly input?: string | undefined;
  /** PEM; the only one that is trusted until the file ends. */
  readonly certificate: string;
}

/**
 * Runs one invocation to its end.
 *
 * @throws Error when another run with another credential is under way
 */
export async function runCaseqaInProcess(
  args: readonly string[],
  { env, cwd, input, certificate }: InProcessOptions,
): Promise<NodeRun> {
  trustOnly(certificate);
  const credential = JSON.stringify(CREDENTIAL.map((name) => env[name]));
  if (running.runs > 0 && running.credential !== credential) {
    throw new Error("one process has one credential at a time: run the other with spawn");
  }
  running.credential = credential;
  for (const name of CREDENTIAL) process.env[name] = env[name] ?? "";
  const startedMs = performance.now();
  let stdout = "";
  let stderr = "";
  const err = (text: string) => void (stderr += text);
  running.runs += 1;
  try {
    const code = await runCaseqa(COMMANDS, args, {
      stop: new AbortController().signal,
      stdin: Readable.from(input === undefined ? [] : [input]),
      interactive: false,
      out: (text) => void (stdout += text),
      err,
      progress: createProgress({ write: err }, () => performance.now() - startedMs),
      colour: false,
      columns: 100,
      env,
      cwd,
      now: () => new Date(),
      newId: () => randomUUID(),
      sleep: (ms) => setTimeout(ms),
    });
    return nodeRun({ code, stdout, stderr });
  } finally {
    running.runs -= 1;
    for (const name of CREDENTIAL) delete process.env[name];
  }
}
