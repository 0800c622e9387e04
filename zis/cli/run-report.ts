/** How the end of a run reads on a terminal. */
import type { LogLine, RunReport, SentRequest } from "./run-outcome.ts";
import { outline } from "./outline.ts";
import { visible } from "../model/visible.ts";
import { counted, indented, type Style } from "../terminal/style.ts";

/** The report in words; the way and the data are left out where each state was shown before. */
export function reportText(report: RunReport, shownBefore: boolean, style: Style): string {
  const { status, flow, message, error, transitions, virtualMs, trace } = report;
  const colour = status === "SUCCEEDED" ? "green" : "red";
  return [
    `${style(["bold", colour], status)} ${visible(flow === null ? message : `${flow}: ${message}`)}`,
    ...(error ? [`  in ${style("bold", visible(error.state))}, ${visible(error.name)}`] : []),
    style(
      "dim",
      `  ${counted(transitions, "transition")}, ${virtualMs / 1000} s on the flow's clock`,
    ),
    ...section("Way", shownBefore ? [] : wayLines(trace), style),
    ...section(
      "Requests",
      report.requests.map((request) => requestLine(request, style)),
      style,
    ),
    ...section(
      "Log",
      report.log.map((line) => logLine(line, style)),
      style,
    ),
    ...section("Data", shownBefore ? [] : outline(report.data), style),
    "",
  ].join("\n");
}

function section(title: string, lines: readonly string[], style: Style): string[] {
  if (lines.length === 0) return [];
  return ["", style("bold", title), ...lines.map((line) => indented(line, 2))];
}

/** States at the beginning and at the end of a long way that are listed. */
const FIRST_STATES = 30;
const LAST_STATES = 10;

/** The states in the order entered, those of a Map's items with the number of the item. */
function wayLines(trace: RunReport["trace"]): string[] {
  const lines = trace.map(({ state, iteration }) =>
    visible(iteration === undefined ? state : `  [${iteration}] ${state}`),
  );
  const hidden = lines.length - FIRST_STATES - LAST_STATES;
  if (hidden <= 1) return lines;
  const note = `... ${hidden} more states; --json shows all`;
  return [...lines.slice(0, FIRST_STATES), note, ...lines.slice(-LAST_STATES)];
}

function requestLine({ method, url, body, status }: SentRequest, style: Style): string {
  const good = status !== null && status < 300;
  const answer = style(good ? "green" : "red", status === null ? "no reply" : String(status));
  const sent = body === null ? [] : outline(body).map((line) => indented(line, 2));
  return [`${answer} ${visible(`${method} ${url}`)}`, ...sent].join("\n");
}

const LOG_COLOURS = { info: "blue", warning: "yellow", error: "red" } as const;

function logLine({ status, message, state }: LogLine, style: Style): string {
  const place = state === undefined ? "" : `${state}: `;
  return `${style(LOG_COLOURS[status], status.padEnd(7))} ${visible(place + message)}`;
}
