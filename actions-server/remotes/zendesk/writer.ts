/** Writes on a ticket: tags, and comments that only agents see. */
import { AppError } from "#platform/errors";
import type { RemoteCall } from "#platform/outbound/send";
import type { ZendeskClient, ZendeskWritten } from "./client.ts";

export interface ZendeskWriter {
  /** Adds tags to the existing ones. Adding them again changes nothing, so the call is repeated when its answer is lost. */
  addTags(
    ticketId: string,
    tags: readonly string[],
    call: RemoteCall,
  ): Promise<Exclude<ZendeskWritten, "conflict">>;
  /**
   * Adds a private comment unless the ticket has changed since `seenAt`, its `updated_at`: then "conflict". Sent
   * twice it makes two comments, so a lost answer is an error: check before trying again. Zendesk truncates a text at 64 kB.
   */
  addNote(
    ticketId: string,
    note: { readonly text: string; readonly seenAt: Date },
    call: RemoteCall,
  ): Promise<ZendeskWritten>;
}

export function createZendeskWriter(client: ZendeskClient): ZendeskWriter {
  return {
    async addTags(ticketId, tags, call) {
      // PUT adds, POST replaces (Zendesk API reference, "Tags").
      const path = `/api/v2/tickets/${ticketId}/tags.json`;
      const written = await client.put(path, { tags }, { ...call, retry: "repeatable" });
      if (written !== "conflict") return written;
      throw new AppError(
        "ZENDESK_UNAVAILABLE",
        `Zendesk found PUT ${path} in conflict with another`,
      );
    },
    addNote(ticketId, { text, seenAt }, call) {
      const ticket = {
        comment: { body: text, public: false },
        safe_update: true,
        updated_stamp: toStamp(seenAt),
      };
      return client.put(`/api/v2/tickets/${ticketId}.json`, { ticket }, { ...call, retry: "once" });
    },
  };
}

/** The instant as Zendesk writes it, in whole seconds: the stamp is compared as text. */
function toStamp(instant: Date): string {
  return instant.toISOString().replace(/\.\d+Z$/, "Z");
}
