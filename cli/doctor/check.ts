/** What a check of the doctor reports, and how a check that cannot be made counts. */

/** Every check, in the order in which they run; docs/administer.md has a row for each. */
export const CHECK_NAMES = [
  "zcli",
  "credential",
  "zendesk_login",
  "scopes",
  "token_end",
  "clock: Zendesk",
  "plan",
  "name",
  "app",
  "app_version",
  "server_address",
  "server",
  "queue",
  "clock: server",
  "sweep",
  "installation",
] as const;
/** `server: …` are the server's own checks, passed on as they are. */
export type CheckName = (typeof CHECK_NAMES)[number] | `server: ${string}`;

export interface Check {
  readonly name: CheckName;
  readonly state: "ok" | "warning" | "failed";
  readonly message: string;
  /** What to do; null when nothing is wrong. */
  readonly remedy: string | null;
}

export function ok(name: CheckName, message: string): Check {
  return { name, state: "ok", message, remedy: null };
}

export function warning(name: CheckName, message: string, remedy: string): Check {
  return { name, state: "warning", message, remedy };
}

export function failed(name: CheckName, message: string, remedy: string): Check {
  return { name, state: "failed", message, remedy };
}

/** A group of checks. If it cannot be made, that is its only finding, with the error's remedy. */
export async function attempt(
  name: CheckName,
  remedy: string,
  look: () => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  try {
    return await look();
  } catch (error) {
    const known = (error as { remedy?: unknown }).remedy;
    return [failed(name, (error as Error).message, typeof known === "string" ? known : remedy)];
  }
}
