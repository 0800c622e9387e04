/** An app package in memory for the linter's tests: complete, and without a finding. */
import { type AppFile, type AppPackage, createAppPackage } from "#app-package/package";

export type Manifest = Record<string, unknown>;

export interface PackageChanges {
  readonly manifest?: Manifest;
  /** Members of the manifest that are left out. */
  readonly without?: readonly string[];
  /** Contents by path; null: the file is left out. */
  readonly files?: Readonly<Record<string, string | Buffer | null>>;
  readonly ignored?: readonly string[];
}

export const MANIFEST: Manifest = {
  name: "Sample",
  author: { name: "CaseQA", email: "apps@example.com", url: "https://example.com" },
  version: "1.0.0",
  frameworkVersion: "2.0",
  defaultLocale: "en",
  private: true,
  singleInstall: true,
  location: {
    support: {
      nav_bar: { url: "assets/index.html" },
      background: { url: "{{setting.server_url}}/session", signed: true },
    },
  },
  parameters: [{ name: "server_url", type: "url", required: true }],
};

const FILES: Readonly<Record<string, string | Buffer>> = {
  "assets/index.html":
    '<!doctype html><html lang="en"><head><title>Sample</title><script src="https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js"></script><script src="app.js"></script></head><body></body></html>',
  "assets/app.js": "document.title = 'Sample';",
  "assets/icon_nav_bar.svg":
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 18 18"><circle cx="9" cy="9" r="8"/></svg>',
  "assets/logo.png": png(320, 320),
  "assets/logo-small.png": png(128, 128),
  "translations/en.json": JSON.stringify({
    app: { name: "Sample", parameters: { server_url: { label: "Server" } } },
  }),
};

/** The head of a PNG, which is all that its size is read from. */
export function png(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(33);
  bytes.write("89504e470d0a1a0a0000000d49484452", "hex");
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

export function appPackage(changes: PackageChanges = {}): AppPackage {
  const { manifest = {}, without = [], files = {}, ignored = [] } = changes;
  const whole = Object.fromEntries(
    Object.entries({ ...MANIFEST, ...manifest }).filter(([key]) => !without.includes(key)),
  );
  const contents = { "manifest.json": JSON.stringify(whole, null, 2), ...FILES, ...files };
  const entries = Object.entries(contents).flatMap(([path, content]): [string, AppFile][] =>
    content === null ? [] : [[path, { bytes: Buffer.from(content), symlink: false }]],
  );
  return createAppPackage(new Map(entries), ignored);
}
