import { describe, expect, it } from "vitest";
import type { HttpActionDefinition } from "#zis/model/action";
import type { Json, JsonObject } from "#zis/model/json";
import type { HttpEffect, Outcome } from "#zis/engine/effects";
import type { Switches } from "#zis/engine/switches";
import { gives, runStates } from "#test/support/run-states";

const DATA = {
  subdomain: "acme",
  id: 360_000_000_001,
  name: 'Ann "A" O\'Neil\nline',
  ok: true,
  nothing: null,
  object: { a: [1, "x"] },
  list: [{ id: 1 }],
};

/** What a built-in action is given for Parameters. */
async function parametersOf(Parameters: JsonObject, switches: Partial<Switches> = {}) {
  const run = await runStates(
    { A: { Type: "Action", ActionName: "zis:common:action:PatchConfig", Parameters, End: true } },
    DATA,
    { switches },
  );
  const [effect] = run.effects;
  return effect?.kind === "builtin"
    ? { parameters: effect.parameters, warnings: run.warnings }
    : { error: run.message };
}

/** The call that a custom action makes. */
async function callOf(definition: HttpActionDefinition, Parameters: JsonObject = {}) {
  const run = await runStates(
    { A: { Type: "Action", ActionName: "zis:int:action:call", Parameters, End: true } },
    DATA,
    { actions: { call: definition } },
  );
  const effect = run.effects[0] as HttpEffect | undefined;
  return { effect, error: run.error };
}

describe("Parameters", () => {
  it.each<[string, JsonObject, JsonObject]>([
    ["a path keeps its type", { "v.$": "$.object" }, { v: DATA.object }],
    ["null resolves", { "v.$": "$.nothing" }, { v: null }],
    ["the whole data", { "v.$": "$" }, { v: DATA }],
    ["an index", { "v.$": "$.list[0].id" }, { v: 1 }],
    ["a placeholder makes a string", { "v.$": "{{$.id}}" }, { v: "360000000001" }],
    ["text around placeholders", { "v.$": "{{$.id}}-{{$.ok}}!" }, { v: "360000000001-true!" }],
    ["an object in text is JSON", { "v.$": "{{$.object}}" }, { v: '{"a":[1,"x"]}' }],
    ["text without a path", { "v.$": ".items | length" }, { v: ".items | length" }],
    ["text that begins like a path", { "v.$": "$.id is {{$.id}}" }, { v: "$.id is 360000000001" }],
    ["a plain key is literal", { v: "$.id and {{$.id}}" }, { v: "$.id and {{$.id}}" }],
    [
      "nested objects and arrays",
      { config: { "a.$": "$.id", b: [{ "c.$": "$.ok", d: "{{$.id}}" }, 5] } },
      { config: { a: DATA.id, b: [{ c: true, d: "{{$.id}}" }, 5] } },
    ],
    ["a .$ key that is not text", { "v.$": 5, "w.$": { "x.$": "$.ok" } }, { v: 5, w: { x: true } }],
    ["a key that is only the suffix", { ".$": "$.id" }, { ".$": "$.id" }],
  ])("%s", async (_name, parameters, expected) => {
    expect(await parametersOf(parameters)).toMatchObject({ parameters: expected });
  });

  it.each(["$.no", "{{$.no}}", "$.object.a[7]", "$.a[*]"])(
    "fail on %s with the documented text",
    async (text) => {
      const path = text.replace(/[{}]/g, "");
      expect(await parametersOf({ "v.$": text })).toEqual({
        error: `JSON path not found: ${path}`,
      });
    },
  );

  it.each<[Switches["placeholderNull"], unknown]>([
    [
      "empty",
      {
        parameters: { v: "<>" },
        warnings: [{ state: "A", message: "$.nothing is null: nothing was inserted for it" }],
      },
    ],
    ["null", { parameters: { v: "<null>" }, warnings: [] }],
    ["error", { error: "$.nothing is null and cannot be inserted into a text" }],
  ])("with a null in a text, by placeholderNull=%s", async (placeholderNull, expected) => {
    expect(await parametersOf({ "v.$": "<{{$.nothing}}>" }, { placeholderNull })).toEqual(expected);
  });

  it("read all of JSONPath by switch", async () => {
    const switches = { pathSyntax: "rfc9535" } as const;
    expect(
      await parametersOf(
        { "all.$": "$.list[*].id", "last.$": "$.list[-1].id", "none.$": "$.list[?@.id > 5]" },
        switches,
      ),
    ).toMatchObject({ parameters: { all: [1], last: 1, none: [] } });
    expect(await parametersOf({ "v.$": "$.list[-5]" }, switches)).toEqual({
      error: "JSON path not found: $.list[-5]",
    });
  });

  it.each([
    [1e21, "1000000000000000000000"],
    [1e-7, "0.0000001"],
    [-0.5, "-0.5"],
    [1.1, "1.1"],
  ])("write the number %d in plain decimals", async (v, text) => {
    const run = await runStates({ A: { Type: "Succeed", Message: "{{$.v}}" } }, { v });
    expect(run.message).toBe(text);
  });
});

