/** Is every row of the table of JSON routes served as it says: to its role only, checked, and documented? */
import { Ajv } from "ajv";
import type { TObject } from "typebox";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FORMATS } from "#contract/instant";
import { ROUTES, type RouteName } from "#contract/routes";
import { SESSION_PATH } from "#contract/routes/access";
import type { Route } from "#contract/routes/route";
import type { World } from "#scripts/world";
import { PUBLIC_KEY, signToken } from "#test/support/sign-token";
import { openWorld } from "#test/support/world";

const ROWS: readonly (readonly [RouteName, Route])[] = Object.entries(ROUTES) as never;
const RIGHT_PARAMS: Readonly<Record<string, string>> = {
  ":ticket_id": "12",
  ":case_id": "5".repeat(18),
  ":id": "1",
};
const pathOf = ({ path }: Route, params = RIGHT_PARAMS) =>
  path.replace(/:[a-z_]+/, (name) => params[name] ?? "%00");

let world: World;
let agent: string;

async function call({ method }: Route, path: string, credential: string, body?: unknown) {
  const answer = await fetch(`${world.card.server.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${credential}`,
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
}

const refusal = ({ status, body }: Awaited<ReturnType<typeof call>>) => [status, body.error.code];

/** A session of an agent, opened as Zendesk does. */
async function openAgentSession(): Promise<string> {
  const { url, token } = world.card.server;
  const origin = `https://${world.card.zendesk.subdomain}.zendesk.com`;
  const installation = { app_id: "11", installation_id: "22", public_key: PUBLIC_KEY };
  const { path, method } = ROUTES["register-installation"];
  await call({ ...ROUTES["register-installation"], method }, path, token, installation);
  const id = world.data.zendesk.agents.find(({ role }) => role === "agent")?.id ?? 0;
  const signed = await signToken(id, Date.now(), {
    iss: origin.slice("https://".length),
    aud: `${origin}/api/v2/apps/installations/22.json`,
    sub: `${origin}/api/v2/users/${id}.json`,
  });
  const page = await fetch(`${url}${SESSION_PATH}`, {
    method: "POST",
    body: new URLSearchParams({ token: signed }),
  });
  return /"session":"([^"]+)"/.exec(await page.text())?.[1] ?? "";
}

beforeAll(async () => {
  world = await openWorld({ tickets: 5 });
  agent = await openAgentSession();
});
afterAll(() => world.close());

describe.each(ROWS)("the route %s", (name, route) => {
  const { role, params, query, body } = route;

  it("is served to its role and refused to the others", async () => {
    expect(refusal(await call(route, pathOf(route), "nobody-at-all-12345"))).toEqual([
      401,
      "UNAUTHORIZED",
    ]);
    const asked = await call(route, pathOf(route), agent);
    if (role === "admin") expect(refusal(asked)).toEqual([403, "FORBIDDEN"]);
    // What is asked for may not be there.
    else expect([200, 404]).toContain(asked.status);
  });

  if (body) {
    it("refuses a wrong body before it does anything", async () => {
      const { token } = world.card.server;
      const [member = ""] = Object.keys((body as TObject).properties);
      for (const wrong of [[], "text", { [member]: {} }]) {
        const refused = await call(route, pathOf(route), token, wrong);
        expect([wrong, ...refusal(refused)]).toEqual([wrong, 400, "BAD_REQUEST"]);
        expect(refused.body.error.message).toMatch(/^body/);
      }
    });
  }

  if (route.streams) {
    it("answers in each of its types", async () => {
      const { token, url } = world.card.server;
      const headers = { authorization: `Bearer ${token}` };
      for (const type of route.streams ?? []) {
        const format = type.endsWith("csv") ? "csv" : "ndjson";
        const answer = await fetch(`${url}${pathOf(route)}?format=${format}`, { headers });
        expect([answer.status, answer.headers.get("content-type")]).toEqual([
          200,
          expect.stringContaining(type),
        ]);
      }
    });
  }

  if (params) {
    it("refuses a wrong parameter of its path", async () => {
      const refused = await call(route, pathOf(route, {}), world.card.server.token);
      expect(refusal(refused)).toEqual([400, "BAD_REQUEST"]);
      expect(refused.body.error.message).toMatch(/^path\./);
    });
  }

  if (query) {
    it("refuses a query that it does not know", async () => {
      const path = `${pathOf(route)}?colour=red`;
      const refused = await call(route, path, world.card.server.token);
      expect(refusal(refused)).toEqual([400, "BAD_REQUEST"]);
      expect(refused.body.error.message).toMatch(/^query has no member "colour"/);
    });
  }

  it("stands in /openapi.json with what it takes and answers", async () => {
    const document = await (await fetch(`${world.card.server.url}/openapi.json`)).json();
    const described = document.paths[route.path.replace(/:([a-z_]+)/, "{$1}")];
    const entry = described[route.method.toLowerCase()];
    expect(entry).toMatchObject({
      operationId: name,
      summary: route.summary,
      "x-role": role,
      "x-scope": route.scope ?? "admin",
      "x-budget-ms": route.budgetMs,
    });
    expect(entry.requestBody === undefined).toBe(body === undefined);
    expect(JSON.stringify(entry.requestBody ?? "")).not.toContain("$ref");
    const told = (entry.parameters ?? []).map((one: { in: string; name: string }) => one.in);
    expect(new Set(told)).toEqual(
      new Set([...(params ? ["path"] : []), ...(query ? ["query"] : [])]),
    );
    for (const status of [...Object.keys(route.replies), "401", "403", "503"]) {
      expect(entry.responses, status).toHaveProperty(status);
    }
  });

  if (route.method === "GET" && !route.streams) {
    it("answers in the form of the table", async () => {
      const { status, body: answer } = await call(route, pathOf(route), world.card.server.token);
      const schema = route.replies[status];
      expect(schema, `${name} answered ${status}`).toBeDefined();
      const ajv = new Ajv({ strict: false, formats: FORMATS });
      expect(ajv.validate(schema!, answer), ajv.errorsText()).toBe(true);
    });
  }
});
