/** `caseqa links list`, `find`, `create`, `delete` and `repair`: which ticket belongs to which case. */
import { caseLinkName, parseCaseLinkName } from "#contract/links";
import { visible } from "#zis/model/visible";
import type { StepContext } from "#install/context";
import { createLink, deleteLink, everyLink, findLinks, linksBetween } from "#install/links";
import { requireTicketAndCase } from "#install/links-check";
import { repairLinks } from "#install/links-repair";
import { readSettings } from "#install/settings-edit";
import { ACCOUNT_FLAGS, ACCOUNT_HELP, withAccount } from "../account.ts";
import { readArguments, requirePositionals } from "../arguments.ts";
import { type Command, EXIT, EXIT_HELP, type Io, Misuse, Refused } from "../command.ts";
import { counted, table } from "#zis/terminal/style";

type TicketCaseLink = Awaited<ReturnType<typeof findLinks>>[number];
type LinkFinding = Awaited<ReturnType<typeof repairLinks>>[number];

const FLAGS = [...ACCOUNT_FLAGS, "dry-run"];
const DRY_RUN_HELP = "  --dry-run       show what would be done\n";

export const linksListCommand: Command = {
  name: "links list",
  summary: "list all links between tickets and cases",
  help: `Usage: caseqa links list [options]

${ACCOUNT_HELP}
${EXIT_HELP}`,
  async run(args, io) {
    const parsed = readArguments(args, { flags: ACCOUNT_FLAGS });
    requirePositionals(parsed);
    return withAccount(io, parsed, async ({ context }) => {
      const links: TicketCaseLink[] = [];
      for await (const link of everyLink(context)) {
        links.push(link);
        io.progress.show(counted(links.length, "link"));
      }
      return reportLinks(io, links, parsed.flag("json"));
    });
  },
};

export const linksFindCommand: Command = {
  name: "links find",
  summary: "find the links of a ticket or of a case",
  help: `Usage: caseqa links find (--ticket ID | --case ID) [options]

  --ticket ID     a ticket's number
  --case ID       a case's id of 15 or 18 characters
${ACCOUNT_HELP}
Exit codes: 0 there are, 1 there are none, 2 misuse.
`,
  async run(args, io) {
    const parsed = readArguments(args, { values: ["ticket", "case"], flags: ACCOUNT_FLAGS });
    requirePositionals(parsed);
    const [ticket, wanted] = [parsed.value("ticket"), parsed.value("case")];
    if ((ticket === undefined) === (wanted === undefined)) {
      throw new Misuse("give --ticket or --case");
    }
    const by =
      ticket === undefined ? { caseId: toCaseId(wanted ?? "") } : { ticketId: toTicketId(ticket) };
    return withAccount(io, parsed, async ({ context }) => {
      const links = await findLinks(context, by);
      const code = reportLinks(io, links, parsed.flag("json"));
      return links.length === 0 ? EXIT.failed : code;
    });
  },
};

export const linksCreateCommand = pairCommand({
  name: "links create",
  summary: "link a ticket to a case",
  about: `Looks first whether Zendesk has the ticket and Salesforce the case.
`,
  options: "  --unchecked     link them without looking whether they exist\n",
  flags: ["unchecked"],
  async act(context, pair, { dryRun, unchecked }) {
    if (!unchecked) await requireTicketAndCase(context, pair);
    if ((await linksBetween(context, pair)).length > 0) return "already";
    return dryRun ? "created" : createLink(context, pair);
  },
});

export const linksDeleteCommand = pairCommand({
  name: "links delete",
  summary: "end the link of a ticket to a case",
  about: "",
  options: "",
  flags: [],
  async act(context, pair, { dryRun }) {
    const links = await linksBetween(context, pair);
    if (links.length === 0) throw await notLinked(context, pair);
    if (!dryRun) for (const link of links) await deleteLink(context, link);
    return "deleted";
  },
});

/** What there is in place of the link that was to be ended. */
async function notLinked(context: StepContext, { ticketId, caseId }: Pair): Promise<Refused> {
  const others = (await findLinks(context, { ticketId })).map(
    (link) => link.caseId ?? link.rightName,
  );
  return new Refused(
    `ticket ${ticketId} is not linked to case ${caseId}`,
    others.length === 0
      ? `It is linked to no case. caseqa links find --case ${caseId} shows the case's tickets.`
      : `It is linked to ${others.join(", ")}.`,
  );
}

