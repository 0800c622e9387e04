import { expect, it } from "vitest";
import { migrateSettings, settingsOfVersion } from "#contract/settings/migrations";
import { DEFAULT_SETTINGS, SETTINGS_VERSION } from "#contract/settings/settings";
import { buildBundle } from "#bundle/index";
import { TEMPLATE_OPTIONS } from "#install/bundle-template";
import { settingsVersionOf } from "#install/settings-form";

it("reads from a bundle which version of the settings it reads", () => {
  const bundle = buildBundle(TEMPLATE_OPTIONS);
  expect(settingsVersionOf(bundle)).toBe(SETTINGS_VERSION);
  expect(settingsVersionOf({ ...bundle, resources: {} })).toBe(Infinity);
});

it("writes an older form only where the way forth leads to the same settings", () => {
  const settings = { ...DEFAULT_SETTINGS, ignore_tags: ["vip"], revision: 7 };
  const older = settingsOfVersion(settings, 2);
  if (!older.ok) throw new Error(older.problem);
  expect(older.document).toMatchObject({ version: 2, revision: 7 });
  expect(older.document).not.toHaveProperty("sweep_old_tickets");
  expect(migrateSettings(older.document)).toEqual({ ok: true, document: settings });

  expect(settingsOfVersion({ ...settings, sweep_old_tickets: true }, 2)).toEqual({
    ok: false,
    problem: "sweep_old_tickets=true",
  });
  expect(settingsOfVersion(settings, 1)).toMatchObject({ ok: false });
  for (const version of [SETTINGS_VERSION, SETTINGS_VERSION + 1, Infinity]) {
    expect(settingsOfVersion(settings, version)).toEqual({ ok: true, document: settings });
  }
});
