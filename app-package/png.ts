/** How large a PNG is, by its header. */

const SIGNATURE = "89504e470d0a1a0a";

/** Width and height in pixels; undefined when the bytes are not a PNG. Source: PNG specification, IHDR. */
export function readPngSize(
  bytes: Buffer,
): { readonly width: number; readonly height: number } | undefined {
  if (bytes.length < 24 || bytes.subarray(0, 8).toString("hex") !== SIGNATURE) return undefined;
  if (bytes.subarray(12, 16).toString("latin1") !== "IHDR") return undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
