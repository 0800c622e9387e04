import { array, assert, constant, boolean, integer, property, record, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { backArcs } from "#zis/graph/layout/cycles";
import { layersOf } from "#zis/graph/layout/layers";
import { layOut, type Layout } from "#zis/graph/layout/layout";
import type { Box, Link } from "#zis/graph/layout/proper";

const side = integer({ min: 10, max: 120 });
const box = record({ left: side, right: side, height: side, reach: constant(8) });
const label = record({ width: side, height: integer({ min: 10, max: 40 }) });

const drawing = array(box, { minLength: 1, maxLength: 24 }).chain((boxes) => {
  const end = integer({ min: 0, max: boxes.length - 1 });
  const aside = boolean();
  const link = record(
    { from: end, to: end, aside, label },
    { requiredKeys: ["from", "to", "aside"] },
  );
  return tuple(constant(boxes), array(link, { maxLength: 50 }));
});

interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const areasOf = (boxes: readonly Box[], layout: Layout): Area[] =>
  boxes.map(({ left, right, height }, index) => {
    const { x, y } = layout.boxes[index]!;
    return { left: x - left, right: x + right, top: y, bottom: y + height };
  });

const overlap = (one: Area, other: Area): boolean =>
  one.left < other.right &&
  other.left < one.right &&
  one.top < other.bottom &&
  other.top < one.bottom;

const forAll = (check: (boxes: Box[], links: Link[], layout: Layout) => void): void =>
  assert(
    property(drawing, ([boxes, links]) => check(boxes, links, layOut(boxes, links))),
    { numRuns: 200 },
  );

describe("a drawing of any boxes and links", () => {
  it("has no box over another, and none outside", () => {
    forAll((boxes, _links, layout) => {
      const areas = areasOf(boxes, layout);
      areas.forEach((area, index) => {
        expect(areas.slice(index + 1).filter((other) => overlap(area, other))).toEqual([]);
        expect(area.left).toBeGreaterThanOrEqual(-1e-6);
        expect(area.right).toBeLessThanOrEqual(layout.width + 1e-6);
        expect(area.bottom).toBeLessThanOrEqual(layout.height + 1e-6);
      });
    });
  });

  it("has every link that is not turned round point downwards, and the others upwards", () => {
    forAll((_boxes, links, layout) => {
      links.forEach(({ from, to }, index) => {
        if (from === to) return expect(layout.routes[index]?.stops).toEqual([]);
        const [upper, lower] = layout.routes[index]?.reversed ? [to, from] : [from, to];
        return expect(layout.boxes[upper]!.y).toBeLessThan(layout.boxes[lower]!.y);
      });
    });
  });

  it("has lines that go steadily down, from box to box and through no other", () => {
    forAll((boxes, links, layout) => {
      const areas = areasOf(boxes, layout);
      layout.routes.forEach(({ stops, reversed }, index) => {
        const { from, to } = links[index]!;
        if (from === to) return;
        const [upper, lower] = reversed ? [to, from] : [from, to];
        expect(stops[0]!.top).toBe(areas[upper]!.bottom);
        expect(stops.at(-1)!.bottom).toBe(areas[lower]!.top);
        stops.forEach(({ x, top, bottom }, place) => {
          const next = stops[place + 1];
          const line = { left: x - 1, right: x + 1, top, bottom };
          const turn = next && {
            left: Math.min(x, next.x),
            right: Math.max(x, next.x),
            top: bottom,
            bottom: next.top,
          };
          expect(top).toBeLessThanOrEqual(bottom + 1e-6);
          if (turn) expect(turn.top).toBeLessThan(turn.bottom);
          const hit = areas.filter((area) => overlap(area, line) || (turn && overlap(area, turn)));
          expect(hit).toEqual([]);
        });
      });
    });
  });

  it("has no label over a box or another label", () => {
    forAll((boxes, links, layout) => {
      const labels = layout.routes.flatMap(({ label: at }, index): Area[] => {
        const size = links[index]!.label;
        if (!at || !size) return [];
        const [x, y] = [size.width / 2, size.height / 2];
        return [{ left: at.x - x, right: at.x + x, top: at.y - y, bottom: at.y + y }];
      });
      const all = [...areasOf(boxes, layout), ...labels];
      labels.forEach((area) => {
        expect(all.filter((other) => other !== area && overlap(area, other))).toEqual([]);
      });
    });
  });

  it("is the same every time", () => {
    assert(
      property(drawing, ([boxes, links]) => {
        expect(layOut(boxes, links)).toEqual(layOut(boxes, links));
      }),
      { numRuns: 20 },
    );
  });
});

describe("the spine", () => {
  it("is straight where a side way leaves it and comes back", () => {
    const boxes = Array.from({ length: 5 }, () => ({ left: 40, right: 40, height: 30, reach: 30 }));
    const pairs = [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [1, 4],
      [0, 3],
    ];
    const links = pairs.map(([from = 0, to = 0]) => ({ from, to, aside: false }));
    expect(new Set(layOut(boxes, links).boxes.map(({ x }) => x)).size).toBe(1);
  });
});

describe("links into one box", () => {
  it("come together in one trunk, apart from those of another kind", () => {
    const boxes = Array.from({ length: 6 }, () => ({ left: 40, right: 40, height: 30, reach: 30 }));
    const spine = [0, 1, 2, 3, 4].map((from) => ({ from, to: from + 1, aside: false }));
    const sides = [0, 1].map((from) => ({ from, to: 5, aside: true }));
    const { routes } = layOut(boxes, [...spine, ...sides, { from: 0, to: 5, aside: false }]);
    const [first, second, other] = routes.slice(5).map(({ stops }) => stops.slice(-3));
    expect(second).toEqual(first);
    expect(other).not.toEqual(first);
  });
});

it("turns round the arcs that lead back, and no others", () => {
  const arcs = [
    [0, 1],
    [1, 2],
    [2, 0],
    [2, 2],
    [0, 2],
    [3, 1],
  ].map(([from = 0, to = 0]) => ({ from, to }));
  expect([...backArcs(4, arcs)]).toEqual([2]);
});

it("puts what the start does not reach just above what it leads to", () => {
  const arcs = [
    [0, 1],
    [1, 2],
    [2, 3],
    [4, 5],
    [5, 3],
  ].map(([from = 0, to = 0]) => ({ from, to }));
  expect(layersOf(6, arcs)).toEqual([0, 1, 2, 3, 1, 2]);
});

it("lays out a flow of 250 states with many long links, the same way each time", () => {
  const boxes = Array.from({ length: 250 }, () => ({ left: 80, right: 80, height: 50, reach: 70 }));
  const links = boxes.flatMap((_box, from): Link[] => {
    const ways: Link[] = [{ from, to: Math.min(from + 1, 248), aside: false }];
    if (from % 2 === 0) ways.push({ from, to: 249, aside: true, label: { width: 50, height: 17 } });
    if (from % 5 === 0)
      ways.push({
        from,
        to: Math.min(from + 7, 248),
        aside: false,
        label: { width: 90, height: 17 },
      });
    if (from % 25 === 24) ways.push({ from, to: from - 20, aside: false });
    return ways;
  });
  const first = layOut(boxes, links);
  expect(first.boxes).toHaveLength(250);
  expect(layOut(boxes, links)).toEqual(first);
});
