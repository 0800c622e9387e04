/** The main way of each flow, state by state. A change here is a change of what customers' Zendesk does. */
import { afterAll, describe, expect, it } from "vitest";
import { openFlowBench } from "../../support/flow-world.ts";
import { FIELD_ID, type FlowName, MAIN_EVENTS } from "../../support/flow-world-events.ts";
import { CASE_ID } from "../../support/flow-world-server.ts";

const bench = openFlowBench();
afterAll(() => bench.close());

const SETTINGS = ["Load settings", "Load settings: check", "Load settings: right?"];
const RULES = ["Apply the rules", "Apply the rules: act?"];
const TICKET = ["Allow retries", "Read the event", ...SETTINGS, ...RULES];
const LINK = [
  "Link ticket and case",
  "Link ticket and case: compare",
  "Link ticket and case: linked?",
  "Link ticket and case: create",
  "Link ticket and case: others?",
];

const DETAILS = ["Read the details", "Record the event", "What was recorded?", "Recorded"];
const CHANGE = ["Allow retries", "Read the event", ...DETAILS];
const DELETION = ["Allow retries", "Read the event", "Record the deletion", "Recorded"];

const WAYS: Readonly<Record<FlowName, readonly string[]>> = {
  ticket_created: [...TICKET, "Resolve the case", "What was found?", ...LINK, "Linked"],
  ticket_status_changed: [
    "Read the status",
    "Solved?",
    ...TICKET,
    "Closed?",
    "Resolve the case",
    "What was found?",
    ...LINK,
    "Capture?",
    "Capture the conversation",
    "What was captured?",
    "Done",
  ],
  ticket_custom_field_changed: [
    ...TICKET,
    "Compare the field",
    "Our field?",
    "Look the number up",
    "What was found?",
    ...LINK,
    "Linked",
  ],
  ticket_assignment_changed: [
    ...TICKET,
    "Recorded at all?",
    "Read the assignment",
    "Record the assignment",
    "Recorded",
  ],
  ticket_merged: [
    ...TICKET,
    "Read the target",
    "Target known?",
    "Merge the conversation",
    "Links of the merged",
    "Links of the survivor",
    "Choose what moves",
    "Link the survivor",
    "Make the link",
    "End the old links",
    "End the old links: list",
    "End the old links: each",
    "End the link",
    "Done",
  ],
  ticket_comment_added: [...TICKET, ...DETAILS],
  ticket_comment_redacted: CHANGE,
  ticket_comment_made_private: CHANGE,
  ticket_attachment_redacted: CHANGE,
  ticket_marked_as_spam: [...TICKET, ...DETAILS],
  ticket_requester_changed: [...TICKET, ...DETAILS],
  ticket_tags_changed: [...TICKET, ...DETAILS],
  ticket_soft_deleted: DELETION,
  ticket_undeleted: DELETION,
  ticket_permanently_deleted: DELETION,
  settings_sync: [
    "Allow retries",
    ...SETTINGS,
    "Take the document",
    "Apply settings",
    "How did it go?",
    "In force",
  ],
  case_link_requested: [
    "Allow retries",
    "Read the request",
    ...SETTINGS,
    "Enabled?",
    "Link or unlink?",
    ...LINK,
    "Linked",
  ],
};

describe("the main way", () => {
  it.each(Object.entries(WAYS) as [FlowName, readonly string[]][])(
    "of %s is as it was agreed",
    async (flow, way) => {
      const world = bench.world({
        settings: { case_number_field_id: FIELD_ID },
        links: flow === "ticket_merged" ? [["1001", CASE_ID]] : [],
      });

      const run = await world.run(MAIN_EVENTS[flow]());

      expect(run?.status).toBe("SUCCEEDED");
      expect(run?.trace.map(({ state }) => state)).toEqual(way);
    },
  );
});
