/** Requests that are wrong somewhere, drawn from a seed: a right one with one to three things changed. */
import { ROUTES } from "#contract/routes";
import { OPERATIONS } from "#contract/actions/operations";
import type { Random } from "#sandbox/data/random";
import { ACCOUNTS, type AccountName } from "./server.ts";

export interface DrawnRequest {
  readonly account: AccountName;
  readonly method: string;
  readonly path: string;
  /** Names may repeat. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

type Draft = { -readonly [Member in keyof DrawnRequest]: DrawnRequest[Member] };
type Change = (draft: Draft, random: Random) => void;

/** Few, so that both accounts use each of them many times. */
const KEYS = 40;

const deep = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

const VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  12_345,
  "12345",
  1e308,
  2 ** 53,
  -0,
  "",
  " ",
  "canary-value",
  "\u0000",
  "\ud800",
  "1001'; drop table qa_messages; --",
  "${jndi:ldap://canary}",
  "../../etc/passwd",
  "0x10",
  "９",
  "x".repeat(20_000),
  [],
  {},
  [[[[]]]],
  { $gt: "" },
  { toString: "canary" },
  Array.from({ length: 200 }, () => "case_number"),
  Array.from({ length: 60_000 }, () => ({})),
];

const NAMES = [
  "__proto__",
  "constructor",
  "toString",
  "tiket_id",
  "account",
  "account_id",
  "",
  "canary-member",
  "a".repeat(5_000),
  "\u0000",
] as const;

const TEXTS = [
  "",
  " ",
  "null",
  "[]",
  '"canary"',
  "7",
  "{'ticket_id':1}",
  '{"ticket_id":NaN}',
  '{"ticket_id":1,}',
  '{"ticket_id":1}{"ticket_id":2}',
  '{"ticket_id":1,"ticket_id":"canary"}',
  '{"ticket_id":01}',
  '{"ticket_id":1e9999}',
  '{"ticket_id":"\\ud800"}',
  '{"__proto__":{"ticket_id":1}}',
  '{"ticket_id":/*canary*/1}',
  "\ufeff{}",
  deep(50_000),
  `{"ticket_id":${deep(5_000)}}`,
  `{"settings":{"version":2,"x":${deep(5_000)}}}`,
  `{"settings":${'{"settings":'.repeat(5_000)}1${"}".repeat(5_001)}`,
  '{"a":'.repeat(10_000),
  "ticket_id=1&canary=2",
  "<ticket_id>canary</ticket_id>",
] as const;

const CONTENT_TYPES = [
  "",
  "text/plain",
  "application/json; charset=utf-16",
  "application/json;",
  "application/jsonx",
  "APPLICATION/JSON",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=canary",
  "a".repeat(2_000),
  "application/json, text/plain",
] as const;

const CREDENTIALS = [
  "",
  "Bearer",
  "Bearer canary-nobody-1234567",
  `Bearer cqs_globex.${"A".repeat(43)}`,
  `Bearer cqs_acme.${"A".repeat(43)}`,
  "Basic",
  "Basic Y2FuYXJ5OmNhbmFyeQ==",
  "Basic ====",
  `Bearer ${"canary".repeat(500)}`,
  "Digest username=canary",
  "Bearer \u00e9\u00e9canary-canary-canary",
] as const;

const IDEMPOTENCY_KEYS = ["", " ", "k".repeat(255), "k".repeat(256), "a,b", "\u00e9\u00fc", "\t"];
const PATHS = [
  "/",
  "//",
  "/v1/actions/",
  "/v1/actions/resolve-case/",
  "/V1/actions/resolve-case",
  "/v1/actions/%72esolve-case",
  "/v1/actions/../../metrics",
  "/v1/actions/resolve-case;x=1",
  "/v1/%zz",
  "/%00",
  "/%c0%af",
  "/v2/actions/resolve-case",
  `/${"a".repeat(8_000)}`,
  "/?a=%",
  "/openapi.json",
  "/health/ready",
] as const;
/** Of administrators: those that ask no remote system, whose refusal would be a 502. */
const ADMIN_REQUESTS = [
  ["GET", ROUTES.me.path],
  ["POST", ROUTES["renew-session"].path],
  ["PUT", ROUTES.installation.path],
  ["PUT", ROUTES["store-webhooks"].path],
  ["GET", `${ROUTES.log.path}?before=canary`],
  ["GET", `${ROUTES.log.path}?failed=true&limit=-1`],
  ["GET", ROUTES.ticket.path.replace(":ticket_id", "%00")],
  ["GET", ROUTES.ticket.path.replace(":ticket_id", "12345")],
  ["GET", ROUTES.case.path.replace(":case_id", "nobody'--")],
  ["GET", ROUTES["settings-history"].path],
  ["GET", ROUTES.sweeps.path],
  ["GET", ROUTES.ticket.path.replace(":ticket_id", "1".repeat(200))],
  ["GET", ROUTES.sweep.path.replace(":id", "nobody'--")],
  ["GET", ROUTES.sweep.path.replace(":id", "%00")],
] as const;
const METHODS = ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND"] as const;

function setHeader(draft: Draft, name: string, value: string): void {
  draft.headers = [...draft.headers.filter(([known]) => known !== name), [name, value]];
}

/** Undefined when an earlier change left no object. */
function readObject({ body }: Draft): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A member named `__proto__` is one among others here. Undefined: nested too deeply to be written. */
function writeMembers(members: readonly [name: string, value: unknown][]): Buffer | undefined {
  try {
    const texts = members.map(
      ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
    );
    return Buffer.from(`{${texts.join()}}`);
  } catch {
    return undefined;
  }
}

