/** The apps API as clients meet it: packages, jobs, apps, installations. */
import { createPublicKey } from "node:crypto";
import { expect, test } from "vitest";
import { zip } from "#app-package/zip";
import { packApp, sampleApp } from "../../support/sample-app.ts";
import { ADMIN, AGENT, openApps } from "./apps-fixture.ts";

const INSTALLATIONS = "/api/support/apps/installations";

async function validate(file: Buffer | undefined) {
  const { call } = await openApps();
  const form = new FormData();
  if (file) form.append("file", new Blob([new Uint8Array(file)]), "app.zip");
  return call("POST", "/api/v2/apps/validate", form);
}

function packed(...paths: string[]): Buffer {
  return zip(paths.map((path) => ({ path, content: Buffer.from("{}") })));
}

/** The same zip with a path of the same length in place of another. */
function renamed(file: Buffer, from: string, to: string): Buffer {
  return Buffer.from(file.toString("latin1").replaceAll(from, to), "latin1");
}

test("a sound package is valid", async () => {
  expect(await validate(packApp(sampleApp()))).toMatchObject({ status: 200, body: {} });
});

test.each([
  ["no file", undefined, "Invalid zip file"],
  ["no zip", Buffer.from("not a zip"), "Invalid zip file"],
  ["a cut zip", packApp(sampleApp()).subarray(0, 300), "Invalid zip file"],
  ["an empty zip", zip([]), "Could not find manifest.json"],
  [
    "a nested manifest",
    zip([{ path: "app/manifest.json", content: Buffer.from("{}") }]),
    "nested in app/manifest.json",
  ],
  [
    "a link",
    zip([{ path: "assets/a", content: Buffer.from("/etc/passwd"), mode: 0o120_777 }]),
    "Symlinks are not allowed: assets/a",
  ],
  [
    "a bomb",
    zip([{ path: "assets/a.js", content: Buffer.alloc(65 * 1024 * 1024) }]),
    "Invalid zip file",
  ],
  ["a path that leads out", packed("../manifest.json"), "Invalid zip file"],
  [
    "a path that is there twice",
    renamed(packed("assets/a", "assets/b"), "assets/b", "assets/a"),
    "Invalid zip file",
  ],
  ["no JSON", zip([{ path: "manifest.json", content: Buffer.from("{") }]), "not proper JSON"],
])("%s is refused", async (_name, file, description) => {
  const answer = await validate(file);
  expect(answer.status).toBe(400);
  expect(answer.body.description).toContain(description);
});

test.each([
  [{ author: undefined }, "author"],
  [{ location: undefined }, "location"],
  [{ private: "yes" }, "private must be a Boolean"],
  [{ version: 1 }, "version must be a String"],
  [{ frameworkVersion: "1.0" }, "not a valid framework version"],
  [{ defaultLocale: "English" }, "not a valid default locale"],
  [{ defaultLocale: "de" }, "translations/de.json"],
  [{ location: { desk: {} } }, "desk"],
  [{ location: { support: { admin: "assets/index.html" } } }, "admin is an invalid location"],
  [{ location: { support: { nav_bar: "assets/none.html" } } }, "valid URI"],
  [{ location: { support: { nav_bar: "http://example.com" } } }, "valid URI"],
  [{ location: { support: { nav_bar: {} } } }, "url is required"],
  [{ parameters: [{ name: "a" }, { name: "a" }] }, "Duplicate app parameter: a"],
  [{ parameters: [{ name: "name" }] }, "Can't call a parameter 'name'"],
  [{ parameters: [{ name: "a", type: "password" }] }, "invalid parameter type password"],
  [{ parameters: [{ name: "a", type: "hidden", required: true }] }, "hidden cannot be required"],
  [{ parameters: [{ name: "a", scopes: ["header"] }] }, "scopes need a secure parameter"],
  [{ parameters: [{ name: "a", secure: true, scopes: ["cookie"] }] }, "non-empty array out of"],
  [{ domainWhitelist: "example.com" }, "domainWhitelist must be an array"],
])("the manifest with %j is refused", async (changes, description) => {
  const answer = await validate(packApp(sampleApp(changes)));
  expect(answer.status).toBe(400);
  expect(answer.body.description).toContain(description);
});

