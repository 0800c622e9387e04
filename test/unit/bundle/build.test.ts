import { describe, expect, it } from "vitest";
import { allowanceStates } from "#bundle/builders/allowance";
import { builtIn, serverCall } from "#bundle/builders/call";
import { flow } from "#bundle/builders/flow";
import { succeed } from "#bundle/builders/states";
import { at, parameters, text } from "#bundle/builders/values";
import { buildBundle, GENERATED_OPTIONS } from "#bundle/index";
import { renderBundle } from "#bundle/render";

const common = { why: "because", subject: "Ticket", into: "$.x", next: "Done" } as const;

describe("parameters", () => {
  it("spells references with the suffix and keeps literals", () => {
    const values = {
      literal: "$.not-a-path",
      path: at("$.a"),
      filled: text("x{{$.a}}"),
      absent: undefined,
    };

    expect(parameters(values)).toEqual({
      literal: "$.not-a-path",
      "path.$": "$.a",
      "filled.$": "x{{$.a}}",
    });
  });
});

describe("the shared allowance", () => {
  it("offers 2, 8 and 20 seconds, spends one retry each time and then fails with the Cause", () => {
    const states = allowanceStates("Call", "Call", "Ticket 1");

    expect(states["Call: again?"]).toMatchObject({
      Choices: [
        { Variable: "$.retry.left", NumericEquals: 3, Next: "Call: wait 2 s" },
        { Variable: "$.retry.left", NumericEquals: 2, Next: "Call: wait 8 s" },
        { Variable: "$.retry.left", NumericEquals: 1, Next: "Call: wait 20 s" },
      ],
      Default: "Call: failed",
    });
    expect(states["Call: wait 8 s"]).toMatchObject({ Seconds: 8, Next: "Call: after 8 s" });
    expect(states["Call: after 8 s"]).toMatchObject({ Result: { left: 1 }, Next: "Call" });
    expect(states["Call: failed"]).toMatchObject({
      Type: "Fail",
      Cause: 'Ticket 1: "Call" failed: {{$.error.Cause}}',
    });
  });
});

describe("calls", () => {
  it("writes the result to its own path and catches into the allowance", () => {
    const states = builtIn("zis:common:action:LoadConfig", {
      ...common,
      parameters: { scope: "s" },
    }).states("Load");

    expect(states["Load"]).toEqual({
      Type: "Action",
      Comment: "because",
      ActionName: "zis:common:action:LoadConfig",
      Parameters: { scope: "s" },
      ResultPath: "$.x",
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "Load: again?", ResultPath: "$.error" }],
      Next: "Done",
    });
  });

  it("hands a write its key beside the body", () => {
    const states = serverCall("int", "capture-conversation", {
      ...common,
      key: text("{{$.seq}}:1"),
      body: { ticket_id: at("$.id") },
    }).states("Capture");

    expect(states["Capture"]).toMatchObject({
      ActionName: "zis:int:action:capture_conversation",
      Parameters: { "idempotency_key.$": "{{$.seq}}:1", body: { "ticket_id.$": "$.id" } },
    });
  });
});

describe("a flow", () => {
  it("refuses two states of one name", () => {
    const done = succeed({ why: "", message: "" });
    const load = builtIn("zis:common:action:LoadConfig", { ...common, parameters: { scope: "s" } });

    expect(() => flow("f", "Load", { Load: load, "Load: failed": done, Done: done })).toThrow(
      'Flow f has two states named "Load: failed".',
    );
  });
});

describe("buildBundle", () => {
  it.each(["Upper", "", "a".repeat(65), "with space"])("refuses the integration %j", (name) => {
    expect(() => buildBundle({ ...GENERATED_OPTIONS, integration: name })).toThrow(
      "is not an integration name",
    );
  });

  it.each(["https://x.example/", "x.example", "https://x.example/path"])(
    "refuses the server URL %j",
    (serverUrl) => {
      expect(() => buildBundle({ ...GENERATED_OPTIONS, serverUrl })).toThrow("is not an origin");
    },
  );

  it("gives every state a comment, every action a ResultPath and a Catch, every choice a Default", () => {
    const { resources } = buildBundle(GENERATED_OPTIONS);
    const states = Object.values(resources)
      .filter((resource) => resource.type === "ZIS::Flow")
      .flatMap((resource) => Object.values(resource.properties.definition.States));

    expect(states.length).toBeGreaterThan(20);
    for (const state of states) {
      expect(state.Comment).toMatch(/\w/);
      if (state.Type === "Action") {
        expect(state).toMatchObject({ ResultPath: expect.any(String), Catch: [{}] });
      }
      if (state.Type === "Choice") expect(state.Default).toEqual(expect.any(String));
    }
  });

  it("names each resource by its key", () => {
    const { resources } = buildBundle(GENERATED_OPTIONS);

    for (const [key, resource] of Object.entries(resources)) {
      expect(resource.properties.name).toBe(key);
    }
  });
});

describe("renderBundle", () => {
  it("refuses what JSON cannot say and names the place", () => {
    const bundle = buildBundle(GENERATED_OPTIONS);

    expect(() => renderBundle({ ...bundle, description: undefined as unknown as string })).toThrow(
      "/description holds undefined",
    );
  });
});
