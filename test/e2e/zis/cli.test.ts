/** The command `zis` as its users run it: output, exit codes, and what it says to bad input. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Finished, runScript } from "../../support/run-script.ts";
import { runZisInProcess as zis } from "../../support/zis-in-process.ts";

const directory = mkdtempSync(join(tmpdir(), "zis-cli-"));

afterAll(() => rmSync(directory, { recursive: true }));

/** A file with this text, or with this value as JSON. */
function file(name: string, content: unknown): string {
  const path = join(directory, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const fixture = (name: string) => join("test/fixtures/zis", name);
const BUNDLE = fixture("handover.json");
const GIVEN = ["input", "mocks", "configs", "links", "connections"].flatMap((name) => [
  `--${name}`,
  fixture(`handover.${name}.json`),
]);
const RUN = ["run", BUNDLE, "--flow", "hand_over", ...GIVEN];
const EMPTY = file("empty-input.json", {});

/** A bundle with one flow named `flow`. */
function flowFile(name: string, states: Record<string, unknown>): string {
  const [StartAt] = Object.keys(states);
  return file(name, {
    name: "one",
    zis_template_version: "2019-10-14",
    resources: {
      flow: {
        type: "ZIS::Flow",
        properties: { name: "flow", definition: { StartAt, States: states } },
      },
    },
  });
}

/** A bundle whose one flow `f` calls Zendesk with a connection. */
function bundleWithConnection(connectionName: string): object {
  const ActionName = "zis:own:action:look";
  return {
    name: "own",
    zis_template_version: "2019-10-14",
    resources: {
      f: {
        type: "ZIS::Flow",
        properties: {
          name: "f",
          definition: {
            StartAt: "Look",
            States: { Look: { Type: "Action", ActionName, End: true } },
          },
        },
      },
      look: {
        type: "ZIS::Action::Http",
        properties: {
          name: "look",
          definition: { method: "GET", path: "/api/v2/tickets.json", connectionName },
        },
      },
    },
  };
}

function expectNoStack({ stdout, stderr }: Finished): void {
  expect(stdout + stderr).not.toMatch(/^\s+at .*[:(]\d+/m);
  expect(stdout + stderr).not.toContain("should not happen");
}

describe("zis", () => {
  it.each([
    [["--help"], 0, "Usage: zis [options] [command]", ""],
    [["run", "--help"], 0, "Usage: zis run [options] <file>", ""],
    [["--version"], 0, "0.1.0\n", ""],
    [[], 2, "", "Usage: zis [options] [command]"],
    [["chek"], 2, "", "unknown command 'chek' (Did you mean check?)"],
    [["check", BUNDLE, "--jsn"], 2, "", "unknown option '--jsn' (Did you mean --json?)"],
    [["check", "nowhere.json"], 2, "", "nowhere.json: there is no such file"],
    [["run", BUNDLE, "--flow", "hand_ovr", "--input", EMPTY], 2, "", 'nearest: "hand_over"'],
    [
      ["graph", BUNDLE, "--flow", "hand_over", "--format", "png"],
      2,
      "",
      "argument 'png' is invalid",
    ],
  ])("%j exits with %i", async (args, status, stdout, stderr) => {
    const finished = await runScript("zis/cli/main.ts", args, { NO_COLOR: "1" });
    expect(finished.code).toBe(status);
    expect(finished.stdout).toContain(stdout);
    expect(finished.stderr).toContain(stderr);
    expectNoStack(finished);
  });
});

describe("zis check", () => {
  it("tells every finding with its place, and the bounds, and exits with 1 on errors", async () => {
    const { code: status, stdout } = await zis(["check", fixture("broken.json"), BUNDLE, "--json"]);
    const { findings, bounds } = JSON.parse(stdout);
    expect(status).toBe(1);
    expect(findings).toContainEqual({
      file: fixture("broken.json"),
      severity: "error",
      origin: "ours",
      rule: "dangling-next",
      path: "/resources/lost/properties/definition/States/First/Next",
      line: 12,
      column: 48,
      message: expect.stringContaining('nearest: "Second"'),
      hint: expect.any(String),
    });
    expect(bounds).toContainEqual({
      file: BUNDLE,
      flow: "hand_over",
      transitions: { max: 208, why: expect.stringContaining("100 items") },
      seconds: { max: 80, why: expect.any(String) },
    });
  });

  it("takes budgets from the file beside the bundle, else from the one given", async () => {
    const budgets = file("slow.json", { create_case: 40, tell: 0 });
    const { stdout } = await zis(["check", BUNDLE, "--budgets", budgets, "--json"]);
    expect(JSON.parse(stdout).bounds[0].seconds.max).toBe(65);
  });

  it("reads well without --json", async () => {
    const { code: status, stdout } = await zis(["check", fixture("broken.json")]);
    expect(status).toBe(1);
    expect(stdout).toContain(`${fixture("broken.json")}:12:48 error Next names "Secnd"`);
    expect(stdout).toContain("lost: 1 of 250 transitions, 0 of 100 seconds");
    expect(stdout).toMatch(/3 errors, 1 warning in 1 file\n$/);
  });

  it("exits with 0 on a good bundle", async () => {
    const good = flowFile("good.json", { A: { Type: "Succeed" } });
    const { code: status, stdout } = await zis(["check", good]);
    expect([status, stdout.trimEnd().split("\n").at(-1)]).toEqual([0, "no errors in 1 file"]);
  });
});

describe("zis run", () => {
  it("prints one object and exits with 0 on success", async () => {
    const { code: status, stdout } = await zis([...RUN, "--json"]);
    const run = JSON.parse(stdout);
    expect(status).toBe(0);
    expect(Object.keys(run)).toEqual([
      "status",
      "flow",
      "message",
      "error",
      "data",
      "transitions",
      "virtualMs",
      "trace",
      "requests",
      "configs",
      "links",
      "log",
    ]);
    expect(run).toMatchObject({
      status: "SUCCEEDED",
      flow: "hand_over",
      message: "Case case:7 is made",
      error: null,
      transitions: 12,
      configs: { handover: { priority: "urgent" } },
      links: [{ left_object: { name: "ticket:1" } }, { left_object: { name: "ticket:35" } }],
      log: [{ status: "info", message: "Case case:7 is made" }],
    });
    // A Wait of 20 s, mocks of 350 ms, and whatever jq took.
    expect(run.virtualMs).toBeGreaterThanOrEqual(20_350);
    expect(run.virtualMs).toBeLessThan(25_000);
    expect(run.trace).toHaveLength(12);
    expect(run.trace[6]).toEqual({ state: "Tell", iteration: 0, next: "Told" });
    expect(run.requests.map((request: { status: number }) => request.status)).toEqual([
      201, 200, 204,
    ]);
    expect(run.requests[0]).toEqual({
      method: "POST",
      url: "https://cases.example.com/v1/cases?source=zis+local",
      headers: {
        "content-type": "application/json",
        "idempotency-key": "Printer on fire",
        authorization: "Bearer *****",
      },
      body: { subject: "Printer on fire" },
      status: 201,
    });
    expect(stdout).not.toContain("partner-secret-token");
  });

  it("runs the flow of the job spec for an event, with data from a whole object", async () => {
    const { code: status, stdout } = await zis([
      "run",
      BUNDLE,
      "--event-source",
      "support",
      "--event-type",
      "ticket.TicketCreated",
      ...GIVEN.slice(2),
      "--input",
      fixture("handover.whole.json"),
      "--json",
    ]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      flow: "hand_over",
      data: { account_id: 42, subdomain: "globex", told: [] },
    });
  });

  it("answers a request without a mock with 599 and names it in the log", async () => {
    const args = ["run", BUNDLE, "--flow", "zis:handover:flow:hand_over", "--json"];
    const given = GIVEN.filter((_, index) => index !== 2 && index !== 3);
    const { code: status, stdout } = await zis([...args, ...given]);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      status: "FAILED",
      message: "no case: external action failed due to status code: 599",
      error: {
        state: "Refused",
        name: "CaseRefused",
        cause: "no case: external action failed due to status code: 599",
      },
      requests: [{ status: 599 }],
      log: [
        {
          status: "warning",
          message:
            "no mock matches POST https://cases.example.com/v1/cases?source=zis+local: answered with 599",
        },
        { status: "error", state: "Refused" },
      ],
    });
  });

  it.each([
    [
      "a connection is missing",
      ["--flow", "hand_over", "--input", fixture("handover.input.json")],
      'Cannot start flow because the connection named "partner" does not exist',
    ],
    [
      "no job spec is for the event",
      ["--event-source", "support", "--event-type", "ticket.Gone", "--input", EMPTY],
      expect.stringMatching(
        /no job spec is for the event support ticket\.Gone; there are job specs for support ticket\.\w+ \(\w+\)/,
      ) as string,
    ],
    [
      "the job spec's flow does not exist",
      ["--event-source", "support", "--event-type", "ticket.StatusChanged", "--input", EMPTY],
      "Cannot start flow because zis:handover:flow:gone does not exist",
    ],
  ])("does not start when %s", async (_when, args, message) => {
    const { code: status, stdout } = await zis(["run", BUNDLE, ...args, "--json"]);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      status: "NOT_STARTED",
      message,
      transitions: 0,
      trace: [],
      requests: [],
    });
    expect(JSON.parse(stdout).log).toContainEqual({ status: "error", message });
  });

  it("has the connection zendesk to the account itself, as serve makes it, and names the option for others", async () => {
    const own = file("own-zendesk.json", bundleWithConnection("zendesk"));
    const mocks = file("own-zendesk-mocks.json", [{ method: "GET", url: "*", body: {} }]);
    const run = async (bundle: string) => {
      const args = ["run", bundle, "--flow", "f", "--input", EMPTY, "--mocks", mocks, "--json"];
      return JSON.parse((await zis(args)).stdout);
    };
    expect(await run(own)).toMatchObject({ status: "SUCCEEDED" });
    expect((await run(file("crm.json", bundleWithConnection("crm")))).log).toContainEqual({
      status: "info",
      message: "Give the connections with --connections FILE.",
    });
  });

  it.each([
    ["TRANSITIONS_EXCEEDED", { A: { Type: "Pass", Next: "A" } }, []],
    ["TIMED_OUT", { A: { Type: "Wait", Seconds: 101, End: true } }, []],
    ["SUCCEEDED", { A: { Type: "Wait", Seconds: 101, End: true } }, ["limits.seconds=200"]],
    ["FAILED", { A: { Type: "Pass", Next: "Gone" } }, []],
    ["FAILED", { A: { Type: "Fail", Error: "E", Cause: "C" } }, []],
  ])("ends with %s: %j %j", async (ending, states, choices) => {
    const bundle = flowFile("ending.json", states);
    const set = choices.flatMap((choice) => ["--set", choice]);
    const args = ["run", bundle, "--flow", "flow", "--input", EMPTY, ...set];
    const { code: status, stdout } = await zis([...args, "--json"]);
    expect(JSON.parse(stdout).status).toBe(ending);
    expect(status).toBe(ending === "SUCCEEDED" ? 0 : 1);
  });

  it("runs what the registry would refuse, and says so in the log", async () => {
    const unversioned = { ...JSON.parse(readFileSync(BUNDLE, "utf8")) };
    delete unversioned.zis_template_version;
    const bundle = file("unversioned.json", unversioned);
    const { code: status, stdout } = await zis([
      "run",
      bundle,
      "--flow",
      "hand_over",
      ...GIVEN,
      "--json",
    ]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).log[0]).toEqual({
      status: "warning",
      message: 'The registry refuses this bundle: zis_template_version must be "2019-10-14"',
    });
  });

  it("sends requests over the network with --live", async () => {
    const server = createServer((request, response) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ path: request.url }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const bundle = JSON.parse(readFileSync(flowFile("live.json", {}), "utf8"));
    bundle.resources.flow.properties.definition = {
      StartAt: "Call",
      States: {
        Call: {
          Type: "Action",
          ActionName: "zis:live:action:call",
          ResultPath: "$.reply",
          End: true,
        },
      },
    };
    bundle.resources.call = {
      type: "ZIS::Action::Http",
      properties: {
        name: "call",
        definition: { method: "GET", url: `http://127.0.0.1:${port}/hello` },
      },
    };
    const path = file("live.json", bundle);
    const args = ["run", path, "--flow", "flow", "--input", EMPTY, "--live", "--json"];
    const { code, stdout } = await runScript("zis/cli/main.ts", args);
    server.close();
    expect(code).toBe(0);
    expect(JSON.parse(stdout).data.reply).toEqual({ path: "/hello" });
  });

  it("lets time pass with --real-time", async () => {
    const bundle = flowFile("wait.json", { A: { Type: "Wait", Seconds: 0.4, End: true } });
    const began = performance.now();
    const { code: status } = await zis([
      "run",
      bundle,
      "--flow",
      "flow",
      "--input",
      EMPTY,
      "--real-time",
    ]);
    expect(status).toBe(0);
    expect(performance.now() - began).toBeGreaterThan(400);
  });

  it("explains each state in words", async () => {
    const { code: status, stdout } = await zis([...RUN, "--explain"]);
    expect(status).toBe(0);
    expect(stdout).toContain(
      '3. Create case Action\n  parameters: {"subject":"Printer on fire"}\n',
    );
    expect(stdout).toContain('  result: {"id":"case:7"}\n');
    expect(stdout).toContain('    + case: {"id":"case:7"}\n  next: Link\n');
    expect(stdout).toContain("    6. Tell Action item 0\n");
    expect(stdout).toContain("SUCCEEDED hand_over: Case case:7 is made\n");
  });

  it("tells the caught error of a state in --explain --json", async () => {
    const mocks = file("refusing.json", [{ method: "POST", url: "*", status: 422 }]);
    const { code: status, stdout } = await zis([...RUN, "--mocks", mocks, "--explain", "--json"]);
    expect(status).toBe(1);
    const cause = "external action failed due to status code: 422";
    expect(JSON.parse(stdout).steps[2]).toMatchObject({
      state: "Create case",
      type: "Action",
      iterations: [],
      parameters: { subject: "Printer on fire" },
      data: { error: { Error: "States.TaskFailed", Cause: cause } },
      next: "Refused",
      error: { name: "States.TaskFailed", cause },
      warnings: [],
    });
  });
});

