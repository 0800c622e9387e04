/** The pictures of the app, and what else is in the package. Sources: zendesk_apps_support 4.52.0, the styling guide. */
import { isObject, MANIFEST, type AppPackage } from "../package.ts";
import type { Found } from "../finding.ts";
import { readPngSize } from "../png.ts";

const LOGOS: readonly { readonly name: string; readonly sizes: readonly [number, number][] }[] = [
  { name: "logo.png", sizes: [[320, 320]] },
  { name: "logo-small.png", sizes: [[128, 128]] },
];
const BANNER_SIZES: readonly [number, number][] = [
  [830, 200],
  [1660, 400],
];

const REFUSED =
  /\.(?:rar|zip|gz|tgz|gzip|pdf|docx?|xlsx?|pptx?|avi|mp3|mpe?g|7z|jar|sh|csh|bin|bz2?|odt)$/i;
const TAKEN = /\.(?:png|jpe?g|gif|svg|js|html?|css|map|eot|woff2?|otf|ttf|json|xml|hbs|hdbs)$/i;
/** First bytes of what is refused under any name. */
const SIGNATURES: readonly (readonly [string, string])[] = [
  ["504b0304", "a zip"],
  ["1f8b", "gzip"],
  ["52617221", "a rar"],
  ["25504446", "a PDF"],
  ["377abcaf", "a 7z"],
  ["425a68", "bzip2"],
  ["d0cf11e0", "an Office document"],
];
/** About 16 MB is refused as "Invalid zip file" (zcli issue 285); what is packed hardly gets bigger than its files. */
const MAX_BYTES = 15 * 1_048_576;

export function assetRules(app: AppPackage): readonly Found[] {
  return [...logos(app), ...banner(app), ...files(app), ...size(app)];
}

/** Zendesk takes a private app without them; where they should be, agents then see an empty square. */
function logos(app: AppPackage): readonly Found[] {
  return logoRules(app).map((found) => ({ ...found, severity: "warning" }));
}

function logoRules(app: AppPackage): readonly Found[] {
  const location = app.object(MANIFEST)?.["location"];
  if (!isObject(location)) return [];
  const products = Object.keys(location);
  const folders = products.length > 1 ? products.map((each) => `assets/${each}/`) : ["assets/"];
  return folders.flatMap((folder) =>
    LOGOS.flatMap(({ name, sizes }) => {
      const file = `${folder}${name}`;
      if (app.files.has(file)) return pictureRules(app, file, sizes);
      const [width, height] = sizes[0] ?? [0, 0];
      const remedy = `Add it as a PNG of ${width} by ${height}.`;
      return [{ rule: "logo", file, message: `${file} is missing.`, remedy }];
    }),
  );
}

function banner(app: AppPackage): readonly Found[] {
  return [...app.files.keys()]
    .filter((path) => /^assets\/(?:[^/]+\/)?banner\.png$/.test(path))
    .flatMap((file) => pictureRules(app, file, BANNER_SIZES));
}

function pictureRules(
  app: AppPackage,
  file: string,
  sizes: readonly (readonly [number, number])[],
): readonly Found[] {
  const real = readPngSize(app.files.get(file)?.bytes ?? Buffer.alloc(0));
  const wanted = sizes.map(([width, height]) => `${width} by ${height}`).join(" or ");
  const remedy = `Make it a PNG of ${wanted}.`;
  if (!real) return [{ rule: "logo", file, message: "This is not a PNG.", remedy }];
  if (sizes.some(([width, height]) => real.width === width && real.height === height)) return [];
  const message = `It is ${real.width} by ${real.height}, not ${wanted}.`;
  return [{ rule: "logo", file, message, remedy }];
}

function files(app: AppPackage): readonly Found[] {
  return [...app.files].flatMap(([file, { bytes, symlink }]): Found[] => {
    if (symlink) {
      const message = `Symlinks are not allowed: ${file}.`;
      return [{ rule: "symlink", file, message, remedy: "Put the file itself there." }];
    }
    const head = bytes.subarray(0, 4).toString("hex");
    const disguised = SIGNATURES.find(([signature]) => head.startsWith(signature));
    const remedy = "Remove it, or exclude it by a glob in .zcliignore.";
    if (REFUSED.test(file) || disguised) {
      const what = disguised ? ` (it is ${disguised[1]})` : "";
      return [{ rule: "file-type", file, message: `Zendesk refuses such files${what}.`, remedy }];
    }
    if (file.startsWith("assets/") && !TAKEN.test(file)) {
      const message = "Zendesk does not serve files of this type as assets.";
      return [{ rule: "file-type", file, message, remedy, severity: "warning" }];
    }
    return [];
  });
}

function size(app: AppPackage): readonly Found[] {
  const total = [...app.files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (total <= MAX_BYTES) return [];
  const message = `The files are ${Math.round(total / 1_048_576)} MB together; about 16 MB are refused.`;
  const remedy = "Exclude what the app does not load, by globs in .zcliignore.";
  return [{ rule: "package-size", file: MANIFEST, message, remedy, unseen: true }];
}
