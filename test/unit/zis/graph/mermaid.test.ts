import { expect, it } from "vitest";
import { flowGraph } from "#zis/graph/graph";
import { toMermaid } from "#zis/graph/mermaid";
import { takenOf } from "#zis/graph/taken";
import type { FlowDefinition } from "#zis/model/flow";

const graph = flowGraph({
  StartAt: "Open?",
  States: {
    "Open?": {
      Type: "Choice",
      Choices: [{ Variable: "$.status", StringEquals: "open", Next: "Each" }],
      Default: "Done",
    },
    Each: {
      Type: "Map",
      ItemsPath: "$.items",
      Iterator: {
        StartAt: "Send",
        States: { Send: { Type: "Action", ActionName: "zis:x:action:send", End: true } },
      },
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "Broken" }],
      Next: "Pause",
    },
    Pause: { Type: "Wait", Seconds: 5, Next: "gone" },
    Done: { Type: "Succeed" },
    Broken: { Type: "Fail", Error: "E", Cause: "c" },
  },
} as unknown as FlowDefinition);

const body = (text: string): string[] =>
  text.split("\n").filter((line) => !line.startsWith("  classDef"));

it("writes a flow as a flowchart", () => {
  expect(body(toMermaid(graph))).toEqual([
    "flowchart TD",
    '  n0(("start"))',
    '  n1{{"Open?<br/><small>Choice</small>"}}',
    '  subgraph n2["Each<br/><small>Map · for each of items</small>"]',
    '    n3(("start"))',
    '    n4["Send<br/><small>Action · send · ends here</small>"]',
    "  end",
    '  n5[/"Pause<br/><small>Wait · 5 s</small>"/]',
    '  n6(["Done<br/><small>Succeed</small>"])',
    '  n7[["Broken<br/><small>Fail · E</small>"]]',
    '  n8["gone<br/><small>Missing · no such state</small>"]',
    "  n0 --> n1",
    '  n1 -->|"status = #34;open#34;"| n2',
    '  n1 -->|"otherwise"| n6',
    "  n2 --> n5",
    '  n2 -.->|"on error"| n7',
    "  n5 --> n8",
    "  n3 --> n4",
    "  class n0,n3 start",
    "  class n1 choice",
    "  class n2 map",
    "  class n4 action",
    "  class n5 wait",
    "  class n6 succeed",
    "  class n7 fail",
    "  class n8 missing",
    "",
  ]);
});

it("defines a class for every class that it uses", () => {
  const text = toMermaid(graph);
  const defined = new Set([...text.matchAll(/classDef (\w+) /g)].map((match) => match[1]));
  for (const [, used] of text.matchAll(/^ {2}class \S+ (\w+)$/gm)) expect(defined).toContain(used);
});

it("marks the way of a run with its numbers", () => {
  const steps = [
    { state: "Open?", next: "Each" },
    { state: "Send", next: null, iterations: [0] },
    { state: "Send", next: null, iterations: [1] },
    { state: "Each", next: "Broken", error: {} },
    { state: "Broken", next: null },
  ];
  const text = toMermaid(graph, { taken: takenOf(graph, steps) });
  expect(text).toContain("  class n1,n2,n4,n7 taken\n");
  expect(text).toContain("<small>Action · send · ends here · 2×</small>");
  expect(text).toMatch(/\n {2}linkStyle 1,4 stroke:/);
});

it.each<[string, string]>([
  [`say "hi"`, "say #34;hi#34;"],
  ["<b>&amp;</b>", "#60;b#62;#38;amp;#60;/b#62;"],
  ["#quot; `code`", "#35;quot; #96;code#96;"],
  ["two\nlines", "two lines"],
  ["emoji 😀", "emoji 😀"],
  ["x".repeat(500), `${"x".repeat(79)}…`],
])("writes the name %j so that Mermaid reads it as text", (name, written) => {
  const flow = flowGraph({ StartAt: name, States: { [name]: { Type: "Pass", End: true } } });
  expect(toMermaid(flow)).toContain(`  n1["${written}<br/>`);
});
