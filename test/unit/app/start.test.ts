import { describe, expect, it } from "vitest";
import { keyTarget } from "#app/src/parts/tab-keys";
import { originOf, start } from "#app/src/start";
import { instantsIn, languageOf } from "#app/src/texts/languages";
import type { ZafClient } from "#app/src/zaf/client";
import type { BundleTemplate } from "#install/bundle-template";
import { FakeZaf } from "./fake-zaf.ts";

const KEY = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";

interface Scene {
  readonly role?: string;
  readonly locale?: string;
  readonly serverUrl?: unknown;
  readonly query?: string;
  readonly colorScheme?: string;
}

async function open(scene: Scene = {}) {
  const zaf = new FakeZaf();
  const { role = "admin", locale = "en-US", serverUrl = "https://qa.example.com/" } = scene;
  zaf.values["currentUser"] = { role, locale };
  if (scene.colorScheme !== undefined) zaf.values["colorScheme"] = scene.colorScheme;
  const client: ZafClient = Object.assign(zaf, {
    trigger: () => undefined,
    invoke: async () => ({}),
    context: async () => ({ instanceGuid: "nav-1", account: { subdomain: "Acme" } }),
    metadata: async () => ({ appId: 12, installationId: 34, settings: { server_url: serverUrl } }),
  });
  const started = await start({
    client,
    query: new URLSearchParams(scene.query ?? "origin=https://acme.zendesk.com"),
    template: {} as BundleTemplate,
    now: () => new Date(),
    newId: () => "id",
    sleep: async () => undefined,
  });
  return { zaf, started };
}

describe("the start", () => {
  it("finds out all that the steps need", async () => {
    const { started } = await open();
    expect(started).toMatchObject({
      outcome: "ready",
      scheme: "light",
      steps: {
        subdomain: "Acme",
        integration: "caseqa_acme",
        serverUrl: "https://qa.example.com",
        zendeskUrl: "https://acme.zendesk.com",
      },
    });
  });

  it.each(["agent", "end-user", undefined])("shows nothing to the role %s", async (role) => {
    const { started, zaf } = await open(role === undefined ? { role: "" } : { role });
    expect(started.outcome).toBe("not_admin");
    expect(zaf.requests).toEqual([]);
  });

  it("says that the server's address is wrong", async () => {
    expect((await open({ serverUrl: "http://qa.example.com" })).started.outcome).toBe("bad_url");
  });

  it.each([
    [{ query: "colorScheme=dark" }, "dark"],
    [{ colorScheme: "dark" }, "dark"],
    [{ query: "colorScheme=light", colorScheme: "dark" }, "light"],
    [{}, "light"],
  ])("takes the colours from %j", async (scene, scheme) => {
    expect((await open(scene)).started.scheme).toBe(scheme);
  });

  it("introduces the installation with the app's key, read as the administrator", async () => {
    const { started, zaf } = await open();
    zaf.answer = ({ url }) => ({ status: 200, responseText: url.endsWith(".pem") ? KEY : "{}" });
    if (started.outcome !== "ready") throw new Error("it is not ready");
    await started.introduce("server-token");
    const [key, put] = zaf.requests;
    expect(key).toMatchObject({ url: "/api/v2/apps/12/public_key.pem", headers: {} });
    expect(put).toMatchObject({
      url: "https://qa.example.com/v1/admin/installation",
      type: "PUT",
      headers: { Authorization: "Bearer server-token" },
    });
    expect(JSON.parse(put!.data!)).toEqual({
      app_id: "12",
      installation_id: "34",
      public_key: KEY,
    });
  });

  it("lets the server fetch the key where Zendesk does not show it", async () => {
    const { started, zaf } = await open();
    zaf.answer = ({ url }) => ({ status: url.endsWith(".pem") ? 404 : 200, responseText: "{}" });
    if (started.outcome !== "ready") throw new Error("it is not ready");
    await started.introduce("server-token");
    expect(JSON.parse(zaf.requests[1]!.data!)).toEqual({ app_id: "12", installation_id: "34" });
  });
});

describe("an address", () => {
  it.each([
    ["https://qa.example.com", "https://qa.example.com"],
    [" https://qa.example.com:8443/ ", "https://qa.example.com:8443"],
    ["http://127.0.0.1:4000", "http://127.0.0.1:4000"],
    ["http://qa.example.com", null],
    ["https://qa.example.com/v1", null],
    ["https://user:word@qa.example.com", null],
    ["https://qa.example.com?x", null],
    ["javascript:alert(1)", null],
    [undefined, null],
  ])("%s is read as %s", (given, origin) => {
    expect(originOf(given)).toBe(origin);
  });
});

describe("a language", () => {
  it.each([
    ["en-US", "ltr"],
    ["ar", "rtl"],
    ["ar-eg", "rtl"],
    ["de", "ltr"],
    ["arn", "ltr"],
  ])("%s reads %s", (locale, dir) => {
    expect(languageOf(locale).dir).toBe(dir);
  });

  it("shows instants, and what is none as it is", () => {
    const instant = instantsIn("en");
    expect(instant("2026-11-25T10:00:00Z")).toContain("2026");
    expect(instant("yesterday")).toBe("yesterday");
  });
});

describe("the keys of tabs", () => {
  const names = ["a", "b", "c"] as const;
  it.each([
    ["ArrowRight", "ltr", "b"],
    ["ArrowLeft", "ltr", "c"],
    ["ArrowRight", "rtl", "c"],
    ["ArrowLeft", "rtl", "b"],
    ["Home", "ltr", "a"],
    ["End", "ltr", "c"],
    ["Enter", "ltr", undefined],
  ] as const)("%s in %s leads from a to %s", (key, dir, target) => {
    expect(keyTarget(key, names, "a", dir)).toBe(target);
  });
});
