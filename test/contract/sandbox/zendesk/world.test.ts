/** What does the account of a whole world have besides its API: a host of files, and events of people for whoever listens? */
import { createRandom } from "#sandbox/data/random";
import { randomUUID } from "node:crypto";
import { afterEach, expect, it } from "vitest";
import type { Closers } from "#scripts/world/listen";
import type { WorldOptions } from "#scripts/world/options";
import { basicOf, startZendesk, type WorldZendesk } from "#scripts/world/zendesk";
import { buildWorldData } from "#sandbox/data/world-data";
import { createFaults } from "#sandbox/faults";
import type { PersonEvent } from "#sandbox/zendesk/person-events";
import { deliverCarelessly } from "#test/soak/careless-delivery";

const closers: Closers = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function start(options: Pick<WorldOptions, "onPersonEvents">): Promise<WorldZendesk> {
  const data = buildWorldData({ seed: 11, tickets: 60 }).zendesk;
  return startZendesk(
    {
      seed: 11,
      tickets: 60,
      ports: { zendesk: 0, salesforce: 0, server: 0 },
      logLevel: "silent",
      limits: { personUpdatesPerSecond: 1_000 },
      ...options,
    },
    { data, faults: createFaults(), now: () => new Date(), newId: () => randomUUID() },
    closers,
  );
}

async function ask(world: WorldZendesk, method: string, path: string, body?: object) {
  const response = await fetch(`${world.url}/api/v2${path}`, {
    method,
    headers: { authorization: basicOf(world.administrator), "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(response.ok).toBe(true);
  return (await response.json()) as Record<string, { readonly id: string }>;
}

it("gives files from a host of their own, to which no credential goes", async () => {
  const world = await start({});
  const [file] = world.zendesk.tickets
    .list()
    .flatMap(({ comments }) => comments.flatMap(({ attachments }) => attachments));
  const { attachment } = await ask(world, "GET", `/attachments/${file!.id}`);
  const { content_url } = attachment as unknown as { readonly content_url: string };
  const here = content_url.replace(/^https?:\/\/[^/]+/, world.url);
  const redirect = await fetch(here, { redirect: "manual" });
  expect(redirect.status).toBe(302);
  const address = new URL(redirect.headers.get("location")!);
  expect(address.host).not.toBe(new URL(world.url).host);
  const content = await fetch(here, { headers: { authorization: basicOf(world.administrator) } });
  expect((await content.arrayBuffer()).byteLength).toBe(file!.size);
  expect(world.zendesk.files.requests).toMatchObject([{ status: 200, hadCredentials: false }]);
});

it("tells webhooks of people, and a careless delivery where one listens", async () => {
  const delivered: PersonEvent[] = [];
  const delivery = deliverCarelessly<PersonEvent>(createRandom(3), (event) =>
    delivered.push(event),
  );
  const world = await start({ onPersonEvents: delivery.take });
  const { webhook } = await ask(world, "POST", "/webhooks", {
    webhook: {
      name: "People",
      status: "active",
      endpoint: "http://127.0.0.1:9/none",
      http_method: "POST",
      request_format: "json",
      subscriptions: ["zen:event-type:user.name_changed"],
    },
  });
  const { user } = await ask(world, "POST", "/users", { user: { name: "Ada 0" } });
  for (const name of ["Ada 1", "Ada 2"]) {
    await ask(world, "PUT", `/users/${user!.id}`, { user: { name } });
  }
  await delivery.drain();
  expect(world.zendesk.webhooks.invocations(webhook!.id)).toHaveLength(2);
  const { sent, lost, doubled } = delivery.counts;
  expect(sent).toBeGreaterThanOrEqual(2);
  expect(delivered).toHaveLength(sent - lost + doubled);
  expect(delivered.map(({ webhook: type }) => type)).toContain("zen:event-type:user.name_changed");
});
