/** What is kept in memory, what is forgotten, and who is asked first? */
import { describe, expect, it } from "vitest";
import { nearestFirst, type HotAnswers } from "#platform/idempotency/hot-answers";
import { createMemoryAnswers } from "#platform/idempotency/memory-answers";

const key = (name: string, account = "acme") => ({ account, operation: "capture", key: name });
const kept = (body: string) => ({
  fingerprint: "f",
  expiresAt: new Date("2026-12-25T08:00:00Z"),
  answer: { status: 200, body },
});

describe("answers in memory", () => {
  it("are found under their key, and under no other", () => {
    const answers = createMemoryAnswers();
    answers.keep(key("a"), kept('{"n":1}'));
    expect(answers.find(key("a"))).toMatchObject({ kind: "completed", ...kept('{"n":1}') });
    expect(answers.find(key("a", "globex"))).toBeUndefined();
    expect(answers.find(key("b"))).toBeUndefined();
  });

  it("are replaced by what is kept later", () => {
    const answers = createMemoryAnswers();
    answers.keep(key("a"), kept('{"n":1}'));
    answers.keep(key("a"), kept('{"n":2}'));
    expect(answers.find(key("a"))).toMatchObject({ answer: { body: '{"n":2}' } });
  });

  it("make room by forgetting what was not asked for longest", () => {
    const answers = createMemoryAnswers(1_100);
    for (const name of ["a", "b", "c"]) answers.keep(key(name), kept("{}"));
    expect(answers.find(key("a"))).toBeDefined();
    answers.keep(key("d"), kept("{}"));
    expect(["a", "b", "c", "d"].filter((name) => answers.find(key(name)) !== undefined)).toEqual([
      "a",
      "c",
      "d",
    ]);
  });

  it("never hold more than they may, however often the same key is kept", () => {
    const answers = createMemoryAnswers(1_100);
    answers.keep(key("other"), kept("{}"));
    for (let time = 0; time < 50; time += 1) answers.keep(key("a"), kept("{}"));
    expect(answers.find(key("other"))).toBeDefined();
  });

  it("do not take an answer that would fill the room of hundreds", () => {
    const answers = createMemoryAnswers();
    answers.keep(key("a"), kept(JSON.stringify("x".repeat(100_000))));
    expect(answers.find(key("a"))).toBeUndefined();
  });
});

describe("the nearest first", () => {
  it("asks the farther one once, and both keep", async () => {
    let asked = 0;
    const far: HotAnswers = createMemoryAnswers();
    const counted: HotAnswers = {
      ...far,
      find: async (of) => {
        asked += 1;
        return far.find(of);
      },
    };
    far.keep(key("a"), kept("{}"));
    const answers = nearestFirst(createMemoryAnswers(), counted);
    expect(await answers.find(key("a"))).toMatchObject({ kind: "completed" });
    expect(await answers.find(key("a"))).toMatchObject({ kind: "completed" });
    expect(asked).toBe(1);
    answers.keep(key("b"), kept("{}"));
    expect(far.find(key("b"))).toBeDefined();
    expect(await answers.find(key("c"))).toBeUndefined();
  });
});