function changeMember(change: (random: Random) => [string | undefined, unknown]): Change {
  return (draft, random) => {
    const object = readObject(draft);
    if (!object) return;
    const [name = random.pick(Object.keys(object).concat("ticket_id")), value] = change(random);
    const members = Object.entries(object).filter(([known]) => known !== name);
    if (value !== undefined) members.push([name, value]);
    draft.body = writeMembers(members) ?? draft.body;
  };
}

const CHANGES: readonly Change[] = [
  changeMember((random) => [undefined, random.pick(VALUES)]),
  changeMember((random) => [undefined, random.pick(VALUES)]),
  changeMember(() => [undefined, undefined]),
  changeMember((random) => [random.pick(NAMES), random.pick(VALUES)]),
  (draft, random) => {
    draft.body = Buffer.from(random.pick(TEXTS));
  },
  (draft, random) => {
    draft.body = draft.body.subarray(0, random.integer(0, draft.body.length));
  },
  (draft, random) => {
    const body = Buffer.from(draft.body);
    if (body.length > 0) body[random.integer(0, body.length - 1)] = random.integer(0, 255);
    draft.body = body;
  },
  (draft, random) => setHeader(draft, "content-type", random.pick(CONTENT_TYPES)),
  (draft, random) => setHeader(draft, "authorization", random.pick(CREDENTIALS)),
  (draft, random) => setHeader(draft, "idempotency-key", random.pick(IDEMPOTENCY_KEYS)),
  (draft) => {
    draft.headers = draft.headers.filter(([name]) => name !== "idempotency-key");
  },
  (draft) => setHeader(draft, "content-encoding", "gzip"),
  (draft, random) => {
    [draft.method, draft.path] = random.pick(ADMIN_REQUESTS);
  },
  (draft, random) =>
    setHeader(draft, "x-request-id", random.pick(["a b", "x".repeat(500), "\u00e9"])),
  (draft, random) => {
    draft.path = random.pick(PATHS);
  },
  (draft, random) => {
    draft.method = random.pick(METHODS);
  },
];

/** A right request of one of the accounts, its ticket id and nobody else's in it. */
function drawRight(random: Random): Draft {
  const account = random.pick(["acme", "globex"] as const);
  const { token, ticketId } = ACCOUNTS[account];
  const operation = random.pick(Object.values(OPERATIONS));
  const [example] = (operation.request as unknown as { examples: object[] }).examples;
  const body = JSON.stringify(
    "ticket_id" in (example ?? {}) ? { ...example, ticket_id: ticketId } : example,
  );
  return {
    account,
    method: "POST",
    path: operation.path,
    headers: [
      ["authorization", `Bearer ${token}`],
      ["content-type", "application/json"],
      ["idempotency-key", `shared-${random.integer(1, KEYS)}`],
    ],
    body: Buffer.from(body),
  };
}

export function drawRequest(random: Random): DrawnRequest {
  const draft = drawRight(random);
  for (let changes = random.integer(1, 3); changes > 0; changes -= 1) {
    random.pick(CHANGES)(draft, random);
  }
  return draft;
}

/** How a request is spoilt on the wire: what no client library would send. */
const WIRE_FAULTS: readonly ((text: string, random: Random) => string)[] = [
  (text) => text.replace("HTTP/1.1", "HTTP/9.9"),
  (text) => text.replace("HTTP/1.1\r\n", "\r\n"),
  (text) => text.replaceAll("\r\n", "\n"),
  (text) => text.replace("\r\n", "\r\nno colon\r\n"),
  (text) => text.replace("\r\n", "\r\nX-Null: a\u0000b\r\n"),
  (text) => text.replace("\r\n", "\r\n folded\r\n"),
  (text) => text.replace("\r\n", "\r\nContent-Length: 5\r\n"),
  (text) => text.replace("\r\n", "\r\nTransfer-Encoding: chunked\r\n"),
  (text) => text.replace(/content-length: \d+/, "content-length: -1"),
  (text) => text.replace(/content-length: \d+/, "content-length: 9999999999999999999"),
  (text) => text.replace(/content-length: \d+/, "transfer-encoding: chunked").concat("\r\nzz\r\n"),
  (text) => text.replace(/content-length: \d+/, "content-length: 3"),
  (text) => text.replace(/host: .*\r\n/, ""),
  (text) => text.replace("\r\n", "\r\nExpect: canary\r\n"),
  (text) => `${text}canary\r\n\r\n`,
  (text) => text.replace("\r\n", `\r\n${"X-A: b\r\n".repeat(2_100)}`),
  (text) => text.replace("\r\n", `\r\nX-Long: ${"a".repeat(20_000)}\r\n`),
  (text, random) => text.slice(0, random.integer(1, text.length)),
  (text) => text + text + text,
  (text, random) =>
    Array.from({ length: 200 }, () => String.fromCharCode(random.integer(0, 255))).join("") + text,
  () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  () => "\u0016\u0003\u0001\u0002\u0000\u0001",
];

/** Latin-1 text of what goes over the connection. */
export function drawWire(random: Random, { method, path, headers, body }: DrawnRequest): string {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    "host: caseqa.example",
    `content-length: ${body.length}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return random.pick(WIRE_FAULTS)(
    `${lines.join("\r\n")}\r\n\r\n${body.toString("latin1")}`,
    random,
  );
}
