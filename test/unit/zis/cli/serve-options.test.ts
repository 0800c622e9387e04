import { expect, it } from "vitest";
import { zis } from "./zis-command.ts";

it.each([
  [["--port", "70000"], "It is a whole number from 0 to 65535."],
  [["--port", "http"], "'http' is invalid"],
  [["--zendesk", "acme"], "It is an origin such as https://acme.zendesk.com."],
  [["--zendesk", "https://acme.zendesk.com/agent"], "It is an origin"],
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
  expect(await zis("serve", ...args)).toEqual({
    code: 2,
    out: "",
    err: expect.stringContaining(message),
  });
});
