/** Which events start a flow, and what is documented of the data that it then begins with. */
import type { PathSegment } from "../model/paths.ts";
import { parseResourceName } from "../model/names.ts";
import { type EventValue, inputOfEvent, SUPPORT_SOURCE } from "../model/trigger-events.ts";
import { type Context, type Scope, text } from "./context.ts";
import { ANYTHING, type Shape, valueShape } from "./data-shape.ts";

/** An event with what `$.input` is for it. */
export interface FlowEvent {
  readonly type: string;
  readonly input: EventValue;
}

/**
 * The events of each flow's job specs, by its outermost scope. A flow is left out when one of its job specs
 * waits for something else, such as an inbound webhook: its input can then be anything.
 */
export function eventsByFlow({ resources, flows }: Context): ReadonlyMap<Scope, FlowEvent[]> {
  const specs = resources.filter(({ type }) => type === "ZIS::JobSpec");
  const found = new Map<Scope, FlowEvent[]>();
  for (const { name, scope } of flows) {
    const own = specs.filter(
      ({ properties }) => parseResourceName(text(properties["flow_name"]) ?? "")?.name === name,
    );
    const events = own.flatMap(({ properties }) => {
      const type = text(properties["event_type"]) ?? "";
      const input = properties["event_source"] === SUPPORT_SOURCE ? inputOfEvent(type) : undefined;
      return input === undefined ? [] : [{ type, input }];
    });
    if (events.length > 0 && events.length === own.length) found.set(scope, events);
  }
  return found;
}

/** The shape of `$.input` when any of the events may have started the flow. */
export function inputShape(events: readonly FlowEvent[] | undefined): Shape {
  const [first, ...others] = (events ?? []).map(({ input }) => input);
  return first === undefined ? ANYTHING : valueShape(others.reduce(either, first));
}

function either(one: EventValue, other: EventValue): EventValue {
  if (one.kind !== "object" || other.kind !== "object") {
    return one.kind === other.kind ? one : { kind: "any" };
  }
  const members = { ...one.members };
  for (const [name, value] of Object.entries(other.members)) {
    const known = members[name];
    members[name] = known === undefined ? value : either(known, value);
  }
  return { kind: "object", members, open: one.open || other.open };
}

/** True when the documentation of an event leaves no room for a member at the path below `$.input`. */
export function lacks(input: EventValue, path: readonly PathSegment[]): boolean {
  let value = input;
  for (const segment of path) {
    if (value.kind === "any" || value.kind === "texts") return false;
    if (value.kind !== "object") return true;
    const member = Object.hasOwn(value.members, segment) ? value.members[segment] : undefined;
    if (member === undefined) return !value.open;
    value = member;
  }
  return false;
}
