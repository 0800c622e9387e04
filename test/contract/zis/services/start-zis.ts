/** A local ZIS on a free port, its users and credentials, and a client for both shapes of answers. */
import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import Fastify, { type FastifyInstance } from "fastify";
import { request } from "undici";
import { type Account, createAccount } from "#zis/services/account";
import { createZis, type Zis, type ZisOptions } from "#zis/services/create-zis";
import type { Store } from "#zis/services/store";

export const ADMIN = { id: 1, email: "ada@example.com", admin: true, password: "letmein" };
const AGENT = { id: 2, email: "bob@example.com", admin: false, password: "letmein" };
export const INTEGRATION = "acme";
const ZIS = "/api/services/zis";

/** Parsed JSON, of which tests look at what they expect to be there. */
// oxlint-disable-next-line typescript/no-explicit-any
type Loose = any;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The parsed body; undefined when it is not JSON. */
  readonly json: Loose;
}

export interface TestZis {
  readonly account: Account;
  readonly zis: Zis;
  readonly origin: string;
  readonly clock: { at: Date };
  /** Authorization and Cookie headers by who holds them. */
  readonly as: Readonly<
    Record<"apiToken" | "password" | "agent" | "session" | "agentSession", Headers>
  >;
  /** A call under /api/services/zis. */
  call(method: string, path: string, headers?: Headers, body?: unknown): Promise<Answer>;
  /** A call to any path of the origin. */
  send(method: string, path: string, headers?: Headers, body?: unknown): Promise<Answer>;
  /** Creates the integration and gives the header of a ZIS token for it. */
  integrate(name?: string): Promise<Headers>;
  close(): Promise<void>;
}

type Headers = Readonly<Record<string, string>>;

export interface StartOptions extends Partial<
  Pick<
    ZisOptions,
    | "serviceSwitches"
    | "switches"
    | "delivery"
    | "retryDelayScale"
    | "takenNames"
    | "actionTimeoutMs"
    | "largestReply"
    | "waits"
    | "random"
  >
> {
  readonly store?: Store;
  readonly subdomain?: string;
}

export function basic(user: string, password: string): Headers {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}

export function bearer(token: string): Headers {
  return { authorization: `Bearer ${token}` };
}

/** Any HTTP exchange; a string is sent as it is, all else as JSON. */
async function exchange(
  method: string,
  url: string,
  headers: Headers = {},
  body?: unknown,
): Promise<Answer> {
  const reply = await request(url, {
    method: method as "GET",
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await reply.body.text();
  return { status: reply.statusCode, headers: reply.headers, text, json: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function startZis(options: StartOptions = {}): Promise<TestZis> {
  const { store, subdomain = "acme-support", ...rest } = options;
  const clock = { at: new Date("2026-05-04T10:00:00Z") };
  const now = () => clock.at;
  const kept = store ? { store } : {};
  const users = [ADMIN, AGENT];
  const account = createAccount({
    subdomain,
    accountId: 12345,
    users,
    now,
    newId: randomUUID,
    ...kept,
  });
  let origin = "";
  const zis = createZis({
    account,
    zendeskOrigin: () => origin,
    now,
    newId: randomUUID,
    random: Math.random,
    waits: "virtual",
    ...kept,
    ...rest,
  });
  const app: FastifyInstance = Fastify({ forceCloseConnections: true });
  await app.register(zis.routes);
  await app.listen({ host: "127.0.0.1", port: 0 });
  origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const apiToken = account.createApiToken(ADMIN.email);
  const as = {
    apiToken: basic(`${ADMIN.email}/token`, apiToken),
    password: basic(ADMIN.email, ADMIN.password),
    agent: basic(AGENT.email, AGENT.password),
    session: { cookie: account.createSession(ADMIN.id) },
    agentSession: { cookie: account.createSession(AGENT.id) },
  };
  const send: TestZis["send"] = (method, path, headers, body) =>
    exchange(method, `${origin}${path}`, headers, body);
  const call: TestZis["call"] = (method, path, headers, body) =>
    send(method, `${ZIS}${path}`, headers, body);
  return {
    account,
    zis,
    origin,
    clock,
    as,
    send,
    call,
    async integrate(name = INTEGRATION) {
      const created = await call("POST", `/registry/${name}`, as.apiToken, { description: name });
      const clientId = created.json.zendesk_oauth_client.id as number;
      const token = { client_id: clientId, scopes: ["read", "write"] };
      const minted = await send("POST", "/api/v2/oauth/tokens.json", as.apiToken, { token });
      return bearer(minted.json.token.full_token as string);
    },
    async close() {
      await zis.close();
      await app.close();
    },
  };
}

/** A server of the test's own on a free port. */
export async function serve(
  routes: (app: FastifyInstance) => void,
): Promise<{ readonly origin: string; close(): Promise<unknown> }> {
  const app = Fastify({ forceCloseConnections: true });
  routes(app);
  await app.listen({ host: "127.0.0.1", port: 0 });
  const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return { origin, close: () => app.close() };
}

/** A bundle of one flow, its actions and one job spec. */
export function bundleOf(parts: {
  readonly states: object;
  readonly startAt?: string;
  readonly actions?: Readonly<Record<string, object>>;
  readonly jobSpec?: string;
  readonly flow?: string;
  readonly name?: string;
  readonly integration?: string;
}): object {
  const { states, jobSpec = "on_ping", flow = "answer", integration = INTEGRATION } = parts;
  const actions = Object.entries(parts.actions ?? {}).map(([name, definition]) => [
    `action_${name}`,
    { type: "ZIS::Action::Http", properties: { name, definition } },
  ]);
  return {
    name: parts.name ?? "main",
    description: "a bundle",
    zis_template_version: "2019-10-14",
    resources: {
      ...Object.fromEntries(actions),
      the_flow: {
        type: "ZIS::Flow",
        properties: {
          name: flow,
          definition: { StartAt: parts.startAt ?? Object.keys(states)[0], States: states },
        },
      },
      the_spec: {
        type: "ZIS::JobSpec",
        properties: {
          name: jobSpec,
          event_source: "acme",
          event_type: "ping",
          flow_name: `zis:${integration}:flow:${flow}`,
        },
      },
    },
  };
}

/** Uploads a bundle and installs its job spec. */
export async function deploy(zis: TestZis, bundle: object, jobSpec = "on_ping"): Promise<void> {
  const uploaded = await zis.call(
    "POST",
    `/registry/${INTEGRATION}/bundles`,
    zis.as.apiToken,
    bundle,
  );
  const name = `zis:${INTEGRATION}:job_spec:${jobSpec}`;
  const path = `/registry/job_specs/install?job_spec_name=${name}`;
  const installed = await zis.call("POST", path, zis.as.apiToken);
  if (uploaded.status !== 200 || installed.status !== 200) {
    throw new Error(`${uploaded.text} ${installed.text}`);
  }
}

/** Fires the event that `deploy`'s job specs wait for and gives the newest run's details. */
export async function ping(zis: TestZis, input: unknown = {}): Promise<Loose> {
  const event = { event_source: "acme", event_type: "ping", input };
  await zis.send("POST", "/local/events", {}, event);
  await zis.zis.idle(120_000);
  const { json } = await zis.send("GET", "/local/runs?limit=1");
  return (await zis.send("GET", `/local/runs/${json.runs[0].id}`)).json;
}
