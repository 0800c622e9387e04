/** Are settings believed for a few seconds, and read anew then? */
import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS, type Settings } from "#contract/settings/settings";
import { createCurrentSettings } from "#subjects/settings/current";

function start(stored: Record<string, Settings>) {
  let nowMs = 0;
  const asked: string[] = [];
  const { current } = createCurrentSettings({
    read: async (account) => {
      asked.push(account);
      return stored[account];
    },
    now: () => new Date(nowMs),
  });
  return { current, asked, pass: (ms: number) => (nowMs += ms) };
}

describe("current", () => {
  it("reads once in five seconds, for each account of its own", async () => {
    const stored = { acme: DEFAULT_SETTINGS };
    const { current, asked, pass } = start(stored);
    expect(await current("acme")).toBe(DEFAULT_SETTINGS);
    expect(await current("globex")).toBeUndefined();
    stored.acme = { ...DEFAULT_SETTINGS, revision: 2 };
    pass(4_999);
    expect(await current("acme")).toBe(DEFAULT_SETTINGS);
    expect(await current("globex")).toBeUndefined();
    expect(asked).toEqual(["acme", "globex"]);
    pass(1);
    expect(await current("acme")).toMatchObject({ revision: 2 });
  });

  it("believes no failure", async () => {
    let fails = true;
    const { current } = createCurrentSettings({
      read: async () => {
        if (fails) throw new Error("the database is away");
        return DEFAULT_SETTINGS;
      },
      now: () => new Date(0),
    });
    await expect(current("acme")).rejects.toThrow("away");
    fails = false;
    expect(await current("acme")).toBe(DEFAULT_SETTINGS);
  });
});
