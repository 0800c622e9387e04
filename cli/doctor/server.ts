/** Whether our server can be reached, accepts our token, and reports that it is healthy. */
import { BlockList, isIP } from "node:net";
import { askRoute, ServerRefusal } from "#contract/client";
import type { Health } from "#contract/routes/health";
import { serverRemedy } from "#install/refusals";
import type { CallApi } from "#install/zendesk-api";
import type { ServerUrlSource } from "../account.ts";
import { type Check, type CheckName, failed, ok, warning } from "./check.ts";

const MAX_SKEW_SECONDS = 30;
const SLOW_SECONDS = 60;

/** Addresses that can be reached only from this machine or its own network. Source: RFC 6890. */
const LOCAL_NETWORKS = [
  ["10.0.0.0", 8, "ipv4"],
  ["127.0.0.0", 8, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["::1", 128, "ipv6"],
  ["fc00::", 7, "ipv6"],
  ["fe80::", 10, "ipv6"],
] as const;

function isLocal(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, "");
  const family = isIP(address);
  if (family === 0) return /(?:^|\.)localhost$/.test(hostname);
  const local = new BlockList();
  for (const [net, prefix, kind] of LOCAL_NETWORKS) local.addSubnet(net, prefix, kind);
  return local.check(address, family === 6 ? "ipv6" : "ipv4");
}

/** ZIS calls the server from the internet, and only by https. */
export function judgeAddress(origin: string, from: ServerUrlSource): Check {
  const { protocol, hostname } = new URL(origin);
  if (protocol === "https:" && !isLocal(hostname))
    return ok("server_address", `${origin} (${from})`);
  const remedy =
    "Give it a public https address, then caseqa init --force --server-url URL and caseqa install.";
  return warning(
    "server_address",
    `${origin} (${from}) cannot be reached by a real Zendesk account`,
    remedy,
  );
}

export async function checkServer(
  callServer: CallApi,
  origin: string,
  now: () => Date,
): Promise<readonly Check[]> {
  try {
    const health = await askRoute(callServer, { route: "health" });
    return [ok("server", `${origin}, version ${health.version}`), ...judgeHealth(health, now())];
  } catch (error) {
    if (!(error instanceof ServerRefusal)) throw error;
    return [failed("server", `${origin}: ${error.message}`, serverRemedy(error))];
  }
}

/** Pure: the server's own checks, unchanged, then what its numbers show. */
export function judgeHealth(health: Health, now: Date): readonly Check[] {
  const own = health.checks.map(({ name, state, message, cure }): Check => ({
    name: `server: ${name}`,
    state,
    message,
    remedy: cure,
  }));
  const dead = health.queues.filter((queue) => queue.dead > 0);
  const slow = health.queues.filter((queue) => queue.oldest_seconds > SLOW_SECONDS);
  const queues: Check[] = [
    ...dead.map(({ queue, dead: count }) =>
      failed(
        "queue",
        `${queue}: ${count} jobs were given up`,
        "npm run jobs lists them and tries them again.",
      ),
    ),
    ...slow.map(({ queue, oldest_seconds: seconds }) =>
      warning(
        "queue",
        `${queue}: the oldest job has been waiting for ${Math.round(seconds)} s`,
        "Look at the server's checks of Zendesk and Salesforce.",
      ),
    ),
  ];
  return [
    ...own,
    ...(queues.length === 0 ? [ok("queue", "no job has waited long, none was given up")] : queues),
    judgeClock("clock: server", new Date(health.now), now),
    judgeSweep(health.last_sweep),
  ];
}

function judgeSweep(last: Health["last_sweep"]): Check {
  if (last === null) return warning("sweep", "no sweep has run yet", "Run caseqa sweep.");
  const { state, finished_at: finishedAt, waits_until: waitsUntil } = last;
  // Earlier servers do not report a state.
  if (state === "running" || finishedAt === null) {
    if (waitsUntil == null) return ok("sweep", "one is running");
    const until = waitsUntil.replace(/\.\d+Z$/, "Z");
    return ok(
      "sweep",
      `one waits until ${until}: Zendesk holds back what changed in the last minute`,
    );
  }
  if (state !== "failed") return ok("sweep", `the last one finished at ${finishedAt}`);
  const remedy = "caseqa sweep runs another one and shows why it fails.";
  return warning("sweep", `the last one failed at ${finishedAt}`, remedy);
}

/** Pure. Signed tokens are refused when clocks differ. */
export function judgeClock(name: CheckName, theirs: Date, ours: Date): Check {
  const seconds = Math.round((theirs.getTime() - ours.getTime()) / 1_000);
  if (Math.abs(seconds) <= MAX_SKEW_SECONDS)
    return ok(name, `${Math.abs(seconds)} s apart from this machine`);
  const remedy = "Set both clocks by NTP: sessions of the app are refused when clocks differ.";
  return failed(
    name,
    `${Math.abs(seconds)} s ${seconds > 0 ? "ahead of" : "behind"} this machine`,
    remedy,
  );
}

/** Zendesk's clock by the Date of an answer, which has whole seconds. */
export async function checkZendeskClock(
  origin: string,
  now: () => Date,
): Promise<readonly Check[]> {
  const response = await fetch(`${origin}/api/v2/users/me.json`, {
    signal: AbortSignal.timeout(10_000),
  });
  await response.body?.cancel();
  const date = response.headers.get("date");
  return date === null ? [] : [judgeClock("clock: Zendesk", new Date(date), now())];
}
