/** The addresses and numbers of a person: which is the first, how they change, and who hears of it. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openClient, send, type DeskClient } from "./desk-client.ts";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

describe("identities", () => {
  let desk: DeskFixture;
  let client: DeskClient;

  beforeEach(async () => {
    desk = await openDesk({ tickets: 12 });
    client = openClient(desk);
  });
  afterEach(() => desk.close());

  const customer = () => desk.data.endUsers.find(({ email }) => email !== null)!;
  const heard = () => desk.personEvents.map(({ zis }) => zis?.event_type);

  it("begin with the address of the record", async () => {
    const { id, email } = customer();
    expect(await client.useridentities.list(id)).toContainEqual(
      expect.objectContaining({
        user_id: id,
        type: "email",
        value: email,
        primary: true,
        verified: true,
        deliverable_state: "deliverable",
      }),
    );
  });

  it("get a second address by an update of the person, which leaves the first", async () => {
    const { id, email } = customer();
    const { result } = await client.users.update(id, { user: { email: "second@example.com" } });
    expect(result.email).toBe(email);
    expect(heard()).toEqual(["user.UserIdentityCreated"]);
    expect(desk.personEvents[0]!.event.identity).toMatchObject({
      type: "email",
      value: "second@example.com",
      primary: false,
    });
    const found: unknown = await client.users.search({ query: email! });
    expect(found).toMatchObject([{ id }]);
  });

  it("are made, made the first, verified and deleted", async () => {
    const { id, email } = customer();
    const path = `/users/${id}/identities`;
    const { result: made } = await client.useridentities.create(id, {
      type: "email",
      value: "new@example.com",
    });
    expect(made).toMatchObject({ primary: false, verification_method: "none" });
    const { id: identityId } = made as unknown as { id: number };
    const first = await send(desk, "PUT", `${path}/${identityId}/make_primary`);
    expect(first.body.identities.find((one) => one.id === identityId)).toMatchObject({
      primary: true,
    });
    expect((await client.users.show(id)).result.email).toBe("new@example.com");
    await client.useridentities.verify(id, identityId);
    const { body: shown } = await send(desk, "GET", `${path}/${identityId}`);
    expect(shown).toMatchObject({ identity: { verified: true, verification_method: "full" } });
    const old = first.body.identities.find(({ primary }) => !primary)!;
    await client.useridentities.delete(id, old.id);
    expect((await send(desk, "GET", `${path}/${old.id}`)).status).toBe(404);
    expect(await client.users.search({ query: email! })).toEqual([]);
    expect(heard()).toEqual([
      "user.UserIdentityCreated",
      "user.UserIdentityChanged",
      "user.UserIdentityChanged",
      "user.UserIdentityChanged",
      "user.UserIdentityRemoved",
    ]);
  });

  it("refuse an address that somebody has, and an unknown type", async () => {
    const { id } = customer();
    const taken = { identity: { type: "email", value: desk.data.agents[1]!.email } };
    expect((await send(desk, "POST", `/users/${id}/identities`, taken)).status).toBe(422);
    const pigeon = { identity: { type: "pigeon", value: "coo" } };
    expect((await send(desk, "POST", `/users/${id}/identities`, pigeon)).status).toBe(400);
  });
});
