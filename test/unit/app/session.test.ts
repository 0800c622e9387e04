import { beforeEach, describe, expect, it } from "vitest";
import { SESSION_ASKED, SESSION_GIVEN } from "#contract/routes/access";
import { createSession, SessionError } from "#app/src/zaf/session";
import { FakeZaf } from "./fake-zaf.ts";

const HOUR = 3_600_000;
const START = Date.parse("2026-11-25T10:00:00Z");

let zaf: FakeZaf;
let time: number;
/** How often nobody had answered yet. */
let slept: number;

const open = () =>
  createSession({
    client: zaf,
    instanceGuid: "nav-1",
    now: () => time,
    sleep: async (milliseconds) => {
      slept += 1;
      time += milliseconds;
    },
  });

/** The background page answers with `session`, for an hour. */
function give(session: string): void {
  zaf.onAsked = () =>
    zaf.fire(SESSION_GIVEN, { session, expires_at: new Date(time + HOUR).toISOString() });
}

beforeEach(() => {
  zaf = new FakeZaf();
  zaf.instances = { "nav-1": { location: "nav_bar" }, "back-1": { location: "background" } };
  time = START;
  slept = 0;
});

describe("a session", () => {
  it("is asked of the background page only, which is told who asks", async () => {
    give("cqs_1");
    expect(await open().token()).toBe("cqs_1");
    expect(zaf.triggered).toEqual([
      { guid: "back-1", event: SESSION_ASKED, data: { instance_guid: "nav-1" } },
    ]);
  });

  it("is asked for once by calls at the same time, and kept until its last minute", async () => {
    give("cqs_1");
    const session = open();
    expect(await Promise.all([session.token(), session.token()])).toEqual(["cqs_1", "cqs_1"]);
    time = START + HOUR - 120_000;
    await session.token();
    expect(zaf.triggered).toHaveLength(1);
    time = START + HOUR - 30_000;
    give("cqs_2");
    expect(await session.token()).toBe("cqs_2");
  });

  it("is asked for anew when the server refused it, but not when another was refused", async () => {
    give("cqs_1");
    const session = open();
    await session.token();
    session.drop("cqs_0");
    expect(await session.token()).toBe("cqs_1");
    session.drop("cqs_1");
    give("cqs_2");
    expect(await session.token()).toBe("cqs_2");
  });

  it("waits for a background page that loads later", async () => {
    const instances = zaf.instances;
    zaf.instances = {};
    give("cqs_1");
    const token = createSession({
      client: zaf,
      instanceGuid: "nav-1",
      now: () => time,
      sleep: async () => {
        slept += 1;
        if (slept === 3) zaf.instances = instances;
      },
    }).token();
    expect(await token).toBe("cqs_1");
    expect(slept).toBeGreaterThanOrEqual(3);
  });

  it("says when there is no background page, and stops listening", async () => {
    zaf.instances = { "nav-1": { location: "nav_bar" } };
    await expect(open().token()).rejects.toMatchObject({ reason: "no_background" });
    expect(zaf.listeners.get(SESSION_GIVEN)?.size).toBe(0);
  });

  it("gives the server's own reason, once for all who wait, and asks again later", async () => {
    zaf.onAsked = () => zaf.fire(SESSION_GIVEN, { error: "not registered", code: "X" });
    const session = open();
    const refused = new SessionError("refused", "not registered");
    await expect(session.token()).rejects.toEqual(refused);
    const asked = zaf.triggered.length;
    await expect(session.token()).rejects.toEqual(refused);
    expect(zaf.triggered).toHaveLength(asked);
    time += 11_000;
    give("cqs_1");
    expect(await session.token()).toBe("cqs_1");
  });

  it.each([[{}], [{ session: 1, expires_at: 2 }], [{ session: "cqs_1" }]])(
    "does not take %j for one",
    async (given) => {
      zaf.onAsked = () => zaf.fire(SESSION_GIVEN, given);
      await expect(open().token()).rejects.toMatchObject({ reason: "refused" });
    },
  );
});
