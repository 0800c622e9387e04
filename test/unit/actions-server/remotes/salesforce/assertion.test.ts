/** Does the assertion say what Salesforce checks, and to the right login host? */
import { generateKeyPairSync, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { audienceOf, createAssertion } from "#remotes/salesforce/assertion";

describe("createAssertion", () => {
  it("is signed with RS256 and ends after three minutes", () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
    const assertion = createAssertion({
      privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      clientId: "key",
      username: "qa@acme.example",
      loginUrl: "https://acme.my.salesforce.com",
      now: new Date("2026-11-25T08:00:00.900Z"),
    });
    const [header = "", claims = "", signature = ""] = assertion.split(".");
    const decode = (part: string): unknown => JSON.parse(Buffer.from(part, "base64url").toString());
    expect(decode(header)).toEqual({ alg: "RS256", typ: "JWT" });
    expect(decode(claims)).toEqual({
      iss: "key",
      sub: "qa@acme.example",
      aud: "https://login.salesforce.com",
      exp: Date.parse("2026-11-25T08:03:00Z") / 1_000,
    });
    const signed = Buffer.from(`${header}.${claims}`);
    expect(verify("RSA-SHA256", signed, publicKey, Buffer.from(signature, "base64url"))).toBe(true);
  });
});

describe("audienceOf", () => {
  it.each([
    ["https://acme.my.salesforce.com", "https://login.salesforce.com"],
    ["https://login.salesforce.com", "https://login.salesforce.com"],
    ["https://acme--uat.sandbox.my.salesforce.com", "https://test.salesforce.com"],
    ["https://test.salesforce.com", "https://test.salesforce.com"],
    ["http://127.0.0.1:3000", "http://127.0.0.1:3000"],
    ["https://salesforce.com.acme.example", "https://salesforce.com.acme.example"],
  ])("of %s is %s", (loginUrl, audience) => {
    expect(audienceOf(loginUrl)).toBe(audience);
  });
});
