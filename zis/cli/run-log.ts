/** What the log of a run says before and after what happens in it. */
import type { Ended, LogLine } from "./run-outcome.ts";
import { withoutEffectInRun } from "./set.ts";
import type { Start } from "./start.ts";

export function openingLines({ bundleFile, chosen, choices, inexact }: Start): LogLine[] {
  const { refusal } = bundleFile;
  const withoutEffect = withoutEffectInRun(choices).map(
    (name) => `--set ${name} has no effect here: only zis serve has what it is about`,
  );
  const warnings = [...withoutEffect, ...inexact];
  if (refusal !== undefined) warnings.push(`The registry refuses this bundle: ${refusal}`);
  const lines: LogLine[] = warnings.map((message) => ({ status: "warning", message }));
  if (chosen.flow !== null && chosen.note !== undefined) {
    lines.push({ status: "info", message: chosen.note });
  }
  return lines;
}

export function closingLines({ status, message, result }: Ended): LogLine[] {
  const lines: LogLine[] = (result?.warnings ?? []).map((each) => ({ status: "warning", ...each }));
  if (status === "SUCCEEDED") return [...lines, { status: "info", message }];
  const { error, retryable } = result ?? {};
  lines.push({ status: "error", message, ...(error && { state: error.state }) });
  if (retryable)
    lines.push({
      status: "info",
      message: "ZIS would run the whole flow again; this run is one attempt.",
    });
  if (message.startsWith("Cannot start flow because the connection")) {
    lines.push({ status: "info", message: "Give the connections with --connections FILE." });
  }
  return lines;
}
