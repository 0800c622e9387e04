/** A setting is changed in the form, and the next event already acts by it. */
import { describe, expect, test } from "vitest";
import { caseLinkName } from "../../contract/links.ts";
import { CASE_NUMBER_FIELD_ID } from "../../sandbox/data/ticket-fields.ts";
import { openTab } from "../../scripts/app/app-page.ts";
import type { World } from "../../scripts/world.ts";
import { browserMissing } from "../support/browser.ts";
import { openTicket } from "../support/world.ts";
import { zcliMissing } from "../support/zcli.ts";
import { installedScene } from "./support/scene.ts";
import { violations } from "../support/accessibility.ts";
import { casesOf, conversations, idle, revisionInForce, settingsInZis } from "./support/stores.ts";

const missing = browserMissing() ?? zcliMissing();

function typeNumber(world: World, ticketId: string, caseNumber: unknown): void {
  world.zendesk.agents.setCustomField(ticketId, CASE_NUMBER_FIELD_ID, String(caseNumber));
}

describe.skipIf(missing !== undefined)("a setting", () => {
  test("is previewed, compared, saved, acts on the next event, and is taken back", async () => {
    const { scene, app } = await installedScene();
    const { world } = scene;
    const [first, second] = world.data.salesforce.Case;
    const ticketId = openTicket(world, "none");
    const solved = openTicket(world, "matched");

    typeNumber(world, ticketId, first!["CaseNumber"]);
    await idle(world);
    expect(casesOf(world, ticketId)).toEqual([]);

    await openTab(app, "settings");
    const field = app.getByLabel("Field with the case number");
    await field.selectOption(String(CASE_NUMBER_FIELD_ID));
    await app.getByLabel("Tags that are left alone").fill("bulk_import\nnot_ours");
    await app.getByText("2 unsaved changes").waitFor();

    await app.getByRole("button", { name: "Show preview" }).click();
    const preview = app.locator("section:has(#preview-title) tbody tr");
    await preview.first().waitFor();
    expect(await preview.count()).toBe(10);

    await app.getByRole("button", { name: "Review and save…" }).click();
    const diff = app.getByRole("dialog");
    expect(await diff.textContent()).toMatch(/Field with the case number.*Tags|Tags.*Field/);
    expect(await revisionInForce(world)).toBe(1);
    await diff.getByLabel("Reason").fill("Agents type the number now");
    expect(await violations(app)).toEqual([]);
    await diff.getByRole("button", { name: "Save", exact: true }).click();
    await app.getByText("Saved. The server has revision 2.").first().waitFor();
    expect(settingsInZis(world)).toMatchObject({
      revision: 2,
      case_number_field_id: String(CASE_NUMBER_FIELD_ID),
      ignore_tags: ["bulk_import", "not_ours"],
    });
    expect(await revisionInForce(world)).toBe(2);

    // The next events act by it: one is linked now, the other left alone.
    typeNumber(world, ticketId, second!["CaseNumber"]);
    world.zendesk.agents.addTags(solved, ["not_ours"]);
    world.zendesk.agents.setStatus(solved, "solved");
    await idle(world);
    expect(casesOf(world, ticketId)).toEqual([caseLinkName(second!.Id)]);
    expect(await conversations(world)).not.toContain(solved);

    // Back to the first revision by the history, which is saved as the third.
    await app.getByText("History", { exact: true }).click();
    const revisions = app.locator("details:has-text('History') tbody tr");
    await revisions.first().waitFor();
    expect(await revisions.allTextContents()).toEqual([
      expect.stringMatching(/^2.*Ada Fenwick.*Agents type the number now/),
      expect.stringMatching(/^1.*Ada Fenwick.*installed with the defaults/),
    ]);
    expect(await violations(app)).toEqual([]);
    await app.getByRole("button", { name: "Load into the form: Revision 1" }).click();
    await app.getByRole("button", { name: "Review and save…" }).click();
    await app.getByRole("button", { name: "Save", exact: true }).click();
    await app.getByText("Saved. The server has revision 3.").first().waitFor();
    world.zendesk.agents.setStatus(solved, "open");
    world.zendesk.agents.setStatus(solved, "solved");
    typeNumber(world, ticketId, first!["CaseNumber"]);
    await idle(world);
    expect(await conversations(world)).toContain(solved);
    expect(casesOf(world, ticketId)).toEqual([caseLinkName(second!.Id)]);
  });

  test("that is wrong is told at its field, and nothing is written", async () => {
    const { scene, app } = await installedScene();
    await openTab(app, "settings");
    await app.getByLabel("Field of Case with the ticket id").fill("no field!");
    await app.getByRole("button", { name: "Review and save…" }).click();
    await app.getByText("Fix these fields first").waitFor();
    expect(await app.getByRole("dialog").count()).toBe(0);
    expect(settingsInZis(scene.world)).toMatchObject({ revision: 1 });
    const wrong = app.getByLabel("Field of Case with the ticket id");
    expect(await wrong.getAttribute("aria-invalid")).toBe("true");
  });
});