describe("zis step", () => {
  const STEP = ["step", BUNDLE, "--flow", "hand_over", ...GIVEN];

  it("goes forwards and back, shows data and paths, and runs to the end", async () => {
    const { code: status, stdout } = await zis(
      STEP,
      "\nb\nd\np $.settings.priority\np $.x\np x\n?\nc\n",
    );
    expect(status).toBe(0);
    const order = [
      "1. Settings Action",
      "2. Wanted? Choice",
      "1. Settings Action",
      '"input": {',
      '> "urgent"',
      "> nothing there",
      'x: a path begins with "$"',
      "q quit",
      "2. Wanted? Choice",
      "12. Done Succeed",
      "SUCCEEDED hand_over",
    ];
    let position = 0;
    for (const text of order) {
      const found = stdout.indexOf(text, position);
      expect(found, text).toBeGreaterThanOrEqual(position);
      position = found + text.length;
    }
  });

  it.each([["q\n"], [""]])("stops on %j", async (input) => {
    const { code: status, stdout } = await zis(STEP, input);
    expect(status).toBe(0);
    expect(stdout).toContain("1. Settings");
    expect(stdout).not.toContain("2. Wanted?");
  });

  it("does not ask with --json", async () => {
    const { stdout } = await zis([...STEP, "--json"]);
    expect(JSON.parse(stdout).steps).toHaveLength(12);
  });
});

