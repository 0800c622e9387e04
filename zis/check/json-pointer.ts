/** JSON pointers (RFC 6901): how findings name a place in the bundle. */

/** The pointer of what these keys lead to from the value at `pointer`. */
export function child(pointer: string, ...keys: readonly (string | number)[]): string {
  return keys.reduce<string>((at, key) => `${at}/${escape(String(key))}`, pointer);
}

/** The pointer's keys, unescaped, from the root down. */
export function keysOf(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer.slice(1).split("/").map(unescape);
}

function escape(key: string): string {
  return /[~/]/.test(key) ? key.replaceAll("~", "~0").replaceAll("/", "~1") : key;
}

function unescape(key: string): string {
  return key.includes("~") ? key.replaceAll("~1", "/").replaceAll("~0", "~") : key;
}
