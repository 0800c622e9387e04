/** Does a session go only where Salesforce, or whoever configured the server, answers? */
import { describe, expect, it } from "vitest";
import { orgOrigin } from "#remotes/salesforce/org-origin";

const LOGIN = "http://127.0.0.1:8090";

describe("orgOrigin", () => {
  it.each([
    ["https://acme.my.salesforce.com", "https://acme.my.salesforce.com"],
    ["https://acme--uat.sandbox.my.salesforce.com/", "https://acme--uat.sandbox.my.salesforce.com"],
    ["https://acme.my.salesforce.mil", "https://acme.my.salesforce.mil"],
    ["https://user@acme.my.salesforce.com", "https://acme.my.salesforce.com"],
    ["http://127.0.0.1:8090/", LOGIN],
  ])("takes %s", (address, origin) => {
    expect(orgOrigin(address, LOGIN)).toBe(origin);
  });

  it.each([
    "http://acme.my.salesforce.com",
    "https://salesforce.com.evil.example",
    "https://evilsalesforce.com",
    "https://acme.my.salesforce.com@evil.example",
    "https://acme.secure.force.com",
    "https://127.0.0.1:8090",
    "http://127.0.0.1:8091",
    "ftp://acme.my.salesforce.com",
    "acme.my.salesforce.com",
    "",
  ])("refuses %s", (address) => {
    expect(orgOrigin(address, LOGIN)).toBeUndefined();
  });
});
