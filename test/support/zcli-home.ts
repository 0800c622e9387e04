/** A home in which zcli has just looked for a newer version: else each one has it ask npm's registry, in a process of its own. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Writes what oclif's plugin warn-if-update-available keeps there, without a version to tell of. */
export async function prepareZcliHome(home: string): Promise<void> {
  const cache = join(home, ".cache", "zcli");
  await mkdir(cache, { recursive: true });
  await writeFile(join(cache, "version"), "{}");
}
