/** Is a session opened once for a signed token, short, known to every server, and gone when its installation is? */
import { exportSPKI, generateKeyPair } from "jose";
import { describe, expect, it } from "vitest";
import { findInstallation, registerInstallation } from "#subjects/access/installations";
import { createSessions, purgeSessions } from "#subjects/access/sessions";
import { createFindRole, type FindRole } from "#subjects/access/users";
import type { Role } from "#contract/routes/route";
import { AppError } from "#platform/errors";
import { freshDatabase } from "#test/support/postgres";
import { INSTALLATION_ID, PUBLIC_KEY, signToken, SUBDOMAIN } from "#test/support/sign-token";

const { db } = await freshDatabase();
const HOUR = 3_600_000;
const OTHER_KEY = await exportSPKI((await generateKeyPair("RS256")).publicKey);

/** One after the other, because no two accounts may have the same installation. */
async function start() {
  await db.deleteFrom("app_installations").execute();
  await db.deleteFrom("app_sessions").execute();
  await db.deleteFrom("app_signed_tokens").execute();
  const clock = { ms: Date.parse("2026-11-25T08:00:00Z") };
  const now = () => new Date(clock.ms);
  const asked: string[] = [];
  const roles = new Map<string, Role | Error>([
    ["1", "admin"],
    ["2", "agent"],
  ]);
  const findRole: FindRole = async (userId) => {
    asked.push(userId);
    const role = roles.get(userId);
    if (role instanceof Error) throw role;
    return { role, answeredAt: now() };
  };
  const server = () => createSessions({ db, now, findRole, subdomain: SUBDOMAIN });
  const installation = {
    account: "acme",
    appId: "7",
    installationId: INSTALLATION_ID,
    publicKey: PUBLIC_KEY,
  };
  await registerInstallation(db, installation, now());
  const sessions = server();
  const open = async (userId = "1") => {
    const opened = await sessions.open(await signToken(userId, clock.ms), "r");
    return { ...opened, claim: { account: opened.account, token: opened.token } };
  };
  return { clock, now, asked, roles, server, sessions, open, installation };
}

const refusal = (code: string) => expect.objectContaining({ name: "AppError", code });

