import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { World } from "#scripts/world";
import { json, startScriptedServer } from "../actions-server/scripted-server.ts";
import { type Caseqa, prepareCaseqa } from "../../support/caseqa.ts";
import { startWorld } from "../../support/world.ts";

const LONG_MS = 240_000;

async function installed(): Promise<{ readonly world: World; readonly caseqa: Caseqa }> {
  const world = await startWorld({ tickets: 5, tls: true, installed: false });
  const caseqa = await prepareCaseqa(world);
  const { url } = world.card.server;
  await caseqa.run(["init", "--subdomain", "caseqa", "--server-url", url]);
  expect(await caseqa.run(["install", "--skip-app"])).toMatchObject({ code: 0 });
  return { world, caseqa };
}

/** Uploads the account's bundle with one member changed, as somebody past us. */
async function tamper(world: World): Promise<void> {
  const { url, adminEmail, apiToken } = world.card.zendesk;
  const headers = {
    authorization: `Basic ${Buffer.from(`${adminEmail}/token:${apiToken}`).toString("base64")}`,
    "content-type": "application/json",
  };
  const bundles = `${url}/api/services/zis/registry/caseqa_caseqa/bundles`;
  const listed = (await (await fetch(bundles, { headers })).json()) as {
    bundles: { uuid: string }[];
  };
  const bundle = (await (
    await fetch(`${bundles}/${listed.bundles[0]!.uuid}`, { headers })
  ).json()) as {
    resources: Record<string, { properties: { definition?: { Comment?: string } } }>;
  };
  bundle.resources["ticket_created"]!.properties.definition!.Comment = "changed by hand";
  const response = await fetch(bundles, { method: "POST", headers, body: JSON.stringify(bundle) });
  expect(response.ok).toBe(true);
}

