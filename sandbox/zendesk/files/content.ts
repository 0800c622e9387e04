/** The bytes of a file: as many as its record says, and always the same for one token. */
import type { AttachmentRecord } from "../model.ts";

const CHUNK_BYTES = 65_536;

/** The content in chunks, so that a large file is never held. */
export function* contentOf({ token, size }: AttachmentRecord): Iterable<Buffer> {
  const pattern = Buffer.from(`${token}\n`);
  for (let from = 0; from < size; from += CHUNK_BYTES) {
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, size - from));
    for (let at = 0; at < chunk.length; at += 1) {
      chunk[at] = pattern[(from + at) % pattern.length] ?? 0;
    }
    yield chunk;
  }
}
