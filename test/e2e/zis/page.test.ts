import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { accessibilityProblems, describeInChromium, launchChromium, tabTo } from "./chromium.ts";
import { connectCrm, folderWithBundle, type Served, solveTicket, startServe } from "./served.ts";

describeInChromium("the page of zis serve in a browser", () => {
  let browser: Browser;
  let served: Served;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const [folder, removeFolder] = await folderWithBundle();
    remove = removeFolder;
    const args = ["--bundle", join(folder, "bundle.json"), "--mocks", join(folder, "mocks.json")];
    [browser, served] = await Promise.all([launchChromium(), startServe(args)]);
  });
  afterAll(async () => {
    await browser.close();
    await served.stop();
    await remove();
  });

  type Look = Parameters<Browser["newContext"]>[0];

  /** A page whose console must stay free of errors. */
  async function open(path: string, look: Look = {}): Promise<Page> {
    const context = await browser.newContext({ baseURL: served.card.url, ...look });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("console", (message) => {
      // A form with a mistake is answered 400, which browsers log.
      const isRefusal = message.text().includes("status of 400");
      if (message.type() === "error" && !isRefusal) errors.push(message.text());
    });
    page.on("pageerror", (error) => errors.push(error.message));
    onTestFinished(async () => {
      await context.close();
      expect(errors).toEqual([]);
    });
    await page.goto(path);
    return page;
  }

  const LOOKS: readonly Look[] = [
    { colorScheme: "light", viewport: { width: 1280, height: 900 } },
    { colorScheme: "dark", viewport: { width: 360, height: 740 } },
  ];

  async function expectAccessible(paths: readonly string[]): Promise<void> {
    for (const look of LOOKS) {
      const page = await open("/", look);
      for (const path of paths) {
        await page.goto(path);
        for (const details of await page.locator("main details > summary").all()) {
          await details.click();
        }
        expect(await accessibilityProblems(page), `${path} ${look?.colorScheme}`).toEqual([]);
        const overflow = "document.documentElement.scrollWidth - innerWidth";
        expect(await page.evaluate(overflow), `${path} is wider than the screen`).toBeLessThan(1);
      }
    }
  }

  it("is accessible while nothing has run", async () => {
    await expectAccessible([
      "/",
      "/runs",
      "/fire",
      "/log",
      "/flow?integration=shop&name=order_paid",
    ]);
  });

  it("fires an event, shows the way of the run, and replays it by the keyboard alone", async () => {
    await connectCrm(served);
    const page = await open("/");

    await tabTo(page, /^Skip to the content$/);
    await tabTo(page, /^Fire an event$/);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/fire");
    await tabTo(page, /^Start from a job spec/);
    await page.keyboard.type("support");
    await tabTo(page, /^Fill in its sample$/);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/fire?job_spec=*");
    expect(await page.inputValue("#event_type")).toBe("ticket.StatusChanged");
    expect(await page.inputValue("#input")).toContain('"current": "solved"');
    await tabTo(page, /^Fire$/);
    await page.keyboard.press("Enter");

    await page.waitForURL("**/runs?queued=1");
    expect(await page.textContent("[role=status].notice")).toContain("The event started a flow");
    await tabTo(page, /^ticket_solved$/);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/runs/*");
    expect(await page.textContent("h1")).toContain("SUCCEEDED");
    expect(await page.locator("svg .node.taken .name").allTextContents()).toEqual([
      "IsSolved",
      "Tell",
      "Rest",
      "Told",
    ]);
    expect(await page.locator("svg .line.taken").count()).toBeGreaterThanOrEqual(3);

    await tabTo(page, /^Tell Action/);
    await page.keyboard.press("Enter");
    expect(await page.getByText("Changed: $.told").isVisible()).toBe(true);

    await page.keyboard.press("Home");
    await page.reload();
    await tabTo(page, /^Replay$/);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/runs?queued=1");
    expect(await page.locator("tbody tr").count()).toBe(2);
  });

  it("shows new runs by itself, says so, and leaves the focus where it was", async () => {
    const page = await open("/runs");
    const before = await page.locator("tbody tr").count();
    await page.focus("[name=status]");
    await solveTicket(served, "open");
    await page.getByText("1 new run has ended.").waitFor();
    expect(await page.locator("tbody tr").count()).toBe(before + 1);
    expect(await page.textContent("tbody tr:first-child .message")).toBe("Nothing to tell.");
    expect(await page.evaluate("document.activeElement.name")).toBe("status");
  });

  it("puts what is wrong with a form where it is announced, and keeps what was typed", async () => {
    const page = await open("/fire?job_spec=zis:shop:job_spec:on_paid");
    await page.fill("#copies", "0");
    await page.click("button:text-is('Fire')");
    expect(await page.textContent("[role=alert]")).toContain("from 1 to 100");
    expect(await page.getAttribute("#copies", "aria-invalid")).toBe("true");
    expect(await page.inputValue("#input")).toContain("sample number");
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it("is accessible once flows have run", async () => {
    const { runs } = (await (await fetch(`${served.card.url}/local/runs`)).json()) as {
      runs: { id: string }[];
    };
    await expectAccessible(["/", "/runs", "/log", `/runs/${runs.at(-1)!.id}`]);
  });
});