describe("keeping an installation", () => {
  test(
    "a change past us is told, upgraded away, and the way back is open",
    async () => {
      const { world, caseqa } = await installed();
      await tamper(world);

      // The upload orphaned all job specs, so their events start nothing.
      const after = await caseqa.run(["status", "--json"]);
      expect(after).toMatchObject({ code: 1, json: { jobSpecs: { installed: [] } } });
      expect(await caseqa.run(["enable"])).toMatchObject({ code: 0 });
      const status = await caseqa.run(["status", "--json"]);
      expect(status).toMatchObject({ code: 1, json: { ok: false, state: "changed" } });
      const diff = await caseqa.run(["diff", "--json"]);
      expect(diff.code).toBe(1);
      expect(diff.json["differences"]).toMatchObject([
        { kind: "changed", resource: "ticket_created", path: "/properties/definition/Comment" },
      ]);

      const planned = await caseqa.run(["upgrade", "--skip-app", "--dry-run", "--json"]);
      expect(planned.json).toMatchObject({ dry_run: true });
      expect(await caseqa.run(["status"])).toMatchObject({ code: 1 });

      const upgraded = await caseqa.run(["upgrade", "--skip-app", "--json"]);
      expect(upgraded.json).toMatchObject({ ok: true });
      expect(upgraded.json["from"]).not.toBe(upgraded.json["to"]);
      expect(await caseqa.run(["status"])).toMatchObject({ code: 0 });
      expect(await caseqa.run(["diff"])).toMatchObject({ code: 0, stdout: "No difference.\n" });

      const none = await caseqa.run(["rollback", "--to", "00000000"]);
      expect(none.code).toBe(1);
      expect(none.stderr).toContain("no earlier bundle has the hash 00000000");
    },
    LONG_MS,
  );

  test(
    "settings that switch off or point at nothing are said at saving and by status and doctor",
    async () => {
      const { caseqa } = await installed();
      type Said = { what: string; severity?: string }[];
      const problems = async () =>
        (await caseqa.run(["status", "--json"])).json["problems"] as Said;
      expect(await problems()).toEqual([]);

      const saved = await caseqa.run([
        "config",
        "set",
        "brands=[4711]",
        "forms=[4712]",
        "groups=[4713]",
        "case_number_field_id=4714",
        "case_external_id_field=No_Such_Field__c",
        'ignore_tags=["bulk_import","no_such_tag"]',
      ]);
      expect(saved.code).toBe(0);
      for (const name of ["4711", "4712", "4713", "4714", "No_Such_Field__c", "no_such_tag"]) {
        expect(saved.stdout).toMatch(new RegExp(`^! .*${name}`, "m"));
      }
      const found = await problems();
      const warned = found.filter(({ severity }) => severity === "warning");
      expect(warned.map(({ what }) => what).join()).toMatch(
        /forms.*4712.*brands.*4711.*groups.*4713.*field.*4714.*No_Such_Field__c/s,
      );
      expect(found.filter(({ severity }) => severity === "note")).toHaveLength(1);
      expect(await caseqa.run(["status"])).toMatchObject({ code: 1 });
      const doctor = await caseqa.run(["doctor", "--json"]);
      const checks = doctor.json["checks"] as { name: string; message: string; state: string }[];
      expect(checks).toContainEqual(
        expect.objectContaining({
          name: "installation",
          state: "warning",
          message: expect.stringContaining("4711"),
        }),
      );

      expect(await caseqa.run(["config", "set", "--revision", "1"])).toMatchObject({ code: 0 });
      const off = await caseqa.run(["config", "set", "enabled=false"]);
      expect(off.stdout).toContain("switched off");
      const status = await caseqa.run(["status"]);
      expect(status).toMatchObject({ code: 1 });
      expect(status.stdout).toContain("switched off by the setting “enabled”");
      expect((await caseqa.run(["doctor"])).stdout).toContain("switched off by the setting");
    },
    LONG_MS,
  );

  test(
    "status and doctor agree after disable and after uninstall, and nothing alarms",
    async () => {
      const { caseqa } = await installed();
      expect(await caseqa.run(["test-event"])).toMatchObject({ code: 0 });
      const testEvent = async () => (await caseqa.run(["status"])).stdout;
      await expect.poll(testEvent).toMatch(/test event +came back/);
      const unasked = await caseqa.run(["status"], { env: { CASEQA_SERVER_TOKEN: "wrong" } });
      expect(unasked.stdout).toMatch(/last event +unknown.*\n +test event +unknown/);
      const seen = async () => {
        const status = (await caseqa.run(["status", "--json"])).json;
        const doctor = (await caseqa.run(["doctor", "--json"])).json;
        const checks = doctor["checks"] as { name: string; message: string; state: string }[];
        const own = (name: string) => checks.find((check) => check.name === name);
        return { status, own };
      };
      await caseqa.run(["disable"]);
      const disabled = await seen();
      expect(disabled.status).toMatchObject({
        state: "disabled",
        problems: [{ severity: "warning" }],
        flows: { paused: true },
      });
      expect(disabled.own("installation")).toMatchObject({
        state: "warning",
        message: expect.stringContaining("disabled"),
      });
      expect(disabled.own("server: flows")).toMatchObject({
        state: "ok",
        message: expect.stringContaining("disabled"),
      });
      await caseqa.run(["enable"]);
      expect((await seen()).status).toMatchObject({ state: "in_sync", flows: { paused: false } });

      await caseqa.run(["uninstall", "--yes", "--keep-app"]);
      const gone = await seen();
      expect(gone.status).toMatchObject({ state: "not_installed" });
      expect(gone.own("installation")).toMatchObject({ state: "failed" });
      expect(gone.own("server: webhooks")).toMatchObject({ state: "warning" });
    },
    LONG_MS,
  );

  test(
    "disable, enable, uninstall: each may be repeated",
    async () => {
      const { caseqa } = await installed();
      const would = await caseqa.run(["disable", "--dry-run", "--json"]);
      expect((would.json["job_specs"] as string[]).length).toBeGreaterThan(0);
      expect(await caseqa.run(["status"])).toMatchObject({ code: 0 });

      expect(await caseqa.run(["disable"])).toMatchObject({ code: 0 });
      expect((await caseqa.run(["disable", "--json"])).json).toMatchObject({ outcome: "already" });
      expect((await caseqa.run(["status", "--json"])).json).toMatchObject({ state: "disabled" });
      expect(await caseqa.run(["enable"])).toMatchObject({ code: 0 });
      expect(await caseqa.run(["status"])).toMatchObject({ code: 0 });

      const unsure = await caseqa.run(["uninstall"]);
      expect(unsure.code).toBe(2);
      expect(unsure.stderr).toContain("--yes");
      const plan = await caseqa.run(["uninstall", "--dry-run", "--json"]);
      expect((plan.json["remove"] as string[]).length).toBeGreaterThan(0);
      expect(await caseqa.run(["status"])).toMatchObject({ code: 0 });
      expect(await caseqa.run(["uninstall", "--yes"])).toMatchObject({ code: 0 });
      const again = await caseqa.run(["uninstall", "--yes", "--json"]);
      expect(again).toMatchObject({ code: 0, json: { ok: true } });
      expect((again.json["stays"] as string[]).length).toBeGreaterThan(0);
    },
    LONG_MS,
  );

  test(
    "a sweep is asked for; a report that is not there in time is told as running",
    async () => {
      const { caseqa } = await installed();
      const sweep = await caseqa.run(["sweep", "--since", "1h", "--timeout", "1", "--json"]);
      expect(sweep).toMatchObject({ code: 1, json: { state: "running", reason: "demand" } });
    },
    LONG_MS,
  );
});

