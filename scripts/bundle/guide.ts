/** docs/flows/README.md: what each flow does, for an administrator who never saw ZIS. */
import { DEFAULT_SETTINGS, Settings } from "#contract/settings/settings";
import type { Graph } from "#zis/graph/graph";
import type { FlowDefinition, State } from "#zis/model/flow";
import type { JobSpec } from "#zis/model/bundle";
import { type FlowLimits, GENERATED, percent } from "./limits.ts";
import { isEnd, type Step, stepsOf, type Way } from "./main-way.ts";

export interface DocumentedFlow {
  readonly name: string;
  /** What it is for, in one sentence. */
  readonly purpose: string;
  readonly definition: FlowDefinition;
  /** Its steps, each as one node. */
  readonly steps: Graph;
  /** The job specs that start it. */
  readonly starts: readonly JobSpec[];
  readonly limits: FlowLimits;
}

/** The page. */
export function guide(flows: readonly DocumentedFlow[]): string {
  return [
    GENERATED,
    "# What the flows do",
    "",
    INTRODUCTION,
    "",
    "| flow | what it is for |",
    "|---|---|",
    ...flows.map(({ name, purpose }) => `| [\`${name}\`](#${name}) | ${cell(sentence(purpose))} |`),
    "",
    HOW_TO_READ,
    ...flows.map((flow) => section(flow)),
  ].join("\n");
}

const INTRODUCTION = `Zendesk Integration Services (ZIS) is the part of Zendesk that runs these flows. A *flow* is a list of steps
that Zendesk takes when something happens, such as a solved ticket. Nobody starts it by hand, and nothing has
to be installed for it beside the CaseQA bundle. Each run leaves a line in the integration log, which Zendesk
keeps for seven days (Admin Center, Apps and integrations, Integrations, Logs): the texts are below, at every
flow. What the flows do is set in the CaseQA settings, never in the flows themselves.`;

const HOW_TO_READ = `## How to read the pictures

A picture begins at the black dot and goes down. Blue boxes are calls, yellow ones are decisions, with the
answer written at each way. A dashed red line is where an error leads. Green ends are good, also when there was
nothing to do; red ones are failures, and someone should look at them. "Retried" stands for waiting and
calling again: all calls of a run share three retries, after 2, 8 and 20 seconds; then the run fails. Every flow
may run twice for the same event without doing anything twice.

How long each flow may take is in [limits.md](limits.md).
`;

function section(flow: DocumentedFlow): string {
  const { name, purpose, definition, steps, starts, limits } = flow;
  const { main, aside } = stepsOf(steps);
  return [
    `## ${name}`,
    "",
    sentence(purpose),
    "",
    "### What starts it",
    "",
    ...starts.map((spec) => `- ${startOf(spec)}`),
    "",
    "### What it does",
    "",
    ...main.map((step, index) => stepText(step, `${index + 1}.`, main[index + 1])),
    "",
    ...(aside.length === 0
      ? []
      : ["On other ways:", "", ...aside.map((step) => stepText(step, "-")), ""]),
    "### How it ends",
    "",
    ...endsTable(definition),
    "",
    "### Its settings",
    "",
    ...settingsTable(definition),
    "",
    "### Its picture",
    "",
    `![The steps of ${name}](${name}.svg)`,
    "",
    `A step can be several states of the flow; [${name}.states.svg](${name}.states.svg) shows every one of them.`,
    "",
    "### Its limits",
    "",
    limitsText(limits),
    "",
  ].join("\n");
}

/** What the events are called where people meet them. Source: ZIS trigger events. */
const EVENTS: Readonly<Record<string, string>> = {
  "ticket.TicketCreated": "A ticket is created.",
  "ticket.StatusChanged": "The status of a ticket changes.",
  "ticket.CustomFieldChanged": "The value of a ticket field changes.",
  "ticket.AgentAssignmentChanged": "A ticket is assigned to another agent, or to none.",
  "ticket.GroupAssignmentChanged": "A ticket is assigned to another group, or to none.",
  "ticket.TicketMerged": "A ticket is merged into another one.",
  "ticket.CommentAdded": "A comment is added to a ticket.",
  "ticket.CommentRedacted": "Words of a comment are redacted.",
  "ticket.CommentMadePrivate": "A public comment is made private.",
  "ticket.AttachmentRedactedFromComment": "An attachment of a comment is redacted.",
  "ticket.MarkedAsSpam": "A ticket is marked as spam.",
  "ticket.RequesterChanged": "A ticket gets another requester.",
  "ticket.TagsChanged": "Tags are added to a ticket or taken away.",
  "ticket.TicketSoftDeleted": "A ticket is deleted; it can be restored for some weeks.",
  "ticket.TicketUndeleted": "A deleted ticket is restored.",
  "ticket.TicketPermanentlyDeleted": "A deleted ticket is deleted for good.",
  settings_sync: "The CaseQA settings are saved; also when CaseQA is installed, and once an hour.",
  case_link_requested: "The CaseQA server asks for it when it has finished work that took longer.",
};

