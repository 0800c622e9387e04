/** How background jobs are queued, run, read and limited. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openClient, send, type DeskClient, type WireJob } from "./desk-client.ts";
import { openDesk, type DeskFixture } from "./desk-fixture.ts";

describe("job statuses", () => {
  let desk: DeskFixture;
  let client: DeskClient;

  beforeEach(async () => {
    desk = await openDesk({ tickets: 40 });
    desk.zendesk.switches.jobSeconds = 10;
    client = openClient(desk);
  });
  afterEach(() => desk.close());

  async function start(ticketId: number): Promise<WireJob> {
    const path = `/tickets/destroy_many?ids=${ticketId}`;
    return (await send(desk, "DELETE", path)).body.job_status;
  }

  it("are queued, working and completed as time goes by, and gone after a day", async () => {
    const { id, status, url } = await start(1001);
    expect([status, url]).toEqual(["queued", `${desk.url}/api/v2/job_statuses/${id}.json`]);
    desk.clock.advance(5_000);
    expect((await client.jobstatuses.show(id)).result).toMatchObject({
      job_status: { status: "working" },
    });
    expect((await desk.call("/tickets/1001")).status).toBe(200);
    desk.clock.advance(5_000);
    expect((await desk.call("/tickets/1001")).status).toBe(404);
    const { result: done } = await client.jobstatuses.show(id);
    expect(done).toMatchObject({
      job_status: {
        status: "completed",
        progress: 1,
        total: 1,
        message: "Completed at 2026-03-02 10:00:15 +0000",
      },
    });
    desk.clock.advance(86_400_000);
    expect((await desk.call(`/job_statuses/${id}`)).status).toBe(404);
  });

  it("are listed, the unfinished first, and shown by id", async () => {
    const first = await start(1001);
    desk.clock.advance(10_000);
    const second = await start(1002);
    const third = await start(1003);
    const ids = async (path: string) => {
      const { body } = await send(desk, "GET", path);
      return body.job_statuses.map(({ id }) => id);
    };
    expect(await ids("/job_statuses")).toEqual([third.id, second.id, first.id]);
    const { result: many } = await client.jobstatuses.showMany([first.id, "unknown", third.id]);
    expect(many).toMatchObject({ job_statuses: [{ id: first.id }, { id: third.id }] });
    expect((await desk.call("/job_statuses/unknown")).status).toBe(404);
  });

  it("number thirty at most", async () => {
    const ids: string[] = [];
    for (let n = 0; n < 30; n += 1) ids.push((await start(1001 + n)).id);
    const { status, body } = await desk.call("/tickets/destroy_many?ids=1035", {
      method: "DELETE",
    });
    expect(status).toBe(429);
    expect(body).toEqual({
      error: "TooManyJobs",
      description:
        "Too many Bulk Delete Ticket jobs are currently queued or running. Try again later.",
      current_job_ids: ids,
    });
    desk.clock.advance(10_000);
    expect((await start(1035)).status).toBe("queued");
  });
});
