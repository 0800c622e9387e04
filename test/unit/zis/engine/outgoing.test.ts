import { describe, expect, it } from "vitest";
import { outgoingRequest, withHeader } from "#zis/engine/outgoing";

const request = (headers: readonly (readonly [string, string])[]) =>
  outgoingRequest(
    { kind: "http", actionName: "a", method: "GET", url: "https://a.example/", query: [], headers },
    "https://acme.zendesk.com",
  );

describe("the headers of a request", () => {
  it("have names in small letters and keep tabs and letters beyond ASCII", () => {
    expect(request([["X-Note", "a\té"]])).toMatchObject({ headers: { "x-note": "a\té" } });
  });

  it.each([
    ["a line break", "X-Note", "a\r\nX-Admin: yes", "the value of the header X-Note"],
    ["a line feed alone", "X-Note", "a\n", "the value of the header X-Note"],
    ["a NUL", "X-Note", "\0", "the value of the header X-Note"],
    [
      "a line break in the name",
      "X-A: b\r\nX-B",
      "c",
      '"X-A: b\\r\\nX-B" is not the name of a header',
    ],
    ["no name", "", "c", '"" is not the name of a header'],
  ])("with %s are never sent", (_what, name, value, problem) => {
    const refused = { problem: expect.stringContaining(`external action failed: ${problem}`) };
    expect(request([[name, value]])).toEqual(refused);
    const good = request([]);
    if ("problem" in good) throw new Error(good.problem);
    expect(withHeader(good, name, value)).toEqual(refused);
  });
});

describe("a path", () => {
  const sent = (path: string) =>
    outgoingRequest(
      { kind: "http", actionName: "a", method: "GET", path, query: [], headers: [] },
      "https://acme.zendesk.com",
    );

  it("goes to the account's own host", () => {
    expect(sent("/api/v2/users?a=b")).toMatchObject({
      url: new URL("https://acme.zendesk.com/api/v2/users?a=b"),
    });
  });

  it.each([".evil.example/x", "@evil.example/x", ":8443/x"])("leads nowhere else: %s", (path) => {
    expect(sent(path)).toEqual({
      problem: `external action failed: the path ${path} leads away from Zendesk`,
    });
  });
});
