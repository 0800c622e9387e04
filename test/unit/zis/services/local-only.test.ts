import { describe, expect, it } from "vitest";
import { refusalOf } from "#zis/services/local-only";

const host = "127.0.0.1:8600";

describe("refusalOf", () => {
  it.each([
    ["a read of this machine", "GET", { host }, "127.0.0.1"],
    ["a read by the other name", "GET", { host: "localhost:8600" }, "::1"],
    [
      "a form of the page",
      "POST",
      { host, origin: `http://${host}`, "sec-fetch-site": "same-origin" },
      "127.0.0.1",
    ],
    ["a post of a program", "POST", { host }, "::ffff:127.0.0.1"],
    ["an address that the user typed", "POST", { host, "sec-fetch-site": "none" }, "127.0.0.1"],
  ])("lets in %s", (_name, method, headers, address) => {
    expect(refusalOf(method, headers, address)).toBeUndefined();
  });

  it.each([
    ["another machine", "GET", { host }, "192.168.1.7", "127.0.0.1"],
    [
      "a name that was pointed here",
      "GET",
      { host: "evil.example:8600" },
      "127.0.0.1",
      "127.0.0.1",
    ],
    [
      "a name that begins like ours",
      "GET",
      { host: "127.0.0.1.evil.example" },
      "127.0.0.1",
      "127.0.0.1",
    ],
    ["no name", "GET", {}, "127.0.0.1", "127.0.0.1"],
    [
      "a form of another site",
      "POST",
      { host, "sec-fetch-site": "cross-site" },
      "127.0.0.1",
      "other sites",
    ],
    [
      "a form of another port",
      "POST",
      { host, "sec-fetch-site": "same-site" },
      "127.0.0.1",
      "other sites",
    ],
    ["another origin", "POST", { host, origin: "http://evil.example" }, "127.0.0.1", "other sites"],
    ["a hidden origin", "POST", { host, origin: "null" }, "127.0.0.1", "other sites"],
  ])("keeps out %s", (_name, method, headers, address, reason) => {
    expect(refusalOf(method, headers, address)).toContain(reason);
  });
});