describe("the report of a sweep", () => {
  const report = {
    id: "s1",
    state: "running",
    reason: "demand",
    dry_run: false,
    since: "2026-11-25T08:00:00.000Z",
    started_at: "2026-11-25T09:00:00.000Z",
    finished_at: null,
    tickets_looked_at: 7,
    missed: 1,
    stale: 0,
    extra: 1,
    repaired: 1,
    message: null,
    findings: [{ ticket_id: "12", kind: "missed", what: "no link", repaired: true }],
  };

  test(
    "is waited for, and what is left makes the exit code",
    async () => {
      const world = await startWorld({ tickets: 5, tls: true, installed: false });
      const caseqa = await prepareCaseqa(world);
      let looks = 0;
      let end: Record<string, unknown> = { state: "finished" };
      const server = await startScriptedServer(({ method }) =>
        json(method === "GET" && ++looks > 1 ? { ...report, ...end } : report),
      );
      const sweep = (...args: string[]) => {
        looks = 0;
        return caseqa.run(["sweep", ...args], { env: { CASEQA_SERVER_URL: server.origin } });
      };

      const left = await sweep("--since", "2026-11-25T08:00:00Z");
      expect(left.code).toBe(1);
      expect(left.stdout).toContain("7 tickets looked at: 1 missed, 0 stale, 1 extra, 1 repaired");
      expect(left.stdout).toContain("ticket 12: missed, no link, repaired");
      expect(server.calls[0]).toMatchObject({ method: "POST", path: "/v1/admin/sweeps" });
      expect(JSON.parse(server.calls[0]!.body)).toEqual({
        reason: "demand",
        dry_run: false,
        since: "2026-11-25T08:00:00.000Z",
      });
      expect(server.calls[0]!.headers.authorization).toBe(`Bearer ${world.card.server.token}`);
      expect(server.calls[1]).toMatchObject({ method: "GET", path: "/v1/admin/sweeps/s1" });

      end = { state: "finished", repaired: 2 };
      expect(await sweep("--json")).toMatchObject({ code: 0, json: { state: "finished" } });
      end = { state: "failed", message: "Zendesk was away." };
      const failed = await sweep();
      expect(failed).toMatchObject({ code: 1 });
      expect(failed.stdout).toContain("Zendesk was away.");
    },
    LONG_MS,
  );
});

