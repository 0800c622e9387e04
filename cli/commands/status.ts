/** `caseqa status`: what is installed, by the content that is read back. */
import { type BundleState, type InstallState, readState } from "../../install/state.ts";
import { ACCOUNT_FLAGS, ACCOUNT_HELP, withAccount } from "../account.ts";
import { readArguments, requirePositionals } from "../arguments.ts";
import { type Command, EXIT, type Io } from "../command.ts";
import { createStyle, type Mark, markedLine } from "../style.ts";

const STATES: Readonly<Record<BundleState, readonly [Mark, string]>> = {
  not_installed: ["failed", "not installed"],
  in_sync: ["ok", "in sync with this build"],
  changed: ["warning", "changed: its content is not what was uploaded"],
  other_version: ["warning", "another version than this build"],
  disabled: ["warning", "disabled: no job spec is installed"],
};

export const statusCommand: Command = {
  name: "status",
  summary: "tell what is installed, and whether it is this build",
  help: `Usage: caseqa status [options]

Reads the registry, connections, settings and our server, and compares contents, never versions.

${ACCOUNT_HELP}
Exit codes: 0 in sync and nothing amiss, 1 not, 2 misuse.
`,
  async run(args, io) {
    const parsed = readArguments(args, { flags: ACCOUNT_FLAGS });
    requirePositionals(parsed);
    return withAccount(io, parsed, async ({ context }) => {
      io.progress.show("reading what is installed");
      const state = await readState(context);
      io.progress.done();
      const ok = state.state === "in_sync" && state.problems.length === 0;
      io.out(parsed.flag("json") ? `${JSON.stringify({ ok, ...state })}\n` : report(io, state));
      return ok ? EXIT.ok : EXIT.failed;
    });
  },
};

function report(io: Io, state: InstallState): string {
  const style = createStyle(io.colour);
  const [mark, text] = STATES[state.state];
  const { jobSpecs, connections, webhooks, config, server, found } = state;
  const lines = [
    markedLine(style, mark, state.integration, text, null),
    fact("bundle", found === null ? "none" : `${short(found.hash)} ${found.uploadedAt ?? ""}`),
    fact("this build", short(state.wantedHash)),
    fact("job specs", counts(jobSpecs)),
    fact("connections", connections.map(({ name }) => name).join(", ") || "none"),
    fact("webhooks", `${webhooks.recorded} on record`),
    fact("settings", revisions(config.revision, server)),
    fact("roll back to", state.previous.map(({ hash }) => short(hash)).join(", ") || "nothing"),
    ...state.problems.map(({ what, cure }) => markedLine(style, "failed", "problem", what, cure)),
  ];
  return `${lines.join("\n")}\n`;
}

function fact(name: string, text: string): string {
  return `  ${name.padEnd(18)} ${text}`.trimEnd();
}

function short(hash: string): string {
  return hash.slice(0, 12);
}

function counts({ installed, orphaned, missing, extra }: InstallState["jobSpecs"]): string {
  return [
    `${installed.length} installed`,
    ...(orphaned.length > 0 ? [`${orphaned.length} orphaned`] : []),
    ...(missing.length > 0 ? [`${missing.length} missing`] : []),
    ...(extra.length > 0 ? [`${extra.length} of an older bundle`] : []),
  ].join(", ");
}

function revisions(revision: number | null, server: InstallState["server"]): string {
  const saved = revision === null ? "none" : `revision ${revision}`;
  if (!server.reachable) return `${saved}; the server does not answer`;
  return `${saved}; the server has ${server.settingsRevision ?? "none"}`;
}
