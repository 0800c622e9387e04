/** Prints what was disabled, enabled or removed. */
import type { Removed } from "#install/disable";
import { EXIT, type Io } from "./command.ts";
import { markedLine } from "./marked-line.ts";
import { createStyle } from "#zis/terminal/style";

/** Prints it. @returns the exit code */
export function reportRemoved(io: Io, name: string, removed: Removed, json = false): number {
  io.progress.done();
  const { outcome, message, remedy, did, failed, stays } = removed;
  const ok = outcome !== "failed";
  if (json) {
    io.out(`${JSON.stringify({ ok, ...removed })}\n`);
    return ok ? EXIT.ok : EXIT.failed;
  }
  const style = createStyle(io.colour);
  // What was enabled says so itself.
  const verb = name === "enable" ? "" : " removed";
  const lines = [
    ...did.map((what) => markedLine(style, "ok", `${what}${verb}`, "", null).trimEnd()),
    ...failed.map((each) => markedLine(style, "failed", each.what, each.message, each.remedy)),
    ...stays.map((what) => markedLine(style, "warning", "stays", what, null)),
    markedLine(style, ok ? "ok" : "failed", name, message, remedy),
  ];
  io.out(`${lines.join("\n")}\n`);
  return ok ? EXIT.ok : EXIT.failed;
}
