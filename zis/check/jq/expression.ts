/** A jq program as a tree, as far as programs are understood. */
import type { Json } from "../../model/json.ts";
import type { PathSegment } from "../../model/paths.ts";

export type Expression = Readonly<
  | { kind: "input" }
  | { kind: "literal"; value: Json }
  | { kind: "variable"; name: string }
  | { kind: "call"; name: string }
  | { kind: "member"; of: Expression; key: PathSegment }
  | { kind: "slice"; of: Expression; from: number; to: number | undefined }
  | { kind: "binary"; operator: string; left: Expression; right: Expression }
  | { kind: "assignment"; operator: string; path: readonly PathSegment[]; right: Expression }
  | { kind: "pipe"; left: Expression; right: Expression }
  | { kind: "binding"; name: string; value: Expression; body: Expression }
  | { kind: "if"; condition: Expression; yes: Expression; no: Expression }
  | { kind: "object"; members: readonly (readonly [string, Expression])[] }
  /** `.[]`: any of the items. */
  | { kind: "each"; of: Expression }
  /** `any`: an item stands for any number of results. */
  | { kind: "array"; items: readonly Expression[]; any: boolean }
>;
