/** Compiled, never run: the flows that must not compile. */
import { builtIn, serverCall } from "#bundle/builders/call";
import { stringEquals } from "#bundle/builders/conditions";
import { flow } from "#bundle/builders/flow";
import { setting } from "#bundle/builders/settings";
import { choice, pass, succeed, when } from "#bundle/builders/states";
import { at, text } from "#bundle/builders/values";

const done = succeed({ why: "", message: "" });
const start = pass({ why: "", result: {}, into: "$.x", next: "Done" });

flow("right", "Start", { Start: start, Done: done });

// @ts-expect-error the start is not a state of the flow
flow("wrong start", "Begin", { Start: start, Done: done });

flow("wrong next", "Start", {
  // @ts-expect-error "Dnoe" is not a state of the flow
  Start: pass({ why: "", result: {}, into: "$.x", next: "Dnoe" }),
  Done: done,
});

flow("wrong branch", "Start", {
  // @ts-expect-error "Nowhere" is not a state of the flow
  Start: choice({
    why: "",
    branches: [when(stringEquals("$.x", "y"), "Nowhere")],
    otherwise: "Done",
  }),
  Done: done,
});

// @ts-expect-error a choice needs its otherwise
choice({ why: "", branches: [when(stringEquals("$.x", "y"), "Done")] });

// @ts-expect-error a path begins with $
at("input.ticket_event.ticket.id");

// @ts-expect-error a placeholder holds a path that begins with $
text("zendesk:ticket:{{input.ticket_event.ticket.id}}");

// @ts-expect-error the variable of a condition is a path
stringEquals("input.current", "solved");

setting("match_order");

// @ts-expect-error no such setting
setting("match_ordre");

const common = { why: "", subject: "", into: "$.x", next: "Done" } as const;

serverCall("caseqa", "resolve-case", { ...common, body: { ticket_id: at("$.id") } });

// @ts-expect-error no such operation
serverCall("caseqa", "resolve-cases", { ...common, body: { ticket_id: at("$.id") } });

// @ts-expect-error no such built-in action
builtIn("zis:common:action:LoadConfigs", { ...common, parameters: {} });

serverCall("caseqa", "resolve-case", {
  ...common,
  // @ts-expect-error the contract has no such member
  body: { ticket_id: at("$.id"), tiket: at("$.id") },
});

serverCall("caseqa", "resolve-case", {
  ...common,
  // @ts-expect-error the contract demands ticket_id
  body: {},
});

// @ts-expect-error a write needs its idempotency key
serverCall("caseqa", "capture-conversation", { ...common, body: { ticket_id: at("$.id") } });

// @ts-expect-error a read takes no idempotency key
serverCall("caseqa", "resolve-case", { ...common, key: "k", body: { ticket_id: at("$.id") } });
