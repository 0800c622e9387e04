/** Are people notified, once, when no flow reaches the server, by a real webhook and a real mail server? */
import type { AddressInfo } from "node:net";
import { fastify } from "fastify";
import { SMTPServer } from "smtp-server";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { OpenDatabase } from "#platform/db/open";
import { createOutbound } from "#platform/outbound/send";
import { Secret } from "#platform/secret";
import { alertOfSilence } from "#subjects/flow-watch/alert-of-silence";
import { createFlowWatch } from "#subjects/flow-watch/flow-watch";
import { createNotify } from "#subjects/flow-watch/notify";
import { expectFlows } from "#subjects/flow-watch/watch-store";
import { freshDatabase } from "#test/support/postgres";
import { silentLog } from "#test/support/silent-log";

const HOUR_MS = 3_600_000;
const AFTER_MS = 3 * HOUR_MS;
const START = Date.parse("2026-11-30T08:00:00Z");

let database: OpenDatabase;
beforeEach(async () => {
  database = await freshDatabase();
  // What the step of the inbound webhooks leaves: the account is installed.
  const at = new Date(START);
  const rows = ["case_link_requested", "settings_sync"].map((name) => ({
    account_id: "acme",
    name,
    sealed: "not opened here",
    updated_at: at,
  }));
  await database.db.insertInto("inbound_webhooks").values(rows).execute();
});

interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
}

async function startMailServer(password = "s3cret-of-the-mail-server") {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: false,
    // Plain text on the own machine only; a real one is reached by TLS.
    disabledCommands: ["STARTTLS"],
    onAuth: (auth, _session, callback) =>
      auth.username === "alerts" && auth.password === password
        ? callback(null, { user: "alerts" })
        : callback(new Error("Invalid username or password")),
    onData: (stream, session, callback) => {
      const { mailFrom, rcptTo } = session.envelope;
      const pieces: Buffer[] = [];
      stream.on("data", (piece: Buffer) => pieces.push(piece));
      stream.on("end", () => {
        mails.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(pieces).toString(),
        });
        callback();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as AddressInfo;
  const url = (secret: string) => `smtp://alerts:${secret}@127.0.0.1:${port}`;
  return { mails, url: url(password), wrongUrl: url("wrong-password") };
}

async function startHook() {
  const app = fastify({ forceCloseConnections: true });
  const posted: { event: string; account: string; since: string; text: string }[] = [];
  let status = 200;
  app.post<{ Body: (typeof posted)[number] }>("/hook", async ({ body }, reply) => {
    if (status !== 200) return reply.code(status).send("");
    posted.push(body);
    return "ok";
  });
  onTestFinished(() => app.close());
  const origin = await app.listen({ host: "127.0.0.1", port: 0 });
  return { posted, url: `${origin}/hook`, answer: (code: number) => void (status = code) };
}

interface Ways {
  readonly hookUrl?: string;
  readonly smtpUrl?: string;
}

function watch({ hookUrl, smtpUrl }: Ways) {
  const outbound = createOutbound();
  onTestFinished(() => outbound.close());
  let at = START;
  const now = () => new Date(at);
  const flowWatch = createFlowWatch({ db: database.db, now, log: silentLog, credentials: [] });
  onTestFinished(() => flowWatch.close());
  const notify = createNotify({
    webhookUrl: hookUrl === undefined ? undefined : new Secret(hookUrl),
    mail:
      smtpUrl === undefined
        ? undefined
        : {
            to: "admin@acme.example",
            from: "caseqa@acme.example",
            smtpUrl: new Secret(smtpUrl),
          },
    outbound,
    random: () => 0,
    log: silentLog,
  });
  const startedAt = now();
  return {
    look: () =>
      alertOfSilence({
        db: database.db,
        notify,
        afterMs: AFTER_MS,
        startedAt,
        now,
        log: silentLog,
      }),
    afterHours: (hours: number) => void (at = START + hours * HOUR_MS),
    now,
    async event() {
      flowWatch.heard({
        account: "acme",
        operation: "record-assignment",
        eventKey: "k",
        result: { kind: "answered", answer: () => ({ outcome: "recorded" }) },
      });
      await flowWatch.flush();
    },
  };
}

describe("an alert of silence", () => {
  it("goes out once when nothing came for the set time, and once when something comes again", async () => {
    const [hook, mail] = [await startHook(), await startMailServer()];
    const { look, afterHours, event } = watch({ hookUrl: hook.url, smtpUrl: mail.url });
    await event();
    afterHours(2.9);
    await look();
    expect(hook.posted).toEqual([]);

    afterHours(3.1);
    await look();
    await look();
    expect(hook.posted).toMatchObject([
      { event: "silent", account: "acme", since: "2026-11-30T08:00:00.000Z" },
    ]);
    expect(hook.posted[0]?.text).toContain(
      "No flow has reached the server since 2026-11-30T08:00:00Z",
    );
    expect(hook.posted[0]?.text).toContain("What to do: ");
    expect(mail.mails).toMatchObject([{ from: "caseqa@acme.example", to: ["admin@acme.example"] }]);
    expect(mail.mails[0]?.text.replaceAll(/=?\r\n/g, "")).toContain("No flow has reached");

    await event();
    await look();
    await look();
    expect(hook.posted.map(({ event }) => event)).toEqual(["silent", "heard_again"]);
    expect(mail.mails).toHaveLength(2);
  });

  it("is sent again until it reached somebody, and by the way that works", async () => {
    const [hook, mail] = [await startHook(), await startMailServer()];
    const { look, afterHours } = watch({ hookUrl: hook.url, smtpUrl: mail.wrongUrl });
    afterHours(4);
    hook.answer(403);
    await expect(look()).rejects.toThrow("reached nobody");
    hook.answer(200);
    await look();
    await look();
    expect(hook.posted).toHaveLength(1);
    expect(mail.mails).toEqual([]);
  });

  it("is not sent while CaseQA is disabled, and counts anew from when it is enabled", async () => {
    const hook = await startHook();
    const { look, afterHours, now } = watch({ hookUrl: hook.url });
    await expectFlows(database.db, "acme", false, now());
    afterHours(30);
    await look();
    expect(hook.posted).toEqual([]);
    await expectFlows(database.db, "acme", true, now());
    afterHours(32);
    await look();
    expect(hook.posted).toEqual([]);
    afterHours(34);
    await look();
    expect(hook.posted).toMatchObject([{ event: "silent", since: "2026-12-01T14:00:00.000Z" }]);
  });
});
