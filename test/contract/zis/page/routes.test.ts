import { randomUUID } from "node:crypto";
import Fastify from "fastify";
import { expect, it, onTestFinished } from "vitest";
import { pageRoutes } from "#zis/page/routes";
import { createAccount } from "#zis/services/account";
import { createZis } from "#zis/services/create-zis";

const ADMIN = { id: 1, email: "ada@example.com", admin: true };

async function appWithPage(prefix: string) {
  const now = () => new Date("2026-05-04T10:00:00Z");
  const account = createAccount({
    subdomain: "acme-support",
    accountId: 1,
    users: [ADMIN],
    now,
    newId: randomUUID,
  });
  const zis = createZis({
    account,
    zendeskOrigin: () => "http://127.0.0.1",
    now,
    newId: randomUUID,
    random: () => 0,
    waits: "virtual",
  });
  const secret = `${ADMIN.email}/token:${account.createApiToken(ADMIN.email)}`;
  const authorization = `Basic ${Buffer.from(secret).toString("base64")}`;
  const app = Fastify();
  await app.register(zis.routes);
  await app.register(pageRoutes({ account, zis, now, newId: randomUUID }), {
    prefix,
  });
  onTestFinished(async () => {
    await app.close();
    await zis.close();
  });
  for (let number = 1; number <= 101; number += 1) {
    const name = `int${String(number).padStart(3, "0")}`;
    const url = `/api/services/zis/registry/${name}`;
    await app.inject({ method: "POST", url, headers: { authorization }, payload: {} });
  }
  return (url: string) => app.inject({ url, headers: { host: "localhost" } });
}

it.each(["", "/page"])(
  "the page below %j links to itself and leaves the APIs alone",
  async (prefix) => {
    const get = await appWithPage(prefix);
    const overview = await get(`${prefix}/`);
    expect(overview.statusCode).toBe(200);
    expect(overview.body).toContain("acme-support");
    expect(overview.body).toContain("int101");

    const links = [...overview.body.matchAll(/(?:href|src)="(\/[^"]*)"/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThan(5);
    for (const link of new Set(links)) {
      expect([link, (await get(link)).statusCode]).toEqual([link, 200]);
    }
    expect((await get("/local/runs")).json()).toEqual({ runs: [] });
  },
);
