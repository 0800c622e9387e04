import { describe, expect, it } from "vitest";
import { demoCommand, type DemoOptions } from "#scripts/demo/options";
import { parse } from "#zis/terminal/command-line";

async function readOptions(args: readonly string[]) {
  let read: DemoOptions | undefined;
  let said = "";
  const command = demoCommand(async (options) => {
    read = options;
    return 0;
  });
  command.configureOutput({ writeErr: (text) => void (said += text) });
  return { code: await parse(command, args), read, said };
}

describe("the demo's options", () => {
  it("have defaults", async () => {
    expect((await readOptions([])).read).toEqual({ seed: 7, sync: true, tickets: 300 });
  });

  it.each([
    [
      ["--seed", "x"],
      "option '--seed <N>' argument 'x' is invalid. It is a whole number from 0 to 4294967295.",
    ],
    [["--seed", "1.5"], "argument '1.5' is invalid"],
    [
      ["--tickets", "0"],
      "option '--tickets <N>' argument '0' is invalid. It is a whole number from 1 to 5000.",
    ],
    [["--tickets", "5001"], "argument '5001' is invalid"],
    [
      ["--sabotage", "all"],
      "argument 'all' is invalid. Allowed choices are no-idempotency, drop-event, double-link.",
    ],
    [["--colour"], "--colour"],
    [["stray"], "stray"],
  ])("refuse %j", async (args, message) => {
    const { code, read, said } = await readOptions(args);
    expect([code, read]).toEqual([2, undefined]);
    expect(said).toContain(message);
  });
});
