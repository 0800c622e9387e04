/** The way of an event through its flow, as far as the server's record shows it. Pure. */
import type { LogEntry } from "#contract/routes/action-log";
import type { FlowStep, FlowSteps } from "./flow-steps.ts";

/** What the server recorded of one event. */
export interface RecordedEvent {
  readonly key: string | null;
  /** Oldest first. */
  readonly entries: readonly LogEntry[];
}

/**
 * - `recorded`: on the server's record. - `one_of`: on record, but several steps of the flow make that call.
 * - `inferred`: not on record, but every run that comes to a recorded step has taken it. - `unknown`: nothing is known about it.
 */
export type WayStep = FlowStep &
  (
    | { readonly known: "recorded" | "one_of"; readonly entry: LogEntry }
    | { readonly known: "inferred" | "unknown"; readonly entry: null }
  );

/** Entries by event: flows use the event's own identity as the key of all that it does. */
export function eventsOf(entries: readonly LogEntry[]): readonly RecordedEvent[] {
  const events = new Map<string, { key: string | null; entries: LogEntry[] }>();
  for (const entry of entries) {
    const name = entry.event_key ?? entry.id;
    const event = events.get(name) ?? { key: entry.event_key, entries: [] };
    event.entries.push(entry);
    events.set(name, event);
  }
  return [...events.values()];
}

/** The flows that make every call that was recorded; the fewer, the surer. */
export function flowsThatFit(
  flows: readonly FlowSteps[],
  { entries }: RecordedEvent,
): readonly FlowSteps[] {
  const recorded = new Set(entries.map(({ operation }) => operation));
  return flows.filter(({ steps }) => {
    const called = new Set(steps.map(({ operation }) => operation));
    return recorded.size > 0 && [...recorded].every((operation) => called.has(operation));
  });
}

/** The flow's calls, each with what is known of it; the latest entry counts where there are several. */
export function wayThrough({ steps }: FlowSteps, { entries }: RecordedEvent): readonly WayStep[] {
  const entryOf = ({ operation }: FlowStep): LogEntry | undefined =>
    operation === null ? undefined : entries.findLast((entry) => entry.operation === operation);
  const makersOf = ({ operation }: FlowStep) =>
    steps.filter((other) => other.operation === operation);
  const isOnly = (step: FlowStep): boolean => makersOf(step).length === 1;
  // Whichever step made a recorded call, the steps that all of them need have run.
  const needed = new Set(
    steps
      .filter((step) => entryOf(step))
      .flatMap((step) =>
        step.needs.filter((title) => makersOf(step).every(({ needs }) => needs.includes(title))),
      ),
  );
  return steps.map((step): WayStep => {
    const entry = entryOf(step);
    if (entry) return { ...step, known: isOnly(step) ? "recorded" : "one_of", entry };
    return { ...step, known: needed.has(step.title) ? "inferred" : "unknown", entry: null };
  });
}
