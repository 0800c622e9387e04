import { describe, expect, it } from "vitest";
import { collapse } from "#zis/graph/collapse";
import { flowGraph } from "#zis/graph/graph";
import { toSvg } from "#zis/graph/svg";
import { takenOf } from "#zis/graph/taken";
import { DARK, LIGHT, type Palette } from "#zis/graph/theme";
import type { FlowDefinition } from "#zis/model/flow";

const graphOf = (States: object, StartAt = "A") => flowGraph({ StartAt, States } as FlowDefinition);

/** Throws on tags that do not match, stray "<" or "&" and attributes without quotes. */
function checkXml(xml: string): void {
  const open: string[] = [];
  const rest = xml.replaceAll(
    /<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<]*")*)(\/?)>/g,
    (_all, close, name: string, _attributes, empty) => {
      if (close) expect(open.pop()).toBe(name);
      else if (!empty) open.push(name);
      return "";
    },
  );
  expect(open).toEqual([]);
  expect(rest.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, "")).not.toMatch(/[<&]/);
}

describe("the picture of a flow", () => {
  const hostile = `"><script>alert('x')</script>\n& 😀 \u0000`;
  const long = "Wait for everyone ".repeat(12).trim();
  const svg = toSvg(
    graphOf({
      A: {
        Type: "Choice",
        Comment: hostile,
        Choices: [{ Variable: "$.a", StringEquals: hostile, Next: hostile }],
        Default: long,
      },
      [hostile]: { Type: "Action", ActionName: hostile, Next: "gone", Catch: [{ Next: hostile }] },
      [long]: { Type: "Wait", Seconds: 2, End: true },
      M: {
        Type: "Map",
        ItemsPath: "$.x",
        Iterator: { StartAt: "B", States: { B: { Type: "Pass", End: true } } },
        End: true,
      },
    }),
    { title: `A "flow" & more` },
  );

  it("is well-formed whatever the names are", () => {
    checkXml(svg);
    expect(svg).not.toContain("<script");
  });

  it("has an accessible name and says every transition in words", () => {
    expect(svg).toContain(`role="img" aria-label="A &quot;flow&quot; &amp; more"`);
    expect(svg).toContain("<title>A &quot;flow&quot; &amp; more</title>");
    expect(svg).toMatch(
      /<desc>Begins: then “A”\. “A” \(Choice\): a = [^]*, otherwise: “Wait for everyone/,
    );
    expect(svg).toContain("“M” (Map · for each of x · ends here). In it: Begins: then “B”.");
  });

  it("shortens a long name and keeps the whole of it in the title", () => {
    expect(svg).toContain(`<title>${long} (Wait · 2 s · ends here)</title>`);
    expect(
      svg.match(/<text class="name"[^>]*>Wait for [^<]*<\/text>/g)?.length,
    ).toBeLessThanOrEqual(3);
    expect(svg).toMatch(/<text class="name"[^>]*>[^<]*…<\/text>/);
  });

  it("shows a missing state, and the loop of a state to itself", () => {
    expect(svg).toContain(`<g class="node missing"><title>gone (Missing · no such state)</title>`);
    expect(svg).toContain(`class="line catch" d="M`);
  });

  it("follows the reader's colour scheme and needs nothing from outside", () => {
    expect(svg).toContain("@media (prefers-color-scheme: dark)");
    expect(svg).not.toMatch(/href|url\(|@import/);
  });
});

it("draws two rules that lead to one state as one arrow", () => {
  const svg = toSvg(
    graphOf({
      A: {
        Type: "Choice",
        Choices: ["x", "y"].map((value) => ({ Variable: "$.o", StringEquals: value, Next: "B" })),
      },
      B: { Type: "Succeed" },
    }),
  );
  expect(svg.match(/class="line choice"/g)).toHaveLength(1);
  expect(svg).toContain("o = &quot;x&quot; or o = &quot;y&quot;</text>");
});

it("hangs a retry note on its call", () => {
  const svg = toSvg(
    collapse(
      graphOf({
        A: { Type: "Action", ActionName: "x", End: true, Catch: [{ Next: "A: wait" }] },
        "A: wait": { Type: "Wait", Seconds: 2, Next: "A" },
      }),
    ),
  );
  expect(svg).toMatch(
    /<path class="line catch" d="M[\d.]+ ([\d.]+)H[\d.]+"\/><g class="node retries">/,
  );
});

it("highlights the way that a run took, with its numbers", () => {
  const graph = graphOf({
    A: { Type: "Choice", Choices: [{ Variable: "$.a", IsNull: true, Next: "W" }], Default: "B" },
    W: { Type: "Wait", Seconds: 1, Next: "A" },
    B: { Type: "Succeed" },
    C: { Type: "Fail", Error: "E", Cause: "c" },
  });
  const way = ["A", "W", "A", "W", "A", "B"];
  const taken = takenOf(
    graph,
    way.map((state, at) => ({ state, next: way[at + 1] ?? null })),
  );
  const svg = toSvg(graph, { taken });
  expect(svg).toContain(`<g class="node choice taken"><title>A (Choice)\nVisited: 3</title>`);
  expect(svg).toContain(`<g class="node fail"><title>`);
  expect(svg.match(/class="line [a-z]+ taken"/g)).toHaveLength(3);
  expect(
    svg
      .match(/class="count"[^>]*>\d×/g)
      ?.map((text) => text.split(">")[1])
      .sort(),
  ).toEqual(["1×", "2×", "2×", "3×"]);
});

it("is the same text every time, also without any state", () => {
  expect(toSvg(graphOf({}))).toBe(toSvg(graphOf({})));
  checkXml(toSvg({ nodes: [], edges: [] }));
});

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe.each<[string, Palette]>([
  ["light", LIGHT],
  ["dark", DARK],
])("the %s colours", (_name, palette) => {
  const { background, ink, line, error, taken, onTaken, types } = palette;

  it("give text a contrast of 4.5 to 1", () => {
    expect(contrast(onTaken, taken)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(ink, background)).toBeGreaterThanOrEqual(4.5);
    for (const { fill, caption } of Object.values(types).filter(({ fill }) => fill !== ink)) {
      expect(contrast(ink, fill)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(caption, fill)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("give lines and borders a contrast of 3 to 1 to the page and to a Map", () => {
    for (const behind of [background, types.Map.fill]) {
      const strokes = Object.values(types).map(({ stroke }) => stroke);
      for (const colour of [line, error, taken, ...strokes]) {
        expect(contrast(colour, behind)).toBeGreaterThanOrEqual(3);
      }
    }
  });
});
