import { expect, test } from "vitest";
import { groupByCause } from "#cli/doctor/causes";
import { failed, ok, warning, type CheckName } from "#cli/doctor/check";

function because(...checks: Parameters<typeof groupByCause>[0]): Record<string, CheckName | null> {
  return Object.fromEntries(
    groupByCause(checks).map((check) => [check.name, check.because] as const),
  );
}

test("what follows from a failed check names the beginning of the chain", () => {
  expect(
    because(
      failed("zendesk_login", "401", "c"),
      failed("plan", "401", "c"),
      failed("app", "401", "c"),
      failed("installation", "401", "c"),
      ok("server", "well"),
    ),
  ).toEqual({
    zendesk_login: null,
    plan: "zendesk_login",
    app: "zendesk_login",
    installation: "zendesk_login",
    server: null,
  });
});

test("an account in which nothing is installed is one cause", () => {
  expect(
    because(
      failed("name", "not registered", "c"),
      failed("app", "not installed", "c"),
      warning("server: webhooks", "none", "c"),
      warning("server: settings", "none", "c"),
      warning("sweep", "none", "c"),
      failed("installation", "not registered", "c"),
      warning("credential", "an API token", "c"),
    ),
  ).toEqual({
    name: null,
    app: "name",
    "server: webhooks": "name",
    "server: settings": "name",
    sweep: "name",
    installation: "name",
    credential: null,
  });
});

test("a warning is not a cause, and what is well follows from nothing", () => {
  expect(
    because(
      warning("server: zendesk_login", "slow", "c"),
      failed("server: zendesk_scopes", "none", "c"),
      failed("name", "not registered", "c"),
      ok("app", "installed"),
    ),
  ).toEqual({
    "server: zendesk_login": null,
    "server: zendesk_scopes": null,
    name: null,
    app: null,
  });
});