describe("a custom action", () => {
  it("takes placeholders in plain keys", async () => {
    const { effect } = await callOf(
      {
        method: "PUT",
        path: "/api/v2/tickets/{{$.ticketId}}.json",
        headers: [
          { key: "Authorization", value: "Bearer {{$.token}}" },
          { key: "X-Plain", value: "as is" },
        ],
        requestBody: {
          channel: "{{$.channel}}",
          literal: "$.channel",
          n: 1,
          list: ["{{$.ticketId}}"],
        },
      },
      { "ticketId.$": "$.id", token: "t", "channel.$": "$.name" },
    );
    expect(effect).toEqual({
      kind: "http",
      actionName: "zis:int:action:call",
      method: "PUT",
      path: "/api/v2/tickets/360000000001.json",
      query: [],
      headers: [
        ["Authorization", "Bearer t"],
        ["X-Plain", "as is"],
      ],
      body: { channel: DATA.name, literal: "$.channel", n: 1, list: ["360000000001"] },
    });
  });

  it("takes paths in keys that end in .$", async () => {
    const { effect } = await callOf(
      {
        method: "POST",
        "url.$": "$.url",
        headers: [{ key: "X-Id", "value.$": "$.id" }],
        query: [
          { key: "q", "value.$": "$.id" },
          { key: "r", value: "{{$.url}}" },
        ],
        requestBody: { "id.$": "$.id", plain: "{{$.id}}" },
        connectionName: "conn",
      },
      { url: "https://example.com/a", "id.$": "$.id" },
    );
    expect(effect).toMatchObject({
      url: "https://example.com/a",
      headers: [["X-Id", "360000000001"]],
      query: [
        ["q", "360000000001"],
        ["r", "https://example.com/a"],
      ],
      body: { id: DATA.id, plain: "360000000001" },
      connectionName: "conn",
    });
  });

  it.each<[Partial<HttpActionDefinition>, Json | undefined]>([
    [{ "requestBody.$": "$.payload" }, DATA.object],
    [{ requestBody: "{{$.payload}}" }, '{"a":[1,"x"]}'],
    [{ requestBody: null }, null],
    [{}, undefined],
  ])("with %j sends the body %j", async (body, expected) => {
    const definition = { method: "POST", url: "https://example.com", ...body } as const;
    const { effect } = await callOf(definition, { "payload.$": "$.object" });
    expect(effect?.body).toEqual(expected);
  });

  it("knows the account's host though the state does not pass it, in a Map too", async () => {
    const definition = {
      method: "GET",
      url: "https://{{$.subdomain}}.{{$.zendeskHost}}/x",
    } as const;
    expect((await callOf(definition)).effect?.url).toBe("https://acme.zendesk.com/x");
    expect((await callOf(definition, { subdomain: "other" })).effect?.url).toBe(
      "https://other.zendesk.com/x",
    );
    const call = { Type: "Action", ActionName: "zis:int:action:call", End: true };
    const run = await runStates(
      {
        M: {
          Type: "Map",
          ItemsPath: "$.list",
          Iterator: { StartAt: "A", States: { A: call } },
          End: true,
        },
      },
      DATA,
      { actions: { call: definition } },
    );
    expect(run.effects).toMatchObject([{ url: "https://acme.zendesk.com/x" }]);
  });

  it("treats a null where text must stand like one in a placeholder", async () => {
    const { effect } = await callOf(
      { method: "GET", path: "/x", headers: [{ key: "X", "value.$": "$.v" }] },
      { "v.$": "$.nothing" },
    );
    expect(effect?.headers).toEqual([["X", ""]]);
  });

  it("does not see the flow's data", async () => {
    const { error } = await callOf({ method: "GET", path: "/{{$.id}}" });
    expect(error?.cause).toBe("JSON path not found: $.id");
  });

  it("must be in the bundle and have an address", async () => {
    const action = { Type: "Action", ActionName: "zis:int:action:other", End: true };
    expect((await runStates({ A: action })).message).toBe(
      "there is no action zis:int:action:other",
    );
    const common = { ...action, ActionName: "zis:common:action:Fetch" };
    const actions = { Fetch: { method: "GET", url: "https://example.com" } as const };
    expect((await runStates({ A: common }, {}, { actions })).message).toBe(
      "there is no action zis:common:action:Fetch",
    );
    expect((await callOf({ method: "GET" })).error?.cause).toBe(
      "the action zis:int:action:call has neither url nor path",
    );
  });
});

