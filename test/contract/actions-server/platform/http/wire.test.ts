/** Does whatever arrives on a connection get its own answer, in the one form of error, and is every caller counted? */
import type { FastifyInstance } from "fastify";
import { describe, expect, it } from "vitest";
import { ACME, errorIn, openSocket, RESOLVE, startEdge, type EdgeChanges } from "./edge.ts";

const BODY = '{"ticket_id":7}';
const HEAD = `Authorization: Bearer ${ACME}\r\nContent-Type: application/json\r\n`;
const QUESTION = `POST ${RESOLVE} HTTP/1.1\r\nHost: x\r\n${HEAD}Content-Length: ${BODY.length}\r\n\r\n${BODY}`;

async function startListening(changes: EdgeChanges = {}) {
  const edge = await startEdge(changes);
  await edge.app.listen({ host: "127.0.0.1", port: 0 });
  return edge;
}

async function exchange(app: FastifyInstance, text: string): Promise<string> {
  const { socket, received, closed } = await openSocket(app);
  socket.end(text);
  await closed;
  return received.text;
}

/** resolve-case answers when `finish` is called. */
function heldBack() {
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const actions: EdgeChanges["actions"] = {
    "resolve-case": async () => {
      begun.resolve();
      await gate.promise;
      return { outcome: "none", ticket_id: "7", case_id: null, reason: "no_candidate" };
    },
  };
  return { actions, begun: begun.promise, finish: gate.resolve };
}

describe("a request that HTTP forbids", () => {
  it.each([
    ["without a Host", QUESTION.replace("Host: x\r\n", ""), 400, "BAD_REQUEST"],
    [
      "with an unknown expectation",
      QUESTION.replace("Host: x", "Host: x\r\nExpect: a"),
      417,
      "EXPECTATION_FAILED",
    ],
  ])("%s is answered with the error body and counted", async (_, text, status, code) => {
    const { app, lines, contexts } = await startListening({ limits: { strangersPerMinute: 1 } });
    const [first, second] = [await exchange(app, text), await exchange(app, text)];
    expect(first).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(errorIn(first)).toMatchObject({ code, retryable: false });
    expect(second).toMatch(/^HTTP\/1\.1 429 /);
    expect(contexts).toEqual([]);
    expect(lines.join("")).toContain(`"reason":"${code}"`);
  });

  it("is not one that expects to go on, or of HTTP/1.0 without a Host", async () => {
    const { app } = await startListening();
    const expecting = QUESTION.replace(
      "Host: x",
      "Host: x\r\nConnection: close\r\nExpect: 100-continue",
    );
    expect(await exchange(app, expecting)).toMatch(/^HTTP\/1\.1 100 .*\r\n\r\nHTTP\/1\.1 200 /s);
    expect(await exchange(app, "GET /health/live HTTP/1.0\r\n\r\n")).toMatch(/ 200 OK\r\n/);
  });
});

describe("a path that cannot be decoded", () => {
  it("is refused, and counted as a stranger's", async () => {
    const { app } = await startEdge({ limits: { strangersPerMinute: 1 } });
    const url = "/v1/admin/tickets/%zz";
    const codes = [(await app.inject(url)).statusCode, (await app.inject(url)).statusCode];
    expect(codes).toEqual([400, 429]);
  });
});

describe("broken bytes", () => {
  it("after a request that waits for its answer end the connection without one", async () => {
    const { actions, begun, finish } = heldBack();
    const { app, lines } = await startListening({ actions });
    const { socket, received, closed } = await openSocket(app);
    socket.write(QUESTION);
    await begun;
    socket.write("NONSENSE\r\n\r\n");
    await closed;
    finish();
    expect(received.text).toBe("");
    expect(lines.join("")).toContain('"reason":"BAD_REQUEST"');
  });

  it("behind a request on its way are not answered in its place", async () => {
    const { actions, finish } = heldBack();
    const { app } = await startListening({ actions });
    const { socket, received, closed } = await openSocket(app);
    socket.write(`${QUESTION}NONSENSE\r\n\r\n`);
    await closed;
    finish();
    expect(received.text).toBe("");
  });

  it("in a body are the answer to that request", async () => {
    const { app } = await startListening();
    const chunked = `POST ${RESOLVE} HTTP/1.1\r\nHost: x\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n`;
    const text = await exchange(app, chunked);
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
  });

  it("in a body that was refused unread add no second answer", async () => {
    const { app } = await startListening();
    const { socket, received, closed } = await openSocket(app);
    socket.write(
      `POST ${RESOLVE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    await expect.poll(() => received.text).toMatch(/^HTTP\/1\.1 401 /);
    socket.write("zz\r\n");
    await closed;
    expect(received.text.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
  });

  it("after an answer get an answer of their own", async () => {
    const { app } = await startListening();
    const { socket, received, closed } = await openSocket(app);
    socket.write(QUESTION);
    await expect.poll(() => received.text).toMatch(/^HTTP\/1\.1 200 .*no_candidate/s);
    socket.write("NONSENSE\r\n\r\n");
    await closed;
    expect(received.text).toMatch(/no_candidate"\}HTTP\/1\.1 400 /);
  });
});
