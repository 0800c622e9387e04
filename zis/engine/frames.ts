/** Where a run stands: a stack of scopes, one for the flow and one for each Map around the state. */
import type { Json, JsonObject } from "../model/json.ts";
import type { Effect } from "./effects.ts";
import type { Machine, MapNode, Node } from "./machine.ts";

/** A state about to be entered, with the data of its scope. */
export interface Frame {
  readonly machine: Machine;
  readonly state: string;
  readonly data: Json;
  /** Present in a Map's Iterator. */
  readonly map?: MapProgress;
}

/** How far a Map is. Its iterations run one after the other (inferred). */
export interface MapProgress {
  readonly visit: Visit<MapNode>;
  readonly items: readonly JsonObject[];
  readonly index: number;
  /** The data at the end of each iteration done so far. */
  readonly results: readonly Json[];
}

/** A state that has been entered and not yet left. */
export interface Visit<N extends Node = Node> {
  readonly frame: Frame;
  readonly node: N;
  readonly warnings: string[];
  /** Action: the Parameters filled in. Map: the items. */
  readonly parameters?: Json;
  readonly effect?: Effect;
}

const OUTSIDE: readonly number[] = [];

/** The indexes of the Map items around a frame, outermost first. */
export function iterationsOf(frame: Frame): readonly number[] {
  const { map } = frame;
  return map ? [...iterationsOf(map.visit.frame), map.index] : OUTSIDE;
}

/** The first state of one iteration: its data are the item and nothing else. */
export function iteration(progress: MapProgress): Frame {
  const { iterator } = progress.visit.node;
  return {
    machine: iterator,
    state: iterator.startAt,
    data: progress.items[progress.index] ?? null,
    map: progress,
  };
}

/** The data of the whole flow, seen from any scope: inside a Map, what they were when it began. */
export function flowData(frame: Frame): Json {
  return frame.map ? flowData(frame.map.visit.frame) : frame.data;
}
