/** Does a server that would be refused say so before it starts, and one whose platforms are away start? */
import { describe, expect, it } from "vitest";
import { AppError } from "#platform/errors";
import { preflight } from "#actions-server/config/preflight";
import { silentLog } from "#test/support/silent-log";

const fine = async () => "Bearer t";
const fails = (error: Error) => async () => {
  throw error;
};

describe("preflight", () => {
  it("names every refusal at once", async () => {
    const signIns = [
      fails(new AppError("ZENDESK_REFUSED", "without the scope tickets:write")),
      fine,
      fails(new AppError("SALESFORCE_REFUSED", "without the scope api")),
    ];
    await expect(preflight({ signIns, log: silentLog })).rejects.toThrow(
      "refused where it works:\n  - without the scope tickets:write\n  - without the scope api",
    );
  });

  it("lets the server start, and warns, when a platform is away", async () => {
    const warned: unknown[] = [];
    const log = { ...silentLog, warn: (fields: unknown) => void warned.push(fields) };
    const away = fails(new AppError("ZENDESK_UNAVAILABLE", "Zendesk could not be reached"));
    await preflight({ signIns: [away, fine], log });
    expect(warned).toEqual([{ reason: "Zendesk could not be reached" }]);
  });

  it("hides no fault of ours", async () => {
    const signIns = [fails(new TypeError("a fault"))];
    await expect(preflight({ signIns, log: silentLog })).rejects.toThrow(TypeError);
  });
});
