import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConnections } from "#zis/cli/connections-file";
import { credentialHeader, mayReceive, secretsOf } from "#zis/services/connections";
import { bundleFile, file, runReport } from "./zis-command.ts";

let directory = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "zis-connections-"));
});

afterAll(() => rm(directory, { recursive: true }));

async function read(content: unknown) {
  const file = join(directory, "connections.json");
  await writeFile(file, JSON.stringify(content, null, 2));
  return readConnections(file);
}

describe("readConnections", () => {
  it.each([
    [{ type: "oauth", access_token: "t0k" }, ["authorization", "Bearer t0k"]],
    [{ type: "bearer_token", token: "t0k" }, ["authorization", "Bearer t0k"]],
    [{ type: "basic_auth", username: "u", password: "p" }, ["authorization", "Basic dTpw"]],
    [{ type: "api_key", api_key: "k" }, ["x-api-key", "k"]],
    [{ type: "api_key", header_name: "X-Own", api_key: "k" }, ["X-Own", "k"]],
    [{ type: "bearer_token" }, ["authorization", "Bearer token-of-it"]],
  ])("of %j add a header", async (connection, header) => {
    expect(credentialHeader((await read({ it: connection })).get("it")!)).toEqual(header);
  });

  it.each([
    [{ type: "bearer_token" }, true],
    [{ type: "oauth", allowed_domain: "b.example" }, true],
    [{ type: "bearer_token", allowed_domain: "a.example" }, true],
    [{ type: "bearer_token", allowed_domain: "*.example" }, true],
    [{ type: "bearer_token", allowed_domain: "b.example" }, false],
  ])("of %j may be sent to a.example: %s", async (connection, allowed) => {
    const url = new URL("https://a.example/x");
    expect(mayReceive((await read({ it: connection })).get("it")!, url)).toBe(allowed);
  });

  it("keeps the encoded form of a password secret too", async () => {
    const connections = await read({ it: { type: "basic_auth", username: "u", password: "pw" } });
    expect(secretsOf(connections.get("it")!)).toEqual(["dTpwdw==", "pw"]);
  });

  it("shows flows the tokens of OAuth connections only", async () => {
    const oauth = file("shown.json", { own: { type: "oauth", access_token: "tok" } });
    const none = file("hidden.json", { own: { type: "bearer_token", token: "tok" } });
    const bundle = bundleFile({
      A: {
        Type: "Choice",
        Choices: [{ Variable: "$.connections.own", IsPresent: true, Next: "B" }],
        Default: "C",
      },
      B: { Type: "Succeed", Message: "shown {{$.connections.own.access_token}}" },
      C: { Type: "Succeed", Message: "hidden" },
    });
    const message = async (connections: string) =>
      (await runReport(bundle, "{}", "--connections", connections)).message;
    expect(await message(oauth)).toBe("shown tok");
    expect(await message(none)).toBe("hidden");
  });

  it.each([
    [[], "connections.json:1:1: the connections must be an object"],
    [{ "a/b": 5 }, "connections.json:2:10: the connection a/b must be an object"],
    [{ it: {} }, "the type of the connection it must be one of api_key, basic_auth"],
    [{ it: { type: "bearer" } }, "connections.json:3:13: the type of the connection it"],
    [{ it: { type: "api_kye" } }, 'nearest: "api_key"'],
    [
      { it: { type: "oauth", access_token: 5 } },
      "access_token of the connection it must be a string",
    ],
  ])("refuses %j with its place", async (content, message) => {
    await expect(read(content)).rejects.toThrow(message);
  });
});
