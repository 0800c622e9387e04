/** Merging tickets into one. Source: Zendesk API reference, "Tickets", "Merge Tickets into Target Ticket". */
import type { FastifyInstance } from "fastify";
import { isJsonObject, type Json, type JsonObject } from "#zis/model/json";
import type { NewComment } from "./change.ts";
import { invalidAttribute } from "./errors.ts";
import type { Draft } from "./event-writer.ts";
import { answerJob } from "./job-routes.ts";
import type { TicketRecord } from "./model.ts";
import { findTicket, route, type RouteDeps } from "./route.ts";
import type { Actor } from "./store.ts";

/** Conversations of these are private to who is in them, so what a merge adds is private too. */
const PRIVATE_CHANNELS = new Set(["twitter", "facebook", "any_channel"]);
const MERGED_TAG = "closed_by_merge";

const isPrivate = ({ channel, comments }: TicketRecord) =>
  PRIVATE_CHANNELS.has(channel) || !comments.some((comment) => comment.public);

const mergedEvent = (target_ticket_id: number): Draft => ({
  tag: "ticket.TicketMerged",
  type: "Ticket Merged",
  detail: { target_ticket_id },
});

export function mergeRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const { store, access, jobs } = deps;

  interface Wanted {
    readonly ids: readonly number[];
    readonly targetId: number;
    readonly body: JsonObject;
  }

  function readComment(
    body: JsonObject,
    side: "source" | "target",
    mayBePublic: boolean,
  ): NewComment | undefined {
    const text = body[`${side}_comment`];
    if (typeof text !== "string" || text === "") return undefined;
    return { body: text, public: mayBePublic && body[`${side}_comment_is_public`] === true };
  }

  /** One row for each source. The words of its refusal are inferred. */
  function merge({ ids, targetId, body }: Wanted, actor: Actor): object[] {
    const refuse = (id: number, details: string) => ({
      id,
      action: "update",
      success: false,
      error: "MergeFailed",
      details,
    });
    const target = store.ticket(targetId);
    if (!target || target.status === "closed") {
      return ids.map((id) => refuse(id, "The target ticket is closed or gone"));
    }
    const sources = ids.map((id) => store.ticket(id)).filter((one) => one !== undefined);
    const merged = sources.filter(({ id, status }) => id !== targetId && status !== "closed");
    const mayBePublic = ![target, ...merged].some(isPrivate);
    for (const source of merged) {
      const comment = readComment(body, "source", mayBePublic);
      const change = {
        status: "closed" as const,
        tags: [...source.tags, MERGED_TAG],
        ...(comment && { comment: { ...comment, mergedWith: [targetId] } }),
      };
      store.update(source, change, actor, [mergedEvent(targetId)]);
    }
    const comment = readComment(body, "target", mayBePublic);
    if (comment && merged.length > 0) {
      const attachments = merged.flatMap(({ comments }) =>
        comments.flatMap((one) => one.attachments),
      );
      const mergedWith = merged.map(({ id }) => id);
      store.update(target, { comment: { ...comment, attachments, mergedWith } }, actor);
    }
    return ids.map((id) =>
      merged.some((one) => one.id === id)
        ? { id, action: "update", status: "Updated", success: true }
        : refuse(id, "The ticket is closed, gone or the target itself"),
    );
  }

  const isId = (value: Json) => Number.isSafeInteger(Number(value));

  route(app, "POST", "/tickets/:id/merge", (request) => {
    const actor = {
      author: access.caller(request.headers, "write", "tickets"),
      channel: "api",
    };
    const target = findTicket(deps, request);
    const body: JsonObject = isJsonObject(request.body) ? request.body : {};
    const { ids } = body;
    if (!Array.isArray(ids) || ids.length === 0 || !ids.every(isId)) {
      throw invalidAttribute("ids: expected a list of ticket ids");
    }
    const wanted = { ids: ids.map(Number), targetId: target.id, body };
    const job = jobs.start("Ticket Merge", ids.length, () => merge(wanted, actor));
    return answerJob(job, request);
  });
}
