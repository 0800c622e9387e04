import { describe, expect, it } from "vitest";
import { connectionsUsed } from "#zis/engine/connections";
import { bundleOf } from "#test/support/run-states";

const call = (name: string, members: object = {}) => ({
  Type: "Action",
  ActionName: `zis:int:action:${name}`,
  ...members,
  End: true,
});

describe("connectionsUsed", () => {
  const actions = {
    plain: { method: "GET", url: "https://example.com" },
    named: { method: "GET", url: "https://example.com", connectionName: "named-one" },
    inner: { method: "GET", url: "https://example.com", connectionName: "inner_one" },
    unused: { method: "GET", url: "https://example.com", connectionName: "unused" },
  } as const;
  const bundle = bundleOf(
    {
      A: call("plain", { Parameters: { "token.$": "$.connections.zendesk.access_token" } }),
      B: call("named", {
        Parameters: { nested: [{ "h.$": "Bearer {{$.connections['sf'].access_token}}" }] },
      }),
      C: {
        Type: "Map",
        ItemsPath: "$.items",
        Iterator: { StartAt: "D", States: { D: call("inner") } },
        End: true,
      },
      E: {
        Type: "Choice",
        Choices: [{ Variable: "$.connections.choice.x", IsPresent: true, Next: "A" }],
      },
      F: { Type: "Pass", Result: "connections.no and $.connection.no", End: true },
    },
    actions,
  );

  it("names those of the flow's actions and paths, in Iterators too, once each", () => {
    expect(connectionsUsed(bundle, "flow")).toEqual([
      "choice",
      "inner_one",
      "named-one",
      "sf",
      "zendesk",
    ]);
  });

  it("names none for a flow that is not there", () => {
    expect(connectionsUsed(bundle, "other")).toEqual([]);
  });
});
