import { describe, expect, it } from "vitest";
import { type DocumentedFlow, guide } from "#scripts/bundle/guide";
import { foldSteps } from "#zis/graph/fold";
import { flowGraph } from "#zis/graph/graph";
import type { FlowDefinition } from "#zis/model/flow";

const definition: FlowDefinition = {
  StartAt: "Enabled?",
  States: {
    "Enabled?": {
      Type: "Choice",
      Comment: "The administrator's switch.",
      Choices: [{ Variable: "$.settings.enabled", BooleanEquals: true, Next: "Look" }],
      Default: "Off",
    },
    Look: {
      Type: "Action",
      Comment: "Who is it?",
      ActionName: "zis:int:action:look",
      ResultPath: "$.who",
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "Look: failed", ResultPath: "$.error" }],
      Next: "Done",
    },
    "Look: failed": { Type: "Fail", Comment: "No | answer.", Error: "E.Failed", Cause: "c" },
    Other: { Type: "Fail", Comment: "No | answer.", Error: "E.Failed", Cause: "other" },
    Off: { Type: "Succeed", Comment: "Nothing was changed.", Message: "Off." },
    Done: { Type: "Succeed", Comment: "All is well.", Message: "It was {{$.who.name}}." },
  },
};
const measure = { max: 9, share: 0.5, observed: 8, when: "x" };
const flow = (event_type: string): DocumentedFlow => ({
  name: "f",
  purpose: "it looks",
  definition,
  steps: foldSteps(flowGraph(definition)),
  starts: [{ name: "on_x", event_source: "support", event_type, flow_name: "zis:int:flow:f" }],
  limits: { flow: "f", transitions: measure, seconds: measure },
});

describe("the guide", () => {
  const page = guide([flow("ticket.TicketCreated")]);

  it.each([
    ["what the flow is for", "| [`f`](#f) | It looks |"],
    ["what starts it", "- A ticket is created. (`support`, `ticket.TicketCreated`)"],
    [
      "its steps in order, with their ways where there is a choice",
      "1. **Enabled?**: The administrator's switch.\n   - if enabled = true: go on to *Look*\n   - otherwise: it ends with *Off*\n2. **Look**: Who is it?\n   - then: it ends with *Done*\n",
    ],
    ["how it ends well", "| ✔ | Done | It was ‹who.name›. | All is well. |"],
    [
      "how it fails, ends that say the same in one line",
      "| ✘ | Look: failed, Other | E.Failed: c | No \\| answer. |",
    ],
    [
      "its settings",
      "| `enabled` | False: every flow ends at once and changes nothing, but what is deleted or redacted in Zendesk still disappears here. | `true` |",
    ],
    ["its picture", "![The steps of f](f.svg)"],
    ["its limits", "At most 9 state transitions, 50 % of what Zendesk allows, and 9 seconds"],
  ])("tells %s", (_what, text) => {
    expect(page).toContain(text);
  });

  it("tells of no setting that the flow does not read", () => {
    expect(page).not.toContain("`ignore_tags`");
  });

  it("is not written when there are no words for an event", () => {
    expect(() => guide([flow("ticket.Odd")])).toThrow("no words for the event ticket.Odd");
  });
});
