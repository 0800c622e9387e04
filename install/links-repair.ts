/** Faulty links of an account, and the repair of those that can be repaired without knowing the cases. */
import { caseLinkName, parseCaseLinkName } from "#contract/links";
import {
  collect,
  createLink,
  deleteLink,
  everyLink,
  type LinksContext,
  type TicketCaseLink,
} from "./links.ts";

export interface LinkFinding {
  readonly kind: "short_case_id" | "foreign_name" | "several_cases";
  readonly link: TicketCaseLink;
  readonly what: string;
  readonly repaired: boolean;
}

/**
 * Goes through all links. A case id of 15 characters is rewritten with 18. Names that are not ours and, with
 * `oneCasePerTicket`, tickets with several cases are reported only: which case is right is not known here.
 */
export async function repairLinks(
  context: LinksContext,
  options: { readonly dryRun: boolean; readonly oneCasePerTicket: boolean },
): Promise<readonly LinkFinding[]> {
  // Read all before writing: writes would shift the pages.
  const links = await collect(everyLink(context));
  const findings = findFaults(links, options.oneCasePerTicket);
  if (options.dryRun) return findings;
  const done: LinkFinding[] = [];
  for (const finding of findings) {
    const { ticketId, caseId } = finding.link;
    if (finding.kind !== "short_case_id" || ticketId === null || caseId === null) {
      done.push(finding);
      continue;
    }
    // The new link first: if this stops in between, the next run deletes the short one.
    await createLink(context, { ticketId, caseId });
    await deleteLink(context, finding.link);
    done.push({ ...finding, repaired: true });
  }
  return done;
}

/** Pure. */
function findFaults(
  links: readonly TicketCaseLink[],
  oneCasePerTicket: boolean,
): readonly LinkFinding[] {
  const cases = new Map<string, Set<string>>();
  for (const { ticketId, caseId } of links) {
    if (ticketId === null || caseId === null) continue;
    cases.set(ticketId, (cases.get(ticketId) ?? new Set()).add(caseId));
  }
  return links.flatMap((link): readonly LinkFinding[] => {
    const { ticketId, caseId, leftName, rightName } = link;
    if (ticketId === null || caseId === null) {
      const what = `${leftName} and ${rightName} are not the names of a ticket and a case`;
      return [{ kind: "foreign_name", link, what, repaired: false }];
    }
    const short = caseLinkName(parseCaseLinkName(rightName) ?? "") !== rightName;
    const several = oneCasePerTicket ? (cases.get(ticketId)?.size ?? 0) : 1;
    return [
      ...(short
        ? [
            {
              kind: "short_case_id" as const,
              link,
              what: `ticket ${ticketId}: the case id has 15 characters, flows look for 18`,
              repaired: false,
            },
          ]
        : []),
      ...(several > 1
        ? [
            {
              kind: "several_cases" as const,
              link,
              what: `ticket ${ticketId} is linked to ${several} cases, the settings want one`,
              repaired: false,
            },
          ]
        : []),
    ];
  });
}