describe("settings", () => {
  test(
    "are shown, changed, edited, restored, and refused when they are wrong",
    async () => {
      const { caseqa } = await installed();
      const get = await caseqa.run(["config", "get"]);
      const saved = JSON.parse(get.stdout) as { revision: number };
      expect(await caseqa.run(["config", "get", "on_ambiguous"])).toMatchObject({
        stdout: '"note"\n',
      });
      expect(await caseqa.run(["config", "get", "on_ambigous"])).toMatchObject({ code: 2 });

      const dry = await caseqa.run(["config", "set", "on_ambiguous=tag", "--dry-run"]);
      expect(dry).toMatchObject({
        code: 0,
        stdout: 'on_ambiguous: "note" → "tag"\nNot saved (dry run).\n',
      });
      expect(JSON.parse((await caseqa.run(["config", "get"])).stdout)).toEqual(saved);

      const set = await caseqa.run(["config", "set", "on_ambiguous=tag", "--json"]);
      expect(set.json).toMatchObject({
        ok: true,
        outcome: "saved",
        revision: saved.revision + 1,
        sync: { outcome: "in_force", revision: saved.revision + 1 },
      });
      expect(
        (await caseqa.run(["config", "set", "on_ambiguous=tag", "--json"])).json,
      ).toMatchObject({
        outcome: "same",
      });
      const wrong = await caseqa.run(["config", "set", "on_ambiguous=shout", "--json"]);
      expect(wrong).toMatchObject({
        code: 1,
        json: { outcome: "invalid", problems: [{ field: "on_ambiguous" }] },
      });

      // An editor that is a script: the flag inside EDITOR is as `code --wait`.
      const editor = join(caseqa.folder, "editor.sh");
      await writeFile(editor, '#!/bin/sh\nsed -i "s/$1/$2/" "$3"\n');
      await chmod(editor, 0o755);
      const edit = (from: string, to: string) =>
        caseqa.onTerminal(["config", "edit"], { EDITOR: `${editor} '${from}' '${to}'` });
      const edited = await edit('"enabled": true', '"enabled": false');
      expect(edited.output).toContain("enabled: true → false");
      expect(edited.code).toBe(0);
      const spoilt = await edit('"enabled": false', '"enabled": 7');
      expect(spoilt.code).toBe(1);
      expect(spoilt.output).toMatch(
        /enabled: expected true or false, not 7\nNothing was saved; what you wrote is in /,
      );
      const nobody = await caseqa.run(["config", "edit"], { env: { EDITOR: editor } });
      expect(nobody).toMatchObject({ code: 2, stdout: "" });
      expect(nobody.stderr).toContain("config edit needs a terminal: use caseqa config get > FILE");

      const spoken = await caseqa.run(["config", "history"]);
      expect(spoken.stdout).toMatch(
        / {2}Ada Fenwick +edited\n.* {2}Ada Fenwick +on_ambiguous=tag\n/,
      );
      expect(spoken.stdout).toMatch(/ {2}Ada Fenwick +installed with the defaults\n$/);
      const history = await caseqa.run(["config", "history", "--json"]);
      const entries = history.json["entries"] as { revision: number }[];
      expect(entries.map(({ revision }) => revision).slice(0, 3)).toEqual([
        saved.revision + 2,
        saved.revision + 1,
        saved.revision,
      ]);
      const back = await caseqa.run([
        "config",
        "set",
        "--revision",
        String(saved.revision),
        "--json",
      ]);
      expect(back.json).toMatchObject({ outcome: "saved", revision: saved.revision + 3 });
      const never = await caseqa.run(["config", "set", "--revision", "999"]);
      expect(never.stderr).toContain("revision 999 was never in force");

      const file = join(caseqa.folder, "settings.json");
      await writeFile(file, get.stdout.replace('"note"', '"nothing"'));
      expect(await caseqa.run(["config", "validate", file])).toMatchObject({ code: 0 });
      const piped = await caseqa.run(["config", "validate", "-"], { input: "{}" });
      expect(piped.code).toBe(1);
      expect(await caseqa.run(["config", "set", "--file", file])).toMatchObject({ code: 0 });
      expect(await caseqa.run(["config", "get", "on_ambiguous"])).toMatchObject({
        stdout: '"nothing"\n',
      });
      expect(await caseqa.run(["config", "set"])).toMatchObject({ code: 2 });
    },
    LONG_MS,
  );

  test(
    "two saves at once: each is told what became of it, and one is in force",
    async () => {
      const { caseqa } = await installed();
      const runs = await Promise.all(
        ["tag", "nothing"].map((value) =>
          caseqa.spawn(["config", "set", `on_ambiguous=${value}`, "--json"]),
        ),
      );
      const told = runs.map(({ json }) => json["outcome"]);
      expect(told).toContain("saved");
      for (const outcome of told) expect(["saved", "conflict", "overwritten"]).toContain(outcome);
      const value: unknown = JSON.parse(
        (await caseqa.run(["config", "get", "on_ambiguous"])).stdout,
      );
      expect(["tag", "nothing"]).toContain(value);
    },
    LONG_MS,
  );
});

