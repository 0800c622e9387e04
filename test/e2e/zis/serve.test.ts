import { createServer } from "node:net";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { runScript, startScript } from "../../support/run-script.ts";
import {
  connectCrm,
  ENTRY,
  folderWithBundle,
  postEvent,
  SECRET,
  serveInTest,
  solveTicket,
} from "./served.ts";

let folder: string;
let remove: () => Promise<void>;
let bundle: string;
let mocks: string;

beforeAll(async () => {
  [folder, remove] = await folderWithBundle();
  bundle = join(folder, "bundle.json");
  mocks = join(folder, "mocks.json");
});
afterAll(() => remove());

async function runsAt(url: string): Promise<Record<string, unknown>[]> {
  const reply = await fetch(`${url}/local/runs`);
  return ((await reply.json()) as { runs: Record<string, unknown>[] }).runs;
}

async function pageAt(url: string): Promise<string> {
  return (await fetch(url)).text();
}

describe("zis serve", () => {
  it("installs a bundle, runs its flows against mocks, and stops on Ctrl-C", async () => {
    const served = await serveInTest(["--bundle", bundle, "--mocks", mocks]);
    const { card } = served;
    expect(card).toMatchObject({
      ready: true,
      subdomain: "acme",
      integrations: [
        { name: "shop", flows: ["ticket_solved", "order_paid"], missingConnections: ["crm"] },
      ],
    });

    await solveTicket(served);
    await connectCrm(served);
    await solveTicket(served);
    await postEvent(card.url, {
      event_source: "shop",
      event_type: "order.paid",
      input: { order: { number: 1 } },
    });

    expect(
      (await runsAt(card.url)).map(({ flow, status, message }) => [flow, status, message]),
    ).toEqual([
      ["order_paid", "FAILED", expect.stringContaining("status code: 404")],
      ["ticket_solved", "SUCCEEDED", "The CRM knows."],
      ["ticket_solved", "NOT_STARTED", expect.stringContaining("crm")],
    ]);
    expect(await served.stop()).toBe(0);
  });

  it("answers a path of the account's host that it does not have as Zendesk does", async () => {
    const { card } = await serveInTest([]);
    const reply = await fetch(`${card.url}/api/v2/tickets/1.json`);
    expect(reply.status).toBe(404);
    expect(await reply.json()).toEqual({ error: "InvalidEndpoint", description: "Not found" });
  });

  it("answers with 599 what no mock matches, and says so", async () => {
    const none = join(folder, "none.json");
    await writeFile(none, "[]");
    const served = await serveInTest([
      "--bundle",
      bundle,
      "--mocks",
      none,
      "--set",
      "flowRetries=none",
    ]);
    await connectCrm(served);
    await solveTicket(served);
    expect(await runsAt(served.card.url)).toMatchObject([{ status: "FAILED" }]);
    expect(served.stderr()).toContain(
      "no mock matches POST https://crm.example.com/tickets/7: answered with 599",
    );
  });

  it("sends actions with a path to the host that --zendesk names", async () => {
    const zendesk = await serveInTest([]);
    const served = await serveInTest(["--bundle", bundle, "--zendesk", zendesk.card.url]);
    await postEvent(served.card.url, {
      event_source: "shop",
      event_type: "order.paid",
      input: { order: { number: 1 } },
    });
    const [run] = await runsAt(served.card.url);
    const details = await fetch(`${served.card.url}/local/runs/${String(run!["id"])}`);
    expect(await details.json()).toMatchObject({
      requests: [{ url: `${zendesk.card.url}/api/v2/tickets/1`, status: 404 }],
    });
  });

  it("has the same integrations, credentials, connections and log after a restart", async () => {
    const data = join(folder, "data");
    const first = await serveInTest(["--bundle", bundle, "--mocks", mocks, "--data", data]);
    await connectCrm(first);
    await solveTicket(first);
    expect(await first.stop()).toBe(0);

    const second = await serveInTest(["--data", data, "--mocks", mocks]);
    expect(second.card.apiToken).toBe(first.card.apiToken);
    expect(await pageAt(`${second.card.url}/log`)).toContain("The CRM knows.");
    await solveTicket(second);
    expect(await runsAt(second.card.url)).toMatchObject([{ status: "SUCCEEDED" }]);
    const [shop] = first.card.integrations;
    // The registry gives job specs by their names.
    const events = shop!.events.toReversed();
    expect(second.card.integrations).toEqual([
      { ...shop, events, file: null, missingConnections: [] },
    ]);
    await second.stop();

    const third = await serveInTest(["--bundle", bundle, "--data", data]);
    expect(third.card.integrations).toMatchObject([
      { missingConnections: [], zisToken: first.card.integrations[0]!.zisToken },
    ]);
  });

  it("leaves a directory to the process that uses it", async () => {
    const data = join(folder, "shared");
    await serveInTest(["--data", data]);
    const { code, stderr } = await runScript(ENTRY, ["serve", "--port", "0", "--data", data]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^zis: --data .*shared: in use by the process \d+: stop that first/);
  });

  it("says which file of the state is damaged, and starts once it is mended", async () => {
    const data = join(folder, "damaged");
    await mkdir(data);
    await writeFile(join(data, "configs.json"), "[[");
    const args = ["serve", "--port", "0", "--data", data];
    const { code, stderr } = await runScript(ENTRY, args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^zis: --data .*configs\.json cannot be read: fix it, or delete it/);
    await writeFile(join(data, "configs.json"), "[]");
    await serveInTest(["--data", data]);
  });

  it("gives each integration connections, configs and links of files, and again after a restart", async () => {
    const write = async (name: string, content: unknown) => {
      await writeFile(join(folder, name), JSON.stringify(content));
      return join(folder, name);
    };
    const own = { type: "oauth" };
    const link = { link_type: "abc", left_object: { name: "one" }, right_object: { name: "two" } };
    const args = ["--data", join(folder, "seeded"), "--bundle", bundle, "--mocks", mocks];
    args.push(
      "--connections",
      await write("c.json", { crm: { type: "bearer_token", token: SECRET }, zendesk: own }),
    );
    args.push("--configs", await write("s.json", { shop: { a: 1 } }));
    args.push("--links", await write("l.json", [link]));
    for (const start of ["first", "second"]) {
      const served = await serveInTest(args);
      const [shop] = served.card.integrations;
      expect([start, shop!.missingConnections]).toEqual([start, []]);
      await solveTicket(served);
      expect(await runsAt(served.card.url)).toMatchObject([{ status: "SUCCEEDED" }]);
      const get = async (path: string) => {
        const headers = { authorization: `Bearer ${shop!.zisToken}` };
        return (await fetch(`${served.card.url}/api/services/zis${path}`, { headers })).json();
      };
      expect(await get("/integrations/shop/configs?filter[scope]=*")).toMatchObject({
        configs: [{ scope: "shop", config: { a: 1 } }],
      });
      expect(await get("/links/shop?link_type=abc&left_object_name=one")).toMatchObject({
        links: [link],
      });
      await served.stop();
    }
  });

  it("tells a person where the page is and how an event is fired", async () => {
    const child = startScript(ENTRY, ["serve", "--port", "0", "--bundle", bundle]);
    onTestFinished(() => void child.kill("SIGINT"));
    let text = "";
    for await (const chunk of child.stdout!) {
      text += String(chunk);
      if (text.includes("-d '")) break;
    }
    expect(text).toMatch(/Page +http:\/\/127\.0\.0\.1:\d+\/\n/);
    expect(text).toContain("needs the connection crm");
    const command = text.slice(text.indexOf("curl "));
    const [, url = "", body = ""] = /^curl -s (\S+) [^]*-d '(.*)'/.exec(command) ?? [];
    const reply = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(await reply.json()).toEqual({ accepted: 1, queued: 1 });
  });

  it("says what to do when the port is in use", async () => {
    const busy = createServer().listen(0, "127.0.0.1");
    await once(busy, "listening");
    onTestFinished(() => void busy.close());
    const { port } = busy.address() as { port: number };
    const { code, stderr } = await runScript(ENTRY, ["serve", "--port", String(port)]);
    expect(code).toBe(2);
    expect(stderr).toContain(`port ${port} is in use: choose another with --port, or --port 0`);
  });

  it("starts nothing for a bundle that the registry refuses", async () => {
    const file = join(folder, "refused.json");
    await writeFile(file, JSON.stringify({ name: "x", resources: {} }));
    const { code, stderr } = await runScript(ENTRY, ["serve", "--port", "0", "--bundle", file]);
    expect(code).toBe(2);
    expect(stderr).toContain("the registry refuses this bundle: zis_template_version must be");
  });
});

