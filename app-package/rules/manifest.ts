/** What Zendesk wants of manifest.json, but for its locations and parameters. Source: zendesk_apps_support 4.52.0. */
import { isObject, MANIFEST, REQUIREMENTS, type AppPackage } from "../package.ts";
import { type Found, findingsIn } from "../finding.ts";
import { pointerStep } from "../json-source.ts";

const KNOWN = new Set(
  (
    "name author version frameworkVersion defaultLocale location parameters private domainWhitelist oauth " +
    "signedUrls singleInstall requirementsOnly marketingOnly noTemplate experiments termsConditionsURL " +
    "remoteInstallationURL gaID"
  ).split(" "),
);
const STRINGS = [
  "name",
  "version",
  "frameworkVersion",
  "defaultLocale",
  "termsConditionsURL",
  "remoteInstallationURL",
  "gaID",
];
const BOOLEANS = ["requirementsOnly", "marketingOnly", "singleInstall", "signedUrls", "private"];
const at = findingsIn(MANIFEST);
const OAUTH_KEYS = ["client_id", "client_secret", "authorize_uri", "access_token_uri"];

/** Two or three lower-case letters, and perhaps a region. */
export const LOCALE = /^[a-z]{2,3}(?:-\w{2,3})?$/;

export function manifestRules(app: AppPackage): readonly Found[] {
  const source = app.json(MANIFEST);
  if (!source) return missing(app);
  if (source.problem !== null) {
    return [
      at(
        "manifest-json",
        "",
        `The manifest is not proper JSON: ${source.problem}`,
        "Correct the syntax.",
      ),
    ];
  }
  const manifest = app.object(MANIFEST);
  if (!manifest) {
    return [at("manifest-json", "", "The manifest is not an object.", "Begin the file with {.")];
  }
  return [
    ...unknownKeys(manifest),
    ...requiredKeys(manifest),
    ...types(manifest),
    ...versionAndLocale(app, manifest),
    ...urls(manifest),
    ...lists(manifest),
    ...oauth(manifest),
    ...requirementsOnly(app, manifest),
  ];
}

function missing(app: AppPackage): readonly Found[] {
  const nested = [...app.files.keys()].find((path) => path.endsWith(`/${MANIFEST}`));
  if (nested === undefined) {
    const remedy = "Give the folder that holds manifest.json, such as dist/app.";
    return [at("manifest-missing", "", "Could not find manifest.json.", remedy)];
  }
  const folder = nested.slice(0, -MANIFEST.length - 1);
  const message = `Could not find manifest.json: it is nested in ${nested}.`;
  return [at("manifest-nested", "", message, `Give the folder ${folder} as the package's root.`)];
}

function unknownKeys(manifest: Readonly<Record<string, unknown>>): readonly Found[] {
  return Object.keys(manifest)
    .filter((key) => !KNOWN.has(key))
    .map((key) => ({
      ...at("manifest-key", pointerStep(key), `Zendesk does not read "${key}".`, "Remove it."),
      severity: "warning" as const,
    }));
}

function requiredKeys(manifest: Readonly<Record<string, unknown>>): readonly Found[] {
  const bare = manifest["requirementsOnly"] === true || manifest["marketingOnly"] === true;
  const required = ["author", "defaultLocale"];
  if (!bare) required.push("location", "frameworkVersion");
  const isAbsent = (key: string) => manifest[key] === undefined;
  const missing = (key: string) =>
    at("manifest-required", "", `"${key}" is missing.`, `Add "${key}".`);
  const absent = required.filter(isAbsent).map(missing);
  if (isAbsent("name")) absent.push({ ...missing("name"), unseen: true });
  const { author } = manifest;
  if (author !== undefined && !isObject(author)) {
    absent.push(
      at("manifest-required", "/author", "author is not an object.", "Write {name, email}."),
    );
  }
  return absent;
}

function types(manifest: Readonly<Record<string, unknown>>): readonly Found[] {
  const wrong = (keys: readonly string[], type: "String" | "Boolean", remedy: string) =>
    keys
      .filter((key) => manifest[key] !== undefined && typeof manifest[key] !== type.toLowerCase())
      .map((key) => {
        const message = `${key} must be a ${type}, not ${JSON.stringify(manifest[key])}.`;
        return at("manifest-type", `/${key}`, message, remedy);
      });
  return [
    ...wrong(STRINGS, "String", "Put the value in quotes."),
    ...wrong(BOOLEANS, "Boolean", "Write true or false without quotes."),
  ];
}

