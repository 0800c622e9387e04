/** Where are files of comments read, by whom, and for how long? */
import Fastify from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildLargeAccount } from "#sandbox/data/history/large-account";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

interface File {
  readonly id: number;
  readonly size: number;
  readonly content_type: string;
  readonly content_url: string;
}

describe("files of comments", () => {
  let desk: DeskFixture;
  let filesUrl: string;
  let close: () => Promise<void>;

  async function open(options: Parameters<typeof openDesk>[0] = { tickets: 60 }): Promise<void> {
    desk = await openDesk(options);
    const app = Fastify();
    await app.register(desk.zendesk.files.routes);
    filesUrl = await app.listen({ host: "127.0.0.1", port: 0 });
    desk.zendesk.files.listensAt(filesUrl);
    close = async () => {
      await app.close();
      await desk.close();
    };
  }

  beforeEach(() => open());
  afterEach(() => close());

  async function fileOf(): Promise<File> {
    const ticket = desk.data.tickets.find(({ comments }) =>
      comments.some(({ attachments }) => attachments.length > 0),
    )!;
    const { body } = await desk.call(`/tickets/${ticket.id}/comments`);
    const files = body.comments.flatMap(({ attachments }) => attachments) as unknown as File[];
    return files[0]!;
  }

  /** The account's address under the address at which the tests reach it. */
  const local = (url: string) => url.replace(/^https?:\/\/[^/]+/, desk.url);

  it("are redirected to another host, which gives all bytes without a credential", async () => {
    const file = await fileOf();
    const first = await fetch(local(file.content_url), { redirect: "manual" });
    expect(first.status).toBe(302);
    const address = first.headers.get("location")!;
    expect(address.startsWith(filesUrl)).toBe(true);
    const content = await fetch(address);
    expect(content.status).toBe(200);
    expect(content.headers.get("content-type")).toContain(file.content_type);
    expect((await content.arrayBuffer()).byteLength).toBe(file.size);
    expect(desk.zendesk.files.requests).toMatchObject([{ status: 200, hadCredentials: false }]);
  });

  it("refuse a credential that was taken to their host, and remember it", async () => {
    desk.zendesk.switches.attachmentUrls = "files";
    const file = await fileOf();
    expect(file.content_url.startsWith(filesUrl)).toBe(true);
    const refused = await fetch(file.content_url, { headers: { authorization: "Bearer x" } });
    expect(refused.status).toBe(400);
    expect(desk.zendesk.files.requests).toMatchObject([{ status: 400, hadCredentials: true }]);
    expect((await fetch(file.content_url)).status).toBe(200);
  });

  it("are gone from an address that has expired, and there under a new one", async () => {
    desk.zendesk.switches.attachmentUrls = "files";
    desk.zendesk.switches.attachmentTokenSeconds = 60;
    const before = await fileOf();
    desk.clock.advance(60_001);
    expect((await fetch(before.content_url)).status).toBe(403);
    expect((await fetch((await fileOf()).content_url)).status).toBe(200);
  });

  it("ask for a credential at the account's address when they are private", async () => {
    desk.zendesk.switches.privateAttachments = true;
    const url = local((await fileOf()).content_url);
    expect((await fetch(url, { redirect: "manual" })).status).toBe(401);
    const headers = desk.bearer(["tickets:read"]);
    expect((await fetch(url, { redirect: "manual", headers })).status).toBe(302);
  });

  it.each(["no-such-token", "W10.x"])("are not found by %s", async (token) => {
    expect((await fetch(`${desk.url}/attachments/token/${token}/?name=x`)).status).toBe(404);
    expect((await fetch(`${filesUrl}/attachments/token/${token}/?name=x`)).status).toBe(404);
  });

  it("cost no call of the Support API", async () => {
    const file = await fileOf();
    const left = async () =>
      Number((await desk.call("/users/me")).headers.get("x-rate-limit-remaining"));
    const before = await left();
    await fetch(local(file.content_url));
    expect(await left()).toBe(before - 1);
  });

  it("are described by id", async () => {
    const file = await fileOf();
    const { status, body } = await desk.call(`/attachments/${file.id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ attachment: { id: file.id, size: file.size } });
  });

  it("are found in an account that is calculated", async () => {
    await close();
    const data = buildLargeAccount({
      seed: 5,
      tickets: 1_000_000,
      from: new Date("2023-01-01T00:00:00Z"),
      until: new Date("2026-03-02T00:00:00Z"),
    });
    await open({ data });
    let file: File | undefined;
    for (let id = 500_000; !file; id += 1) {
      const { body } = await desk.call(`/tickets/${id}/comments`);
      file = body.comments.flatMap(({ attachments }) => attachments)[0] as unknown as File;
    }
    const content = await fetch(local(file.content_url));
    expect((await content.arrayBuffer()).byteLength).toBe(file.size);
    expect((await desk.call(`/attachments/${file.id}`)).status).toBe(200);
  });
});
