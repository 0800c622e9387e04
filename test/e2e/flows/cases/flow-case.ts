/** What a case of a flow is, and the cases of a call that fails. */
import type { OperationName } from "#contract/actions/operations";
import { busy, type Fault, type FlowWorldOptions, unreachable } from "#test/support/flow-world";
import { type FlowEvent, type FlowName, MAIN_EVENTS } from "#test/support/flow-world-events";

/** One event in one world, and what has to come of it. */
export interface FlowCase extends FlowWorldOptions {
  readonly name: string;
  readonly event: FlowEvent;
  readonly ends: "well" | "badly";
  /** A part of the message that the integration log shows. */
  readonly says: string;
  /** The links at the end, as the world lists them; absent: those at the beginning. */
  readonly linked?: readonly string[];
  /** What the server did; absent: nothing. */
  readonly did?: readonly OperationName[];
  /** The seconds that the run waited; absent: not checked. */
  readonly waited?: number;
  /** True when the server refuses a request because the event was wrong. */
  readonly refused?: true;
}

type Given = Omit<FlowCase, "name" | "event"> & { readonly event?: FlowEvent };

/** A call, the world in which it is made, and what comes of it when it works. */
interface Call extends Given {
  readonly call: string;
  /** Other states whose failure spends the allowance of this call. */
  readonly parts?: readonly string[];
  /** What comes of it when the call never works. */
  readonly never?: Partial<FlowCase>;
}

/** The call fails one, two, three and four times; each of its other parts fails once. */
export function retryCases(
  flow: FlowName,
  { call, parts = [], never, ...given }: Call,
): FlowCase[] {
  const failing = (state: string, ...faults: Fault[]) => ({
    event: MAIN_EVENTS[flow](),
    ...given,
    faults: { [state]: faults },
  });
  const works = [2, 10, 30].map((waited, index) => ({
    ...failing(call, ...Array<Fault>(index + 1).fill(busy)),
    name: `"${call}" fails ${index + 1} times and then works`,
    waited,
  }));
  const fails = {
    ...failing(call, busy, busy, busy, busy),
    name: `"${call}" fails four times`,
    ends: "badly" as const,
    says: `"${call}" failed: ${busy.error}`,
    linked: linksGiven(given),
    did: [],
    waited: 30,
    ...never,
  };
  const partial = parts.map((part) => ({
    ...failing(part, unreachable),
    name: `"${part}" fails once`,
    waited: 2,
  }));
  return [...works, fails, ...partial];
}

/** The links of a world at the beginning, as it lists them. */
export function linksGiven({ links = [] }: FlowWorldOptions): string[] {
  return links.map(([ticket, caseId]) => `${ticket} -> ${caseId}`).sort();
}
