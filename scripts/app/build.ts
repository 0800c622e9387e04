/** Makes the folder that `zcli apps:create` takes: manifest, assets and translations, with the bundle inside. */
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "vite";
import { buildBundle } from "#bundle/index";
import { createTemplate, TEMPLATE_OPTIONS, type BundleTemplate } from "#install/bundle-template";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SOURCE = join(ROOT, "app");

/** What scripts and styles may weigh together, compressed. */
export const LARGEST_GZIP_BYTES = 150 * 1024;

export interface BuiltApp {
  /** Of the embedded bundle. */
  readonly sha256: string;
  /** Scripts and styles, each compressed. */
  readonly sizes: readonly { readonly file: string; readonly gzipBytes: number }[];
  readonly gzipBytes: number;
}

export interface BuildAppOptions {
  /** Emptied first. */
  readonly out: string;
  /** Another bundle than today's, such as for a test of an upgrade. */
  readonly template?: BundleTemplate;
}

/**
 * Builds the app. The same sources give the same bytes.
 *
 * @throws Error when it does not compile or weighs too much
 */
export async function buildApp({ out, template }: BuildAppOptions): Promise<BuiltApp> {
  const embedded = template ?? (await createTemplate(buildBundle(TEMPLATE_OPTIONS)));
  const assets = join(out, "assets");
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await bundlePage(assets, embedded);
  await cp(join(SOURCE, "assets"), assets, { recursive: true });
  await cp(join(SOURCE, "translations"), join(out, "translations"), { recursive: true });
  await writeManifest(out);
  const sizes = await weigh(assets);
  const gzipBytes = sizes.reduce((sum, size) => sum + size.gzipBytes, 0);
  if (gzipBytes > LARGEST_GZIP_BYTES) {
    throw new Error(`scripts and styles weigh ${gzipBytes} bytes, more than ${LARGEST_GZIP_BYTES}`);
  }
  return { sha256: embedded.sha256, sizes, gzipBytes };
}

async function bundlePage(assets: string, template: BundleTemplate): Promise<void> {
  await build({
    configFile: false,
    root: SOURCE,
    base: "./",
    publicDir: false,
    logLevel: "warn",
    plugins: [classicScript(), dropDataUrls()],
    define: { BUNDLE_TEMPLATE: JSON.stringify(JSON.stringify(template)) },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir: assets,
      assetsDir: "",
      emptyOutDir: true,
      target: "es2023",
      modulePreload: false,
      assetsInlineLimit: 0,
      cssCodeSplit: false,
      rolldownOptions: {
        output: {
          format: "iife",
          entryFileNames: "app-[hash].js",
          assetFileNames: "app-[hash][extname]",
        },
      },
    },
  });
}

/** A plain deferred script also runs where the frame's origin is opaque; a module would ask for CORS there. */
function classicScript(): Plugin {
  return {
    name: "classic-script",
    transformIndexHtml: {
      order: "post",
      handler: (html) =>
        html
          .replaceAll('<script type="module" crossorigin ', "<script defer ")
          .replaceAll('<link rel="stylesheet" crossorigin ', '<link rel="stylesheet" '),
    },
  };
}

/** A content policy that knows only 'self' refuses them; app/src/styles/garden.css has files in their place. */
function dropDataUrls(): Plugin {
  return {
    name: "drop-data-urls",
    // After the styles are written.
    enforce: "post",
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "asset" || !file.fileName.endsWith(".css")) continue;
        const css = typeof file.source === "string" ? file.source : file.source.toString();
        file.source = css.replaceAll(/url\((?:"data:[^"]*"|'data:[^']*'|data:[^)]*)\)/g, "none");
      }
    },
  };
}

/** Its version is the package's. */
async function writeManifest(out: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(SOURCE, "manifest.json"), "utf8")) as object;
  const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
    readonly version: string;
  };
  const text = `${JSON.stringify({ ...manifest, version }, null, 2)}\n`;
  await writeFile(join(out, "manifest.json"), text);
}

async function weigh(assets: string): Promise<BuiltApp["sizes"]> {
  const files = (await readdir(assets)).filter((file) => /\.(?:js|css)$/.test(file)).sort();
  return Promise.all(
    files.map(async (file) => {
      const bytes = gzipSync(await readFile(join(assets, file))).byteLength;
      return { file, gzipBytes: bytes };
    }),
  );
}
