import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMocks, readMocks, type Mock } from "#zis/cli/mocks";

let directory = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "zis-mocks-"));
});

afterAll(() => rm(directory, { recursive: true }));

async function read(content: unknown): Promise<Mock[]> {
  const file = join(directory, "mocks.json");
  await writeFile(file, JSON.stringify(content, null, 2));
  return readMocks(file);
}

describe("readMocks", () => {
  it("fills in what a mock leaves out", async () => {
    expect(await read([{ method: "get", url: "*" }])).toEqual([
      {
        method: "GET",
        url: "*",
        status: 200,
        headers: {},
        bodyText: "",
        delayMs: 0,
        times: Number.MAX_SAFE_INTEGER,
      },
    ]);
  });

  it.each([
    ["as it is", "plain text", "plain text"],
    ["as JSON", { a: [1] }, '{"a":[1]}'],
    ["as JSON", null, "null"],
    ["as JSON", false, "false"],
  ])("sends a body %s: %j", async (_how, body, text) => {
    expect((await read([{ method: "GET", url: "*", body }]))[0]?.bodyText).toBe(text);
  });

  it.each([
    [{ method: "GET" }, "mocks.json:1:1: the mocks must be an array"],
    [[7], "mocks.json:2:3: mock 0: must be an object"],
    [[{ url: "*" }], "mocks.json:2:3: mock 0: method must be one of GET, HEAD, PUT"],
    [[{ method: "FETCH", url: "*" }], "mocks.json:3:15: mock 0: method must be one of"],
    [[{ method: "GET", url: 5 }], "mocks.json:4:12: mock 0: url must be a URL"],
    [[{ method: "GET", url: "*", status: 20 }], "status must be a whole number from 200 to 599"],
    [[{ method: "GET", url: "*", delayMs: -1 }], "delayMs must be a number of at least 0"],
    [[{ method: "GET", url: "*", times: "2" }], "times must be a whole number of at least 0"],
    [[{ method: "GET", url: "*", headers: { a: null } }], "the header a must be a string"],
    [
      [{ method: "GET", url: "*", statsu: 1 }],
      "statsu is not a member of a mock; there are method",
    ],
  ])("refuses %j with its place", async (content, message) => {
    await expect(read(content)).rejects.toThrow(message);
  });
});

const mock = (method: string, url: string, times = 9): Mock => ({
  method,
  url,
  status: 200,
  headers: {},
  bodyText: url,
  delayMs: 0,
  times,
});

describe("createMocks", () => {
  it.each([
    ["GET", "https://a.example/x", "GET", "https://a.example/x", true],
    ["GET", "https://a.example/x", "POST", "https://a.example/x", false],
    ["*", "https://a.example/x", "POST", "https://a.example/x", true],
    ["GET", "https://a.example/x", "GET", "https://a.example/x?y=1", false],
    ["GET", "https://a.example/x*", "GET", "https://a.example/x?y=1", true],
    ["GET", "https://*.example/*/z", "GET", "https://a.example/x/y/z", true],
    ["GET", "https://*.example/*/z", "GET", "https://a.example/x/y/zz", false],
    ["GET", "https://a.example", "GET", "https://a.example/", true],
    [
      "GET",
      "https://a.example/?q=type:ticket a",
      "GET",
      "https://a.example/?q=type%3Aticket+a",
      true,
    ],
    ["GET", "https://a.example/100%", "GET", "https://a.example/100%", true],
  ])("%s %s answers %s %s: %s", (method, pattern, sent, url, answered) => {
    const find = createMocks([mock(method, pattern)]);
    expect(find(sent, url) !== undefined).toBe(answered);
  });

  it("takes the first that matches and goes on to the next when that is used up", () => {
    const [once, twice, last] = [mock("GET", "*a", 1), mock("GET", "*", 2), mock("GET", "*b")];
    const find = createMocks([once, twice, last]);
    const found = ["xa", "xa", "xb", "xb", "xa"].map((url) => find("GET", url));
    expect(found).toEqual([once, twice, twice, last, undefined]);
  });

  it("never takes a mock of no times", () => {
    expect(createMocks([mock("GET", "*", 0)])("GET", "x")).toBeUndefined();
  });
});
