/** Which connections a run has. A local run needs no real secrets: what a connection leaves out is made up. */
import { child } from "../check/json-pointer.ts";
import { nearestPhrase } from "../check/nearest.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { credentialHeader, mayReceive, secretsOf, STATIC_TYPES } from "../services/connections.ts";
import type { Misuse } from "./command.ts";
import { readObject } from "./files.ts";

export interface LocalConnection {
  readonly type: "api_key" | "basic_auth" | "bearer_token" | "oauth";
  /** The header that it adds to a request. */
  readonly header: readonly [name: string, value: string];
  /** What an OAuth connection shows to flows as `$.connections.NAME`. */
  readonly accessToken: string | undefined;
  readonly secrets: readonly string[];
  mayReceive(url: URL): boolean;
}

export type LocalConnections = ReadonlyMap<string, LocalConnection>;

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

type Complain = (pointer: string, message: string) => Misuse;

function toConnection(name: string, value: Json, complain: Complain): LocalConnection {
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
  return connectionOf(name, type as LocalConnection["type"], text);
}

/** The connection of an OAuth token. */
export function oauthConnection(name: string, accessToken: string): LocalConnection {
  return connectionOf(name, "oauth", (member, absent) =>
    member === "access_token" ? accessToken : absent,
  );
}

function connectionOf(
  name: string,
  type: LocalConnection["type"],
  text: (member: string, absent: string) => string,
): LocalConnection {
  const secret = (member: string): string => text(member, `${member}-of-${name}`);
  const domain = text("allowed_domain", "");
  const common = { integration: "", name, created_at: "", updated_at: "", allowed_domain: domain };
  switch (type) {
    case "oauth": {
      const token = secret("access_token");
      return {
        type,
        header: ["authorization", `Bearer ${token}`],
        accessToken: token,
        secrets: [token],
        mayReceive: () => true,
      };
    }
    case "bearer_token":
      return staticConnection({ type, ...common, token: secret("token") });
    case "basic_auth":
      return staticConnection({
        type,
        ...common,
        username: text("username", name),
        password: secret("password"),
      });
    case "api_key":
      break;
  }
  const header_name = text("header_name", "x-api-key");
  return staticConnection({ type: "api_key", ...common, header_name, api_key: secret("api_key") });
}

function staticConnection(
  connection: Exclude<Parameters<typeof secretsOf>[0], { readonly type: "oauth" }>,
): LocalConnection {
  const [name, value] = credentialHeader(connection);
  return {
    type: connection.type,
    header: [name.toLowerCase(), value],
    accessToken: undefined,
    // The header's own form too: a password is encoded in it.
    secrets: [...secretsOf(connection), value.replace(/^(Basic|Bearer) /, "")],
    // ZIS wants an allowed domain; a local connection may do without.
    mayReceive: (url) => connection.allowed_domain === "" || mayReceive(connection, url),
  };
}

/** What flows see as `$.connections`. */
export function visibleConnections(connections: LocalConnections): JsonObject {
  return Object.fromEntries(
    [...connections].flatMap(([name, { accessToken }]) =>
      accessToken === undefined ? [] : [[name, { access_token: accessToken }]],
    ),
  );
}
