/** The wire to Zendesk and Salesforce with nock at its other end, which plays exchanges as these vendors have them. */
import { fileURLToPath } from "node:url";
import nock from "nock";
import { afterAll, afterEach, beforeAll, expect, onTestFinished } from "vitest";
import { createDeadline } from "#platform/deadline";
import type { Outbound, RemoteCall } from "#platform/outbound/send";
import { Secret } from "#platform/secret";
import { createZendeskClient, type ZendeskClient } from "#remotes/zendesk/client";
import { apiTokenCredentials } from "#remotes/zendesk/credentials";

export const ZENDESK = "https://acme.zendesk.com";
export const SALESFORCE = "https://acme.my.salesforce.com";

/** Sends by the global fetch, which nock can answer; the server's own pool of undici is out of its reach. */
export const fetchOutbound: Outbound = {
  async send({ url, method, headers, body }, { signal }) {
    try {
      const init = { method, headers, body: body ?? null, redirect: "manual", signal } as const;
      const reply = await fetch(url, init);
      const named = Object.fromEntries(reply.headers);
      return { kind: "reply", status: reply.status, headers: named, text: await reply.text() };
    } catch (cause) {
      return { kind: "failed", reason: signal.aborted ? "deadline" : "network", cause };
    }
  },
  close: async () => {},
};

/** For every test of the file: nothing leaves this machine, and what was to be called was called. */
export function useVendorWire(): void {
  beforeAll(() => {
    if (!nock.isActive()) nock.activate();
    nock.disableNetConnect();
  });
  afterEach(() => {
    const missed = nock.pendingMocks();
    nock.cleanAll();
    expect(missed).toEqual([]);
  });
  // Other files share this process.
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });
}

/** Plays the exchanges of `test/fixtures/remotes/{name}.json`, each once; those of one address in their order. */
export function play(name: string): void {
  nock.load(fileURLToPath(new URL(`../fixtures/remotes/${name}.json`, import.meta.url)));
}

/** What every call to a remote system needs. */
export function remoteCall(): RemoteCall {
  const deadline = createDeadline(5_000);
  onTestFinished(() => deadline.clear());
  return { deadline, requestId: "request-1" };
}

/** A client of Zendesk that never waits before it tries again. */
export function zendeskOnWire(): ZendeskClient {
  return createZendeskClient({
    origin: ZENDESK,
    credentials: apiTokenCredentials("admin@example.com", new Secret("secret")),
    outbound: fetchOutbound,
    random: () => 0,
  });
}
