/** `caseqa links list`, `find`, `create`, `delete` and `repair`: the links between tickets and cases. */
import { onAccount, type AccountOptions, type DryRunOption } from "../options.ts";
import { type Command as CommanderCommand, InvalidArgumentError } from "commander";
import { UsageError } from "#zis/terminal/usage-error";
import { caseLinkName, parseCaseLinkName } from "#contract/links";
import { visible } from "#zis/model/visible";
import type { StepContext } from "#install/context";
import { createLink, deleteLink, everyLink, findLinks, linksBetween } from "#install/links";
import { requireTicketAndCase } from "#install/links-check";
import { repairLinks } from "#install/links-repair";
import { readSettings } from "#install/settings-edit";
import { withAccount } from "../account.ts";
import { type Command, EXIT, type Io, Refused } from "../command.ts";
import { counted, table } from "#zis/terminal/style";

type TicketCaseLink = Awaited<ReturnType<typeof findLinks>>[number];
type LinkFinding = Awaited<ReturnType<typeof repairLinks>>[number];

const DRY_RUN = "show what would be done";

interface FindOptions extends AccountOptions {
  readonly ticket?: string;
  readonly case?: string;
}

interface PairOptions extends AccountOptions, DryRunOption {
  readonly unchecked?: true;
}

export const linksListCommand: Command<AccountOptions> = {
  name: "links list",
  declare: (command) => onAccount(command.summary("list all links between tickets and cases")),
  async run(io, _words, options) {
    return withAccount(io, options, async ({ context }) => {
      const links: TicketCaseLink[] = [];
      for await (const link of everyLink(context)) {
        links.push(link);
        io.progress.show(counted(links.length, "link"));
      }
      return reportLinks(io, links, options.json);
    });
  },
};

export const linksFindCommand: Command<FindOptions> = {
  name: "links find",
  declare: (command) =>
    onAccount(
      command
        .summary("find the links of a ticket or of a case")
        .usage("(--ticket ID | --case ID) [options]")
        .option("--ticket <ID>", "a ticket's number", toTicketId)
        .option("--case <ID>", "a case's id of 15 or 18 characters", toCaseId),
      "0 links found, 1 none, 2 wrong usage",
    ),
  async run(io, _words, options) {
    const { ticket: ticketId, case: caseId } = options;
    if ((ticketId === undefined) === (caseId === undefined)) {
      throw new UsageError("give --ticket or --case");
    }
    const by = ticketId === undefined ? { caseId: caseId ?? "" } : { ticketId };
    return withAccount(io, options, async ({ context }) => {
      const links = await findLinks(context, by);
      const code = reportLinks(io, links, options.json);
      return links.length === 0 ? EXIT.failed : code;
    });
  },
};

export const linksCreateCommand = pairCommand({
  name: "links create",
  summary: "link a ticket to a case",
  declare: (command) =>
    command
      .description("First checks that Zendesk has the ticket and Salesforce the case.")
      .option("--unchecked", "link them without checking that they exist"),
  async act(context, pair, { dryRun, unchecked }) {
    if (!unchecked) await requireTicketAndCase(context, pair);
    if ((await linksBetween(context, pair)).length > 0) return "already";
    return dryRun ? "created" : createLink(context, pair);
  },
});

export const linksDeleteCommand = pairCommand({
  name: "links delete",
  summary: "end the link of a ticket to a case",
  declare: (command) => command,
  async act(context, pair, { dryRun }) {
    const links = await linksBetween(context, pair);
    if (links.length === 0) throw await notLinked(context, pair);
    if (!dryRun) for (const link of links) await deleteLink(context, link);
    return "deleted";
  },
});

/** The other links, when the link to end does not exist. */
async function notLinked(context: StepContext, { ticketId, caseId }: Pair): Promise<Refused> {
  const others = (await findLinks(context, { ticketId })).map(
    (link) => link.caseId ?? link.rightName,
  );
  return new Refused(
    `ticket ${ticketId} is not linked to case ${caseId}`,
    others.length === 0
      ? `It is not linked to any case. caseqa links find --case ${caseId} shows the case's tickets.`
      : `It is linked to ${others.join(", ")}.`,
  );
}

