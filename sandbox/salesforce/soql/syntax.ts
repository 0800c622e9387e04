/** What a parsed query looks like; every part keeps where it stands in the text (`at`, from 0). */

export interface Path {
  readonly names: readonly string[];
  readonly at: number;
}

export type Literal =
  | { readonly kind: "string"; readonly raw: string; readonly at: number }
  | { readonly kind: "number"; readonly value: number; readonly at: number }
  | { readonly kind: "boolean"; readonly value: boolean; readonly at: number }
  | { readonly kind: "null"; readonly at: number }
  | { readonly kind: "datetime"; readonly text: string; readonly at: number }
  | { readonly kind: "date"; readonly text: string; readonly at: number }
  /** TODAY, LAST_N_DAYS:30 and the like. */
  | { readonly kind: "span"; readonly text: string; readonly at: number };

export type Comparison = "=" | "!=" | "<" | ">" | "<=" | ">=";

export type Condition =
  | { readonly kind: "and"; readonly terms: readonly Condition[] }
  | { readonly kind: "or"; readonly terms: readonly Condition[] }
  | { readonly kind: "not"; readonly term: Condition }
  | {
      readonly kind: "compare";
      readonly path: Path;
      readonly operator: Comparison;
      readonly value: Literal;
    }
  | { readonly kind: "like"; readonly path: Path; readonly pattern: Literal }
  | {
      readonly kind: "in";
      readonly path: Path;
      readonly negated: boolean;
      readonly values: readonly Literal[];
    };

export type SelectItem =
  | { readonly kind: "field"; readonly path: Path }
  | { readonly kind: "children"; readonly query: Query; readonly at: number };

export interface OrderItem {
  readonly path: Path;
  readonly descending: boolean;
  readonly nullsLast: boolean;
}

export interface Query {
  /** `"count"` for `SELECT COUNT()`. */
  readonly select: "count" | readonly SelectItem[];
  readonly from: { readonly name: string; readonly at: number };
  readonly where?: Condition;
  readonly orderBy: readonly OrderItem[];
  readonly limit?: number;
  readonly offset: number;
}