const jq = (Parameters: Json) => ({
  A: {
    Type: "Action",
    ActionName: "zis:common:transform:Jq",
    Parameters,
    ResultPath: "$.r",
    End: true,
  },
});

describe("Jq", () => {
  it.each<[JsonObject, object]>([
    [
      { expr: ".a", "data.$": "$.object" },
      { expr: ".a", data: DATA.object },
    ],
    [
      { expr: ".a", data: '{"a":[1]}' },
      { expr: ".a", data: { a: [1] } },
    ],
    [
      { expr: ".", "data.$": "{{$.object}}" },
      { expr: ".", data: DATA.object },
    ],
    [
      { expr: ".", "data.$": "$.nothing" },
      { expr: ".", data: null },
    ],
    [
      { "expr.$": 'index("{{$.id}}")', data: "[]" },
      { expr: 'index("360000000001")', data: [] },
    ],
    [
      { expr: "{{$.id}}", data: "{}" },
      { expr: "{{$.id}}", data: {} },
    ],
  ])("with %j runs %j", async (parameters, effect) => {
    const run = await runStates(jq(parameters), DATA);
    expect(run.effects).toEqual([{ kind: "jq", ...effect }]);
  });

  it("needs its parameters", async () => {
    expect((await runStates(jq({ data: "{}" }))).message).toBe(
      "Jq needs the parameter expr, a string",
    );
    expect((await runStates(jq({ expr: "." }))).message).toBe("Jq needs the parameter data");
    expect((await runStates(jq([]))).message).toContain("Jq needs the parameter expr");
  });

  it("refuses text that is not JSON, or takes it as a string by switch", async () => {
    const states = jq({ expr: ".", data: "plain" });
    expect((await runStates(states)).message).toBe(
      "the data given to Jq are text that is not JSON",
    );
    const run = await runStates(states, {}, { switches: { jqPlainText: "string" } });
    expect(run.effects).toEqual([{ kind: "jq", expr: ".", data: "plain" }]);
  });

  it.each<[Switches["jqOutputs"], Json[], Json]>([
    ["first", [1, 2], 1],
    ["first", [], null],
    ["all", [1, 2], [1, 2]],
    ["all", [1], 1],
    ["all", [], null],
    ["single", [1], 1],
  ])("by jqOutputs=%s makes of the outputs %j the result %j", async (jqOutputs, outputs, r) => {
    const answer = (): Outcome => ({ ok: true, result: outputs[0] ?? null, outputs, elapsedMs: 0 });
    const run = await runStates(
      jq({ expr: ".", data: "1" }),
      {},
      { answer, switches: { jqOutputs } },
    );
    expect(run.data).toEqual({ r });
  });

  it("by jqOutputs=single refuses two outputs", async () => {
    const two: Outcome = { ok: true, result: 1, outputs: [1, 2], elapsedMs: 0 };
    const switches = { jqOutputs: "single" } as const;
    const run = await runStates(jq({ expr: ".", data: "1" }), {}, { answer: () => two, switches });
    expect(run.message).toBe("the jq program gave 2 outputs instead of one");
  });

  it("takes a performer's result that has no outputs", async () => {
    const run = await runStates(jq({ expr: ".", data: "1" }), {}, { answer: () => gives([7]) });
    expect(run.data).toEqual({ r: [7] });
  });
});
