/** How the files that a command is given are read: what is wrong is reported with its place. */
import { readFile } from "node:fs/promises";
import { readJsonSource } from "../check/json-source.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { readJsonText, wellFormed } from "../model/json-text.ts";
import { UsageError } from "../terminal/usage-error.ts";

/** A file of JSON, with the places of its values. */
export interface JsonFile {
  readonly file: string;
  readonly text: string;
  /** With U+FFFD for each half of a surrogate pair. */
  readonly value: Json;
  /** A complaint about the value at a JSON pointer: `FILE:LINE:COLUMN: MESSAGE`. */
  problem(pointer: string, message: string): UsageError;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "this is a directory, not a file",
  EACCES: "the file may not be read",
};

/** The text of a file, without a byte order mark. Throws a UsageError when it cannot be read. */
export async function readText(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).replace(/^\uFEFF/, "");
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new UsageError(`${file}: ${REASONS[code] ?? message}`);
  }
}

/** The JSON in a file. Throws a UsageError that says where the text is not JSON or is nested too deeply. */
export async function readJson(file: string): Promise<JsonFile> {
  const text = await readText(file);
  const source = readJsonSource(text);
  const broken = source.problems.find(({ kind }) => kind === "not-json" || kind === "too-deep");
  if (broken) throw placed(file, broken.position, broken.message);
  return {
    file,
    text,
    value: wellFormed(JSON.parse(text) as Json),
    problem: (pointer, message) => placed(file, source.locate(pointer, false), message),
  };
}

/** `FILE:LINE:COLUMN: MESSAGE` for each number of a JSON file that cannot be kept. */
export async function inexactNumbersOf(file: string): Promise<string[]> {
  const text = await readText(file);
  if (readJsonText(text).inexact.length === 0) return [];
  return readJsonSource(text)
    .problems.filter(({ kind }) => kind === "inexact-number")
    .map(({ position, message }) => placed(file, position, message).message);
}

/** The object in a file. Throws a UsageError when it holds anything else. */
export async function readObject(file: string, what: string): Promise<JsonFile & ObjectValue> {
  const json = await readJson(file);
  const { value } = json;
  if (!isJsonObject(value)) throw json.problem("", `${what} must be an object`);
  return { ...json, value };
}

interface ObjectValue {
  readonly value: JsonObject;
}

/** The array in a file. Throws a UsageError when it holds anything else. */
export async function readArray(file: string, what: string): Promise<JsonFile & ArrayValue> {
  const json = await readJson(file);
  const { value } = json;
  if (!Array.isArray(value)) throw json.problem("", `${what} must be an array`);
  return { ...json, value };
}

interface ArrayValue {
  readonly value: readonly Json[];
}

function placed(
  file: string,
  { line, column }: { readonly line: number; readonly column: number },
  message: string,
): UsageError {
  return new UsageError(`${file}:${line}:${column}: ${message}`);
}
