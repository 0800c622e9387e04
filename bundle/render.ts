/** A bundle as text: plain JSON in the order in which it was built, so that a diff shows what changed. */
import type { Bundle } from "#zis/model/bundle";

/**
 * JSON with two spaces and a final newline.
 *
 * @throws Error naming the place of anything that JSON would drop or distort
 */
export function renderBundle(bundle: Bundle): string {
  refuseUnplain(bundle, "");
  return `${JSON.stringify(bundle, null, 2)}\n`;
}

/** What a value is, for a message: undefined, NaN, or the name of its class. */
function inspect(value: unknown): string {
  return typeof value === "object" && value !== null
    ? value.constructor.name
    : `${value as number}`;
}

function refuseUnplain(value: unknown, pointer: string): void {
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  if (typeof value === "number" && Number.isFinite(value)) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) refuseUnplain(item, `${pointer}/${index}`);
    return;
  }
  if (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [key, item] of Object.entries(value)) refuseUnplain(item, `${pointer}/${key}`);
    return;
  }
  throw new Error(`${pointer || "/"} holds ${inspect(value)}, which JSON cannot hold.`);
}
