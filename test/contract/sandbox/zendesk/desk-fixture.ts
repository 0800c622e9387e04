/** A small Zendesk account over HTTP for the contract tests: its data, its address, its credentials. */
import Fastify from "fastify";
import { createManualClock, type ManualClock } from "#test/support/manual-clock";
import { buildWorldData } from "#sandbox/data/world-data";
import { createFaults, type Faults } from "#sandbox/faults";
import { createZendesk, type Zendesk, type ZendeskOptions } from "#sandbox/zendesk/create-zendesk";
import type { ZisEvent } from "#sandbox/zendesk/events";
import type { ZendeskData } from "#sandbox/zendesk/model";
import type { PersonEvent } from "#sandbox/zendesk/person-events";
import { createAccount, type Account } from "#zis/services/account";

export interface DeskFixture {
  readonly url: string;
  readonly data: ZendeskData;
  readonly zendesk: Zendesk;
  readonly account: Account;
  readonly clock: ManualClock;
  readonly faults: Faults;
  /** Every update's events, in the order of the updates. */
  readonly updates: ZisEvent[][];
  /** Every event of a person, in order. */
  readonly personEvents: PersonEvent[];
  readonly adminEmail: string;
  readonly apiToken: string;
  /** Calls as the administrator, unless `headers` say otherwise. `path` is relative to `/api/v2`. */
  call(path: string, init?: CallInit): Promise<Answer>;
  /** A bearer header with these scopes, for the n-th agent (0: the administrator). */
  bearer(scopes: readonly string[], agent?: number): Record<string, string>;
  close(): Promise<void>;
}

interface CallInit {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnswerBody;
}

interface WireTicket {
  readonly id: number;
  readonly updated_at: string;
  readonly requester_id: number;
  readonly assignee_id: number;
  readonly custom_fields: readonly object[];
  readonly fields: readonly object[];
}

interface WireComment {
  readonly id: number;
  readonly type: string;
  readonly body: string;
  readonly html_body: string;
  readonly public: boolean;
  readonly attachments: readonly object[];
}

interface WireAudit {
  readonly events: readonly WireComment[];
}

/** The members that the tests read; each answer has some of them, and a few are plain text. */
interface AnswerBody {
  readonly ticket: WireTicket;
  readonly tickets: readonly WireTicket[];
  readonly comments: readonly WireComment[];
  readonly audit: WireAudit;
  readonly audits: readonly WireAudit[];
  readonly user: object;
  readonly users: readonly { readonly id: number }[];
  readonly groups: readonly object[];
  readonly ticket_fields: readonly object[];
  readonly brands: readonly object[];
  readonly organizations: readonly object[];
  readonly organization: { readonly name: string };
  readonly count: unknown;
  readonly meta: { readonly has_more: boolean };
  readonly links: { readonly next: string; readonly prev: string };
  readonly next_page: string | null;
  readonly previous_page: string | null;
  readonly after_url: string;
  readonly after_cursor: string;
  readonly end_of_stream: boolean;
  readonly error: unknown;
  readonly errors: readonly { readonly code: string }[];
  readonly details: Readonly<Record<string, readonly { readonly description: string }[]>>;
}

const NOW = new Date("2026-03-02T10:00:05Z");

export async function openDesk(
  options: Pick<ZendeskOptions, "limits" | "lastExportCursor" | "switches" | "wait"> & {
    readonly tickets?: number;
    /** Instead of the sample world. */
    readonly data?: ZendeskData;
  } = {},
): Promise<DeskFixture> {
  const data = options.data ?? buildWorldData({ seed: 11, tickets: options.tickets ?? 30 }).zendesk;
  const clock = createManualClock(NOW);
  const faults = createFaults();
  const updates: ZisEvent[][] = [];
  const personEvents: PersonEvent[] = [];
  let ids = 0;
  const newId = () => `id-${(ids += 1)}`;
  const account = createAccount({
    subdomain: "tideway",
    accountId: 12_345,
    users: data.agents.map(({ id, email, role }) => ({
      id,
      email: email ?? "",
      admin: role === "admin",
      password: "secret",
    })),
    now: () => clock.now(),
    newId,
  });
  const zendesk = createZendesk({
    account,
    now: () => clock.now(),
    newId,
    faults,
    onEvents: (events) => updates.push(events),
    onPersonEvents: (events) => personEvents.push(...events),
    ...options,
    data,
  });
  const app = Fastify();
  await app.register(zendesk.routes);
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  const adminEmail = data.agents[0]!.email!;
  const apiToken = account.createApiToken(adminEmail);
  const basic = Buffer.from(`${adminEmail}/token:${apiToken}`).toString("base64");
  const client = account.createOAuthClient({ identifier: "tests" });

  return {
    url,
    data,
    zendesk,
    account,
    clock,
    faults,
    updates,
    personEvents,
    adminEmail,
    apiToken,
    async call(path, init = {}) {
      const response = await fetch(path.startsWith("http") ? path : `${url}/api/v2${path}`, {
        method: init.method ?? "GET",
        headers: {
          ...(init.headers ?? { authorization: `Basic ${basic}` }),
          ...(init.body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.includes("json") === true;
      return {
        status: response.status,
        headers: response.headers,
        body: (isJson ? JSON.parse(text) : text) as AnswerBody,
      };
    },
    bearer(scopes, agent = 0) {
      const userId = data.agents[agent]!.id;
      const token = account.issueToken({ clientId: client.id, userId, scopes });
      return { authorization: `Bearer ${token.accessToken}` };
    },
    close: () => app.close(),
  };
}