describe("zis graph", () => {
  const GRAPH = ["graph", BUNDLE, "--flow", "hand_over"];

  it.each([
    ["mermaid", "flowchart TD\n"],
    ["svg", "<svg "],
  ])("draws %s", async (format, begin) => {
    const { code: status, stdout } = await zis([...GRAPH, "--format", format]);
    expect([status, stdout.slice(0, begin.length)]).toEqual([0, begin]);
  });

  it("highlights the way of a run and writes to a file", async () => {
    const trace = file("trace.json", (await zis([...RUN, "--json"])).stdout);
    const out = join(directory, "picture.mmd");
    const { code: status, stdout } = await zis([...GRAPH, "--trace", trace, "--out", out]);
    expect([status, stdout]).toEqual([0, ""]);
    expect(readFileSync(out, "utf8")).toContain("Action · tell · 2×");
  });
});

describe("zis switches", () => {
  it("lists every switch and limit with default, reason and source", async () => {
    const { code: status, stdout } = await zis(["switches", "--json"]);
    const entries = JSON.parse(stdout);
    expect(status).toBe(0);
    expect(entries).toContainEqual({
      name: "jqOutputs",
      kind: "engine",
      default: "first",
      allowed: ["first", "all", "single"],
      reason: expect.any(String),
      source: expect.any(String),
    });
    for (const [name, kind] of [
      ["duplicateLink", "services"],
      ["limits.seconds", "limit"],
    ]) {
      expect(entries).toContainEqual(expect.objectContaining({ name, kind }));
    }
    expect((await zis(["switches"])).stdout).toContain("jqOutputs  first | all | single\n");
  });
});

