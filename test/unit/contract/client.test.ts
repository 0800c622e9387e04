/** What the one client of the JSON routes sends, and what it makes of answers. */
import { expect, describe, it } from "vitest";
import { askRoute, ServerRefusal, type SendCall } from "#contract/client";

type Sent = Parameters<SendCall>[0];

function answering(status: number, body: unknown) {
  const sent: Sent[] = [];
  const send: SendCall = async (call) => {
    sent.push(call);
    return { status, body };
  };
  return { sent, send };
}

const refusalOf = async (status: number, body: unknown): Promise<ServerRefusal> => {
  const { send } = answering(status, body);
  const refusal: unknown = await askRoute(send, { route: "me" }).catch((error: unknown) => error);
  if (!(refusal instanceof ServerRefusal)) throw new Error("nothing was refused");
  return refusal;
};

describe("askRoute", () => {
  it("sends method, path, parameters, query and body of the row", async () => {
    const { sent, send } = answering(200, {});
    await askRoute(send, { route: "sweep", params: { id: "a/b c" } });
    await askRoute(send, { route: "log", query: { failed: true, before: "12" } });
    await askRoute(send, { route: "log" });
    await askRoute(send, { route: "expect-flows", body: { expected: false } });
    expect(sent).toEqual([
      { method: "GET", path: "/v1/admin/sweeps/a%2Fb%20c" },
      { method: "GET", path: "/v1/admin/log?failed=true&before=12" },
      { method: "GET", path: "/v1/admin/log" },
      { method: "PUT", path: "/v1/admin/flows", body: { expected: false } },
    ]);
  });

  it("gives the reply, and nothing where the row has none", async () => {
    const reply = { account: "acme", user_id: null, role: "admin", expires_at: null };
    expect(await askRoute(answering(200, reply).send, { route: "me" })).toEqual(reply);
    const { send } = answering(204, "");
    await expect(askRoute(send, { route: "forget-webhooks" })).resolves.not.toThrow();
  });

  it("tells a refusal by status, code, the server's words and its hint", async () => {
    const error = { code: "NOT_READY", message: "the database is away", hint: "Start it." };
    expect(await refusalOf(503, { error })).toMatchObject({
      status: 503,
      code: "NOT_READY",
      message: "the actions server answered 503: the database is away",
      hint: "Start it.",
    });
  });

  it.each([
    ["of an earlier server, without a hint", { error: { code: "X", message: "no" } }, ": no", "X"],
    ["of a proxy, with a page", " <h1>Bad\n gateway</h1>", ": <h1>Bad gateway</h1>", ""],
    ["without words", "", "", ""],
    ["in another form", { error: "no", message: 7 }, "", ""],
  ])("tells a refusal %s", async (_, body, words, code) => {
    const refusal = await refusalOf(502, body);
    expect(refusal).toMatchObject({ status: 502, code, hint: null });
    expect(refusal.message).toBe(`the actions server answered 502${words}`);
  });

  it("takes no page for a reply", async () => {
    expect((await refusalOf(200, "<html>")).message).toContain("answered 200: <html>");
  });

  it("passes on that there was no answer", async () => {
    const send: SendCall = async () => {
      throw new TypeError("socket hang up");
    };
    await expect(askRoute(send, { route: "me" })).rejects.toThrow(TypeError);
  });
});