describe("a session", () => {
  it("is opened for whom Zendesk vouches, with their role, for an hour", async () => {
    const { open, sessions, clock, server } = await start();
    const { claim, role, expiresAt } = await open();
    expect(role).toBe("admin");
    expect(expiresAt).toEqual(new Date(clock.ms + HOUR));
    const known = { known: true, account: "acme", role: "admin", userId: "1", expiresAt };
    expect(await sessions.find(claim)).toEqual(known);
    expect(await server().find(claim)).toEqual(known);
    clock.ms += HOUR;
    expect(await sessions.find(claim)).toMatchObject({ known: false });
  });

  it("is kept as a hash only", async () => {
    const { open } = await start();
    const { token } = await open();
    const rows = await db.selectFrom("app_sessions").selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(token.split(".")[1]);
  });

  it("is not found under another account's name", async () => {
    const { open, sessions } = await start();
    const { token } = await open();
    const claim = { account: "globex", token: token.replace("acme", "globex") };
    expect(await sessions.find(claim)).toMatchObject({ known: false });
    expect(await sessions.find({ account: "globex", token })).toMatchObject({ known: false });
  });

  it("is opened once for one token, however many come with it at once", async () => {
    const { server, clock } = await start();
    const token = await signToken(1, clock.ms);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, () => server().open(token, "r")),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected")
        expect(outcome.reason).toEqual(refusal("SESSION_UNTRUSTED"));
    }
    expect(await db.selectFrom("app_sessions").selectAll().execute()).toHaveLength(1);
  });

  it("is not opened, and the token stays good, when Zendesk does not answer with the role", async () => {
    const { server, clock, roles } = await start();
    roles.set("1", new AppError("ZENDESK_UNAVAILABLE", "busy"));
    const token = await signToken(1, clock.ms);
    await expect(server().open(token, "r")).rejects.toEqual(refusal("ZENDESK_UNAVAILABLE"));
    roles.set("1", "admin");
    expect(await server().open(token, "r")).toMatchObject({ role: "admin" });
  });

  it("is refused to end users, strangers and tokens of an unknown installation", async () => {
    const { sessions, clock, open } = await start();
    await expect(open("3")).rejects.toEqual(refusal("FORBIDDEN"));
    const aud = `https://${SUBDOMAIN}.zendesk.com/api/v2/apps/installations/999.json`;
    const elsewhere = await signToken(1, clock.ms, { aud });
    await expect(sessions.open(elsewhere, "r")).rejects.toThrow("999 is not registered");
    await expect(sessions.open("", "r")).rejects.toEqual(refusal("SESSION_UNTRUSTED"));
    const late = await signToken(1, clock.ms - HOUR);
    await expect(sessions.open(late, "r")).rejects.toThrow("expired");
  });

  it("is renewed by the hour, for twelve hours in all", async () => {
    const { open, sessions, clock } = await start();
    const { claim } = await open();
    const opened = clock.ms;
    for (let hours = 0; hours < 13; hours += 1) {
      clock.ms += 50 * 60_000;
      const { expiresAt } = await sessions.renew(claim, "r");
      expect(expiresAt).toEqual(new Date(Math.min(clock.ms + HOUR, opened + 12 * HOUR)));
    }
    clock.ms = opened + 12 * HOUR;
    await expect(sessions.renew(claim, "r")).rejects.toEqual(refusal("UNAUTHORIZED"));
  });

  it("loses the role that Zendesk took away, within five minutes", async () => {
    const { open, sessions, clock, roles } = await start();
    const { claim } = await open();
    roles.set("1", "agent");
    expect(await sessions.find(claim)).toMatchObject({ role: "admin" });
    clock.ms += 300_000;
    expect(await sessions.find(claim)).toMatchObject({ known: true, role: "agent" });
    roles.delete("1");
    clock.ms += 300_000;
    expect(await sessions.find(claim)).toMatchObject({ known: false });
    roles.set("1", "admin");
    expect(await sessions.find(claim)).toMatchObject({ known: false });
  });

  it("believes a role for five minutes after Zendesk gave it, not after it was used", async () => {
    const { clock, now, roles, installation } = await start();
    const client = {
      get: async () => ({ user: { role: roles.get("1"), active: true, suspended: false } }),
    };
    const findRole = createFindRole({ client, now });
    const sessions = createSessions({ db, now, findRole, subdomain: SUBDOMAIN });
    await registerInstallation(db, installation, now());
    await sessions.open(await signToken("1", clock.ms), "r");
    clock.ms += 59_000;
    // The role of 59 seconds ago is remembered for this one.
    const opened = await sessions.open(await signToken("1", clock.ms), "r");
    roles.set("1", "agent");
    clock.ms += 241_000;
    expect(await sessions.find(opened)).toMatchObject({ known: true, role: "agent" });
  });

  it("serves on while Zendesk is away, until its end", async () => {
    const { open, sessions, clock, roles } = await start();
    const { claim } = await open();
    roles.set("1", new AppError("ZENDESK_UNAVAILABLE", "busy"));
    clock.ms += 50 * 60_000;
    expect(await sessions.find(claim)).toMatchObject({ known: true, role: "admin" });
    await expect(sessions.renew(claim, "r")).rejects.toEqual(refusal("ZENDESK_UNAVAILABLE"));
    clock.ms += 10 * 60_000;
    expect(await sessions.find(claim)).toMatchObject({ known: false });
  });

  it("is removed once it has ended, with the tokens that nobody would believe", async () => {
    const { open, clock, now } = await start();
    await open();
    clock.ms += HOUR;
    await purgeSessions(db, now());
    expect(await db.selectFrom("app_sessions").selectAll().execute()).toEqual([]);
    expect(await db.selectFrom("app_signed_tokens").selectAll().execute()).toEqual([]);
  });
});

describe("an installation", () => {
  it("stays, with its sessions, when it is registered again as it is", async () => {
    const { open, sessions, installation, now } = await start();
    const { claim } = await open();
    await Promise.all([1, 2, 3].map(() => registerInstallation(db, installation, now())));
    expect(await sessions.find(claim)).toMatchObject({ known: true });
    expect(await findInstallation(db, "acme")).toEqual(installation);
  });

  it("ends every session when another one, or another key, takes its place", async () => {
    const { open, sessions, installation, now } = await start();
    const { claim } = await open();
    await registerInstallation(db, { ...installation, installationId: "5" }, now());
    expect(await sessions.find(claim)).toMatchObject({ known: false });
  });

  it("is replaced beside an opening without a session of the old key left over", async () => {
    for (let round = 0; round < 10; round += 1) {
      const { open, installation, now } = await start();
      const other = { ...installation, publicKey: OTHER_KEY };
      await Promise.allSettled([open(), registerInstallation(db, other, now()), open()]);
      expect(await db.selectFrom("app_sessions").selectAll().execute()).toEqual([]);
    }
  });

  it("belongs to one account", async () => {
    const { installation, now } = await start();
    const taken = registerInstallation(db, { ...installation, account: "globex" }, now());
    await expect(taken).rejects.toEqual(refusal("INSTALLATION_TAKEN"));
    const free = { ...installation, account: "globex", installationId: "6" };
    const raced = { ...free, account: "initech" };
    const outcomes = await Promise.allSettled(
      [free, raced].map((one) => registerInstallation(db, one, now())),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});
