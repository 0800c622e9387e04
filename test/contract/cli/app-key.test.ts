/** Does the command tell our server, with the installation, the key that Zendesk signs with? */
import { chmod, cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ROUTES } from "#contract/routes";
import type { Installation } from "#contract/routes/access";
import { readPublicKey } from "#cli/zendesk-app/installations";
import { prepareCaseqa } from "../../support/caseqa.ts";
import { packApp, sampleApp, writeApp } from "../../support/sample-app.ts";
import { startWorld } from "../../support/world.ts";
import { json, startScriptedServer } from "../actions-server/scripted-server.ts";

const ASSETS = fileURLToPath(new URL("../../../app/assets", import.meta.url));

/** An account that has the app already, a zcli that does nothing more, and a server that only listens. */
async function start() {
  const world = await startWorld({ tickets: 5, tls: true, installed: false });
  const app = sampleApp({ name: "CaseQA" });
  const form = new FormData();
  form.append("uploaded_data", new Blob([new Uint8Array(packApp(app))]), "app.zip");
  const { url, adminEmail, apiToken } = world.card.zendesk;
  const basic = Buffer.from(`${adminEmail}/token:${apiToken}`).toString("base64");
  const send = async (path: string, body: FormData | object) => {
    const isForm = body instanceof FormData;
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: {
        authorization: `Basic ${basic}`,
        ...(!isForm && { "content-type": "application/json" }),
      },
      body: isForm ? body : JSON.stringify(body),
    });
    return (await response.json()) as { id?: number };
  };
  const { id } = await send("/api/v2/apps/uploads.json", form);
  await send("/api/apps.json", { upload_id: id, name: "CaseQA" });
  const [made] = world.apps.registry.apps();

  const server = await startScriptedServer(() => json({ error: { message: "not here" } }, 404));
  const caseqa = await prepareCaseqa(world);
  const zcli = join(caseqa.folder, "zcli");
  await writeFile(zcli, "#!/bin/sh\nexit 0\n");
  await chmod(zcli, 0o755);
  await mkdir(join(caseqa.folder, "app"));
  await writeApp(join(caseqa.folder, "app"), app);
  await cp(ASSETS, join(caseqa.folder, "app", "assets"), { recursive: true });
  const install = () =>
    caseqa.run(["install", "--app", "app", "--zcli", zcli, "--timeout", "0", "--json"], {
      env: { CASEQA_SERVER_URL: server.origin },
    });
  const told = () =>
    server.calls
      .filter(({ method, path }) => method === "PUT" && path === ROUTES.installation.path)
      .map(({ body }) => JSON.parse(body) as Installation);
  return { world, made, install, told };
}

describe("caseqa install", () => {
  it("sends our server the app's public key with its ids, and the same when it is repeated", async () => {
    const { world, made, install, told } = await start();
    const first = await install();
    expect(first.stderr).toContain("the actions server answered 404: not here");
    const [installation] = world.apps.registry.installations();
    const expected = {
      app_id: String(made?.id),
      installation_id: String(installation?.id),
      public_key: made?.publicKey,
    };
    expect(told()).toEqual([expected]);
    await install();
    expect(told()).toEqual([expected, expected]);
    expect(world.apps.registry.installations()).toHaveLength(1);
  });
});

describe("the app's key", () => {
  it.each([
    ["is refused", { status: 403, body: "Forbidden" }],
    ["is no key", { status: 200, body: "<html>Sign in</html>" }],
    ["comes as something else", { status: 200, body: { key: "PUBLIC KEY" } }],
  ])("is left to the server to ask for when it %s", async (_, answer) => {
    expect(await readPublicKey(async () => answer, "11")).toBeUndefined();
  });
});
