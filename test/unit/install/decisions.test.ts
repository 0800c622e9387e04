import { describe, expect, it } from "vitest";
import { ask, textOf } from "#install/ask";
import { serverRemedy } from "#install/refusals";
import { integrationName } from "#install/context";
import { planJobSpecs } from "#install/job-specs";
import { judge, levelOf } from "#install/judge-state";
import { INTEGRATION_NAME } from "#zis/model/names";

describe("the state", () => {
  const some = { installed: ["a"], extra: [], orphaned: [] };
  const none = { installed: [], extra: [], orphaned: ["a"] };
  const since = "2026-11-25T10:00:00Z";
  it.each([
    ["unreadable", "unread", none, null],
    ["not_installed", undefined, none, null],
    ["in_sync", { contentHash: "1", claimedHash: "1" }, some, null],
    ["in_sync", { contentHash: "1", claimedHash: null }, some, null],
    ["other_version", { contentHash: "2", claimedHash: "2" }, some, null],
    ["changed", { contentHash: "2", claimedHash: "1" }, some, null],
    ["changed", { contentHash: "2", claimedHash: null }, some, null],
    ["disabled", { contentHash: "1", claimedHash: "1" }, none, null],
    ["disabled", { contentHash: "2", claimedHash: "2" }, none, null],
    // Somebody else's upload orphans the job specs too.
    ["changed", { contentHash: "2", claimedHash: "1" }, none, null],
    ["changed", { contentHash: "2", claimedHash: null }, none, null],
    // Owed: an upload was stopped before its job specs were installed.
    ["unfinished", { contentHash: "1", claimedHash: "1" }, none, since],
    ["unfinished", { contentHash: "1", claimedHash: "1" }, some, since],
    ["other_version", { contentHash: "2", claimedHash: "2" }, none, since],
    ["unfinished", { contentHash: "1", claimedHash: "1" }, { ...none, extra: ["b"] }, null],
    ["unfinished", { contentHash: "1", claimedHash: "1" }, { ...some, orphaned: ["b"] }, null],
  ] as const)("%s: %j %j %s", (state, found, jobSpecs, catchUpSince) => {
    const rest = { isBare: false, isPartMissing: false };
    expect(judge({ found, wantedContentHash: "1", jobSpecs, catchUpSince, ...rest })).toBe(state);
  });

  it("unfinished: the bundle is there, but a connection or the settings are not", () => {
    const found = { contentHash: "1", claimedHash: "1" };
    const seen = {
      found,
      wantedContentHash: "1",
      jobSpecs: some,
      catchUpSince: null,
      isBare: false,
    };
    expect(judge({ ...seen, isPartMissing: true })).toBe("unfinished");
  });

  it("has one level, whoever shows it", () => {
    const broken = { what: "w", remedy: "c" };
    const odd = { ...broken, severity: "warning" } as const;
    const note = { ...broken, severity: "note" } as const;
    expect(levelOf({ state: "in_sync", problems: [] })).toBe("ok");
    expect(levelOf({ state: "in_sync", problems: [note] })).toBe("ok");
    expect(levelOf({ state: "in_sync", problems: [odd] })).toBe("warning");
    expect(levelOf({ state: "in_sync", problems: [broken, odd] })).toBe("failed");
    expect(levelOf({ state: "disabled", problems: [odd] })).toBe("warning");
    expect(levelOf({ state: "unfinished", problems: [] })).toBe("failed");
    expect(levelOf({ state: "not_installed", problems: [] })).toBe("failed");
  });

  it("not_installed: all is gone but the bundle, which cannot be deleted", () => {
    const found = { contentHash: "1", claimedHash: "1" };
    const bare = {
      found,
      wantedContentHash: "1",
      catchUpSince: null,
      isBare: true,
      isPartMissing: false,
    };
    expect(judge({ ...bare, jobSpecs: none })).toBe("not_installed");
    expect(judge({ ...bare, jobSpecs: some })).toBe("in_sync");
  });
});

it("job specs: what to install, what to leave, what to remove", () => {
  const listed = [
    { name: "a", installed: true },
    { name: "b", installed: false },
    { name: "old", installed: true },
    { name: "gone", installed: false },
  ];
  expect(planJobSpecs(["a", "b", "c"], listed)).toEqual({
    orphaned: ["b", "c"],
    installed: ["a"],
    extra: ["old"],
  });
});

it("every subdomain gives a name that ZIS takes", () => {
  for (const subdomain of ["acme", "Acme-Support", "a.b", "x".repeat(80)]) {
    expect(integrationName(subdomain)).toMatch(INTEGRATION_NAME);
  }
});

describe("what an answer says", () => {
  it.each([
    ["plain text", "plain  text\n"],
    ["no", { message: "no" }],
    [
      "Unauthorized; error message",
      { errors: [{ detail: "error message" }], message: "Unauthorized" },
    ],
    ["RecordInvalid; wrong", { error: "RecordInvalid", description: "wrong" }],
    ["Forbidden", { error: { title: "Forbidden" } }],
    ["the database is away", { error: { code: "NOT_READY", message: "the database is away" } }],
    ["", null],
    ["", 7],
  ])("%j", (said, body) => {
    expect(textOf(body)).toBe(said);
  });

  it("is cut", () => {
    expect(textOf("x".repeat(1000))).toHaveLength(300);
  });

  it.each([
    ["Only admin user is allowed", 403, /administrator/],
    ["Authorization failed due to integration mismatch", 401, /zis_<integration>/],
    ["API token is not supported", 403, /oauth_client/],
    ["Authentication failed", 401, /Sign in again/],
    [
      { errors: [{ detail: "one or more requested job specs is invalid" }] },
      400,
      /Upload the bundle/,
    ],
    ["", 503, /Wait a little/],
    ["", 418, /Try again/],
  ])("%j %i has its remedy", async (body, status, remedy) => {
    const call = () => Promise.resolve({ status, body });
    const request = { method: "GET", path: "/api/x" } as const;
    await expect(ask(call, request, "do it")).rejects.toMatchObject({
      message: expect.stringMatching(/^Could not do it: Zendesk answered/),
      remedy: expect.stringMatching(remedy),
      status,
    });
  });
});

describe("what to do about a refusal of our server", () => {
  const hint = "Do this.";
  it.each([
    ["its own hint", 403, hint, /^Do this\.$/],
    ["the token, which only its caller knows", 401, hint, /CASEQA_SERVER_TOKEN/],
    ["an update, when it lacks the route", 404, hint, /older/],
    ["what the status says, when it gives no hint", 503, null, /Wait a little/],
  ])("is %s", (_, status, said, remedy) => {
    expect(serverRemedy({ status, hint: said })).toMatch(remedy);
  });
});
