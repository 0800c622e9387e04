/** `caseqa status`: what is installed, judged by the content that is read back. */
import { onAccount, type AccountOptions } from "../options.ts";
import { levelOf, STATE_TEXTS } from "#install/judge-state";
import { type InstallState, readState } from "#install/state";
import { withAccount } from "../account.ts";
import { type Command, EXIT, type Io } from "../command.ts";
import { markedLine } from "../marked-line.ts";
import { createStyle } from "#zis/terminal/style";

export const statusCommand: Command<AccountOptions> = {
  name: "status",
  declare: (command) =>
    onAccount(
      command
        .summary("show what is installed, and whether it is this build")
        .description(
          "Reads the registry, connections, settings and our server, and compares contents, never versions.",
        ),
      "0 in sync and nothing wrong, 1 otherwise, 2 wrong usage",
    ),
  async run(io, _words, options) {
    return withAccount(io, options, async ({ context, serverUrlFrom }) => {
      io.progress.show("reading what is installed");
      const state = await readState(context);
      io.progress.done();
      const server = `${context.serverUrl} (${serverUrlFrom})`;
      const ok = levelOf(state) === "ok";
      io.out(options.json ? `${JSON.stringify({ ok, ...state })}\n` : report(io, state, server));
      return ok ? EXIT.ok : EXIT.failed;
    });
  },
};

function report(io: Io, state: InstallState, address: string): string {
  const style = createStyle(io.colour);
  const { jobSpecs, connections, webhooks, config, server, found } = state;
  const isKnown = state.state !== "unreadable";
  const lines = [
    markedLine(style, levelOf(state), state.integration, STATE_TEXTS[state.state], null),
    fact("server", address),
    fact("bundle", isKnown ? bundleText(found) : NOT_READ),
    fact("this build", short(state.wantedHash)),
    fact("job specs", isKnown ? counts(jobSpecs) : NOT_READ),
    fact("connections", connections.map(({ name }) => name).join(", ") || "none"),
    fact("webhooks", `${webhooks.recorded} on record`),
    fact("settings", revisions(config, server)),
    fact("last event", lastEvent(state)),
    fact("test event", testEvent(state)),
    fact("roll back to", state.previous.map(({ hash }) => short(hash)).join(", ") || "nothing"),
    ...state.problems.map(({ what, remedy, severity }) => {
      const mark = severity === undefined ? "failed" : "warning";
      return markedLine(style, mark, severity === "note" ? "note" : "problem", what, remedy);
    }),
  ];
  return `${lines.join("\n")}\n`;
}

const NOT_READ = "could not be read";

function bundleText(found: InstallState["found"]): string {
  return found === null ? "none" : `${short(found.hash)} ${found.uploadedAt ?? ""}`;
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

/** Only the server knows; it may be unavailable, or an earlier version. */
const UNKNOWN = "unknown: the server does not say";

function lastEvent({ flows }: InstallState): string {
  return flows === null ? UNKNOWN : (flows.last_event_at ?? "none has reached the server");
}

function testEvent({ flows }: InstallState): string {
  if (flows === null) return UNKNOWN;
  const { last_test_event: event } = flows;
  if (event === null) return "none was sent";
  if (event.arrived_at !== null) return `came back at ${event.arrived_at}`;
  return `sent at ${event.asked_at}, not back`;
}

function revisions(
  { revision, enabled, problem }: InstallState["config"],
  server: InstallState["server"],
): string {
  if (problem !== null) return "wrong: every flow ends at once";
  const off = enabled === false ? ", switched off" : "";
  const saved = revision === null ? "none" : `revision ${revision}${off}`;
  if (!server.reachable) return `${saved}; the server does not answer`;
  return `${saved}; the server has ${server.settingsRevision ?? "none"}`;
}
