/** The app, built once for a run of the tests: by the first that needs it. */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { inject } from "vitest";
import { buildApp } from "#scripts/app/build";

/** Its folder, which belongs to all tests: copy it to change it. */
export async function builtApp(): Promise<string> {
  const folder = join(inject("runFolder"), "app");
  if (existsSync(folder)) return folder;
  const own = `${folder}-${randomUUID()}`;
  await buildApp({ out: own });
  try {
    await rename(own, folder);
  } catch (error) {
    // Another worker was quicker.
    if (!existsSync(folder)) throw error;
    await rm(own, { recursive: true });
  }
  return folder;
}
