/**
 * Does the server survive whatever is sent to it? Thousands of wrong requests from one seed; MALFORMED_REQUESTS=100000
 * sends more, MALFORMED_SEED other ones.
 */
import { connect } from "node:net";
import type { FastifyInstance } from "fastify";
import { expect, it, onTestFinished } from "vitest";
import { ERRORS } from "#platform/errors";
import { createRandom } from "#sandbox/data/random";
import { drawRequest, drawWire, type DrawnRequest } from "./requests.ts";
import { ACCOUNTS, startMalformedServer, type AccountName } from "./server.ts";

const COUNT = Number(process.env["MALFORMED_REQUESTS"] ?? 4_000);
const SEED = Number(process.env["MALFORMED_SEED"] ?? 5);
/** One in so many goes over a connection of its own, spoilt on the wire. */
const WIRE_EVERY = 10;
const AT_ONCE = 8;
const LONGEST_WAIT_MS = 60_000;

interface Reply {
  readonly status: number;
  readonly text: string;
}

async function inject(app: FastifyInstance, request: DrawnRequest): Promise<Reply> {
  const { method, path, headers, body } = request;
  const { statusCode, payload } = await app.inject({
    method,
    url: path,
    headers: Object.fromEntries(headers),
    payload: body,
  });
  return { status: statusCode, text: payload };
}

/** What came back until the server, or we after it fell silent, ended the connection. */
async function sendWire(port: number, wire: string): Promise<Reply> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let text = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => (text += chunk));
  socket.on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.end(wire, "latin1");
  await closed;
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text };
}

const OTHER = { acme: "globex", globex: "acme" } as const satisfies Record<
  AccountName,
  AccountName
>;

/** What is wrong with a reply; undefined when nothing is. */
function faultOf(request: DrawnRequest, { status, text }: Reply): string | undefined {
  if (/(^|\n)HTTP\/1\.1 5\d\d/.test(text) || status >= 500) return `a ${status}`;
  if (text.includes(ACCOUNTS[OTHER[request.account]].ticketId)) return "data of another account";
  if (/canary-(token|password|key-of|zendesk|salesforce|webhook|user)/.test(text))
    return "a secret";
  return undefined;
}

/** Of a reply without its head: a refusal has the one error body. */
function envelopeFaultOf(method: string, { status, text }: Reply): string | undefined {
  if (status < 400 || method === "HEAD") return undefined;
  const { error } = JSON.parse(text) as { error: { code: keyof typeof ERRORS } };
  return ERRORS[error.code]?.status === status ? undefined : `${status} with ${error.code}`;
}

it(
  `answers ${COUNT} malformed requests without a 5xx, a secret or another account's data`,
  { timeout: LONGEST_WAIT_MS + COUNT * 20 },
  async () => {
    const { app, port, seen } = await startMalformedServer();
    const random = createRandom(SEED);
    const statuses = new Map<number, number>();
    const faults: string[] = [];
    let next = 0;

    async function sendOne(index: number): Promise<void> {
      const request = drawRequest(random);
      const isWire = index % WIRE_EVERY === 0;
      const wire = isWire ? drawWire(random, request) : "";
      const reply = isWire ? await sendWire(port, wire) : await inject(app, request);
      statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
      const fault =
        faultOf(request, reply) ?? (isWire ? undefined : envelopeFaultOf(request.method, reply));
      if (fault === undefined) return;
      const shown = isWire ? wire : `${request.path} ${request.body.toString("latin1")}`;
      faults.push(
        `request ${index}: ${fault}: ${shown.slice(0, 300)} -> ${reply.text.slice(0, 300)}`,
      );
    }

    const sendSome = async () => {
      while (next < COUNT) await sendOne(next++);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sendSome));

    expect(faults).toEqual([]);
    expect(seen.errors).toEqual([]);
    expect(seen.canaries).toEqual([]);
    expect(seen.lines).toBeGreaterThan(COUNT);
    // Every kind of answer was among them, so the requests were not all wrong in one way.
    const kinds = [200, 400, 401, 404, 405, 415, 422, 431];
    expect([...statuses.keys()]).toEqual(expect.arrayContaining(kinds));
    if (COUNT > 4_000) console.log(Object.fromEntries(statuses));

    for (const { token, ticketId } of Object.values(ACCOUNTS)) {
      const reply = await fetch(`http://127.0.0.1:${port}/v1/actions/resolve-case`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ ticket_id: ticketId }),
      });
      expect([reply.status, await reply.json()]).toEqual([
        200,
        expect.objectContaining({ ticket_id: ticketId }),
      ]);
    }
    expect((await app.inject("/health/ready")).statusCode).toBe(200);
  },
);
