/** What a folder stores about the account that it administers: `caseqa.json`, which holds no secrets. */
import { UsageError } from "#zis/terminal/usage-error";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readServerAddress } from "#install/server-address";
import { INTEGRATION_NAME } from "#zis/model/names";

export interface Project {
  /** Where zcli reaches the account, such as `acme.zendesk.com`: work on another account is refused. */
  readonly host: string;
  /** The account's name at Zendesk. */
  readonly subdomain: string;
  readonly integration: string;
  /** The actions server's origin, without a slash at the end. */
  readonly server_url: string;
  /** Set when the app has been created; zcli's own file does not survive each of its runs. */
  readonly app_id?: string;
  readonly installation_id?: string;
  /** The hash of the package that was uploaded last, and the time that Zendesk then gave for the app's change. */
  readonly app_sha256?: string;
  readonly app_updated_at?: string;
}

const PROJECT_FILE = "caseqa.json";

export function projectFile(cwd: string): string {
  return join(cwd, PROJECT_FILE);
}

/** @returns undefined when the file does not exist. Throws a UsageError that names the file when it is not in the form that `init` writes. */
export async function readProject(cwd: string): Promise<Project | undefined> {
  const file = projectFile(cwd);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
  return toProject(text, file);
}

function toProject(text: string, file: string): Project {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(
      `${file} is not JSON (${(error as Error).message}); correct it, or remove it and run caseqa init`,
    );
  }
  const members = (typeof value === "object" ? value : null) as Record<string, unknown> | null;
  for (const name of ["host", "subdomain", "integration", "server_url"]) {
    if (typeof members?.[name] === "string") continue;
    throw new UsageError(`${file} has no "${name}"; run caseqa init --force`);
  }
  const project = members as unknown as Project;
  if (!INTEGRATION_NAME.test(project.integration))
    throw new UsageError(integrationMessage(project.integration));
  return { ...project, server_url: serverOrigin(project.server_url) };
}

/** Writes the file atomically: another process sees the old one or the new one. */
export async function writeProject(cwd: string, project: Project): Promise<void> {
  await writeWhole(projectFile(cwd), `${JSON.stringify(project, null, 2)}\n`);
}

/** Writes in a separate folder beside the file, then moves it into place. The folder's name begins with a dot, so zcli never packs it. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const folder = await mkdtemp(join(dirname(file), ".caseqa-"));
  try {
    const fresh = join(folder, "fresh");
    await writeFile(fresh, text);
    await rename(fresh, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function integrationMessage(name: string): string {
  return `"${name}" is not an integration name: 1 to 64 of a-z, 0-9, - and _`;
}

/** The origin of our server's address. Throws a UsageError that says what is wrong with the text. */
export function serverOrigin(text: string): string {
  const read = readServerAddress(text);
  if ("origin" in read) return read.origin;
  throw new UsageError(`"${text}" ${read.problem}`);
}
