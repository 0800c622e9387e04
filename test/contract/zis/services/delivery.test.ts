import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openStore } from "#zis/services/store";
import { bundleOf, deploy, startZis, type StartOptions, type TestZis } from "./start-zis.ts";

const open: TestZis[] = [];
const directories: string[] = [];

async function start(options: StartOptions = {}): Promise<TestZis> {
  const zis = await startZis(options);
  open.push(zis);
  return zis;
}

async function ready(options: StartOptions = {}, states: object = { Done: { Type: "Succeed" } }) {
  const zis = await start(options);
  await zis.integrate();
  await deploy(zis, bundleOf({ states }));
  return zis;
}

async function directory(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "zis-"));
  directories.push(made);
  return made;
}

afterEach(async () => {
  for (const zis of open.splice(0)) await zis.close();
  for (const made of directories.splice(0)) await rm(made, { recursive: true });
});

const EVENT = { event_source: "acme", event_type: "ping", input: 0 };
const events = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...EVENT, input: index }));
const inputs = async (zis: TestZis): Promise<number[]> => {
  const { runs } = (await zis.send("GET", "/local/runs?limit=1000")).json;
  const details = await Promise.all(
    runs.toReversed().map(async (run: { id: string }) => zis.send("GET", `/local/runs/${run.id}`)),
  );
  return details.map((detail) => detail.json.input);
};