function startOf({ event_source, event_type }: JobSpec): string {
  const words = EVENTS[event_type];
  if (words === undefined) {
    throw new Error(`scripts/bundle/guide.ts has no words for the event ${event_type}.`);
  }
  return `${words} (\`${event_source}\`, \`${event_type}\`)`;
}

/** A step with its ways; that it goes on to the next of the list needs no words. */
function stepText({ node, ways }: Step, bullet: string, next?: Step): string {
  const indent = " ".repeat(bullet.length + 1);
  const [why = ""] = (node.comment ?? "").split("\n");
  const isPlain = ways.length === 1 && ways[0]?.to === next?.node;
  return [
    `${bullet} **${node.label}**: ${why}`,
    ...(isPlain ? [] : ways).map((way) => `${indent}- ${wayText(way)}`),
  ].join("\n");
}

function wayText({ label, to }: Way): string {
  const condition = label === "" ? "then" : label === "otherwise" ? label : `if ${label}`;
  return `${condition}: ${isEnd(to.type) ? "it ends with" : "go on to"} *${to.label}*`;
}

interface End {
  readonly names: string[];
  readonly isGood: boolean;
  readonly text: string;
  readonly comment: string;
}

/** Ends that say the same, such as those of all calls that fail, share a line. */
function endsTable({ States }: FlowDefinition): string[] {
  const ends = new Map<string, End>();
  for (const [name, state] of Object.entries(States)) {
    const end = endOf(name, state);
    if (!end) continue;
    const key = state.Type === "Fail" ? `${state.Error}\n${end.comment}` : name;
    const known = ends.get(key);
    if (known) known.names.push(name);
    else ends.set(key, end);
  }
  const inOrder = [...ends.values()].sort((a, b) => Number(b.isGood) - Number(a.isGood));
  return [
    "| | end | what the log says | why |",
    "|---|---|---|---|",
    ...inOrder.map(
      ({ names, isGood, text, comment }) =>
        `| ${isGood ? "✔" : "✘"} | ${cell(names.join(", "))} | ${cell(text)} | ${cell(comment)} |`,
    ),
  ];
}

function endOf(name: string, state: State): End | undefined {
  if (state.Type !== "Succeed" && state.Type !== "Fail") return undefined;
  const text = state.Type === "Succeed" ? (state.Message ?? "") : `${state.Error}: ${state.Cause}`;
  const comment = state.Comment ?? "";
  return { names: [name], isGood: state.Type === "Succeed", text: readable(text), comment };
}

/** Placeholders as people read them: `{{$.ticket.id}}` is ‹ticket.id›. */
function readable(text: string): string {
  return text.replaceAll(/\{\{\$\.?([^}]*)\}\}/g, "‹$1›");
}

function settingsTable(definition: FlowDefinition): string[] {
  const text = JSON.stringify(definition);
  const mentioned = new Set(Array.from(text.matchAll(/settings\.(\w+)/g), ([, name]) => name));
  const used = Object.entries(Settings.properties).filter(([name]) => mentioned.has(name));
  if (used.length === 0) return ["No single setting decides what it does; it reads all of them."];
  return [
    "| setting | what it does | at first |",
    "|---|---|---|",
    ...used.map(([name, schema]) => {
      const { description = "" } = schema as { readonly description?: string };
      const value = JSON.stringify(DEFAULT_SETTINGS[name as keyof Settings]);
      return `| \`${name}\` | ${cell(description)} | \`${value}\` |`;
    }),
  ];
}

function limitsText({ transitions, seconds }: FlowLimits): string {
  return (
    `At most ${transitions.max} state transitions, ${percent(transitions.share)} of what Zendesk allows, ` +
    `and ${seconds.max} seconds, ${percent(seconds.share)} of it. ` +
    `The longest runs observed took ${transitions.observed} transitions and ${seconds.observed} seconds.`
  );
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Text in a cell of a table. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");
}