function versionAndLocale(
  app: AppPackage,
  manifest: Readonly<Record<string, unknown>>,
): readonly Found[] {
  const { frameworkVersion, defaultLocale, noTemplate } = manifest;
  const found: Found[] = [];
  if (typeof frameworkVersion === "string" && frameworkVersion !== "2.0") {
    const message = `${frameworkVersion} is not a valid framework version.`;
    found.push(at("framework-version", "/frameworkVersion", message, 'Write "2.0".'));
  }
  if (noTemplate !== undefined) {
    const message = "noTemplate is refused for framework version 2.0.";
    found.push(at("no-template", "/noTemplate", message, "Remove it."));
  }
  if (typeof defaultLocale !== "string") return found;
  const file = `translations/${defaultLocale}.json`;
  if (!LOCALE.test(defaultLocale)) {
    const message = `${defaultLocale} is not a valid default locale.`;
    found.push(at("default-locale", "/defaultLocale", message, "Write one like en or en-US."));
  } else if (!app.files.has(file) && manifest["requirementsOnly"] !== true) {
    const message = `The default locale has no translations: ${file} is missing.`;
    found.push(at("default-locale", "/defaultLocale", message, `Add ${file}.`));
  }
  return found;
}

function urls(manifest: Readonly<Record<string, unknown>>): readonly Found[] {
  const { author, termsConditionsURL } = manifest;
  const given: [string, unknown][] = [
    ["/author/url", isObject(author) ? author["url"] : undefined],
    ["/termsConditionsURL", termsConditionsURL],
  ];
  return given
    .filter(([, url]) => typeof url === "string" && !isWebAddress(url))
    .map(([path, url]) =>
      at(
        "manifest-url",
        path,
        `"${String(url)}" is not a web address.`,
        "Write http(s)://host/...",
      ),
    );
}

function isWebAddress(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? "") && URL.parse(text)?.hostname !== "";
}

function lists(manifest: Readonly<Record<string, unknown>>): readonly Found[] {
  const { domainWhitelist } = manifest;
  if (domainWhitelist === undefined) return [];
  const ok =
    Array.isArray(domainWhitelist) && domainWhitelist.every((domain) => typeof domain === "string");
  if (ok) return [];
  const message = "domainWhitelist must be an array of strings.";
  return [at("domain-whitelist", "/domainWhitelist", message, 'Write ["api.example.com"].')];
}

function oauth(manifest: Readonly<Record<string, unknown>>): readonly Found[] {
  const { oauth: block, parameters } = manifest;
  if (block === undefined) return [];
  const given = isObject(block) ? block : {};
  const absent = OAUTH_KEYS.filter((key) => typeof given[key] !== "string").map((key) =>
    at("oauth", "/oauth", `The oauth block has no "${key}".`, `Add "${key}".`),
  );
  const list: readonly unknown[] = Array.isArray(parameters) ? parameters : [];
  const has = list.some((each) => isObject(each) && each["type"] === "oauth");
  if (has) return absent;
  const message = "The oauth block needs a parameter of type oauth.";
  return [...absent, at("oauth", "/oauth", message, "Add the parameter.")];
}

function requirementsOnly(
  app: AppPackage,
  manifest: Readonly<Record<string, unknown>>,
): readonly Found[] {
  if (manifest["requirementsOnly"] !== true) return [];
  const rule = "requirements-only";
  const found = ["location", "frameworkVersion"]
    .filter((key) => manifest[key] !== undefined)
    .map((key) => at(rule, `/${key}`, `An app of requirements only has no ${key}.`, "Remove it."));
  const code = [...app.files.keys()].find((path) => /\.(?:js|css)$/.test(path));
  if (code !== undefined) {
    const message = "An app of requirements only holds no JS or CSS.";
    found.push({ rule, file: code, message, remedy: "Remove the file." });
  }
  if (!app.files.has(REQUIREMENTS)) {
    const message = "An app of requirements only needs requirements.json.";
    found.push(at(rule, "/requirementsOnly", message, "Add it."));
  }
  return found;
}
