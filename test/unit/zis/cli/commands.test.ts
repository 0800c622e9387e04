import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { file, zis } from "./zis-command.ts";

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/zis/handover.${name}`, import.meta.url));
const BUNDLE = fixture("json");
const EMPTY = file("empty.json", {});
const FLOW = ["--flow", "hand_over"];
const READY = [...FLOW, "--input", EMPTY];

describe("the command line", () => {
  it.each([
    ["Usage: zis [options] [command]", ["--help"]],
    ["Usage: zis [options] [command]", ["help"]],
    ["Usage: zis run [options] <file>", ["help", "run"]],
    ["Usage: zis check [options] <file...>", ["check", "--help"]],
    ["Usage: zis step [options] <file>", ["step", "x.json", "-h"]],
    ["Usage: zis graph [options] <file>", ["graph", "--flow", "x", "--help"]],
    ["Usage: zis switches [options]", ["switches", "--help"]],
    ["Usage: zis serve [options]", ["serve", "--help"]],
  ])("prints %s on %j", async (text, args) => {
    expect(await zis(...args)).toEqual({ code: 0, out: expect.stringContaining(text), err: "" });
  });

  it.each([
    ["Usage: zis [options] [command]", []],
    ["unknown command 'chek' (Did you mean check?)", ["chek"]],
    ["unknown option '--jsno'", ["--jsno"]],
    ["report everything that is wrong", ["help", "gone"]],
    ["missing required argument 'file'", ["check"]],
    ["zis check --help shows how it is used", ["check"]],
    [".: this is a directory", ["check", "."]],
    ["the budget of tell must be", ["check", BUNDLE, "--budgets", file("b.json", { tell: "5" })]],
    ["Expected 0 arguments but got 1: x.", ["switches", "x"]],
    ["missing required argument 'file'", ["run", ...READY]],
    ["Expected 1 argument but got 2", ["run", BUNDLE, BUNDLE, ...READY]],
    ["give --flow, or --event-source together", ["run", BUNDLE, "--input", EMPTY]],
    [
      "give --flow, or --event-source together",
      ["run", BUNDLE, "--input", EMPTY, "--event-source", "support"],
    ],
    [
      "option '--flow <name>' cannot be used with option '--event-type <type>'",
      ["run", BUNDLE, ...READY, "--event-type", "b"],
    ],
    ["required option '--input <file>' not specified", ["run", BUNDLE, ...FLOW]],
    ["option '--input <file>' argument missing", ["run", BUNDLE, ...FLOW, "--input"]],
    ["nowhere.json: there is no such file", ["run", BUNDLE, ...FLOW, "--input", "nowhere.json"]],
    ['there is no switch "x"', ["step", BUNDLE, ...READY, "--set", "x=1"]],
    ["c.json:1:6: the config", ["run", BUNDLE, ...READY, "--configs", file("c.json", { s: 1 })]],
    ["l.json:1:2: link 0", ["run", BUNDLE, ...READY, "--links", file("l.json", [{}])]],
    ["m.json:1:2: mock 0", ["run", BUNDLE, ...READY, "--mocks", file("m.json", [7])]],
    [
      "n.json:1:6: the connection",
      ["run", BUNDLE, ...READY, "--connections", file("n.json", { a: 1 })],
    ],
    ['no flow named "gone"; it has hand_over', ["graph", BUNDLE, "--flow", "gone"]],
    ["--flow is missing: one of hand_over", ["graph", BUNDLE]],
    ["a trace is what zis run --json prints", ["graph", BUNDLE, ...FLOW, "--trace", EMPTY]],
    ["/nowhere/x.svg cannot be written", ["graph", BUNDLE, ...FLOW, "--out", "/nowhere/x.svg"]],
  ])("exits with 2 and says %s", async (message, args) => {
    expect(await zis(...args)).toEqual({
      code: 2,
      out: "",
      err: expect.stringContaining(message),
    });
  });

  it("refuses a picture that nobody could read", async () => {
    const states = Array.from({ length: 1001 }, (_, index) => [`S${index}`, { Type: "Succeed" }]);
    const definition = { StartAt: "S0", States: Object.fromEntries(states) };
    const bundle = file("many.json", {
      resources: { f: { type: "ZIS::Flow", properties: { name: "f", definition } } },
    });
    const { code, err } = await zis("graph", bundle, "--flow", "f");
    expect([code, err]).toEqual([2, expect.stringContaining("the flow has 1001 states")]);
  });
});

describe("zis run", () => {
  it("runs the flow of the first job spec for an event, and names the others in the log", async () => {
    const flow = (name: string) => ({
      type: "ZIS::Flow",
      properties: { name, definition: { StartAt: "A", States: { A: { Type: "Succeed" } } } },
    });
    const spec = (name: string, flowName: string) => ({
      type: "ZIS::JobSpec",
      properties: { name, event_source: "s", event_type: "t", flow_name: `zis:i:flow:${flowName}` },
    });
    const bundle = file("two.json", {
      name: "two",
      zis_template_version: "2019-10-14",
      resources: { a: flow("a"), b: flow("b"), sb: spec("for_b", "b"), sa: spec("for_a", "a") },
    });
    const event = ["--event-source", "s", "--event-type", "t", "--input", EMPTY];
    const { code, out } = await zis("run", bundle, ...event, "--json");
    const message = "The event starts 2 flows; this is that of the job spec for_b, not of for_a.";
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      flow: "b",
      log: [{ status: "info", message }, { status: "info" }],
    });
  });

  it("says which choices have no effect, and prints no secret however short", async () => {
    const action = (name: string, connectionName: string) => ({
      type: "ZIS::Action::Http",
      properties: {
        name,
        definition: { method: "GET", url: "https://a.example/", connectionName },
      },
    });
    const call = (name: string) => ({ Type: "Action", ActionName: `zis:i:action:${name}` });
    const definition = {
      StartAt: "A",
      States: { A: { ...call("a"), Next: "B" }, B: { ...call("b"), End: true } },
    };
    const bundle = file("short.json", {
      name: "short",
      zis_template_version: "2019-10-14",
      resources: {
        a: action("a", "key"),
        b: action("b", "bearer"),
        f: { type: "ZIS::Flow", properties: { name: "f", definition } },
      },
    });
    const connections = file("short-secrets.json", {
      key: { type: "api_key", header_name: "X-Own", api_key: "kq" },
      bearer: { type: "bearer_token", token: "tq" },
    });
    const mocks = file("short-mocks.json", [{ method: "GET", url: "*", body: {} }]);
    const files = ["--input", EMPTY, "--connections", connections, "--mocks", mocks];
    const set = ["--set", "uploadInstalls=keep"];
    const { code, out } = await zis("run", bundle, "--flow", "f", ...files, ...set, "--json");
    expect([code, out.includes("kq"), out.includes("tq")]).toEqual([0, false, false]);
    expect(JSON.parse(out)).toMatchObject({
      requests: [{ headers: { "x-own": "*****" } }, { headers: { authorization: "Bearer *****" } }],
      log: [
        {
          status: "warning",
          message: expect.stringContaining("--set uploadInstalls has no effect"),
        },
        { status: "info" },
      ],
    });
  });

  it.each([
    [{ A: null }],
    [{ A: 5 }],
    [{ A: { Type: "Choice", Choices: [null] } }],
    [{ A: { Type: "Map", ItemsPath: 5, Iterator: null, End: true } }],
    [{ A: { Type: "Task", End: true } }],
    [[]],
  ])("ends the states %j with a report, not with a stack trace", async (states) => {
    const definition = { StartAt: "A", States: states };
    const bundle = file("odd.json", {
      resources: { f: { type: "ZIS::Flow", properties: { name: "f", definition } } },
    });
    const { code, out, err } = await zis("run", bundle, "--flow", "f", "--input", EMPTY, "--json");
    expect([code, err]).toEqual([1, ""]);
    expect(JSON.parse(out).status).toMatch(/^(FAILED|NOT_STARTED)$/);
  });
});
