import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildBundle } from "#bundle/index";
import { createTemplate, TEMPLATE_OPTIONS } from "#install/bundle-template";
import { buildApp, LARGEST_GZIP_BYTES, type BuiltApp } from "#scripts/app/build";

let folder: string;
let out: string;
let built: BuiltApp;

async function contents(of: string): Promise<Record<string, string>> {
  const entries = await readdir(of, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const read = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [path.slice(of.length + 1), await readFile(path, "latin1")] as const;
  });
  return Object.fromEntries((await Promise.all(read)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "caseqa-app-"));
  out = join(folder, "one");
  built = await buildApp({ out });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Width and height of a PNG, by its header. */
function sizeOf(png: string): readonly [number, number] {
  const bytes = Buffer.from(png, "latin1");
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

describe("the built app", () => {
  it("holds what Zendesk wants, with the sizes that it wants", async () => {
    const files = await contents(out);
    const manifest = JSON.parse(files["manifest.json"]!);
    const { version } = JSON.parse(await readFile("package.json", "utf8"));
    expect(manifest).toMatchObject({
      private: true,
      singleInstall: true,
      frameworkVersion: "2.0",
      defaultLocale: "en",
      version,
      parameters: [
        { name: "server_url", type: "url", required: true },
        { name: "integration", type: "text" },
      ],
      location: {
        support: {
          nav_bar: { url: "assets/index.html" },
          background: { url: "{{setting.server_url}}/v1/admin/session", signed: true },
        },
      },
    });
    expect(files).toHaveProperty(["translations/en.json"]);
    expect(files).toHaveProperty(["translations/ar.json"]);
    expect(files["assets/icon_nav_bar.svg"]).toContain('viewBox="0 0 18 18"');
    expect(sizeOf(files["assets/logo.png"]!)).toEqual([320, 320]);
    expect(sizeOf(files["assets/logo-small.png"]!)).toEqual([128, 128]);
  });

  it("is light", () => {
    expect(built.gzipBytes).toBeLessThan(LARGEST_GZIP_BYTES);
    // Their names begin with a hash, which sorts either way.
    const kinds = built.sizes.map(({ file }) => file.split(".").at(-1));
    expect(new Set(kinds)).toEqual(new Set(["js", "css"]));
    expect(kinds).toHaveLength(2);
  });

  it("runs under a policy that knows only its own files and the SDK", async () => {
    const files = await contents(join(out, "assets"));
    const page = files["index.html"]!;
    const scripts = [...page.matchAll(/<script([^>]*)>([^<]*)</g)];
    expect(scripts).toHaveLength(2);
    for (const [, attributes, inline] of scripts) {
      expect(inline).toBe("");
      expect(attributes).toMatch(
        /src="(?:\.\/|https:\/\/static\.zdassets\.com\/zendesk_app_framework_sdk\/2\.0\/zaf_sdk\.min\.js")/,
      );
    }
    expect(page).not.toMatch(/ on\w+=| style=|<style/);
    const [script] = Object.entries(files)
      .find(([name]) => name.endsWith(".js"))!
      .slice(1);
    const [styles] = Object.entries(files)
      .find(([name]) => name.endsWith(".css"))!
      .slice(1);
    expect(script).not.toMatch(/\beval\(|new Function\(/);
    expect(styles).not.toMatch(/url\(\s*["']?(?:data:|https?:|\/\/)/);
    expect(styles).not.toContain("@import");
  });

  it("carries today's bundle and its hash", async () => {
    const template = await createTemplate(buildBundle(TEMPLATE_OPTIONS));
    expect(built.sha256).toBe(template.sha256);
    const files = await contents(join(out, "assets"));
    const [, script] = Object.entries(files).find(([name]) => name.endsWith(".js"))!;
    expect(script).toContain(template.sha256);
  });

  it("is the same bytes when it is built again, and others with another bundle", async () => {
    const again = join(folder, "two");
    await buildApp({ out: again });
    expect(await contents(again)).toEqual(await contents(out));
    const bundle = buildBundle(TEMPLATE_OPTIONS);
    const other = join(folder, "three");
    const template = await createTemplate({ ...bundle, name: "CaseQA next" });
    expect((await buildApp({ out: other, template })).sha256).not.toBe(built.sha256);
    expect(Object.keys(await contents(other))).not.toEqual(Object.keys(await contents(out)));
  });
});
