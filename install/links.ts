/** The links between tickets and cases, as an administrator lists and repairs them. */
import {
  caseLinkName,
  parseCaseLinkName,
  parseTicketLinkName,
  TICKET_CASE_LINK,
  ticketLinkName,
  toCaseId18,
} from "#contract/links";
import { isJsonObject } from "#zis/model/json";
import { ask } from "./ask.ts";
import type { StepContext } from "./context.ts";
import { InstallError } from "./install-error.ts";
import { nextPage, text, withPage } from "./zis-api.ts";

export type LinksContext = Pick<StepContext, "callZendesk" | "integration">;

export interface TicketCaseLink {
  /** Null when the name is not one of ours. */
  readonly ticketId: string | null;
  readonly caseId: string | null;
  readonly leftName: string;
  readonly rightName: string;
  readonly createdAt: string | null;
}

interface LinkPage {
  readonly links: readonly TicketCaseLink[];
  /** The cursor of the next page; null: that was the last one. */
  readonly next: string | null;
}

function pathOf(integration: string, names: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams({ link_type: TICKET_CASE_LINK, ...names });
  return `/api/services/zis/links/${integration}?${query.toString()}`;
}

/** One page of the links whose names match; `*` matches anything. */
async function searchLinks(
  { callZendesk, integration }: LinksContext,
  names: Readonly<Record<string, string>>,
  { after = "", size = 100 }: { readonly after?: string; readonly size?: number },
): Promise<LinkPage> {
  const path = withPage(pathOf(integration, names), after, size);
  const { body, status } = await ask(
    callZendesk,
    { method: "GET", path, as: "integration" },
    "search the links",
    // The answer to a search without results is not documented.
    [404],
  );
  const links = isJsonObject(body) ? body["links"] : undefined;
  return {
    links: Array.isArray(links) ? links.map(readLink) : [],
    next: status === 404 ? null : nextPage(body),
  };
}

function readLink(link: unknown): TicketCaseLink {
  const of = (side: string) => {
    const object = isJsonObject(link) ? link[side] : undefined;
    return isJsonObject(object) ? text(object, "name") : "";
  };
  const [leftName, rightName] = [of("left_object"), of("right_object")];
  return {
    ticketId: parseTicketLinkName(leftName) ?? null,
    caseId: parseCaseLinkName(rightName) ?? null,
    leftName,
    rightName,
    createdAt: isJsonObject(link) ? text(link, "created_at") || null : null,
  };
}

/** All pages, one after the other. These functions reject with an InstallError when Zendesk refuses. */
export async function* everyLink(context: LinksContext): AsyncGenerator<TicketCaseLink> {
  yield* everyPage(context, { left_object_name: "*" });
}

/** Every page of a search. */
async function* everyPage(context: LinksContext, names: Readonly<Record<string, string>>) {
  const seen = new Set<string>();
  for (let after: string | null = ""; after !== null;) {
    const { links, next } = await searchLinks(context, names, { after });
    yield* links;
    // A repeated cursor would loop forever.
    after = next !== null && seen.has(next) ? null : next;
    if (after !== null) seen.add(after);
  }
}

/** All at once. */
export async function collect(
  links: AsyncIterable<TicketCaseLink>,
): Promise<readonly TicketCaseLink[]> {
  const all: TicketCaseLink[] = [];
  for await (const link of links) all.push(link);
  return all;
}

/** All links of a ticket or of a case, including those with a case id of 15 characters. */
export async function findLinks(
  context: LinksContext,
  by: { readonly ticketId: string } | { readonly caseId: string },
): Promise<readonly TicketCaseLink[]> {
  if ("ticketId" in by) {
    return collect(everyPage(context, { left_object_name: ticketLinkName(by.ticketId) }));
  }
  const found: TicketCaseLink[] = [];
  for (const id of [toCaseId18(by.caseId), by.caseId.slice(0, 15)]) {
    found.push(...(await collect(everyPage(context, { right_object_name: caseLinkName(id) }))));
  }
  return found;
}

/** The links of this ticket and this case: several when the case id is written in both forms. */
export async function linksBetween(
  context: LinksContext,
  { ticketId, caseId }: { readonly ticketId: string; readonly caseId: string },
): Promise<readonly TicketCaseLink[]> {
  const links = await findLinks(context, { ticketId });
  return links.filter((link) => link.caseId === toCaseId18(caseId));
}

/** Looks first, and again when creating it failed: another run may have created it in between. */
export async function createLink(
  context: LinksContext,
  link: { readonly ticketId: string; readonly caseId: string },
): Promise<"created" | "already"> {
  const left = ticketLinkName(link.ticketId);
  const right = caseLinkName(toCaseId18(link.caseId));
  if (parseTicketLinkName(left) === undefined || parseCaseLinkName(right) === undefined) {
    throw new InstallError(
      `"${link.ticketId}" and "${link.caseId}" are not a ticket number and a case id.`,
      "Give the ticket's number and the case's id of 15 or 18 characters (not its case number).",
    );
  }
  const isMade = async () => {
    const { links } = await searchLinks(
      context,
      { left_object_name: left, right_object_name: right },
      { size: 1 },
    );
    return links.length > 0;
  };
  if (await isMade()) return "already";
  try {
    await ask(
      context.callZendesk,
      {
        method: "POST",
        path: `/api/services/zis/links/${context.integration}`,
        body: {
          link_type: TICKET_CASE_LINK,
          left_object: { name: left, metadata: { ticket_id: link.ticketId } },
          right_object: { name: right, metadata: { case_id: toCaseId18(link.caseId) } },
        },
        as: "integration",
      },
      "make the link",
    );
    return "created";
  } catch (error) {
    if (await isMade()) return "already";
    throw error;
  }
}

export async function deleteLink(
  { callZendesk, integration }: LinksContext,
  link: { readonly leftName: string; readonly rightName: string },
): Promise<"deleted" | "already"> {
  const path = pathOf(integration, {
    left_object_name: link.leftName,
    right_object_name: link.rightName,
  });
  const { status } = await ask(
    callZendesk,
    { method: "DELETE", path, as: "integration" },
    "delete the link",
    [404],
  );
  return status === 404 ? "already" : "deleted";
}
