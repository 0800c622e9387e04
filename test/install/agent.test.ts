/** An agent who is no administrator: she sees no administration, and her session opens none. */
import { describe, expect, test } from "vitest";
import { ROUTES } from "../../contract/routes.ts";
import { SESSION_PATH } from "../../contract/routes/access.ts";
import { appFrame } from "../../scripts/app/app-page.ts";
import { violations } from "../support/accessibility.ts";
import { browserMissing } from "../support/browser.ts";
import { zcliMissing } from "../support/zcli.ts";
import { installedScene, type Scene, signInAt } from "./support/scene.ts";

const missing = browserMissing() ?? zcliMissing();

const GIVEN = /<script type="application\/json" id="given"[^>]*>(.*?)<\/script>/;

/** The session that the server's own page gives to whoever is signed in, taken out of it as a curious agent would. */
async function sessionOf({ world, gate }: Scene, email: string): Promise<string> {
  const { cookie, csrfToken } = world.apps.signIn(email);
  const [installation] = world.apps.registry.installations();
  const signed = await fetch(`${world.card.zendesk.url}/zaf/token`, {
    method: "POST",
    headers: { cookie, "x-csrf-token": csrfToken, "content-type": "application/json" },
    body: JSON.stringify({ installation_id: installation?.id, location: "background" }),
  });
  const { token } = (await signed.json()) as { token: string };
  const page = await fetch(`${gate.url}${SESSION_PATH}?origin=x&app_guid=y`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ token }),
  });
  const given = GIVEN.exec(await page.text())?.[1] ?? "{}";
  return (JSON.parse(given) as { readonly session?: string }).session ?? "";
}

describe.skipIf(missing !== undefined)("an agent", () => {
  test("sees no administration, and is refused it by the server", async () => {
    const { scene } = await installedScene();
    const { world, gate } = scene;
    const agent = world.data.zendesk.agents.find(({ role, email }) => role === "agent" && email);
    const { page } = await signInAt(scene, agent?.email ?? "");
    const app = await appFrame(page);
    await app.getByRole("heading", { name: "CaseQA is for administrators." }).waitFor();
    expect(await app.getByRole("tab").count()).toBe(0);
    expect(await app.getByRole("button").count()).toBe(0);
    expect(await violations(app)).toEqual([]);

    const ask = async (session: string, method: string, path: string): Promise<number> => {
      const response = await fetch(`${gate.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${session}`, "content-type": "application/json" },
        ...(method === "GET" ? {} : { body: "{}" }),
      });
      return response.status;
    };
    const hers = await sessionOf(scene, agent?.email ?? "");
    expect(hers).not.toBe("");
    expect(await ask(hers, "GET", ROUTES.me.path)).toBe(200);
    const administration: readonly (readonly [string, string])[] = [
      ["GET", ROUTES.health.path],
      ["GET", ROUTES.log.path],
      ["GET", ROUTES["settings-history"].path],
      ["POST", ROUTES["sync-settings"].path],
      ["POST", ROUTES["preview-settings"].path],
      ["PUT", ROUTES["store-webhooks"].path],
      ["PUT", ROUTES.installation.path],
      ["POST", ROUTES.sweeps.path],
      ["GET", ROUTES.sweeps.path],
    ];
    for (const [method, path] of administration) {
      expect([method, path, await ask(hers, method, path)]).toEqual([method, path, 403]);
    }
    const administrators = await sessionOf(scene, world.card.zendesk.adminEmail);
    expect(await ask(administrators, "GET", ROUTES.health.path)).toBe(200);
  });
});
