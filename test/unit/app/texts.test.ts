import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { ar } from "#app/src/texts/ar";
import { en } from "#app/src/texts/en";

/** Every text by its path; those with parameters filled with `7`. */
function flat(texts: object, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(texts) as [string, unknown][]) {
    const here = path === "" ? name : `${path}.${name}`;
    if (typeof value === "string") found.set(here, value);
    else if (typeof value === "function") {
      found.set(here, (value as (...given: unknown[]) => string)(7, 7, 7));
    } else for (const [below, text] of flat(value as object, here)) found.set(below, text);
  }
  return found;
}

/** Names that are the same everywhere. */
const SAME = new Set(["title", "health.check.redis"]);

describe("the Arabic texts", () => {
  const english = flat(en);
  const arabic = flat(ar);

  it("are all there, and nothing besides", () => {
    expect([...arabic.keys()].toSorted()).toEqual([...english.keys()].toSorted());
  });

  it("are translated", () => {
    for (const [path, text] of english) {
      if (SAME.has(path)) continue;
      expect(arabic.get(path), path).not.toBe(text);
      expect(arabic.get(path), path).toMatch(/\p{Script=Arabic}/u);
    }
  });

  it("use every value that the English ones use", () => {
    for (const [path, text] of english) {
      if (text.includes("7")) expect(arabic.get(path), path).toContain("7");
    }
  });

  it.each([
    [1, "حدث واحد"],
    [2, "حدثان"],
    [3, "3 أحداث"],
    [11, "11 حدثًا"],
  ])("count %i", (count, text) => {
    expect(ar.health.events(count)).toBe(text);
  });
});

describe("the translations of the package", () => {
  const read = async (locale: string) =>
    JSON.parse(await readFile(`app/translations/${locale}.json`, "utf8")) as object;

  it("have the same texts in both languages", async () => {
    const [english, arabic] = [flat(await read("en")), flat(await read("ar"))];
    expect([...arabic.keys()]).toEqual([...english.keys()]);
    expect([...english.keys()]).toContain("app.parameters.server_url.label");
  });
});
