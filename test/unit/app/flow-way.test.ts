import { describe, expect, it } from "vitest";
import type { LogEntry } from "#contract/routes/action-log";
import { flowsOf } from "#app/src/flow/flow-steps";
import { eventsOf, flowsThatFit, wayThrough } from "#app/src/flow/flow-way";
import { buildBundle, GENERATED_OPTIONS } from "#bundle/index";

const flows = flowsOf(buildBundle(GENERATED_OPTIONS));
const flowNamed = (name: string) => flows.find(({ flow }) => flow === name)!;

let serial = 0;
const entry = (operation: string, event_key: string | null, rest: Partial<LogEntry> = {}) => ({
  id: String((serial += 1)),
  at: "2026-11-25T10:00:00Z",
  operation,
  ticket_id: "1001",
  event_key,
  outcome: "done",
  failed: false,
  message: null,
  cure: null,
  duration_ms: 3,
  ...rest,
});

const wayOf = (flow: string, ...entries: LogEntry[]) =>
  wayThrough(flowNamed(flow), { key: "e:1", entries });
const knownOf = (way: ReturnType<typeof wayOf>) =>
  Object.fromEntries(way.map(({ title, known }) => [title, known]));

describe("the calls of a flow", () => {
  it("stand in the order in which a run comes to them", () => {
    expect(flowNamed("ticket_status_changed").steps.map(({ title }) => title)).toEqual([
      "Load settings",
      "Capture the closed",
      "Resolve the case",
      "Link ticket and case",
      "Link ticket and case: create",
      "Link ticket and case: end other",
      "Capture the conversation",
      "Capture without a case",
    ]);
  });

  it("know without which others no run comes to them", () => {
    const { steps } = flowNamed("ticket_status_changed");
    const needs = Object.fromEntries(steps.map((step) => [step.title, step.needs]));
    expect(needs["Load settings"]).toEqual([]);
    expect(needs["Resolve the case"]).toEqual(["Load settings"]);
    // A ticket that is solved without a case is captured all the same.
    expect(needs["Capture the conversation"]).not.toContain("Link ticket and case: create");
    expect(needs["Capture the conversation"]).toContain("Load settings");
  });

  it("name our operations, and none for Zendesk's own actions", () => {
    const operations = flows.flatMap(({ steps }) => steps.map(({ operation }) => operation));
    expect(operations).toContain("capture-conversation");
    expect(operations).toContain(null);
    expect(flows).toHaveLength(17);
  });
});

describe("an event's way", () => {
  it("shows what is recorded, what must have run, and nothing else as known", () => {
    const captured = entry("capture-conversation", "e:1", { outcome: "captured" });
    expect(knownOf(wayOf("ticket_status_changed", captured))).toMatchObject({
      "Load settings": "inferred",
      "Link ticket and case: create": "unknown",
      "Link ticket and case: end other": "unknown",
      "Capture the conversation": "one_of",
      "Capture without a case": "one_of",
    });
  });

  it("does not say which of two steps made a call, and infers only what both need", () => {
    const way = knownOf(wayOf("ticket_custom_field_changed", entry("annotate-ticket", "e:1")));
    expect(way["Notify of several: write"]).toBe("one_of");
    expect(way["Notify of none: write"]).toBe("one_of");
    expect(way["Look the number up"]).toBe("inferred");
  });

  it("counts the latest of several entries", () => {
    const way = wayOf(
      "ticket_assignment_changed",
      entry("record-assignment", "e:1", { failed: true, outcome: "UNAVAILABLE" }),
      entry("record-assignment", "e:1", { outcome: "recorded" }),
    );
    expect(way.at(-1)?.entry).toMatchObject({ outcome: "recorded" });
  });

  it("fits the flows that make all recorded calls", () => {
    const fitting = (...operations: string[]) =>
      flowsThatFit(flows, {
        key: "e:1",
        entries: operations.map((one) => entry(one, "e:1")),
      }).map(({ flow }) => flow);
    expect(fitting("capture-conversation")).toEqual(["ticket_status_changed"]);
    expect(fitting("annotate-ticket")).toEqual(["ticket_created", "ticket_custom_field_changed"]);
    expect(fitting("annotate-ticket", "request-link")).toEqual(["ticket_created"]);
    expect(fitting("capture-conversation", "merge-conversation")).toEqual([]);
    expect(fitting()).toEqual([]);
  });

  it("takes entries of one key together; those without one stand alone", () => {
    const events = eventsOf([
      entry("a", "e:1"),
      entry("b", "e:2"),
      entry("c", "e:1"),
      entry("d", null),
      entry("e", null),
    ]);
    expect(events.map(({ entries }) => entries.map(({ operation }) => operation))).toEqual([
      ["a", "c"],
      ["b"],
      ["d"],
      ["e"],
    ]);
  });
});
