/** What `zis run` says of what a flow does to its data and requests. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bundleFile, file, runReport, textFile, zis } from "./zis-command.ts";

const SHARED = process.env["CASEQA_SHARED_DATA"];
if (SHARED === undefined) {
  console.warn("SKIPPED: CASEQA_SHARED_DATA is not set, so the reported bundles are not run.");
}

const call = (Parameters: Record<string, unknown> = {}) => ({
  Type: "Action",
  ActionName: "zis:x:action:act",
  Parameters,
  ResultPath: "$.reply",
  End: true,
});
const jq = (expr: string, data: string, next: Record<string, unknown>) => ({
  Type: "Action",
  ActionName: "zis:common:transform:Jq",
  Parameters: { expr, "data.$": data },
  ResultPath: "$.made",
  ...next,
});
const mocks = (body: unknown, more: Record<string, unknown> = {}) => [
  "--mocks",
  file("mocks.json", [{ method: "*", url: "*", body, ...more }]),
];
const CRM = ["--connections", file("connections.json", { crm: { type: "bearer_token" } })];

describe("a request without a credential", () => {
  const states = { A: call({ "id.$": "$.input.id" }) };
  const get = { method: "GET", path: "/api/v2/tickets/{{$.id}}.json" };
  const refused =
    "GET https://acme.zendesk.com/api/v2/tickets/7.json is sent without a credential: Zendesk would answer 401";

  it("to Zendesk is said to be refused there, although a mock answers it", async () => {
    const { status, log } = await runReport(
      bundleFile(states, { act: get }),
      '{"id":7}',
      ...mocks({}),
    );
    expect([status, log]).toEqual([
      "SUCCEEDED",
      [
        { status: "warning", message: refused },
        { status: "info", message: "Execution Successful" },
      ],
    ]);
  });

  it.each([
    [
      "with a header of its own",
      { ...get, headers: [{ key: "authorization", value: "Bearer x" }] },
    ],
    ["with a connection", { ...get, connectionName: "crm" }],
    ["elsewhere", { method: "GET", url: "https://a.example/" }],
  ])("is not reported %s", async (_title, act) => {
    const report = await runReport(bundleFile(states, { act }), '{"id":7}', ...mocks({}), ...CRM);
    expect(report.log).toEqual([{ status: "info", message: "Execution Successful" }]);
  });
});

describe("a number that cannot be kept", () => {
  const done = { A: { Type: "Succeed" } };
  const lines = async (bundle: string, input: string, ...options: string[]) =>
    (await runReport(bundle, input, ...options)).log.filter(({ status }) => status === "warning");

  it("is reported where the input holds it", async () => {
    const log = await lines(bundleFile(done), '{"id":9007199254740993,\n"big":-1e400, "ok":1e21}');
    expect(log.map(({ message }) => message.replace(/^.*(?=input\.json)/, ""))).toEqual([
      "input.json:1:7: The number 9007199254740993 cannot be kept exactly: it is 9007199254740992 from here on.",
      "input.json:2:7: The number -1e400 cannot be kept exactly: it is -Infinity from here on.",
    ]);
  });

  it("is reported where a reply holds it", async () => {
    const body = '{"id":12345678901234567891,"text":"12345678901234567891"}';
    const bundle = bundleFile({ A: call() }, { act: { method: "GET", url: "https://a.example/" } });
    expect(await lines(bundle, "{}", ...mocks(body))).toEqual([
      {
        status: "warning",
        state: "A",
        message:
          "the number 12345678901234567891 cannot be kept exactly: it is 12345678901234567000 from here on",
      },
    ]);
  });

  it("is reported where jq reads it from a text or makes it", async () => {
    const text = bundleFile({ A: jq(".", "$.input", { End: true }) });
    expect(await lines(text, '"{\\"id\\":9007199254740993}"')).toMatchObject([
      { state: "A", message: expect.stringContaining("9007199254740993") },
    ]);
    const infinite = bundleFile({ A: jq("infinite", "$.input", { End: true }) });
    expect(await lines(infinite, "{}")).toMatchObject([
      { state: "A", message: expect.stringContaining("infinite") },
    ]);
  });

  it("is reported where the bundle, the mocks and the configs hold it", async () => {
    const bundle = bundleFile({ A: { Type: "Pass", Result: { id: 1 }, End: true } });
    const text = readFileSync(bundle, "utf8").replace('"id":1', '"id":9007199254740993');
    const log = await lines(
      textFile("big.json", text),
      "{}",
      "--mocks",
      textFile("m.json", '[{"method":"*","url":"*","body":{"id":9007199254740995}}]'),
      "--configs",
      textFile("c.json", '{"s":{"id":9007199254740997}}'),
    );
    expect(log.map(({ message }) => /\w+\.json/.exec(message)?.[0])).toEqual([
      "big.json",
      "m.json",
      "c.json",
    ]);
  });

  it("is reported by check", async () => {
    const bundle = bundleFile({
      A: {
        Type: "Choice",
        Choices: [{ Variable: "$.input.id", NumericEquals: 1, Next: "B" }],
        Default: "B",
      },
      B: { Type: "Succeed" },
    });
    const text = readFileSync(bundle, "utf8").replace(
      'NumericEquals":1',
      'NumericEquals":9007199254740993',
    );
    const { code, out } = await zis("check", textFile("big.json", text), "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out).findings).toMatchObject([
      {
        rule: "inexact-number",
        severity: "warning",
        path: expect.stringContaining("/NumericEquals"),
      },
    ]);
  });
});

describe("half a surrogate pair", () => {
  it("becomes U+FFFD in the input, in constants, in replies and in what jq gives", async () => {
    const bundle = bundleFile(
      {
        A: { Type: "Pass", Result: { t: "\ud83d" }, ResultPath: "$.k", Next: "B" },
        B: jq(".", "$.k", { Next: "C" }),
        C: { ...call({ "e.$": "$.input.e" }), End: undefined, Next: "D" },
        D: { Type: "Succeed", Message: "{{$.k.t}} {{$.input.e}} {{$.reply.r}}" },
      },
      {
        act: {
          method: "POST",
          url: "https://a.example/",
          requestBody: { "e.$": "$.e", c: "\udc00" },
        },
      },
    );
    const report = await runReport(
      bundle,
      '{"e":"\\ud83d","o":"\\ud83d\\ude00","\\udead":1}',
      ...mocks('{"r":"\\ud83d"}'),
    );
    expect(report).toMatchObject({
      status: "SUCCEEDED",
      message: "\ufffd \ufffd \ufffd",
      data: { input: { e: "\ufffd", o: "\u{1f600}", "\ufffd": 1 }, made: { t: "\ufffd" } },
      requests: [{ body: { e: "\ufffd", c: "\ufffd" } }],
    });
  });
});

const STEERING =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

describe("control characters in data", () => {
  const ESCAPE = "\u001b[31m";
  const bundle = bundleFile({
    [`A${ESCAPE}`]: { Type: "Succeed", Message: `${ESCAPE}\u001b]0;x\u0007 {{$.input.m}}` },
    // Unreachable, so that check names it.
    [`A${ESCAPE}\u009b`]: { Type: "Succeed" },
  });
  const input = file("hostile.json", { m: "red\u009b2J\u202e\r", [`k${ESCAPE}`]: "\u2066" });

  it.each([[["run"]], [["run", "--explain"]], [["step"]], [["check"]]])(
    "do not reach the terminal by %j",
    async ([command = "", ...options]) => {
      const given = command === "check" ? [] : ["--flow", "f", "--input", input];
      const { out, err } = await zis(command, bundle, ...given, ...options);
      expect(out + err).not.toMatch(STEERING);
      expect(out).toContain("A\\u001b[31m");
    },
  );

  it("do not reach it in what is said of wrong usage", async () => {
    const { err } = await zis("run", bundle, "--flow", `g${ESCAPE}`, "--input", input);
    expect(err).toContain('no flow named "g\\u001b[31m"; it has f');
  });
});

describe("a request that is not answered in the time of the flow", () => {
  it("has no status", async () => {
    const act = { method: "DELETE", path: "/api/v2/x", connectionName: "crm" };
    const bundle = bundleFile({ A: call() }, { act });
    const slow = mocks({}, { delayMs: 150_000 });
    expect(await runReport(bundle, "{}", ...slow, ...CRM)).toMatchObject({
      status: "TIMED_OUT",
      requests: [{ method: "DELETE", status: null }],
    });
  });
});

describe("headers and query in the wrong form", () => {
  const target = { method: "GET", url: "https://a.example/" };
  it.each([
    [
      { headers: { "Content-Type": "application/json" } },
      "headers of the action act is an object; it must be an array, so none is sent",
    ],
    [{ query: "a=b" }, "query of the action act is a string; it must be an array, so none is sent"],
    [
      { headers: [{ key: "A", value: "1" }, null] },
      "headers of the action act: entry 1 is not an object with a key, so it is not sent",
    ],
    [
      { queryParams: [{ key: null }] },
      "queryParams of the action act: entry 0 is not an object with a key, so it is not sent",
    ],
  ])("are named: %j", async (members, message) => {
    const bundle = bundleFile({ A: call() }, { act: { ...target, ...members } });
    const { status, log } = await runReport(bundle, "{}", ...mocks({}));
    expect([status, log[0]]).toEqual(["SUCCEEDED", { status: "warning", state: "A", message }]);
  });
});

describe("a comparison of the wrong type", () => {
  const choice = (condition: Record<string, unknown>) =>
    bundleFile({
      A: {
        Type: "Choice",
        Choices: [{ Variable: "$.input.v", ...condition, Next: "T" }],
        Default: "N",
      },
      T: { Type: "Succeed", Message: "true" },
      N: { Type: "Succeed", Message: "false" },
    });

  it.each([
    [
      5,
      { StringEquals: "5" },
      "$.input.v is a number; StringEquals compares strings and does not match",
    ],
    [
      "5",
      { NumericEquals: 5 },
      "$.input.v is a string; NumericEquals compares numbers and does not match",
    ],
    [
      "true",
      { BooleanEquals: true },
      "$.input.v is a string; BooleanEquals compares Booleans and does not match",
    ],
    [
      null,
      { NumericGreaterThan: 3 },
      "$.input.v is null; NumericGreaterThan compares numbers and does not match",
    ],
    [
      "2026-01-01 00:00:00",
      { TimestampLessThan: "2026-01-02T00:00:00Z" },
      "$.input.v is a string that is not a timestamp; TimestampLessThan compares timestamps and does not match",
    ],
    [
      "x",
      { StringEqualsPath: "$.account_id" },
      "$.account_id is a number; StringEqualsPath compares strings and does not match",
    ],
    [
      "x",
      { StringEquals: 5 },
      "its operand is a number; StringEquals compares strings and does not match",
    ],
  ])("of %j by %j is false and reported", async (v, condition, message) => {
    const { message: end, log } = await runReport(choice(condition), JSON.stringify({ v }));
    expect([end, log[0]]).toEqual(["false", { status: "warning", state: "A", message }]);
  });

  it("is not reported of IsNull, IsPresent and of values that fit", async () => {
    for (const [v, condition] of [
      [null, { IsNull: false }],
      [5, { IsPresent: false }],
      ["2026-01-01T00:00:00Z", { TimestampLessThan: "2020-01-02T00:00:00Z" }],
      ["a", { StringEquals: "b" }],
    ] as const) {
      const { log } = await runReport(choice(condition), JSON.stringify({ v }));
      expect(log).toEqual([{ status: "info", message: "false" }]);
    }
  });
});

describe('"$" in the definition of an action', () => {
  const act = { method: "POST", url: "https://{{$.subdomain}}.example/", "requestBody.$": "$" };
  const bundle = bundleFile({ A: call({ "ticket.$": "$.input" }) }, { act });

  it("is the Parameters and nothing else", async () => {
    const { requests } = await runReport(bundle, '{"id":1}', ...mocks({}));
    expect(requests).toMatchObject([{ url: "https://acme.example/" }]);
    expect(requests[0]?.body).toEqual({ ticket: { id: 1 } });
  });

  it("has the members that ZIS adds when the switch says so", async () => {
    const set = ["--set", "actionRoot=all"];
    const { requests } = await runReport(bundle, '{"id":1}', ...mocks({}), ...set);
    expect(requests[0]?.body).toEqual({
      ticket: { id: 1 },
      subdomain: "acme",
      zendeskHost: "zendesk.com",
    });
  });
});

describe.skipIf(SHARED === undefined)("the reported bundles", () => {
  const reported = (name: string) => join(SHARED ?? "", "field-reports/zis", `${name}.json`);
  const run = async (
    name: string,
    flow: string,
    input: string | undefined,
    ...options: string[]
  ) => {
    const given = ["--flow", flow, "--input", input ?? file("none.json", { id: 1 })];
    return zis("run", reported(name), ...given, ...mocks({}), ...CRM, ...options);
  };

  it.each([
    ["r3", "f", undefined, "Zendesk would answer 401"],
    ["types", "f", "types-in", "StringEquals compares strings and does not match"],
    ["bignum", "f", "bignum-in", "The number 9007199254740993 cannot be kept exactly"],
    ["r12", "f", undefined, "headers of the action a is an object; it must be an array"],
    ["odd6", "j", undefined, "the state is not an object"],
    ["uni", "f", "uni-in", "SUCCEEDED f: \ufffd \ufffd"],
    ["ansi", "f", "ansi-in", "\\u001b[31mred\\u009b2J\\u202e"],
    ["wholeparams", "f", undefined, '{"ticket":{"id":1}}'],
  ])("%s gives what it ought to", async (name, flow, input, words) => {
    const zendesk = file("zendesk.json", { zendesk: { type: "oauth" }, crm: { type: "oauth" } });
    const given = input === undefined ? undefined : reported(input);
    const { out } = await run(name, flow, given, "--connections", zendesk);
    expect(out).toContain(words);
  });
});
