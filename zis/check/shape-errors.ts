/** How a bundle differs from the JSON schema, as plain facts; the rules put them into words. */
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { isJsonObject, type JsonObject } from "../model/json.ts";
import { BUNDLE_SCHEMA } from "../model/schema.ts";
import { child } from "./json-pointer.ts";

export interface ShapeError {
  /** Pointer of the value, or of the object that has or lacks the member. */
  readonly path: string;
  readonly keyword: string;
  readonly value: unknown;
  /** The keyword's own value in the schema. */
  readonly expected: unknown;
  /** The member that is unknown or missing. */
  readonly member: string | undefined;
  /** Members that the object may have. */
  readonly known: readonly string[];
}

/** More are not collected. */
const MAX_ERRORS = 3000;

/** All differences, in no particular order. */
export function shapeErrorsOf(bundle: unknown): ShapeError[] {
  validators ??= compile();
  const errors: ShapeError[] = [];
  for (const { kind, value, path } of piecesOf(bundle)) {
    const validate = validators[kind];
    if (validate(value)) continue;
    for (const error of validate.errors ?? []) errors.push(toShapeError(error, path));
    if (errors.length > MAX_ERRORS) break;
  }
  return errors;
}

/**
 * A part of the bundle that is validated by itself, with the parts inside it taken out: gathering all
 * errors of one huge value would take ajv time that grows with their square.
 */
interface Piece {
  readonly kind: "bundle" | "resource" | "state";
  readonly value: unknown;
  readonly path: string;
}

type Validators = Readonly<Record<Piece["kind"], ValidateFunction>>;

/** Compiled on first use: importing the checker must not cost its 30 ms. */
let validators: Validators | undefined;

function compile(): Validators {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    discriminator: true,
    ownProperties: true,
    strictTypes: false,
  });
  ajv.addSchema(BUNDLE_SCHEMA, "bundle");
  const part = (name: string) => ajv.compile({ $ref: `bundle#/definitions/${name}` });
  return {
    bundle: ajv.compile({ $ref: "bundle" }),
    resource: part("resource"),
    state: part("state"),
  };
}

function* piecesOf(bundle: unknown): Generator<Piece> {
  const [value, resources] = takeOut(bundle, "resources");
  yield { kind: "bundle", value, path: "" };
  for (const [key, resource] of Object.entries(resources)) {
    yield* piecesOfResource(resource, child("/resources", key));
  }
}

function* piecesOfResource(resource: unknown, path: string): Generator<Piece> {
  const properties = isJsonObject(resource) ? resource["properties"] : undefined;
  if (!isJsonObject(resource) || !isJsonObject(properties)) {
    yield { kind: "resource", value: resource, path };
    return;
  }
  const [definition, states] = takeOut(properties["definition"], "States");
  const hollow = definition === undefined ? properties : { ...properties, definition };
  yield { kind: "resource", value: { ...resource, properties: hollow }, path };
  if (resource["type"] !== "ZIS::Flow") return;
  yield* piecesOfStates(states, child(path, "properties", "definition", "States"));
}

function* piecesOfStates(states: JsonObject, path: string): Generator<Piece> {
  for (const [name, state] of Object.entries(states)) {
    const at = child(path, name);
    const [iterator, inner] = takeOut(
      isJsonObject(state) ? state["Iterator"] : undefined,
      "States",
    );
    const value =
      isJsonObject(iterator) && isJsonObject(state) ? { ...state, Iterator: iterator } : state;
    yield { kind: "state", value, path: at };
    yield* piecesOfStates(inner, child(at, "Iterator", "States"));
  }
}

/** The value with an empty object for one of its members, and that member; as it is if not an object. */
function takeOut(value: unknown, member: string): [value: unknown, member: JsonObject] {
  const inner = isJsonObject(value) ? value[member] : undefined;
  if (!isJsonObject(value) || !isJsonObject(inner)) return [value, {}];
  return [{ ...value, [member]: {} }, inner];
}

function toShapeError(error: ErrorObject, path: string): ShapeError {
  const params = error.params as Record<string, unknown>;
  const member = params["additionalProperty"] ?? params["missingProperty"];
  const properties = (error.parentSchema?.["properties"] ?? {}) as Record<string, unknown>;
  return {
    path: path + error.instancePath,
    keyword: error.keyword,
    value: error.data,
    expected: error.schema,
    member: typeof member === "string" ? member : undefined,
    known: Object.keys(properties),
  };
}
