import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { request } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";
import { MockDispatcher, realWait } from "#zis/cli/mock-dispatcher";
import { createMocks, type Mock } from "#zis/cli/mocks";

const MOCK: Mock = {
  method: "GET",
  url: "https://acme.zendesk.com/api/*",
  status: 201,
  headers: { "x-from": "mock" },
  bodyText: '{"a":1}',
  delayMs: 0,
  times: 1,
};

async function dispatcherWith(mocks: readonly Mock[], live = false) {
  const server = createServer((_request, reply) => void reply.end("network")).listen(
    0,
    "127.0.0.1",
  );
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const warnings: string[] = [];
  const dispatcher = new MockDispatcher({
    findMock: createMocks(mocks),
    publicOrigin: "https://acme.zendesk.com",
    zendeskOrigin: () => origin,
    sends: live ? "everything" : "zendesk",
    wait: realWait,
    warn: (message) => warnings.push(message),
  });
  onTestFinished(async () => {
    await dispatcher.destroy();
    server.close();
  });
  const get = async (url: string, signal?: AbortSignal, authorization = "Bearer x") => {
    const headers = authorization === "" ? {} : { authorization };
    const reply = await request(url, { dispatcher, headers, ...(signal && { signal }) });
    return { status: reply.statusCode, headers: reply.headers, text: await reply.body.text() };
  };
  return { origin, warnings, get };
}

describe("MockDispatcher", () => {
  it("answers what goes to the account's host by the name that mocks have for it, then lets it through", async () => {
    const { origin, get, warnings } = await dispatcherWith([MOCK]);
    expect(await get(`${origin}/api/v2/tickets/1?a=b`)).toMatchObject({
      status: 201,
      headers: { "x-from": "mock" },
      text: '{"a":1}',
    });
    expect(await get(`${origin}/api/v2/tickets/1`)).toMatchObject({ status: 200, text: "network" });
    expect(warnings).toEqual([]);
  });

  it("says that Zendesk would refuse what a mock answers without a credential", async () => {
    const { origin, get, warnings } = await dispatcherWith([MOCK]);
    expect(await get(`${origin}/api/v2/users`, undefined, "")).toMatchObject({ status: 201 });
    expect(warnings).toEqual([
      "GET https://acme.zendesk.com/api/v2/users is sent without a credential: Zendesk would answer 401",
    ]);
  });

  it("answers the rest with 599 and a warning", async () => {
    const { get, warnings } = await dispatcherWith([]);
    expect(await get("https://other.example/x")).toMatchObject({ status: 599, text: "" });
    expect(warnings).toEqual(["no mock matches GET https://other.example/x: answered with 599"]);
  });

  it("takes the delay of a mock, and no longer than the request is wanted", async () => {
    const { origin, get } = await dispatcherWith([{ ...MOCK, delayMs: 40, times: 2 }]);
    const began = performance.now();
    await get(`${origin}/api/`);
    expect(performance.now() - began).toBeGreaterThan(35);
    await expect(get(`${origin}/api/`, AbortSignal.timeout(5))).rejects.toThrow(/abort|timeout/i);
  });
});