export const linksRepairCommand: Command<AccountOptions & DryRunOption> = {
  name: "links repair",
  declare: (command) =>
    onAccount(
      command
        .summary("repair links that are written in another form, and report doubtful ones")
        .description(`Goes through all links. Rewrites case ids of 15 characters with 18. Names that are not ours, and
tickets with several cases where the settings want one, are only reported: which case is right is not known here.`)
        .option("--dry-run", DRY_RUN),
      "0 everything is in order, 1 some links remain doubtful, 2 wrong usage",
    ),
  ifStopped: "Run caseqa links repair again: until then a ticket may have both forms of a link.",
  async run(io, _words, options) {
    const { dryRun = false, json } = options;
    return withAccount(io, options, async ({ context }) => {
      io.progress.show("reading the settings");
      const read = await readSettings(context);
      const oneCasePerTicket = read.outcome === "found" && read.settings.one_case_per_ticket;
      io.progress.show("going through the links");
      const findings = await repairLinks(context, { dryRun, oneCasePerTicket });
      const left = findings.filter(({ repaired }) => !repaired).length;
      io.progress.done();
      if (json) {
        io.out(`${JSON.stringify({ ok: left === 0, dry_run: dryRun, findings })}\n`);
      } else {
        io.out(findings.map(findingLine).join(""));
        io.out(`${counted(findings.length - left, "link")} repaired, ${left} left\n`);
      }
      return left === 0 ? EXIT.ok : EXIT.failed;
    });
  },
};

function findingLine({ what, repaired, link }: LinkFinding): string {
  return visible(
    `${repaired ? "repaired" : "left"}  ${link.leftName}  ${link.rightName}  ${what}\n`,
  );
}

interface Pair {
  readonly ticketId: string;
  readonly caseId: string;
}

interface PairCommand {
  readonly name: string;
  readonly summary: string;
  /** Declares its own options. */
  readonly declare: (command: CommanderCommand) => CommanderCommand;
  readonly act: (
    context: StepContext,
    pair: Pair,
    options: PairOptions,
  ) => Promise<"created" | "deleted" | "already">;
}

function pairCommand({ name, summary, declare, act }: PairCommand): Command<PairOptions> {
  return {
    name,
    declare: (command) =>
      onAccount(
        declare(command.summary(summary))
          .argument("<TICKET>", "a ticket's number", toTicketId)
          .argument("<CASE>", "a case's id of 15 or 18 characters", toCaseId)
          .option("--dry-run", DRY_RUN),
      ),
    async run(io, [ticket = "", wanted = ""], options) {
      const { dryRun = false, json } = options;
      const pair = { ticketId: toTicketId(ticket), caseId: toCaseId(wanted) };
      return withAccount(io, options, async ({ context }) => {
        const outcome = await act(context, pair, options);
        io.progress.done();
        const { ticketId, caseId } = pair;
        io.out(
          json
            ? `${JSON.stringify({ ok: true, dry_run: dryRun, outcome, ...pair })}\n`
            : `ticket ${ticketId}, case ${caseId}: ${OUTCOMES[outcome](dryRun)}\n`,
        );
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

function reportLinks(io: Io, links: readonly TicketCaseLink[], json = false): number {
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
  throw new InvalidArgumentError(`"${text}" is not a ticket number`);
}

/** The id in 18 characters. Throws an InvalidArgumentError that says what is wrong with it. */
function toCaseId(text: string): string {
  const id = parseCaseLinkName(caseLinkName(text));
  if (id !== undefined) return id;
  if (!/^[a-zA-Z0-9]{18}$/.test(text)) {
    throw new InvalidArgumentError(
      `"${text}" is not a case id: a case id has 15 or 18 letters and digits`,
    );
  }
  throw new InvalidArgumentError(
    `"${text}" is not a case id: its last three characters do not match the rest; copy it again, with upper and lower case unchanged`,
  );
}
