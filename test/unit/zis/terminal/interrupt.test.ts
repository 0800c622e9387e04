import { expect, it } from "vitest";
import { aborted, Interrupted, untilAborted } from "#zis/terminal/interrupt";

it("settles with the work while nothing stops it", async () => {
  const { signal } = new AbortController();
  expect(await untilAborted(signal, async () => 7)).toBe(7);
  await expect(untilAborted(signal, () => Promise.reject(new Error("broken")))).rejects.toThrow(
    "broken",
  );
});

it("leaves the work under way, and begins no other, once it is stopped", async () => {
  const stop = new AbortController();
  const under = untilAborted(stop.signal, () => new Promise(() => undefined));
  stop.abort();
  await expect(under).rejects.toThrow(Interrupted);
  let begun = false;
  await expect(untilAborted(stop.signal, async () => (begun = true))).rejects.toThrow(Interrupted);
  expect(begun).toBe(false);
  await aborted(stop.signal);
});
