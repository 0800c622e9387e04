/** The wire contract of request-link: look the case up when Salesforce answers again, and link it then. */
import { Type, type Static } from "typebox";
import { ResolveCaseRequest } from "./resolve-case.ts";
import { ZendeskIdText } from "./envelope.ts";

/** The same question as resolve-case asks. */
export const RequestLinkRequest = ResolveCaseRequest;
export type RequestLinkRequest = Static<typeof RequestLinkRequest>;

export const RequestLinkReply = Type.Object({
  outcome: Type.Literal("accepted", {
    description: "Recorded durably; a job looks the case up and asks Zendesk to link it.",
  }),
  ticket_id: ZendeskIdText,
});
export type RequestLinkReply = Static<typeof RequestLinkReply>;