describe("links", () => {
  test(
    "are made once, found by 15 and 18 characters, mended and ended",
    async () => {
      const { world, caseqa } = await installed();
      const [ticket, first, second] = someOf(world);
      const create = ["links", "create", ticket, first.slice(0, 15), "--json"];
      expect((await caseqa.run([...create, "--dry-run"])).json).toMatchObject({
        outcome: "created",
      });
      expect(await caseqa.run(["links", "find", "--ticket", ticket])).toMatchObject({ code: 1 });

      const both = await Promise.all([caseqa.spawn(create), caseqa.spawn(create)]);
      expect(both.map(({ code }) => code)).toEqual([0, 0]);
      expect((await caseqa.run(create)).json).toMatchObject({ outcome: "already", caseId: first });
      for (const id of [first, first.slice(0, 15)]) {
        const found = await caseqa.run(["links", "find", "--case", id, "--json"]);
        expect(found.json["links"]).toMatchObject([{ ticketId: ticket, caseId: first }]);
      }
      const list = await caseqa.run(["links", "list"]);
      expect(list.stdout).toContain(first);

      expect(await caseqa.run(["links", "create", ticket, second])).toMatchObject({ code: 0 });
      const repair = await caseqa.run(["links", "repair", "--json"]);
      expect(repair.code).toBe(1);
      expect(repair.json["findings"]).toMatchObject([
        { kind: "several_cases" },
        { kind: "several_cases" },
      ]);

      const end = ["links", "delete", ticket, second.slice(0, 15)];
      expect(await caseqa.run(end)).toMatchObject({
        code: 0,
        stdout: `ticket ${ticket}, case ${second}: no longer linked\n`,
      });
      expect(await caseqa.run(["links", "repair"])).toMatchObject({ code: 0 });

      const again = await caseqa.run(end);
      expect(again).toMatchObject({ code: 1, stdout: "" });
      expect(again.stderr).toContain(`ticket ${ticket} is not linked to case ${second}`);
      expect(again.stderr).toContain(`It is linked to ${first}.`);
    },
    LONG_MS,
  );

  test(
    "are made only between a ticket and a case that exist",
    async () => {
      const { world, caseqa } = await installed();
      const [ticket, first] = someOf(world);
      const refused = async (code: number, says: string, ...args: string[]) => {
        const run = await caseqa.run(["links", "create", ...args]);
        expect(run).toMatchObject({ code, stdout: "" });
        expect(run.stderr).toContain(says);
      };
      const absent = "500zzz000000001";
      await refused(1, "There is no ticket 999999 in this account.", "999999", first);
      await refused(1, `Salesforce has no case ${absent}AAA`, ticket, absent, "--dry-run");
      await refused(
        2,
        "its last three characters do not match",
        ticket,
        `${first.slice(0, 15)}555`,
      );
      await refused(2, '"0000123" is not a case id', ticket, "0000123");
      await refused(2, '"x" is not a ticket number', "x", first);
      const { links } = (await caseqa.run(["links", "list", "--json"])).json;
      expect(links).toEqual([]);

      const unchecked = await caseqa.run(["links", "create", "999999", absent, "--unchecked"]);
      expect(unchecked).toMatchObject({ code: 0 });
    },
    LONG_MS,
  );
});

/** A ticket and two cases of the sample data, the cases with 18 characters. */
function someOf({ data }: World): readonly [ticket: string, first: string, second: string] {
  const [ticket] = data.zendesk.tickets;
  const [first, second] = data.salesforce.Case;
  return [String(ticket?.id), String(first?.["Id"]), String(second?.["Id"])];
}
