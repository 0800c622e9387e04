/** Which members the result of a jq program has, given those of the flow's data. */
import type { PathSegment } from "../../model/paths.ts";
import { ANYTHING, join, LEAF, look, put, type Shape, shapeOf } from "../data-shape.ts";
import type { Value } from "./value.ts";

/** The shape of a result. */
export function shapeOfResult(value: Value, data: Shape): Shape {
  switch (value.kind) {
    case "known":
      return shapeOf(value.value);
    case "data":
      return shapeOfData(data, value.at);
    case "changed":
      return [...value.members].reduce(
        (shape, [key, member]) => put(shape, [key], shapeOfResult(member, data)),
        value.base === undefined ? LEAF : shapeOfResult(value.base, data),
      );
    case "array":
      return { ...ANYTHING, items: shapeOfResult(value.item, data) };
    case "unknown":
      break;
  }
  return ANYTHING;
}

/** jq makes null of what is not there. */
function shapeOfData(data: Shape, at: readonly PathSegment[]): Shape {
  const { presence, shape } = look(data, at);
  if (presence === "unknown" || presence === "undocumented") return ANYTHING;
  return presence === "maybe" ? join(shape, LEAF, { steps: 0 }) : shape;
}
