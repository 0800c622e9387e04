/** npm run screenshots: takes pictures of every page of the app for the documents. */
import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Browser, Frame, Page } from "playwright-core";
import {
  appFrame,
  installedState,
  introduce,
  openTab,
  pressInstallAll,
  type TabName,
  typeServerToken,
} from "./app/app-page.ts";
import { buildApp } from "./app/build.ts";
import { putApp } from "./app/put-in.ts";
import { browserProblem, launchBrowser, newSite } from "./app/site.ts";
import { npmScript, outOption, type OutOptions, withExitCode, runScript } from "./command-line.ts";
import { createWorld, type World } from "./world.ts";

/** What one picture shows. */
interface Picture {
  readonly file: string;
  readonly tab: TabName;
  readonly query: string;
  readonly width?: number;
  readonly height?: number;
  /** Opens the newest ticket of the log. */
  readonly ticket?: true;
}

const TABS: readonly TabName[] = ["install", "settings", "health", "log"];
const PICTURES: readonly Picture[] = [
  ...TABS.flatMap((tab): readonly Picture[] => [
    { file: `${tab}-light.png`, tab, query: "" },
    { file: `${tab}-dark.png`, tab, query: "?theme=dark" },
  ]),
  { file: "ticket-light.png", tab: "log", query: "", ticket: true },
  { file: "ticket-dark.png", tab: "log", query: "?theme=dark", ticket: true },
  { file: "install-rtl.png", tab: "install", query: "?locale=ar" },
  { file: "install-narrow.png", tab: "install", query: "", width: 420, height: 900 },
];

/** Longest that the flows of the sample events may take. */
const IDLE_MS = 60_000;

async function takeAll(out: string): Promise<number> {
  const problem = browserProblem();
  if (problem !== undefined) {
    process.stderr.write(`${problem}\n`);
    return 1;
  }
  const folder = await mkdtemp(join(tmpdir(), "caseqa-screenshots-"));
  const world = await createWorld({
    seed: 3,
    tickets: 200,
    ports: { zendesk: 0, salesforce: 0, server: 0 },
    logLevel: "silent",
    installed: false,
  });
  const browser = await launchBrowser();
  try {
    await buildApp({ out: folder });
    await putApp(world.card, folder);
    await mkdir(out, { recursive: true });
    await installAndPlay(browser, world, out);
    for (const picture of PICTURES) await take(browser, world, out, picture);
    return 0;
  } finally {
    await browser.close();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The checklist before, during and after; then a day's events in short. */
async function installAndPlay(browser: Browser, world: World, out: string): Promise<void> {
  const { page, app: before, close } = await open(browser, world, {});
  const { token } = world.card.server;
  await installedState(before);
  await shoot(page, join(out, "install-first-light.png"));
  const app = await introduce(page, token);
  await typeServerToken(app, token);
  await pressInstallAll(app);
  await app.locator("[data-step=test_event]").scrollIntoViewIfNeeded();
  await shoot(page, join(out, "install-done-light.png"));
  await close();
  const waiting = world.data.zendesk.tickets.filter(({ status }) => status === "open");
  for (const { id } of waiting.slice(0, 12)) {
    world.zendesk.agents.assign(String(id), world.data.zendesk.agents[1]?.id ?? 0);
    world.zendesk.agents.setStatus(String(id), "solved");
  }
  await world.zis.idle(IDLE_MS);
}

interface Opened {
  readonly page: Page;
  readonly app: Frame;
  readonly close: () => Promise<void>;
}

async function open(
  browser: Browser,
  { card, apps }: World,
  { query = "", width, height }: Partial<Picture>,
): Promise<Opened> {
  const size = { ...(width && { width }), ...(height && { height }) };
  const { context, page } = await newSite(browser, size);
  const { url, adminEmail } = card.zendesk;
  const [name = "", value = ""] = apps.signIn(adminEmail).cookie.split("=", 2);
  await context.addCookies([{ name, value, url, httpOnly: true, sameSite: "Lax" }]);
  await page.goto(`${url}/agent/apps/caseqa${query}`);
  return { page, app: await appFrame(page), close: () => context.close() };
}

async function take(browser: Browser, world: World, out: string, picture: Picture): Promise<void> {
  const { page, app, close } = await open(browser, world, picture);
  await openTab(app, picture.tab);
  if (picture.tab === "install") await installedState(app);
  if (picture.ticket) {
    await app.locator("tbody a, tbody button").first().click();
    await app.locator("svg").last().scrollIntoViewIfNeeded();
  }
  await shoot(page, join(out, picture.file));
  await close();
}

async function shoot(page: Page, path: string): Promise<void> {
  await page.screenshot({ path, animations: "disabled" });
  const { size } = await stat(path);
  process.stdout.write(`${relative("", path)}  ${Math.ceil(size / 1024)} KiB\n`);
}

const command = npmScript(
  "screenshots",
  `Starts the whole world, installs the app in it, and takes a picture of each of its pages and of one ticket's log: light
and dark, the page Install also before anything is installed, right to left (Arabic), and on a narrow screen.`,
  "0 taken, 1 it failed, 2 wrong usage",
).addOption(outOption("where the pictures go", "docs/images"));
await runScript(withExitCode(command, ({ out }: OutOptions) => takeAll(out)));
