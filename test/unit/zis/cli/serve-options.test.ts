import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { type Io } from "#zis/cli/command";
import { UsageError } from "#zis/terminal/usage-error";
import { serveCommand } from "#zis/cli/serve";

const io: Io = {
  stdin: Readable.from([]),
  out: () => undefined,
  err: () => undefined,
  colour: false,
  columns: 100,
};

it.each([
  [["--port", "70000"], "--port takes a whole number from 0 to 65535"],
  [["--port", "http"], 'not "http"'],
  [["--zendesk", "acme"], "--zendesk takes an origin such as https://acme.zendesk.com"],
  [["--zendesk", "https://acme.zendesk.com/agent"], "--zendesk takes an origin"],
  [["--live"], "--live goes with --mocks"],
  [["--set", "limits.seconds=1"], "serve keeps the documented limits"],
  [["--connections", "no-such-file.json"], "no-such-file.json: there is no such file"],
  [["--configs", "no-such-file.json"], "no-such-file.json: there is no such file"],
  [["--links", "package.json"], "package.json:1:1: the links must be an array"],
  [["bundle.json"], "--bundle FILE installs it"],
  [["--bundle", "no-such-file.json"], "no-such-file.json: there is no such file"],
  [["--mocks", "no-such-file.json"], "no-such-file.json: there is no such file"],
  [["--data", "package.json", "--port", "0"], "--data package.json: "],
])("zis serve refuses %j", async (args, message) => {
  const refused = serveCommand.run(args, io);
  await expect(refused).rejects.toThrow(UsageError);
  await expect(refused).rejects.toThrow(message);
});