describe("the page without JavaScript", () => {
  it("fires an event, shows the run with its secrets masked, and replays it", async () => {
    const served = await serveInTest(["--bundle", bundle, "--mocks", mocks]);
    const { url } = served.card;
    await connectCrm(served);

    const form = await pageAt(`${url}/fire?job_spec=zis:shop:job_spec:on_paid`);
    expect(form).toContain("&quot;number&quot;: &quot;sample number&quot;");

    const fired = await fetch(`${url}/fire`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({
        event_source: "support",
        event_type: "ticket.StatusChanged",
        input: JSON.stringify({
          ticket_event: { current: "solved", ticket: { id: 7 }, note: SECRET },
        }),
        copies: "2",
      }),
    });
    expect(fired.status).toBe(303);
    expect(fired.headers.get("location")).toBe("/runs?queued=2");
    const [run] = await runsAt(url);

    const page = await pageAt(`${url}/runs/${String(run!["id"])}`);
    expect(page).toContain("https://crm.example.com/tickets/7");
    expect(page).toContain("Changed: $.told");
    expect(page).not.toContain(SECRET);

    const replayed = await fetch(`${url}/runs/${String(run!["id"])}/replay`, {
      method: "POST",
      redirect: "manual",
    });
    expect(replayed.headers.get("location")).toBe("/runs?queued=1");
    expect(await runsAt(url)).toHaveLength(3);
    expect(await pageAt(`${url}/runs?status=FAILED`)).toContain("No run matches.");
    expect(await pageAt(`${url}/runs?status=SUCCEEDED&flow=ticket_solved`)).toContain(
      "The CRM knows.",
    );
  });

  it("keeps what was typed when the event cannot be fired", async () => {
    const { card } = await serveInTest(["--bundle", bundle]);
    const post = (input: string, event_type: string) =>
      fetch(`${card.url}/fire`, {
        method: "POST",
        body: new URLSearchParams({ event_source: "support", event_type, input, copies: "1" }),
      });
    const broken = await post('{"a": <b>}', "ticket.StatusChanged");
    expect(broken.status).toBe(400);
    const text = await broken.text();
    expect(text).toContain("Line 1, column 7");
    expect(text).toContain("{&quot;a&quot;: &lt;b&gt;}");

    const unheard = await post("{}", "ticket.TicketCreated");
    expect(await unheard.text()).toContain("no installed job spec is for it");
  });

  it.each([
    ["a form of another site", { origin: "https://evil.example" }, 403],
    ["a name that was pointed here", { host: "evil.example" }, 403],
    ["a form of its own", {}, 400],
  ])("answers %s with the right status", async (_name, headers, status) => {
    const { card } = await serveInTest([]);
    const reply = await request(`${card.url}/fire`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body: "event_source=a",
    });
    await reply.body.dump();
    expect(reply.statusCode).toBe(status);
    expect(reply.headers["content-security-policy"]).toContain("default-src 'none'");
  });

  it.each(["/runs/none", "/flow?integration=shop&name=none"])(
    "says that %s does not exist",
    async (path) => {
      const { card } = await serveInTest([]);
      const reply = await fetch(`${card.url}${path}`);
      expect(reply.status).toBe(404);
      expect(await reply.text()).toContain("<h1>Not found</h1>");
    },
  );
});
