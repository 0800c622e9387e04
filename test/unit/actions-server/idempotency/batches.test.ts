/** Which calls share a batch, and what one bad member does to its mates? */
import { describe, expect, it } from "vitest";
import { createBatches } from "../../../../actions-server/idempotency/batches.ts";

/** Batches that wait until they are let go. */
function setUp(answer: (member: string) => string = (member) => `${member}!`) {
  const batches: (readonly string[])[] = [];
  const waiting: (() => void)[] = [];
  const call = createBatches(async (members: readonly string[]) => {
    batches.push(members);
    await new Promise<void>((resolve) => void waiting.push(resolve));
    return members.map(answer);
  });
  /** Every batch, also those that begin because of it. */
  const letGo = async () => {
    while (waiting.length > 0) {
      for (const resolve of waiting.splice(0)) resolve();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { call, batches, letGo };
}

describe("batches", () => {
  it("starts two calls at once, and makes one batch of those that come meanwhile", async () => {
    const { call, batches, letGo } = setUp();
    const results = Promise.all(["a", "b", "c", "d", "e"].map(call));
    expect(batches).toEqual([["a"], ["b"]]);
    await letGo();
    expect(await results).toEqual(["a!", "b!", "c!", "d!", "e!"]);
    expect(batches).toEqual([["a"], ["b"], ["c", "d", "e"]]);
  });

  it("takes at most a hundred at once", async () => {
    const { call, batches, letGo } = setUp();
    const names = Array.from({ length: 252 }, (_, at) => String(at));
    const results = Promise.all(names.map(call));
    await letGo();
    expect(await results).toEqual(names.map((name) => `${name}!`));
    expect(batches.map(({ length }) => length)).toEqual([1, 1, 100, 100, 50]);
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
    expect(batches.slice(2)).toEqual([["c", "bad", "d"], ["c"], ["bad"], ["d"]]);
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
    expect(batches).toEqual([["a"], ["b"], ["c", "d"]]);
  });

  it("gives nobody another's result when there are too few", async () => {
    const call = createBatches(async (members: readonly string[]) => members.slice(1));
    await expect(call("a")).rejects.toThrow("answer every member");
  });
});
