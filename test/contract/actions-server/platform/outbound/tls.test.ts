/** Does the server speak TLS 1.2 or better only, whatever its process allows? */
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import tls, { type SecureVersion } from "node:tls";
import { Agent, request } from "undici";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { createDeadline } from "#platform/deadline";
import { createOutbound } from "#platform/outbound/send";

const fixture = (name: string) =>
  readFileSync(new URL(`../../../../fixtures/tls/${name}`, import.meta.url), "utf8");
const cert = fixture("localhost.crt");
/** Lets OpenSSL speak what it no longer does by itself. */
const WEAK = "DEFAULT@SECLEVEL=0";

async function startServer(version: SecureVersion): Promise<string> {
  const server = createServer(
    {
      cert,
      key: fixture("localhost.key"),
      minVersion: version,
      maxVersion: version,
      ciphers: WEAK,
    },
    (_request, response) => response.end("hello"),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function send(url: string, options: { readonly ca?: string }) {
  const outbound = createOutbound(options);
  const deadline = createDeadline(3_000);
  onTestFinished(async () => {
    deadline.clear();
    await outbound.close();
  });
  return outbound.send({ method: "GET", url, headers: {} }, deadline);
}

describe("an outgoing call", () => {
  const defaults = { ciphers: tls.DEFAULT_CIPHERS, least: tls.DEFAULT_MIN_VERSION };
  beforeEach(() => {
    // As NODE_OPTIONS=--tls-min-v1.1 would.
    tls.DEFAULT_CIPHERS = WEAK;
    tls.DEFAULT_MIN_VERSION = "TLSv1.1";
  });
  afterEach(() => {
    tls.DEFAULT_CIPHERS = defaults.ciphers;
    tls.DEFAULT_MIN_VERSION = defaults.least;
  });

  it.each<SecureVersion>(["TLSv1.2", "TLSv1.3"])("is made over %s", async (version) => {
    expect(await send(await startServer(version), { ca: cert })).toMatchObject({ text: "hello" });
  });

  it("is not made over TLS 1.1, although the server and the process would", async () => {
    const url = await startServer("TLSv1.1");
    const lax = new Agent({ connect: { ca: cert } });
    onTestFinished(() => lax.close());
    const { statusCode, body } = await request(url, { dispatcher: lax });
    await body.dump();
    expect(statusCode).toBe(200);

    expect(await send(url, { ca: cert })).toMatchObject({
      kind: "failed",
      reason: "network",
      cause: { code: expect.stringMatching(/PROTOCOL|VERSION|SSL/) as string },
    });
  });

  it("is not made to a server whose certificate nobody vouches for", async () => {
    expect(await send(await startServer("TLSv1.3"), {})).toMatchObject({
      kind: "failed",
      cause: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" },
    });
  });
});
