/** The plan and the progress of a first load, in words. Pure. */
import type { SyncPlan, SyncStatus } from "#contract/routes/sync";
import { counted } from "#zis/terminal/style";

const BAR_CELLS = 24;
const MOST_WINDOWS = 12;

const number = (value: number) => value.toLocaleString("en-US");

/** `3 h 20 min`, `2 days 4 h`, `less than a minute`. */
export function durationText(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  if (minutes <= 1) return "less than a minute";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days ${hours % 24} h`;
}

/** The part that is done, from 0 to 1: of the tickets, and of the messages of those that are stored. */
export function partDone(status: SyncStatus): number | undefined {
  const { tickets_expected: expected, tickets_seen: seen, messages_left: left } = status;
  if (status.state === "finished") return 1;
  if (expected === null) return undefined;
  const total = Math.max(expected, seen);
  const stored = seen - status.tickets_left_alone;
  const read = stored === 0 ? 1 : Math.max(0, 1 - left / stored);
  // Never full while something is left.
  return total === 0 ? 0 : Math.min(0.99, (seen / total) * (0.5 + 0.5 * read));
}

export function progressText(status: SyncStatus): string {
  const part = partDone(status);
  const cells = Math.round((part ?? 0) * BAR_CELLS);
  const bar = `[${"#".repeat(cells)}${".".repeat(BAR_CELLS - cells)}]`;
  const { tickets_expected: expected, tickets_seen: seen, seconds_left: left } = status;
  return [
    part === undefined ? bar : `${bar} ${Math.floor(part * 100)} %`,
    `${number(seen)}${expected === null ? "" : ` of about ${number(expected)}`} tickets`,
    `${number(status.messages_left)} to read messages of`,
    `${number(status.calls_per_minute)} calls a minute`,
    ...(status.waits_until === null ? [] : [`waits until ${status.waits_until}`]),
    ...(left === null ? [] : [`about ${durationText(left)} left`]),
  ].join(", ");
}

const STATES: Readonly<Record<SyncStatus["state"], string>> = {
  none: "No first load was begun.",
  running: "The first load runs.",
  reading: "Every conversation is stored; messages are still read.",
  finished: "The first load is finished.",
  stopped: "The first load is stopped; caseqa sync start goes on with it.",
  failed: "The first load failed; caseqa sync start goes on with it.",
};

export function statusText(status: SyncStatus): string {
  const { state, windows, windows_done: done } = status;
  if (state === "none") return `${STATES.none}\n`;
  const refused = status.messages_refused;
  const lines = [
    STATES[state],
    `${number(done)} of ${counted(windows, "window")} since ${status.since ?? "the beginning"}`,
    progressText(status),
    `sweeps since it began: ${status.missed} missed, ${status.stale} stale, ${status.extra} extra, ${status.repaired} repaired`,
    ...(refused === 0
      ? []
      : [`Zendesk refuses the messages of ${counted(refused, "conversation")}`]),
    ...(status.message === null ? [] : [status.message]),
  ];
  return `${lines.join("\n")}\n`;
}

export function planText(plan: SyncPlan): string {
  const shown = plan.windows.slice(0, MOST_WINDOWS);
  const lines = [
    `${plan.counted_by === "search" ? "" : "at most "}${number(plan.tickets)} tickets, of which the settings want about ${number(plan.conversations)}; ${number(plan.people)} people`,
    ...Object.entries(plan.calls).map(([call, count]) => `  ${call}  ${number(count)}`),
    `Zendesk allows ${number(plan.limits.account)} requests a minute, and ${number(plan.limits.incremental_exports)} exports`,
    `every conversation is listed after about ${durationText(plan.hours_until_listed * 3_600)}, and complete after about ${durationText(plan.hours * 3_600)}`,
    `read later, newest first: ${plan.read_lazily.join(", ")}`,
    `${counted(plan.windows.length, "window")}, the newest first:`,
    ...shown.map(({ since, until, tickets }) =>
      `  ${since}  ${until}  ${tickets === null ? "" : number(tickets)}`.trimEnd(),
    ),
    ...(shown.length < plan.windows.length
      ? [`  and ${number(plan.windows.length - shown.length)} more`]
      : []),
  ];
  return `${lines.join("\n")}\n`;
}
