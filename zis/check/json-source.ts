/**
 * A JSON text as values that know where they stand. Reads the whole text in one pass without recursion,
 * so neither nesting nor size can overflow, and continues after the mistakes people make (comments, a comma
 * before a closing bracket, a name given twice).
 */
import { inexactNumber, isInexact } from "../model/json-text.ts";
import { type ContainerPlace, offsetOf, type Place } from "./json-places.ts";
import { child } from "./json-pointer.ts";
import { createJsonScanner, JsonSyntaxError, show, type JsonScanner } from "./json-scanner.ts";
import { createLines, type Position } from "./text-lines.ts";

/** Levels of objects and arrays that are read; what lies deeper is null. Real bundles need about 25. */
export const MAX_DEPTH = 200;

/** Mistakes that are reported; more would not help. */
const MAX_PROBLEMS = 1000;

export interface JsonProblem {
  readonly kind: "not-json" | "duplicate-key" | "too-deep" | "inexact-number";
  readonly path: string;
  readonly position: Position;
  readonly message: string;
}

export interface JsonSource {
  /** The document; undefined when the text could not be read to its end. */
  readonly value: unknown;
  readonly problems: readonly JsonProblem[];
  /** Where the value at a pointer stands, or its name. An unknown pointer gives its nearest ancestor. */
  locate(pointer: string, atKey: boolean): Position;
}

interface Frame {
  readonly close: "}" | "]";
  readonly value: Record<string, unknown> | unknown[];
  readonly place: ContainerPlace;
  name: string;
  nameOffset: number;
}

/** Reads `text`. Never throws; what is wrong is in `problems`, in the order of the text. */
export function readJsonSource(text: string): JsonSource {
  const lines = createLines(text);
  const problems: JsonProblem[] = [];
  const report: Report = (kind, path, offset, message) => {
    if (problems.length >= MAX_PROBLEMS) return;
    problems.push({ kind, path: path(), position: lines.position(offset), message });
  };
  try {
    const { value, place } = createReader(text, report).read();
    return { value, problems, locate: (p, atKey) => lines.position(offsetOf(place, p, atKey)) };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    report("not-json", root, error.offset, error.message);
    return { value: undefined, problems, locate: () => lines.position(error.offset) };
  }
}

/** The path is a function because a text with a million mistakes needs only the first few. */
type Report = (
  kind: JsonProblem["kind"],
  path: () => string,
  offset: number,
  message: string,
) => void;

const root = (): string => "";

function createReader(text: string, report: Report) {
  const stack: Frame[] = [];
  const scanner = createJsonScanner(text, (offset) =>
    report("not-json", root, offset, "JSON has no comments."),
  );
  let tooDeep = false;
  const path = (frames: readonly Frame[] = stack): string =>
    child("", ...frames.slice(0, MAX_DEPTH).map(keyOf));

  const readName = (frame: Frame): void => {
    if (frame.close === "]") return;
    scanner.peek();
    frame.nameOffset = scanner.at;
    frame.name = scanner.key();
    if (frame.place.names?.has(frame.name) === true && stack.length <= MAX_DEPTH) {
      report("duplicate-key", path, frame.nameOffset, duplicateMessage(frame.name));
    }
    expect(scanner, text, ":");
  };

  const reportInexact = (start: number): void => {
    const literal = text.slice(start, scanner.at);
    if (isInexact(literal))
      report("inexact-number", path, start, `${capital(inexactNumber(literal))}.`);
  };

  /** Steps over the bracket that closes `frame`, if it is next. */
  const closes = (frame: Frame): boolean => {
    if (scanner.peek() !== frame.close) return false;
    scanner.at++;
    return true;
  };

  /** Opens the container at the scanner. True when a first item follows. */
  const open = (frame: Frame): boolean => {
    if (stack.length === MAX_DEPTH && !tooDeep) {
      tooDeep = true;
      report("too-deep", path, scanner.at, `Nesting is deeper than ${MAX_DEPTH} levels.`);
    }
    stack.push(frame);
    scanner.at++;
    if (closes(frame)) return false;
    readName(frame);
    return true;
  };

  /** True when another item of `frame` follows; false when it is closed. */
  const more = (frame: Frame): boolean => {
    if (closes(frame)) return false;
    const comma = scanner.at;
    if (text[comma] !== ",") {
      const found = show(text, comma);
      throw new JsonSyntaxError(comma, `Expected "," or "${frame.close}", found ${found}.`);
    }
    scanner.at++;
    if (closes(frame)) {
      report(
        "not-json",
        () => path(stack.slice(0, -1)),
        comma,
        `JSON allows no comma before "${frame.close}".`,
      );
      return false;
    }
    readName(frame);
    return true;
  };

  const read = (): { value: unknown; place: Place } => {
    if (text.startsWith("\uFEFF")) {
      report("not-json", root, 0, "The text begins with a byte order mark.");
      scanner.at = 1;
    }
    for (;;) {
      const next = scanner.peek();
      let place: Place = scanner.at;
      let value: unknown;
      if (next === "{" || next === "[") {
        const frame = newFrame(next, scanner.at);
        if (open(frame)) continue;
        stack.pop();
        ({ value, place } = frame);
      } else {
        value = scanner.scalar();
        if (typeof value === "number") reportInexact(place);
      }
      for (;;) {
        const frame = stack.at(-1);
        if (frame === undefined) {
          requireEnd(scanner, text, report);
          return { value, place };
        }
        if (stack.length < MAX_DEPTH) attach(frame, value, place);
        else if (stack.length === MAX_DEPTH)
          attach(frame, isContainer(value) ? null : value, place);
        if (more(frame)) break;
        stack.pop();
        ({ value, place } = frame);
      }
    }
  };
  return { read };
}

function newFrame(bracket: "{" | "[", start: number): Frame {
  const object = bracket === "{";
  const place = { start, items: [], nameOffsets: [] };
  return { close: object ? "}" : "]", value: object ? {} : [], place, name: "", nameOffset: start };
}

function attach(frame: Frame, value: unknown, place: Place): void {
  const { items, nameOffsets } = frame.place;
  if (Array.isArray(frame.value)) frame.value.push(value);
  else {
    setOwn(frame.value, frame.name, value);
    frame.place.names ??= new Map();
    frame.place.names.set(frame.name, items.length);
    nameOffsets.push(frame.nameOffset);
  }
  items.push(place);
}

/** As JSON.parse does: a member called __proto__ is a member. */
function setOwn(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") object[name] = value;
  else {
    Object.defineProperty(object, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
}

function keyOf(frame: Frame): string | number {
  return Array.isArray(frame.value) ? frame.value.length : frame.name;
}

function isContainer(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function expect(scanner: JsonScanner, text: string, character: string): void {
  if (scanner.peek() !== character) {
    throw new JsonSyntaxError(
      scanner.at,
      `Expected "${character}", found ${show(text, scanner.at)}.`,
    );
  }
  scanner.at++;
}

function requireEnd(scanner: JsonScanner, text: string, report: Report): void {
  if (scanner.peek() === "") return;
  report(
    "not-json",
    root,
    scanner.at,
    `Expected the end of the text, found ${show(text, scanner.at)}.`,
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function duplicateMessage(name: string): string {
  return `The name ${JSON.stringify(name)} is given twice in this object; most readers keep the last.`;
}
