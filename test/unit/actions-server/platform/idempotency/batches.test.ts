/** Which calls share a batch, and what one bad member does to its mates? */
import { describe, expect, it } from "vitest";
import { createBatches } from "#platform/idempotency/batches";

/** Batches that wait until they are let go. */
function setUp(answer: (member: string) => string = (member) => `${member}!`) {
  const batches: (readonly string[])[] = [];
  const waiting: (() => void)[] = [];
  const call = createBatches(async (members: readonly string[]) => {
    batches.push(members);
    await new Promise<void>((resolve) => void waiting.push(resolve));
    return members.map(answer);
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  /** Every batch, also those that begin because of it. */
  const letGo = async () => {
    await turn();
    while (waiting.length > 0) {
      for (const resolve of waiting.splice(0)) resolve();
      await turn();
      await turn();
    }
  };
  return { call, batches, letGo, turn };
}

describe("batches", () => {
  it("makes one batch of the calls of a turn, two at once, and one of those that come meanwhile", async () => {
    const { call, batches, letGo, turn } = setUp();
    const first = ["a", "b"].map(call);
    await turn();
    expect(batches).toEqual([["a", "b"]]);
    const second = call("c");
    await turn();
    expect(batches).toEqual([["a", "b"], ["c"]]);
    const third = ["d", "e"].map(call);
    await turn();
    expect(batches).toHaveLength(2);
    await letGo();
    expect(await Promise.all([...first, second, ...third])).toEqual(["a!", "b!", "c!", "d!", "e!"]);
    expect(batches.slice(2)).toEqual([["d", "e"]]);
  });

  it("takes at most a hundred at once", async () => {
    const { call, batches, letGo } = setUp();
    const names = Array.from({ length: 252 }, (_, at) => String(at));
    const results = Promise.all(names.map(call));
    await letGo();
    expect(await results).toEqual(names.map((name) => `${name}!`));
    expect(batches.map(({ length }) => length)).toEqual([100, 100, 52]);
  });

  it("does the members of a failed batch again, each alone: one bad one fails by itself", async () => {
    const { call, batches, letGo } = setUp((member) => {
      if (member === "bad") throw new Error("no");
      return `${member}!`;
    });
    const results = Promise.allSettled(["a", "b", "c", "bad", "d"].map(call));
    await letGo();
    expect((await results).map((result) => ("value" in result ? result.value : "failed"))).toEqual([
      "a!",
      "b!",
      "c!",
      "failed",
      "d!",
    ]);
    expect(batches).toEqual([["a", "b", "c", "bad", "d"], ["a"], ["b"], ["c"], ["bad"], ["d"]]);
    const later = call("later");
    await letGo();
    expect(await later).toBe("later!");
  });

  it("does nothing again when the database is away: all are told at once", async () => {
    const { call, batches, letGo } = setUp(() => {
      throw Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
    });
    const results = Promise.allSettled(["a", "b", "c", "d"].map(call));
    await letGo();
    expect((await results).map(({ status }) => status)).toEqual(
      Array.from({ length: 4 }, () => "rejected"),
    );
    expect(batches).toEqual([["a", "b", "c", "d"]]);
  });

  it("gives a batch up that hangs, and its place to the next one", async () => {
    const started: string[][] = [];
    const call = createBatches(async (members: readonly string[]) => {
      started.push([...members]);
      return members.includes("hangs")
        ? new Promise<readonly string[]>(() => {})
        : members.map((member) => `${member}!`);
    }, 50);
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const hanging = [call("hangs")];
    await turn();
    hanging.push(call("hangs"));
    await turn();
    expect(started).toHaveLength(2);
    const next = ["a", "b"].map(call);
    await turn();
    expect(started).toHaveLength(2);
    expect(await Promise.all(next)).toEqual(["a!", "b!"]);
    for (const each of await Promise.allSettled(hanging)) {
      expect(each).toMatchObject({
        status: "rejected",
        reason: { message: "the database did not answer in time" },
      });
    }
  });

  it("gives nobody another's result when there are too few", async () => {
    const call = createBatches(async (members: readonly string[]) => members.slice(1));
    await expect(call("a")).rejects.toThrow("answer every member");
  });
});
