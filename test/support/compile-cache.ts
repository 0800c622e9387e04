/** The variable that has a process keep and reuse what Node compiled of its modules, as vitest.config.ts sets it. */
export function compileCache(): { readonly NODE_COMPILE_CACHE?: string } {
  const folder = process.env["NODE_COMPILE_CACHE"];
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}