test("an app is uploaded, created, installed, updated in place and deleted", async () => {
  const { call, upload, install, apps } = await openApps({ switches: { pollsBeforeDone: 1 } });
  const uploaded = await upload();
  expect(uploaded).toMatchObject({ status: 201, body: { id: expect.any(Number) } });
  const { body: job } = await call("POST", "/api/apps.json", {
    upload_id: uploaded.body.id,
    name: "Sample",
  });
  const status = `/api/v2/apps/job_statuses/${job.job_id}`;
  expect((await call("GET", status)).body).toMatchObject({ status: "working", app_id: null });
  const done = await call("GET", status);
  expect(done.body).toMatchObject({ status: "completed", app_id: expect.any(Number) });
  const appId: number = done.body.app_id;
  apps.switches.pollsBeforeDone = 0;
  const newer = await upload(sampleApp({ version: "2.0.0" }));
  await call("PUT", `/api/v2/apps/${appId}`, { upload_id: newer.body.id });
  expect((await call("GET", `/api/v2/apps/${appId}.json`)).body).toMatchObject({
    id: appId,
    name: "Sample",
    version: "2.0.0",
  });
  const pem = await call("GET", `/api/v2/apps/${appId}/public_key.pem`);
  expect(createPublicKey(pem.text).asymmetricKeyType).toBe("rsa");

  const other = await install(sampleApp({ singleInstall: false }));
  expect((await call("GET", "/api/v2/apps/owned.json")).body.apps).toHaveLength(2);
  expect((await call("DELETE", `/api/v2/apps/${other.appId}`)).status).toBe(204);
  expect((await call("GET", `${INSTALLATIONS}/${other.installationId}.json`)).status).toBe(404);
  expect((await call("DELETE", `/api/v2/apps/${other.appId}`)).status).toBe(404);
});

test("a failed job leaves nothing behind", async () => {
  const { call, upload, apps } = await openApps({ switches: { failJobs: "No space" } });
  const { body: uploaded } = await upload();
  const { body: job } = await call("POST", "/api/apps.json", {
    upload_id: uploaded.id,
    name: "Sample",
  });
  expect((await call("GET", `/api/v2/apps/job_statuses/${job.job_id}`)).body).toMatchObject({
    status: "failed",
    message: "No space",
    app_id: null,
  });
  expect(apps.registry.apps()).toEqual([]);
});

test("an update keeps what it does not name, and secure settings are never shown", async () => {
  const parameters = [
    { name: "server_url", type: "url", required: true },
    { name: "note", type: "text", default: "none" },
    { name: "key", type: "text", secure: true, scopes: ["header"] },
  ];
  const { call, install, apps } = await openApps();
  const { installationId: id } = await install(sampleApp({ parameters }));
  const changed = await call("PUT", `${INSTALLATIONS}/${id}.json`, { settings: { key: "hidden" } });
  expect(changed.body.settings).toEqual({
    name: "Sample",
    server_url: "https://caseqa.example.com",
    note: "none",
  });
  await call("PUT", `${INSTALLATIONS}/${id}.json`, { settings: { note: "new", other: 1 } });
  expect(apps.registry.installation(id)!.settings).toEqual({
    name: "Sample",
    server_url: "https://caseqa.example.com",
    note: "new",
    key: "hidden",
  });
  const off = await call("PUT", `/api/v2/apps/installations/${id}.json`, {
    enabled: false,
    role_restrictions: [4],
  });
  expect(off.body).toMatchObject({ enabled: false, role_restrictions: [4] });
  const listed = await call("GET", `${INSTALLATIONS}.json`);
  expect(listed.body.installations).toMatchObject([{ id, enabled: false }]);
  expect((await call("GET", "/api/sell/apps/installations.json")).body.installations).toEqual([]);
  expect((await call("DELETE", `${INSTALLATIONS}/${id}.json`)).status).toBe(204);
  expect((await call("DELETE", `${INSTALLATIONS}/${id}.json`)).status).toBe(404);
});

