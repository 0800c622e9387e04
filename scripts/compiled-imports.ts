/** The import aliases of compiled code: the package.json that lies beside it names the emitted files. */
import { readFile } from "node:fs/promises";

interface Manifest {
  readonly imports: Readonly<Record<string, string>>;
}

/** @returns the aliases of the project's package.json, pointing to `.js` instead of `.ts` */
export async function compiledImports(): Promise<Record<string, string>> {
  const text = await readFile(new URL("../package.json", import.meta.url), "utf8");
  const { imports } = JSON.parse(text) as Manifest;
  const compiled = Object.entries(imports).map(([alias, target]): [string, string] => [
    alias,
    target.replace(/\.ts$/, ".js"),
  ]);
  return Object.fromEntries(compiled);
}
