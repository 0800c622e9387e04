/** Whether the stand-in serves what the docs say it serves. */
import Fastify from "fastify";
import { expect, it } from "vitest";
import { documentTable } from "#test/support/document-table";
import { openDesk } from "./desk-fixture.ts";

/** The same for `/users/:id` and `/users/{id}`. */
const withoutNames = (call: string) => call.replaceAll(/:\w+|\{\w+\}/g, "*");

it("serves every call that docs/sandbox.md lists", async () => {
  const desk = await openDesk({ tickets: 1 });
  const served = new Set<string>();
  const app = Fastify();
  app.addHook("onRoute", ({ method, url }) => {
    for (const one of [method].flat()) served.add(withoutNames(`${one} ${url}`));
  });
  await app.register(desk.zendesk.routes);
  await Promise.all([app.close(), desk.close()]);
  const rows = documentTable("docs/sandbox.md", "served");
  const listed = rows.flatMap(([, calls = ""]) => calls.split(",").map((call) => call.trim()));
  const missing = listed.filter(
    (call) => !served.has(withoutNames(call.replace(" /", " /api/v2/"))),
  );
  expect(missing).toEqual([]);
  expect(listed.length).toBeGreaterThan(80);
});
