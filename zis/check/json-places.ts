/** Where the values of a JSON text stand in it. */
import { keysOf } from "./json-pointer.ts";

/** Where a value begins; a scalar is only its offset, which keeps a text of millions of numbers small. */
export type Place = number | ContainerPlace;

export interface ContainerPlace {
  readonly start: number;
  readonly items: Place[];
  /** Objects only: name -> index into items and nameOffsets. Made with the first name. */
  names?: Map<string, number>;
  readonly nameOffsets: number[];
}

/** The offset of the value at a pointer, or of its name; of the nearest one around it when there is none. */
export function offsetOf(root: Place, pointer: string, atKey: boolean): number {
  let place = root;
  let offset = typeof root === "number" ? root : root.start;
  for (const key of keysOf(pointer)) {
    if (typeof place === "number") return offset;
    const index = place.names === undefined ? Number(key) : (place.names.get(key) ?? -1);
    const next: Place | undefined = place.items[index];
    if (next === undefined) return offset;
    const start = typeof next === "number" ? next : next.start;
    offset = atKey ? (place.nameOffsets[index] ?? start) : start;
    place = next;
  }
  return offset;
}