/** Numbers that repeat: a linear congruential generator. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

describe("POST /local/events", () => {
  it("takes one event or several and says how many runs it queued", async () => {
    const zis = await ready();
    const fire = async (body: unknown) => (await zis.send("POST", "/local/events", {}, body)).json;
    expect(await fire(EVENT)).toEqual({ accepted: 1, queued: 1 });
    expect(await fire({ ...EVENT, copies: 3 })).toEqual({ accepted: 1, queued: 3 });
    expect(await fire({ events: [EVENT, { ...EVENT, event_type: "other" }] })).toEqual({
      accepted: 2,
      queued: 1,
    });
    await zis.zis.idle(5_000);
    expect(zis.zis.stats()).toMatchObject({
      events: 4,
      deliveries: 5,
      queued: 0,
      running: 0,
      flows: { started: 5, succeeded: 5 },
      latencies_ms: { count: 5 },
    });
  });

  it("answers before the flows have run", async () => {
    const zis = await ready();
    const answer = await zis.send("POST", "/local/events", {}, { ...EVENT, delay_ms: 200 });
    expect(answer.status).toBe(202);
    expect(zis.zis.stats()).toMatchObject({ queued: 1, flows: { started: 0 } });
    const idle = await zis.send("GET", "/local/idle?timeout_ms=20");
    expect(idle).toMatchObject({ status: 504, json: { idle: false, queued: 1 } });
    const later = await zis.send("GET", "/local/idle?timeout_ms=5000");
    expect(later).toMatchObject({ status: 200, json: { idle: true, queued: 0, running: 0 } });
  });

  it.each([
    ["no event_type", { ...EVENT, event_type: undefined }],
    ["no input", { ...EVENT, input: undefined }],
    ["no copies", { ...EVENT, copies: 0 }],
    ["half a copy", { ...EVENT, copies: 1.5 }],
    ["a negative delay", { ...EVENT, delay_ms: -1 }],
    ["a member that it does not know", { ...EVENT, delayMs: 5 }],
    ["a member beside the list", { events: [EVENT], copies: 2 }],
    ["one bad among several", { events: [EVENT, 7] }],
    ["a list that is none", { events: {} }],
  ])("refuses %s and accepts nothing", async (_what, body) => {
    const zis = await ready();
    const answer = await zis.send("POST", "/local/events", {}, body);
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].status).toBe("400");
    expect(zis.zis.stats().events).toBe(0);
  });
});

describe("/local", () => {
  it("names a member that it does not know with the nearest", async () => {
    const zis = await ready();
    const answer = await zis.send("POST", "/local/events", {}, { ...EVENT, delayMs: 5 });
    expect(answer.json.message).toBe(
      'unknown member "delayMs"; nearest: "delay_ms"; there are event_source, event_type, input, copies, delay_ms',
    );
  });

  it.each([
    ["an event of another site", "POST", { origin: "https://evil.example" }],
    ["an event of a hidden site", "POST", { "sec-fetch-site": "cross-site" }],
    ["an event for a name that was pointed here", "POST", { host: "evil.example" }],
    ["a look by a name that was pointed here", "GET", { host: "evil.example" }],
  ])("refuses %s", async (_what, method, headers) => {
    const zis = await ready();
    const path = method === "POST" ? "/local/events" : "/local/log";
    const text = { "content-type": "text/plain", ...headers };
    const body = method === "POST" ? EVENT : undefined;
    expect((await zis.send(method, path, text, body)).status).toBe(403);
    expect(zis.zis.stats().events).toBe(0);
  });
});

describe("runs", () => {
  it("are listed newest first, filtered and limited", async () => {
    const zis = await ready({ delivery: { concurrency: 1 } });
    zis.zis.accept(EVENT);
    await deploy(
      zis,
      bundleOf({ states: { No: { Type: "Fail", Error: "E", Cause: "c" } }, flow: "bad" }),
    );
    zis.zis.accept(EVENT);
    await zis.zis.idle(5_000);
    const list = async (query: string) =>
      (await zis.send("GET", `/local/runs?${query}`)).json.runs.map(
        (run: { flow: string }) => run.flow,
      );
    expect(await list("")).toEqual(["bad", "answer"]);
    expect(await list("limit=1")).toEqual(["bad"]);
    expect(await list("flow=answer")).toEqual(["answer"]);
    expect(await list("status=FAILED")).toEqual(["bad"]);
    expect((await zis.send("GET", "/local/runs?limit=x")).status).toBe(400);
    expect((await zis.send("GET", "/local/runs/none")).status).toBe(404);
  });

  it("show each state with its data", async () => {
    const Set = { Type: "Pass", Result: { a: 1 }, ResultPath: "$.set", Next: "Done" };
    const zis = await ready({}, { Set, Done: { Type: "Succeed" } });
    zis.zis.accept(EVENT);
    await zis.zis.idle(5_000);
    const { runs } = (await zis.send("GET", "/local/runs")).json;
    const { json } = await zis.send("GET", `/local/runs/${runs[0].id}`);
    expect(json.trace).toMatchObject([
      { state: "Set", next: "Done" },
      { state: "Done", next: null },
    ]);
    expect(json.steps[0]).toMatchObject({ state: "Set", result: { a: 1 }, next: "Done" });
    expect(json).toMatchObject({ transitions: 2, job_spec: "on_ping", event_type: "ping" });
  });
});

describe("deliveries", () => {
  it("are in order and once each unless told otherwise", async () => {
    const zis = await ready({ delivery: { concurrency: 1 } });
    await zis.send("POST", "/local/events", {}, { events: events(20) });
    await zis.zis.idle(5_000);
    expect(await inputs(zis)).toEqual(events(20).map(({ input }) => input));
  });

  it("are repeated, reordered and delayed the same way by the same seed", async () => {
    const delivery = { concurrency: 1, duplicates: 0.3, reorder: 0.5, delayMs: 5 };
    const outcome = async () => {
      const zis = await ready({ delivery, random: seeded(42) });
      for (const event of events(30)) zis.zis.accept(event);
      await zis.zis.idle(10_000);
      return inputs(zis);
    };
    const first = await outcome();
    expect(first.length).toBeGreaterThan(30);
    expect(new Set(first).size).toBe(30);
    expect(first).not.toEqual(first.toSorted((one, other) => one - other));
    expect(await outcome()).toEqual(first);
  });

  it("run as many at a time as allowed", async () => {
    const wait = { Pause: { Type: "Wait", Seconds: 0.1, End: true } };
    const zis = await ready({ waits: "real", delivery: { concurrency: 4 } }, wait);
    for (const event of events(8)) zis.zis.accept(event);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(zis.zis.stats()).toMatchObject({ running: 4, queued: 4 });
    await zis.zis.idle(5_000);
    expect(zis.zis.stats().latencies_ms.max).toBeGreaterThan(190);
  });

  it("wait for the end of a busy period", async () => {
    const zis = await ready({ delivery: { busy: { everyMs: 60_000, lastMs: 1_500 } } });
    zis.zis.accept(EVENT);
    await expect(zis.zis.idle(20)).rejects.toThrow("still queued or running after 20 ms");
    expect(zis.zis.stats().queued).toBe(1);
    await zis.zis.idle(5_000);
    expect(zis.zis.stats().flows.succeeded).toBe(1);
  });
});

describe("the state in a directory", () => {
  it("survives a restart: integrations, bundles, installs, configs, links, connections, tokens, log", async () => {
    const made = await directory();
    const before = await start({ store: openStore(made) });
    const token = await before.integrate();
    await deploy(before, bundleOf({ states: { Done: { Type: "Succeed" } } }));
    await before.call("POST", "/integrations/acme/configs", token, {
      scope: "s",
      config: { a: 1 },
    });
    const link = { link_type: "abc", left_object: { name: "one" }, right_object: { name: "two" } };
    await before.call("POST", "/links/acme", token, link);
    const bearer = { name: "crm", token: "t", allowed_domain: "x.example.com" };
    await before.call("POST", "/integrations/acme/connections/bearer_token", token, bearer);
    before.zis.accept(EVENT);
    await before.zis.idle(5_000);
    await before.close();

    const after = await start({ store: openStore(made) });
    expect(after.zis.accept(EVENT)).toBe(1);
    await after.zis.idle(5_000);
    const get = async (path: string) => (await after.call("GET", path, token)).json;
    expect((await get("/integrations/acme/configs?filter[scope]=*")).configs).toHaveLength(1);
    expect((await get("/links/acme?link_type=abc&left_object_name=one")).links).toHaveLength(1);
    expect((await get("/integrations/acme/connections/all")).bearer_token).toHaveLength(1);
    expect((await after.send("GET", "/local/log")).json.entries).toHaveLength(2);
    expect((await after.call("POST", "/registry/acme", after.as.apiToken, {})).status).toBe(409);
  });

  it("is on disk when a change is answered", async () => {
    const made = await directory();
    const zis = await start({ store: openStore(made) });
    await zis.integrate();
    expect(await readFile(join(made, "integrations.json"), "utf8")).toContain('"acme"');
  });

  it("keeps deliveries that were queued or cut off, and makes them again", async () => {
    const made = await directory();
    const wait = { Pause: { Type: "Wait", Seconds: 30, End: true } };
    const before = await ready(
      { store: openStore(made), waits: "real", delivery: { concurrency: 1 } },
      wait,
    );
    await before.send("POST", "/local/events", {}, { events: events(2) });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(before.zis.stats()).toMatchObject({ running: 1, queued: 1 });
    await before.close();
    const after = await start({ store: openStore(made) });
    await after.zis.idle(5_000);
    expect(await inputs(after)).toEqual([0, 1]);
  });

  it("is refused when a file is damaged, by its name", async () => {
    const made = await directory();
    await writeFile(join(made, "links.json"), "[[");
    await expect(start({ store: openStore(made) })).rejects.toThrow("links.json cannot be read");
  });
});
