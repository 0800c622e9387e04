/** `caseqa links list`, `find`, `create`, `delete` and `repair`: which ticket belongs to which case. */
import {
  caseLinkName,
  parseCaseLinkName,
  ticketLinkName,
} from "../../actions-server/contract/links.ts";
import { createLink, deleteLink, findLinks, listLinks } from "../../install/links.ts";
import { repairLinks } from "../../install/links-repair.ts";
import { readSettings } from "../../install/settings-edit.ts";
import { ACCOUNT_FLAGS, ACCOUNT_HELP, withAccount } from "../account.ts";
import { readArguments, requirePositionals } from "../arguments.ts";
import { type Command, EXIT, EXIT_HELP, type Io, Misuse } from "../command.ts";
import { counted, table } from "../style.ts";

type TicketCaseLink = Awaited<ReturnType<typeof findLinks>>[number];
type LinkFinding = Awaited<ReturnType<typeof repairLinks>>[number];

const FLAGS = [...ACCOUNT_FLAGS, "dry-run"];
const DRY_RUN_HELP = "  --dry-run       tell what would be done\n";

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
      for (let after: string | null = ""; after !== null;) {
        const page = await listLinks(context, after === "" ? {} : { after });
        links.push(...page.links);
        after = page.next;
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
  async plan(context, pair) {
    const links = await findLinks(context, { ticketId: pair.ticketId });
    return links.some(({ caseId }) => caseId === pair.caseId) ? "already" : "created";
  },
  act: createLink,
});

export const linksDeleteCommand = pairCommand({
  name: "links delete",
  summary: "end the link of a ticket to a case",
  async plan(context, pair) {
    const links = await findLinks(context, { ticketId: pair.ticketId });
    return links.some(({ caseId }) => caseId === pair.caseId) ? "deleted" : "already";
  },
  act: (context, { ticketId, caseId }) =>
    deleteLink(context, { leftName: ticketLinkName(ticketId), rightName: caseLinkName(caseId) }),
});

export const linksRepairCommand: Command = {
  name: "links repair",
  summary: "mend links that are written in another form, and report doubtful ones",
  help: `Usage: caseqa links repair [options]

Goes through all links. Case ids of 15 characters are written anew with 18. Names that are not ours, and tickets
with several cases where the settings want one, are only told: which case is right is not known here.

${DRY_RUN_HELP}${ACCOUNT_HELP}
Exit codes: 0 nothing is left, 1 something is left, 2 misuse.
`,
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
  return `${repaired ? "mended" : "left"}  ${link.leftName}  ${link.rightName}  ${what}\n`;
}

interface Pair {
  readonly ticketId: string;
  readonly caseId: string;
}

interface PairCommand {
  readonly name: string;
  readonly summary: string;
  readonly plan: (context: Parameters<typeof createLink>[0], pair: Pair) => Promise<string>;
  readonly act: (context: Parameters<typeof createLink>[0], pair: Pair) => Promise<string>;
}

function pairCommand({ name, summary, plan, act }: PairCommand): Command {
  return {
    name,
    summary,
    help: `Usage: caseqa ${name} TICKET CASE [options]

TICKET is a ticket's number, CASE a case's id of 15 or 18 characters.

${DRY_RUN_HELP}${ACCOUNT_HELP}
${EXIT_HELP}`,
    async run(args, io) {
      const parsed = readArguments(args, { flags: FLAGS });
      const [ticket = "", wanted = ""] = requirePositionals(parsed, "TICKET", "CASE");
      const pair = { ticketId: toTicketId(ticket), caseId: toCaseId(wanted) };
      const dryRun = parsed.flag("dry-run");
      return withAccount(io, parsed, async ({ context }) => {
        const outcome = await (dryRun ? plan : act)(context, pair);
        io.progress.done();
        if (parsed.flag("json")) {
          io.out(`${JSON.stringify({ ok: true, dry_run: dryRun, outcome, ...pair })}\n`);
        } else {
          const would = dryRun && outcome !== "already" ? "would be " : "";
          io.out(`ticket ${pair.ticketId}, case ${pair.caseId}: ${would}${outcome}\n`);
        }
        return EXIT.ok;
      });
    },
  };
}

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
  throw new Misuse(`"${text}" is no ticket number`);
}

function toCaseId(text: string): string {
  const id = parseCaseLinkName(`salesforce:case:${text}`);
  if (id !== undefined) return id;
  throw new Misuse(`"${text}" is no case id: 15 or 18 letters and digits`);
}
