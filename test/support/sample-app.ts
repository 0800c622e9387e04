/** A small app for tests of the stand-in: its files, in a folder for zcli or packed as zcli packs them. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { zip } from "#app-package/zip";

export interface SampleApp {
  readonly manifest: Record<string, unknown>;
  /** By path; besides manifest.json. */
  readonly files: Readonly<Record<string, string>>;
}

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 18 18"><circle cx="9" cy="9" r="8"/></svg>';

/** A nav_bar app with a signed background location and one parameter. */
export function sampleApp(changes: Record<string, unknown> = {}): SampleApp {
  return {
    manifest: {
      name: "Sample",
      author: { name: "CaseQA", email: "apps@example.com", url: "https://example.com" },
      version: "1.0.0",
      frameworkVersion: "2.0",
      defaultLocale: "en",
      private: true,
      singleInstall: true,
      location: {
        support: {
          nav_bar: "assets/index.html",
          background: { url: "{{setting.server_url}}/session", signed: true },
        },
      },
      parameters: [{ name: "server_url", type: "url", required: true }],
      ...changes,
    },
    files: {
      "assets/index.html": `<!doctype html><html lang="en"><head><title>Sample</title>
<script src="https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js"></script>
</head><body><p id="app">Sample</p></body></html>`,
      "assets/icon_nav_bar.svg": ICON,
      "translations/en.json": JSON.stringify({
        app: { name: "Sample", parameters: { server_url: { label: "Server" } } },
      }),
    },
  };
}

function allFiles({ manifest, files }: SampleApp): [string, string][] {
  return [["manifest.json", JSON.stringify(manifest, null, 2)], ...Object.entries(files)];
}

/** Writes the app into a folder. */
export async function writeApp(folder: string, app: SampleApp): Promise<void> {
  for (const [path, content] of allFiles(app)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** The app as a zip. */
export function packApp(app: SampleApp): Buffer {
  return zip(allFiles(app).map(([path, content]) => ({ path, content: Buffer.from(content) })));
}
