/** Which tab a key selects; the arrow keys follow the reading direction. Pure. */

export function keyTarget<Name extends string>(
  key: string,
  names: readonly Name[],
  chosen: Name,
  dir: "ltr" | "rtl",
): Name | undefined {
  const forward = dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  const backward = dir === "rtl" ? "ArrowRight" : "ArrowLeft";
  const at = names.indexOf(chosen);
  if (key === forward) return names[(at + 1) % names.length];
  if (key === backward) return names[(at - 1 + names.length) % names.length];
  if (key === "Home") return names[0];
  if (key === "End") return names.at(-1);
  return undefined;
}
