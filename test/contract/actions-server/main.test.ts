/** Does the process start, say what is wrong with its environment, and stop when it is told to? */
import { beforeAll, describe, expect, it } from "vitest";
import { ENVIRONMENT } from "../../../actions-server/environment.ts";
import type { OpenDatabase } from "../../../actions-server/db/open.ts";
import { MAIN_ENV, startMain } from "../../support/main-process.ts";
import { freshDatabase } from "../../support/postgres.ts";

let database: OpenDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

describe("main", () => {
  it("explains every variable", async () => {
    const { output, closed } = startMain({}, { args: ["--help"] });
    expect(await closed).toEqual([0, null]);
    for (const name of Object.keys(ENVIRONMENT.properties)) expect(output.stdout).toContain(name);
  });

  it("does not start in a wrong environment, and says all that is wrong", async () => {
    const { output, closed } = startMain({ PORT: "x" });
    expect(await closed).toEqual([1, null]);
    for (const name of ["PORT", "SERVER_TOKENS", "ZENDESK_URL", "SALESFORCE_CLIENT_ID"]) {
      expect(output.stderr).toContain(`  - ${name} `);
    }
  });

  it("serves, and stops on SIGTERM", async () => {
    const { child, output, closed, listening } = startMain({
      ...MAIN_ENV,
      DATABASE_URL: database.url,
    });
    expect((await fetch(`${await listening()}/health/ready`)).status).toBe(200);
    child.kill("SIGTERM");
    expect(await closed).toEqual([0, null]);
    expect(output.stdout).toContain('"msg":"stopped"');
    expect(output.stderr).toBe("");
  });
});