describe("bad bundles", () => {
  const states = Object.fromEntries(
    Array.from({ length: 30_000 }, (_, index) => [
      `State number ${index} of many`,
      { Type: "Pass", Result: "x".repeat(80), Next: `State number ${index + 1} of many` },
    ]),
  );
  const deep = `{"name": "deep", "resources": ${"[".repeat(5000)}${"]".repeat(5000)}}`;

  it.each([
    ["not JSON", file("text.json", '{\n  "name": "x",\n  oops\n}'), 1, 2, "text.json:3:3"],
    ["empty", file("nothing.json", ""), 1, 2, "nothing.json:1:1"],
    ["no object", file("list.json", []), 1, 2, "list.json:1:1"],
    ["without resources", file("bare.json", { name: "x" }), 1, 2, "bare.json:1:1"],
    ["5,000 levels deep", file("deep.json", deep), 1, 2, "deep.json:1:"],
    ["of 5 MB", flowFile("large.json", states), 1, 1, "TRANSITIONS_EXCEEDED"],
  ])(
    "%s: check tells, run refuses or fails, none hangs",
    async (_what, path, checked, ran, message) => {
      const check = await zis(["check", path, "--json"]);
      expect(check.code).toBe(checked);
      expect(JSON.parse(check.stdout).findings.length).toBeGreaterThan(0);
      expectNoStack(check);
      const run = await zis(["run", path, "--flow", "flow", "--input", EMPTY]);
      expect(run.code).toBe(ran);
      expect(run.stdout + run.stderr).toContain(message);
      expectNoStack(run);
    },
  );

  it("runs what only our own rules reject, up to the state that is broken", async () => {
    const args = ["run", fixture("broken.json"), "--flow", "lost", "--input", EMPTY, "--json"];
    const { code: status, stdout } = await zis(args);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      status: "FAILED",
      error: { state: "First" },
      trace: [{ state: "First", next: null }],
    });
  });
});
