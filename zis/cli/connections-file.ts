/** Which connections a run has. A local run needs no real secrets: what a connection leaves out is made up. */
import { child } from "../check/json-pointer.ts";
import { nearestPhrase } from "../check/nearest.ts";
import { isJsonObject, type Json } from "../model/json.ts";
import { type Connection, STATIC_TYPES } from "../services/connections.ts";
import { readObject } from "./files.ts";
import type { UsageError } from "../terminal/usage-error.ts";

/** By name; of no integration yet. */
export type LocalConnections = ReadonlyMap<string, Connection>;

const TYPES: readonly string[] = [...STATIC_TYPES, "oauth"];

/** Reads a file of connections, `{NAME: {type, ...}}` with the members of the connections API. */
export async function readConnections(file: string): Promise<LocalConnections> {
  const { value, problem } = await readObject(file, "the connections");
  return new Map(
    Object.entries(value).map(([name, each]) => [
      name,
      toConnection(name, each, (member, message) =>
        problem(`${child("", name)}${member}`, message),
      ),
    ]),
  );
}

type Complain = (pointer: string, message: string) => UsageError;

function toConnection(name: string, value: Json, complain: Complain): Connection {
  if (!isJsonObject(value)) throw complain("", `the connection ${name} must be an object`);
  const { type } = value;
  if (typeof type !== "string" || !TYPES.includes(type)) {
    const given = typeof type === "string" ? nearestPhrase(type, TYPES) : "";
    throw complain(
      type === undefined ? "" : "/type",
      `the type of the connection ${name} must be one of ${TYPES.join(", ")}${given}`,
    );
  }
  const text = (member: string, absent: string): string => {
    const found = value[member] ?? absent;
    if (typeof found === "string") return found;
    throw complain(`/${member}`, `${member} of the connection ${name} must be a string`);
  };
  return connectionOf(name, type as Connection["type"], text);
}

/** The connection of an OAuth token. */
export function oauthConnection(name: string, accessToken: string): Connection {
  return connectionOf(name, "oauth", (member, absent) =>
    member === "access_token" ? accessToken : absent,
  );
}

/** An OAuth connection whose token is made up. */
export function madeUpConnection(name: string): Connection {
  return connectionOf(name, "oauth", (_member, absent) => absent);
}

/** Whether the file left the token out that an OAuth connection has. */
export function hasMadeUpToken(connection: Connection): boolean {
  return (
    connection.type === "oauth" &&
    connection.access_token === madeUp("access_token", connection.name)
  );
}

function madeUp(member: string, name: string): string {
  return `${member}-of-${name}`;
}

function connectionOf(
  name: string,
  type: Connection["type"],
  text: (member: string, absent: string) => string,
): Connection {
  const secret = (member: string): string => text(member, madeUp(member, name));
  const common = { integration: "", name, created_at: "", updated_at: "" };
  // ZIS wants an allowed domain; a local connection may do without.
  const allowed_domain = text("allowed_domain", "");
  switch (type) {
    case "oauth":
      return { type, ...common, ...UNUSED_OF_OAUTH, access_token: secret("access_token") };
    case "bearer_token":
      return { type, ...common, allowed_domain, token: secret("token") };
    case "basic_auth":
      return {
        type,
        ...common,
        allowed_domain,
        username: text("username", name),
        password: secret("password"),
      };
    case "api_key":
      break;
  }
  return {
    type: "api_key",
    ...common,
    allowed_domain,
    header_name: text("header_name", "x-api-key"),
    api_key: secret("api_key"),
  };
}

/** What matters only to a connection that was started and is renewed: this one never expires. */
const UNUSED_OF_OAUTH = {
  uuid: "",
  zendesk_account_id: 0,
  created_by: 0,
  oauth_client_uuid: "",
  oauth_url_subdomain: "",
  permission_scope: "",
  grant_type: "client_credentials",
  refresh_token: "",
  token_type: "bearer",
  token_expiry: "",
  oauth_access_token_response_body: "",
  verification_code: "",
  origin_oauth_redirect_url: "",
} as const;
