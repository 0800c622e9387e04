/** From an empty account to the first linked ticket by the command line alone, with the time that each part took. */
import { setTimeout as sleep } from "node:timers/promises";
import type { World } from "../../../scripts/world.ts";
import type { Finished } from "../../support/run-script.ts";
import { casesOf } from "./stores.ts";

export interface FirstLinkOptions {
  readonly world: World;
  /** Runs the command `caseqa` against the world. */
  readonly caseqa: (args: readonly string[]) => Promise<Finished>;
  /** The script of the unmodified zcli. */
  readonly zcli: string;
  /** The built app. */
  readonly app: string;
  /** Milliseconds that only grow. */
  readonly clock: () => number;
}

export interface Part {
  readonly part: "init" | "install" | "first link";
  readonly seconds: number;
}

/** Longest that the first event may take. */
const LINK_MS = 30_000;
const LOOK_MS = 20;

/**
 * An agent solves a ticket that belongs to one case, after `caseqa init` and `caseqa install`.
 *
 * @throws Error when a command fails, or no link comes
 */
export async function reachFirstLink(options: FirstLinkOptions): Promise<{
  readonly parts: readonly Part[];
  readonly ticketId: string;
  readonly caseName: string;
}> {
  const { world, caseqa, zcli, app, clock } = options;
  const parts: Part[] = [];
  const timed = async <T>(part: Part["part"], work: () => Promise<T>): Promise<T> => {
    const began = clock();
    const result = await work();
    parts.push({ part, seconds: (clock() - began) / 1_000 });
    return result;
  };
  const command = async (...args: string[]): Promise<void> => {
    const { code, stdout, stderr } = await caseqa(args);
    if (code !== 0) throw new Error(`caseqa ${args[0]} ended with ${code}:\n${stdout}${stderr}`);
  };
  const { subdomain } = world.card.zendesk;
  const { url } = world.card.server;
  await timed("init", () => command("init", "--subdomain", subdomain, "--server-url", url));
  await timed("install", () => command("install", "--app", app, "--zcli", zcli));
  const ticketId = ticketWithCase(world);
  const caseName = await timed("first link", async () => {
    world.zendesk.agents.setStatus(ticketId, "solved");
    return firstCase(world, ticketId, clock);
  });
  return { parts, ticketId, caseName };
}

/** One that is found without a field for case numbers: there is none by default. */
function ticketWithCase({ data }: World): string {
  const found = data.zendesk.tickets.find(({ id, status, tags }) => {
    const truth = data.truth.get(String(id));
    const isClear = truth?.outcome === "matched" && truth.by !== "case_number";
    return isClear && status === "open" && !tags.includes("bulk_import");
  });
  if (!found) throw new Error("no open ticket of the sample data belongs to one case");
  return String(found.id);
}

async function firstCase(world: World, ticketId: string, clock: () => number): Promise<string> {
  const until = clock() + LINK_MS;
  while (clock() < until) {
    const [name] = casesOf(world, ticketId);
    if (name !== undefined) return name;
    await sleep(LOOK_MS);
  }
  throw new Error(`ticket ${ticketId} was not linked within ${LINK_MS / 1_000} seconds`);
}
