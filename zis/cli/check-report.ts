/** How findings and bounds read on a terminal. */
import type { Bound, FlowBound } from "../check/bounds.ts";
import type { Finding, Severity } from "../check/finding.ts";
import { DEFAULT_LIMITS } from "../engine/limits.ts";
import { counted, type Style, wrapped } from "../terminal/style.ts";
import { visible } from "../model/visible.ts";

/** A finding with its file, as `check --json` prints it. */
export type FileFinding = Finding & { readonly file: string };

export type FileBound = FlowBound & { readonly file: string };

const COLOURS = { error: "red", warning: "yellow", info: "blue" } as const;

/** For each finding its place and what it is, then what to do and the rule. */
export function findingLines(findings: readonly FileFinding[], style: Style): string[] {
  return findings.map(({ file, line, column, severity, origin, rule, message, hint }) =>
    [
      `${style("bold", `${visible(file)}:${line}:${column}`)} ${style(COLOURS[severity], severity)} ${visible(message)}`,
      `    ${visible(hint)} ${style("dim", `(${rule}${origin === "registry" ? ", refused by Zendesk's registry" : ""})`)}`,
      "",
    ].join("\n"),
  );
}

/** A line for each flow, and a paragraph of reasons. */
export function boundLines(bounds: readonly FileBound[], style: Style, columns: number): string[] {
  if (bounds.length === 0) return [];
  const lines = bounds.flatMap(({ flow, transitions, seconds }) => [
    `  ${style("bold", visible(flow))}: ${most(transitions, "transitions", style)}, ${most(seconds, "seconds", style)}`,
    ...reasons(transitions, seconds).map((why) =>
      style("dim", wrapped(visible(why), 4, columns).trimEnd()),
    ),
  ]);
  return ["At most:", ...lines, ""];
}

/** The reasons of the seconds usually contain those of the transitions. */
function reasons(transitions: Bound, seconds: Bound): string[] {
  const [few, many] = [transitions.why ?? "", seconds.why ?? ""];
  return (many.includes(few) ? [many] : [few, many]).filter((why) => why !== "");
}

function most({ max }: Bound, unit: "transitions" | "seconds", style: Style): string {
  const limit = DEFAULT_LIMITS[unit];
  if (max === null) return style("yellow", `no bound of ${unit}`);
  const text = `${Math.round(max * 10) / 10} of ${limit} ${unit}`;
  return max > limit ? style("yellow", text) : text;
}

/** `2 errors, 1 warning in 1 file`. */
export function summaryLine(findings: readonly FileFinding[], files: number, style: Style): string {
  const count = (severity: Severity) =>
    findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings, infos] = [count("error"), count("warning"), count("info")];
  const parts = [
    style(errors > 0 ? "red" : "green", errors > 0 ? counted(errors, "error") : "no errors"),
    ...(warnings > 0 ? [style("yellow", counted(warnings, "warning"))] : []),
    ...(infos > 0 ? [counted(infos, "remark")] : []),
  ];
  return `${parts.join(", ")} in ${counted(files, "file")}`;
}