test("a single install is one, even when two are asked for at once", async () => {
  const { call, install, apps } = await openApps();
  const { appId, installationId } = await install();
  await call("DELETE", `${INSTALLATIONS}/${installationId}.json`);
  const body = { app_id: String(appId), settings: { server_url: "https://a.example.com" } };
  const both = await Promise.all([
    call("POST", `${INSTALLATIONS}.json`, body),
    call("POST", `${INSTALLATIONS}.json`, body),
  ]);
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 422]);
  expect(apps.registry.installations()).toHaveLength(1);
});

test("an installation without a required setting, or of no app, is refused", async () => {
  const { call, install } = await openApps();
  const { appId, installationId } = await install();
  await call("DELETE", `${INSTALLATIONS}/${installationId}.json`);
  const create = (app_id: unknown, settings: object) =>
    call("POST", `${INSTALLATIONS}.json`, { app_id, settings });
  expect(await create(appId, {})).toMatchObject({
    status: 422,
    body: { details: { server_url: [{ description: "server_url is required" }] } },
  });
  expect((await create(appId, { server_url: "no address" })).status).toBe(422);
  expect((await create(1, {})).status).toBe(422);
});

test("each credential reaches as far as its kind and role", async () => {
  const { call, as } = await openApps();
  const get = (headers: object) => call("GET", "/api/v2/apps/owned.json", undefined, headers);
  const post = (headers: object) => call("POST", "/api/apps.json", {}, headers);
  expect((await get({})).body).toEqual({ error: "Couldn't authenticate you" });
  expect((await get({ authorization: "Bearer wrong" })).body.error).toBe("invalid_token");
  expect((await get(as.agent)).status).toBe(403);
  expect((await get(as.session(AGENT))).status).toBe(403);
  expect((await get(as.session(ADMIN))).status).toBe(200);
  expect((await get(as.bearer(["read"]))).status).toBe(200);
  expect((await get(as.bearer(["apps:read"]))).status).toBe(200);
  expect((await post(as.bearer(["read"]))).body.description).toContain("scopes: write");
  expect((await get(as.bearer(["tickets:read"]))).status).toBe(403);
  expect((await get(as.bearer(["read"], AGENT))).status).toBe(403);
  const session = as.session(ADMIN);
  expect((await post(session)).status).toBe(200);
  expect((await post({ cookie: session.cookie })).status).toBe(403);
});

test("faults stand for what goes wrong on the way", async () => {
  const { call, upload, faults } = await openApps();
  faults.add({ method: "POST", path: "/api/v2/apps/uploads.json", times: 1, status: 503 });
  expect((await upload()).status).toBe(503);
  expect((await upload()).status).toBe(201);
  faults.add({
    path: `${INSTALLATIONS}.json`,
    times: 1,
    status: 200,
    headers: { "content-type": "application/json" },
    body: '{"installations":[{"id"',
  });
  await expect(call("GET", `${INSTALLATIONS}.json`)).rejects.toThrow("JSON");
});

test("the OAuth clients are listed with the beginning of their secrets", async () => {
  const { call, account } = await openApps();
  const made = account.createOAuthClient({ identifier: "zis_caseqa_tideway", integration: "x" });
  const { body } = await call("GET", "/api/v2/oauth/clients.json");
  const [found] = body.clients.filter(
    (one: { identifier: string }) => one.identifier === "zis_caseqa_tideway",
  );
  expect(found).toMatchObject({ id: made.id, secret: made.secret.slice(0, 10) });
  const shown = await call("GET", `/api/v2/oauth/clients/${made.id}.json`);
  expect(shown.body.client.identifier).toBe("zis_caseqa_tideway");
});
