import { describe, expect, it } from "vitest";
import { createMask } from "../../../../zis/cli/secrets.ts";

describe("createMask", () => {
  it.each([
    [
      ["s3cret"],
      { a: ["Bearer s3cret", 5, null], s3cret: true },
      { a: ["Bearer *****", 5, null], s3cret: true },
    ],
    [["abc"], ["abc", "an abc"], ["*****", "an abc"]],
    [["token", "token-longer"], "x token-longer y token", "x ***** y *****"],
    [[""], "nothing", "nothing"],
  ])("with %j makes of %j %j", (secrets, value, masked) => {
    expect(createMask(secrets)(value)).toEqual(masked);
  });
});