export const linksRepairCommand: Command = {
  name: "links repair",
  summary: "mend links that are written in another form, and report doubtful ones",
  help: `Usage: caseqa links repair [options]

Goes through all links. Case ids of 15 characters are written anew with 18. Names that are not ours, and tickets
with several cases where the settings want one, are only reported: which case is right is not known here.

${DRY_RUN_HELP}${ACCOUNT_HELP}
Exit codes: 0 nothing is left, 1 something is left, 2 misuse.
`,
  ifStopped: "Run caseqa links repair again: until then a ticket may have both forms of a link.",
  async run(args, io) {
    const parsed = readArguments(args, { flags: FLAGS });
    requirePositionals(parsed);
    const dryRun = parsed.flag("dry-run");
    return withAccount(io, parsed, async ({ context }) => {
      io.progress.show("reading the settings");
      const read = await readSettings(context);
      const oneCasePerTicket = read.outcome === "found" && read.settings.one_case_per_ticket;
      io.progress.show("going through the links");
      const findings = await repairLinks(context, { dryRun, oneCasePerTicket });
      const left = findings.filter(({ repaired }) => !repaired).length;
      io.progress.done();
      if (parsed.flag("json")) {
        io.out(`${JSON.stringify({ ok: left === 0, dry_run: dryRun, findings })}\n`);
      } else {
        io.out(findings.map(findingLine).join(""));
        io.out(`${counted(findings.length - left, "link")} mended, ${left} left\n`);
      }
      return left === 0 ? EXIT.ok : EXIT.failed;
    });
  },
};

function findingLine({ what, repaired, link }: LinkFinding): string {
  return visible(`${repaired ? "mended" : "left"}  ${link.leftName}  ${link.rightName}  ${what}\n`);
}

interface Pair {
  readonly ticketId: string;
  readonly caseId: string;
}

interface PairCommand {
  readonly name: string;
  readonly summary: string;
  /** Lines of the help. */
  readonly about: string;
  readonly options: string;
  /** Flags of its own. */
  readonly flags: readonly string[];
  readonly act: (
    context: StepContext,
    pair: Pair,
    how: { readonly dryRun: boolean; readonly unchecked: boolean },
  ) => Promise<"created" | "deleted" | "already">;
}

function pairCommand({ name, summary, about, options, flags, act }: PairCommand): Command {
  return {
    name,
    summary,
    help: `Usage: caseqa ${name} TICKET CASE [options]

TICKET is a ticket's number, CASE a case's id of 15 or 18 characters.
${about}
${options}${DRY_RUN_HELP}${ACCOUNT_HELP}
${EXIT_HELP}`,
    async run(args, io) {
      const parsed = readArguments(args, { flags: [...FLAGS, ...flags] });
      const [ticket = "", wanted = ""] = requirePositionals(parsed, "TICKET", "CASE");
      const pair = { ticketId: toTicketId(ticket), caseId: toCaseId(wanted) };
      const how = { dryRun: parsed.flag("dry-run"), unchecked: parsed.flag("unchecked") };
      return withAccount(io, parsed, async ({ context }) => {
        const outcome = await act(context, pair, how);
        io.progress.done();
        if (parsed.flag("json")) {
          io.out(`${JSON.stringify({ ok: true, dry_run: how.dryRun, outcome, ...pair })}\n`);
        } else {
          io.out(
            `ticket ${pair.ticketId}, case ${pair.caseId}: ${OUTCOMES[outcome](how.dryRun)}\n`,
          );
        }
        return EXIT.ok;
      });
    },
  };
}

const OUTCOMES = {
  created: (dryRun: boolean) => (dryRun ? "would be linked" : "linked"),
  deleted: (dryRun: boolean) => (dryRun ? "would no longer be linked" : "no longer linked"),
  already: () => "linked already",
} as const;

function reportLinks(io: Io, links: readonly TicketCaseLink[], json: boolean): number {
  io.progress.done();
  if (json) {
    io.out(`${JSON.stringify({ links })}\n`);
    return EXIT.ok;
  }
  const rows = links.map(({ ticketId, caseId, leftName, rightName, createdAt }) => [
    ticketId ?? leftName,
    caseId ?? rightName,
    createdAt ?? "",
  ]);
  io.out(rows.length === 0 ? "No links.\n" : table([["ticket", "case", "since"], ...rows]));
  return EXIT.ok;
}

function toTicketId(text: string): string {
  if (/^[1-9]\d{0,18}$/.test(text)) return text;
  throw new Misuse(`"${text}" is not a ticket number`);
}

/** The id in 18 characters. Throws a Misuse that says what is wrong with it. */
function toCaseId(text: string): string {
  const id = parseCaseLinkName(caseLinkName(text));
  if (id !== undefined) return id;
  if (!/^[a-zA-Z0-9]{18}$/.test(text)) {
    throw new Misuse(`"${text}" is not a case id: it has 15 or 18 letters and digits`);
  }
  throw new Misuse(
    `"${text}" is not a case id: its last three characters do not fit the rest; copy it again, upper and lower case as they are`,
  );
}
