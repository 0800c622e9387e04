/** Is only a token believed that Zendesk signed, for this installation, now? */
import { generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { claimedInstallation, readSignedToken } from "#subjects/access/signed-token";
import {
  AUDIENCE,
  INSTALLATION_ID,
  PUBLIC_KEY,
  signToken,
  SUBDOMAIN,
} from "#test/support/sign-token";

const NOW = Date.parse("2026-11-25T08:00:00Z");
const SECONDS = NOW / 1_000;
const ISSUER = `${SUBDOMAIN}.zendesk.com`;

const read = (token: string, nowMs = NOW, publicKey = PUBLIC_KEY) =>
  readSignedToken({
    token,
    installation: { installationId: INSTALLATION_ID, publicKey },
    subdomain: SUBDOMAIN,
    now: new Date(nowMs),
  });

describe("readSignedToken", () => {
  it("says whom Zendesk vouches for, by which token, and until when", async () => {
    const token = await signToken(17, NOW, { jti: "one" });
    expect(await read(token)).toEqual({
      ok: true,
      userId: "17",
      id: "jti:one",
      expiresAt: new Date(NOW + 360_000),
    });
    expect(claimedInstallation(token)).toBe(INSTALLATION_ID);
  });

  it("takes a user as a bare id too", async () => {
    const token = await signToken(17, NOW, { sub: "17" });
    expect(await read(token)).toMatchObject({ ok: true, userId: "17" });
  });

  it("knows a token without a jti again, however its signature is written", async () => {
    const token = await signToken(17, NOW, { jti: undefined });
    const first = await read(token);
    expect(first).toMatchObject({ ok: true, userId: "17" });
    // 256 bytes in base64: of the last character only two bits count.
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const last = alphabet.indexOf(token.at(-1) ?? "");
    const others = alphabet.split("").filter((_, at) => at !== last && at >> 4 === last >> 4);
    expect(others).toHaveLength(15);
    for (const character of others) {
      expect(await read(token.slice(0, -1) + character)).toEqual(first);
    }
    expect(await read(`${token}==`)).toEqual(first);
    expect(await read(await signToken(17, NOW + 1_000, { jti: undefined }))).not.toEqual(first);
  });

  it("bears clocks that are up to a minute apart", async () => {
    const token = await signToken(17, NOW);
    expect(await read(token, NOW - 59_000)).toMatchObject({ ok: true });
    expect(await read(token, NOW + 359_000)).toMatchObject({ ok: true });
    expect(await read(token, NOW - 61_000)).toMatchObject({ ok: false });
    expect(await read(token, NOW + 361_000)).toMatchObject({ ok: false });
  });

  it.each<[string, Record<string, unknown>]>([
    ["another audience", { aud: AUDIENCE.replace(INSTALLATION_ID, "360002") }],
    ["the audience of another account", { aud: AUDIENCE.replace(SUBDOMAIN, "globex") }],
    ["no audience", { aud: undefined }],
    ["another issuer", { iss: "globex.zendesk.com" }],
    ["an issuer that only ends like ours", { iss: `evil-${ISSUER}` }],
    ["no issuer", { iss: undefined }],
    ["no end", { exp: undefined }],
    ["an end that is not a number", { exp: "never" }],
    ["no beginning", { iat: undefined }],
    ["a beginning that is to come", { iat: SECONDS + 120 }],
    ["a beginning long ago and an end far off", { iat: SECONDS - 3_600, exp: SECONDS + 86_400 }],
    ["a time before which it does not count", { nbf: SECONDS + 120 }],
    ["no user", { sub: undefined }],
    ["a user that is not an id", { sub: "https://acme.zendesk.com/api/v2/users/me.json" }],
    ["a user of another account", { sub: "https://globex.zendesk.com/api/v2/users/17.json" }],
    [
      "a user of a host of that beginning",
      { sub: `https://${ISSUER}.evil.example/api/v2/users/17.json` },
    ],
    ["a user without TLS", { sub: `http://${ISSUER}/api/v2/users/17.json` }],
    ["a user with more after the id", { sub: "17/../../18" }],
  ])("refuses %s", async (_, claims) => {
    const refused = await read(await signToken(17, NOW, claims));
    expect(refused).toMatchObject({ ok: false });
    expect(JSON.stringify(refused)).not.toMatch(/globex|evil|360002/);
  });

  it("refuses the public key used as a shared secret", async () => {
    const forged = await new SignJWT({ sub: "17" })
      .setProtectedHeader({ alg: "HS256" })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(SECONDS)
      .setExpirationTime(SECONDS + 300)
      .sign(new TextEncoder().encode(PUBLIC_KEY));
    expect(await read(forged)).toEqual({ ok: false, problem: "it is not signed with RS256" });
  });

  it("refuses no signature, another key's, other RSA algorithms and a changed payload", async () => {
    const unsigned = new UnsecuredJWT({ sub: "17" })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(SECONDS)
      .setExpirationTime(SECONDS + 300)
      .encode();
    const other = await generateKeyPair("RS256");
    const foreign = await signToken(17, NOW, {}, other.privateKey);
    const pss = await generateKeyPair("PS256");
    const otherAlgorithm = await new SignJWT({ sub: "17", iss: ISSUER, aud: AUDIENCE })
      .setProtectedHeader({ alg: "PS256" })
      .sign(pss.privateKey);
    const [header, payload = "", signature] = (await signToken(17, NOW)).split(".");
    const changed = JSON.parse(Buffer.from(payload, "base64url").toString());
    const tampered = Buffer.from(JSON.stringify({ ...changed, sub: "18" })).toString("base64url");
    for (const token of [unsigned, foreign, otherAlgorithm, `${header}.${tampered}.${signature}`]) {
      expect(await read(token)).toMatchObject({ ok: false });
    }
  });

  it("refuses with a reason when the registered key is none", async () => {
    expect(await read(await signToken(17, NOW), NOW, "no key")).toMatchObject({ ok: false });
  });
});

describe("claimedInstallation", () => {
  it.each(["", "a", "a.b", "a.b.c", "a.b.c.d", `.${btoa("[]")}.`, `.${btoa('{"aud":[1]}')}.x`])(
    "finds none in %j",
    (token) => expect(claimedInstallation(token)).toBeUndefined(),
  );
});
