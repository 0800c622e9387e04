/** The files that zcli reads beside an app: written complete, so that it never asks and never packs them. */
import { UsageError } from "#zis/terminal/usage-error";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../project.ts";

export const CONFIG_FILE = "zcli.apps.config.json";
const IGNORE_FILE = ".zcliignore";

/** Globs, not patterns of git: `node_modules` alone would exclude nothing. */
const IGNORED = [CONFIG_FILE, "node_modules/**", "tmp/**", "**/*.map"];

export interface AppConfig {
  readonly plan?: string;
  readonly app_id?: string | number;
  readonly installation_id?: string | number;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly [other: string]: unknown;
}

interface Parameter {
  readonly name: string;
  readonly type?: string;
  readonly required?: boolean;
  readonly default?: unknown;
}

/**
 * The file of a folder. An update by zcli can leave it empty; then it counts as missing.
 *
 * @throws UsageError when it is not JSON, because it may hold the only copy of some values
 */
export async function readAppConfig(directory: string): Promise<AppConfig> {
  const file = join(directory, CONFIG_FILE);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  if (text.trim() === "") return { parameters: {} };
  try {
    const value = JSON.parse(text) as Partial<AppConfig>;
    return { ...value, parameters: value.parameters ?? {} };
  } catch (error) {
    throw new UsageError(`${file} is not JSON (${(error as Error).message}); correct or remove it`);
  }
}

export interface KnownValues {
  /** Values that override all others. */
  readonly ours: Readonly<Record<string, unknown>>;
  /** The installation's current values; an update sends every value again and would overwrite them. */
  readonly installed: Readonly<Record<string, unknown>>;
  readonly appId: string | undefined;
  readonly installationId: string | undefined;
}

/**
 * The file with every parameter of the manifest set: if one is missing, zcli asks for it, and with a closed standard
 * input it installs nothing and reports success. The file's other content stays, except an id, which may be another account's.
 *
 * @throws UsageError naming a required parameter that has no value
 */
export function completeAppConfig(
  existing: AppConfig,
  parameters: readonly Parameter[],
  { ours, installed, appId, installationId }: KnownValues,
): AppConfig {
  const values = parameters.map(({ name, type, required, default: preset }): [string, unknown] => {
    const value = ours[name] ?? existing.parameters[name] ?? installed[name] ?? preset;
    if (value !== undefined) return [name, value];
    if (required === true) {
      throw new UsageError(
        `the app's parameter ${name} has no value: add it to parameters in ${CONFIG_FILE}`,
      );
    }
    return [name, type === "checkbox" ? false : ""];
  });
  const { app_id: _app, installation_id: _installation, ...kept } = existing;
  return {
    ...kept,
    ...(appId === undefined ? {} : { app_id: toId(appId) }),
    ...(installationId === undefined ? {} : { installation_id: toId(installationId) }),
    parameters: { ...existing.parameters, ...Object.fromEntries(values) },
  };
}

/** zcli compares ids with the numbers in Zendesk's answers; no id comes near the largest safe integer. */
function toId(id: string): string | number {
  return /^\d{1,15}$/.test(id) ? Number(id) : id;
}

export async function writeAppConfig(directory: string, config: AppConfig): Promise<void> {
  await writeWhole(join(directory, CONFIG_FILE), `${JSON.stringify(config, null, 2)}\n`);
}

/** Adds the missing globs; existing lines stay. */
export async function completeIgnoreFile(directory: string): Promise<void> {
  const file = join(directory, IGNORE_FILE);
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const missing = IGNORED.filter((glob) => !lines.includes(glob));
  if (missing.length === 0) return;
  const start = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  await writeWhole(file, `${start}${missing.join("\n")}\n`);
}
