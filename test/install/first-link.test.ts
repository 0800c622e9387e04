/** By the command line alone an empty account comes to its first linked ticket, as `npm run bench -- install` times it. */
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { caseLinkName } from "../../contract/links.ts";
import { builtApp } from "../support/built-app.ts";
import { prepareCaseqa } from "../support/caseqa.ts";
import { startWorld } from "../support/world.ts";
import { zcliMissing } from "../support/zcli.ts";
import { reachFirstLink } from "./support/first-link.ts";

function zcliScript(): string {
  const zcli = inject("zcli");
  if ("missing" in zcli) throw new Error(zcli.missing);
  return zcli.bin;
}

describe.skipIf(zcliMissing() !== undefined)("the command line", () => {
  test("comes from an empty account to the first linked ticket, in the parts that the benchmark times", async () => {
    const world = await startWorld({ tls: true, installed: false });
    const caseqa = await prepareCaseqa(world);
    const app = join(caseqa.folder, "app");
    await cp(await builtApp(), app, { recursive: true });

    const { ticketId, caseName, parts } = await reachFirstLink({
      world,
      caseqa: (args) => caseqa.run(args),
      zcli: zcliScript(),
      app,
      clock: () => performance.now(),
    });
    const truth = world.data.truth.get(ticketId);
    expect(caseName).toBe(truth?.outcome === "matched" ? caseLinkName(truth.caseId) : "");
    expect(parts.map(({ part }) => part)).toEqual(["init", "install", "first link"]);
    expect(world.apps.registry.installations()).toMatchObject([
      { settings: { server_url: world.card.server.url } },
    ]);
    const status = await caseqa.run(["status", "--json"]);
    expect(status.json).toMatchObject({ ok: true, state: "in_sync", problems: [] });
  });
});
