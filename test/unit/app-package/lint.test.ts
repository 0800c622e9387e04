import { describe, expect, test } from "vitest";
import { createAppPackage } from "#app-package/package";
import { lintApp } from "#app-package/lint";
import { appPackage, MANIFEST, type PackageChanges, png } from "../../support/app-package.ts";

/** What a change of the good package makes the linter say: `rule path-or-file`. */
interface Case {
  readonly title: string;
  readonly changes: PackageChanges;
  readonly says: readonly string[];
}

const place = (value: unknown) => ({ location: { support: { nav_bar: value } } });
const parameter = (value: unknown) => ({
  manifest: { parameters: [value] },
  files: {
    "translations/en.json": JSON.stringify({
      app: { name: "S", parameters: { p: { label: "P" } } },
    }),
  },
});
const requirements = (value: unknown) => ({
  files: { "requirements.json": JSON.stringify(value) },
});
const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`r${index}`, { title: "t" }]));
const text = (value: unknown) => JSON.stringify({ app: value });

const CASES: readonly Case[] = [
  { title: "nothing", changes: {}, says: [] },
  // The manifest.
  {
    title: "no manifest",
    changes: { files: { "manifest.json": null } },
    says: ["manifest-missing"],
  },
  {
    title: "a manifest in a folder",
    changes: { files: { "manifest.json": null, "app/manifest.json": "{}" } },
    says: ["manifest-nested"],
  },
  {
    title: "a manifest that is no JSON",
    changes: { files: { "manifest.json": "{" } },
    says: ["manifest-json"],
  },
  {
    title: "a manifest that is a list",
    changes: { files: { "manifest.json": "[]" } },
    says: ["manifest-json"],
  },
  {
    title: "a key that stands twice",
    changes: {
      files: {
        "manifest.json": JSON.stringify(MANIFEST).replace("{", '{"name": "Other", '),
      },
    },
    says: ["duplicate-key /name"],
  },
  ...["name", "author", "defaultLocale", "location", "frameworkVersion"].map((key) => ({
    title: `no ${key}`,
    changes: { without: [key] },
    says: ["manifest-required"],
  })),
  {
    title: "an author that is a text",
    changes: { manifest: { author: "we" } },
    says: ["manifest-required /author"],
  },
  {
    title: "no location for marketing only",
    changes: { manifest: { marketingOnly: true }, without: ["location", "frameworkVersion"] },
    says: [],
  },
  { title: "an unknown key", changes: { manifest: { x: 1 } }, says: ["manifest-key /x"] },
  {
    title: "a version that is a number",
    changes: { manifest: { version: 1 } },
    says: ["manifest-type /version"],
  },
  {
    title: "a boolean in quotes",
    changes: { manifest: { private: "true" } },
    says: ["manifest-type /private"],
  },
  {
    title: "framework version 1.0",
    changes: { manifest: { frameworkVersion: "1.0" } },
    says: ["framework-version /frameworkVersion"],
  },
  {
    title: "noTemplate",
    changes: { manifest: { noTemplate: true } },
    says: ["no-template /noTemplate"],
  },
  {
    title: "a locale in capitals",
    changes: { manifest: { defaultLocale: "EN" } },
    says: ["default-locale /defaultLocale"],
  },
  {
    title: "a locale without translations",
    changes: { manifest: { defaultLocale: "de-AT" } },
    says: ["default-locale /defaultLocale"],
  },
  {
    title: "an author's address that is none",
    changes: { manifest: { author: { url: "example.com" } } },
    says: ["manifest-url /author/url"],
  },
  {
    title: "terms on another scheme",
    changes: { manifest: { termsConditionsURL: "ftp://example.com" } },
    says: ["manifest-url /termsConditionsURL"],
  },
  {
    title: "a domain whitelist that is a text",
    changes: { manifest: { domainWhitelist: "example.com" } },
    says: ["domain-whitelist /domainWhitelist"],
  },
  {
    title: "an oauth block without its members and parameter",
    changes: { manifest: { oauth: { client_id: "a", client_secret: "b", authorize_uri: "c" } } },
    says: ["oauth /oauth", "oauth /oauth"],
  },
  {
    title: "requirements only, with a location and code, without requirements",
    changes: { manifest: { requirementsOnly: true } },
    says: [
      "requirements-only /location",
      "requirements-only /frameworkVersion",
      "requirements-only assets/app.js",
      "requirements-only /requirementsOnly",
    ],
  },
  // Locations.
  {
    title: "a location that is a text",
    changes: { manifest: { location: "support" } },
    says: ["location /location"],
  },
  {
    title: "an unknown product",
    changes: { manifest: { location: { talk: {} } } },
    says: ["location-product /location/talk"],
  },
  {
    title: "an unknown place",
    changes: { manifest: { location: { support: { admin: "assets/index.html" } } } },
    says: ["location-place /location/support/admin"],
  },
  {
    title: "a place that is a number",
    changes: { manifest: place(1) },
    says: ["location /location/support/nav_bar"],
  },
  {
    title: "a plain http address",
    changes: { manifest: place("http://example.com") },
    says: ["location-url /location/support/nav_bar"],
  },
  { title: "localhost by http", changes: { manifest: place("http://localhost:4567/") }, says: [] },
  { title: "https", changes: { manifest: place({ url: "https://example.com/a" }) }, says: [] },
  {
    title: "a path outside of assets",
    changes: { manifest: place({ url: "index.html" }) },
    says: ["location-url /location/support/nav_bar/url"],
  },
  {
    title: "an asset that is not there",
    changes: { manifest: place({ url: "assets/other.html?x=1" }) },
    says: ["location-asset /location/support/nav_bar/url"],
  },
  {
    title: "a place without a URL",
    changes: { manifest: place({}) },
    says: ["location-url /location/support/nav_bar"],
  },
  { title: "the same, not loaded", changes: { manifest: place({ autoLoad: false }) }, says: [] },
  {
    title: "flexible as a text, and an unknown member",
    changes: { manifest: place({ url: "assets/index.html", flexible: "yes", height: 1 }) },
    says: [
      "location-member /location/support/nav_bar/flexible",
      "location-member /location/support/nav_bar/height",
    ],
  },
  {
    title: "custom objects without their types",
    changes: {
      manifest: {
        location: { support: { custom_object_record_sidebar: { url: "assets/index.html" } } },
      },
    },
    says: ["object-types /location/support/custom_object_record_sidebar"],
  },
  {
    title: "no icon of the navigation bar",
    changes: { files: { "assets/icon_nav_bar.svg": null } },
    says: ["icon-missing /location/support/nav_bar"],
  },
  {
    title: "an icon without a viewBox",
    changes: { files: { "assets/icon_nav_bar.svg": "<svg width='18'/>" } },
    says: ["icon-viewbox assets/icon_nav_bar.svg"],
  },
  // Parameters.
  {
    title: "parameters that are an object",
    changes: { manifest: { parameters: {} } },
    says: ["parameters /parameters"],
  },
  {
    title: "a parameter that is a text",
    changes: { manifest: { parameters: ["p"] } },
    says: ["parameters /parameters/0"],
  },
  {
    title: "a parameter without a name",
    changes: { manifest: { parameters: [{ type: "text" }] } },
    says: ["parameter-name /parameters/0"],
  },
  {
    title: "a parameter named name",
    changes: {
      manifest: { parameters: [{ name: "name", type: "hidden" }] },
    },
    says: ["parameter-name /parameters/0/name"],
  },
  {
    title: "two parameters of one name",
    changes: {
      manifest: {
        parameters: [
          { name: "server_url", type: "url" },
          { name: "server_url", type: "text" },
        ],
      },
    },
    says: ["parameter-name /parameters/1/name"],
  },
  {
    title: "a parameter of type password",
    changes: parameter({ name: "p", type: "password" }),
    says: ["parameter-type /parameters/0/type"],
  },
  {
    title: "an unknown key of a parameter",
    changes: parameter({ name: "p", type: "text", label: "P" }),
    says: ["parameter-key /parameters/0/label"],
  },
  {
    title: "required as a text",
    changes: parameter({ name: "p", type: "text", required: "yes" }),
    says: ["parameter-key /parameters/0/required"],
  },
  {
    title: "hidden and required",
    changes: parameter({ name: "p", type: "hidden", required: true }),
    says: ["parameter-type /parameters/0"],
  },
  {
    title: "oauth and secure",
    changes: parameter({ name: "p", type: "oauth", secure: true, scopes: ["header"] }),
    says: ["parameter-type /parameters/0"],
  },
  {
    title: "mtls without a domain",
    changes: parameter({ name: "p", type: "mtls" }),
    says: ["parameter-type /parameters/0"],
  },
  {
    title: "two parameters of type oauth",
    changes: {
      manifest: {
        parameters: [
          { name: "p", type: "oauth" },
          { name: "q", type: "oauth" },
        ],
      },
      files: {
        "translations/en.json": text({
          name: "S",
          parameters: { p: { label: "P" }, q: { label: "Q" } },
        }),
      },
    },
    says: ["parameter-type /parameters"],
  },
  {
    title: "scopes without secure",
    changes: parameter({ name: "p", type: "text", scopes: ["header"] }),
    says: ["parameter-scopes /parameters/0/scopes"],
  },
  {
    title: "an unknown scope",
    changes: parameter({ name: "p", type: "text", secure: true, scopes: ["cookie"] }),
    says: ["parameter-scopes /parameters/0/scopes"],
  },
  {
    title: "empty scopes",
    changes: parameter({ name: "p", type: "text", secure: true, scopes: [] }),
    says: ["parameter-scopes /parameters/0/scopes"],
  },
  {
    title: "a secret that is not secure",
    changes: {
      manifest: { parameters: [{ name: "api_key", type: "text" }] },
      files: {
        "translations/en.json": text({ name: "S", parameters: { api_key: { label: "K" } } }),
      },
    },
    says: ["parameter-secret /parameters/0"],
  },
  {
    title: "secure without scopes, with a default",
    changes: parameter({ name: "p", type: "text", secure: true, default: "x" }),
    says: ["parameter-secret /parameters/0", "parameter-secret /parameters/0"],
  },
  // Translations.
  {
    title: "a translation that is no locale's",
    changes: { files: { "translations/english.json": "{}" } },
    says: ["translation-file translations/english.json"],
  },
  {
    title: "a translation that is no JSON",
    changes: { files: { "translations/en.json": "{" } },
    says: ["translation-json translations/en.json"],
  },
  {
    title: "a translation without app",
    changes: { files: { "translations/en.json": "{}" } },
    says: ["translation-app translations/en.json"],
  },
  {
    title: "no name and no label",
    changes: { files: { "translations/en.json": text({}) } },
    says: ["translation-text /app", "translation-text /app/parameters"],
  },
  {
    title: "a public app without its texts",
    changes: { manifest: { private: false } },
    says: ["translation-text /app", "translation-text /app", "translation-text /app"],
  },
  // Requirements.
  {
    title: "requirements that are no JSON",
    changes: { files: { "requirements.json": "{" } },
    says: ["requirements-json"],
  },
  {
    title: "requirements that are a list",
    changes: requirements([]),
    says: ["requirements-json"],
  },
  {
    title: "a requirement of ZIS",
    changes: requirements({ zis_bundles: {} }),
    says: ["requirement-type /zis_bundles"],
  },
  {
    title: "a type that is a list",
    changes: requirements({ triggers: [] }),
    says: ["requirement-item /triggers"],
  },
  {
    title: "a trigger without a title, a user field without a key",
    changes: requirements({ triggers: { t: {} }, user_fields: { f: { title: "F" } } }),
    says: ["requirement-item /triggers/t", "requirement-item /user_fields/f"],
  },
  {
    title: "a webhook that lacks its endpoint",
    changes: requirements({
      webhooks: { w: { name: "w", status: "active", http_method: "POST", request_format: "json" } },
    }),
    says: ["requirement-item /webhooks/w"],
  },
  {
    title: "an HTTP target",
    changes: requirements({ targets: { t: { title: "T", type: "http_target" } } }),
    says: ["requirement-target /targets/t/type"],
  },
  {
    title: "more requirements than 5,000",
    changes: requirements({ macros: many(5_001) }),
    says: ["requirement-limit"],
  },
  {
    title: "two channel integrations",
    changes: requirements({ channel_integrations: { a: {}, b: {} } }),
    says: ["requirement-limit /channel_integrations"],
  },
  {
    title: "51 legacy custom objects",
    changes: requirements({ custom_objects: many(51) }),
    says: ["requirement-limit /custom_objects"],
  },
  {
    title: "a custom object without a key, with 21 fields and a placeholder",
    changes: requirements({
      custom_objects_v2: {
        objects: [{ title: "{{setting.a}}", title_pluralized: "T", include_in_list_view: true }],
        object_fields: Array.from({ length: 21 }, () => ({ key: "k", title: "t", type: "text" })),
      },
    }),
    says: [
      "custom-object /custom_objects_v2",
      "custom-object /custom_objects_v2",
      "requirement-item /custom_objects_v2/objects/0",
      ...Array.from(
        { length: 21 },
        (_, index) => `requirement-item /custom_objects_v2/object_fields/${index}`,
      ),
    ],
  },
  // Assets and other files.
  {
    title: "no logos",
    changes: { files: { "assets/logo.png": null, "assets/logo-small.png": null } },
    says: ["logo assets/logo-small.png", "logo assets/logo.png"],
  },
  {
    title: "a logo of another size",
    changes: { files: { "assets/logo.png": png(128, 128) } },
    says: ["logo assets/logo.png"],
  },
  {
    title: "a logo that is no PNG",
    changes: { files: { "assets/logo.png": "GIF89a" } },
    says: ["logo assets/logo.png"],
  },
  {
    title: "a banner of another size",
    changes: { files: { "assets/banner.png": png(100, 100) } },
    says: ["logo assets/banner.png"],
  },
  {
    title: "a shell script and a zip under another name",
    changes: {
      files: { "assets/run.sh": "#!", "assets/data.json": Buffer.from("504b030400", "hex") },
    },
    says: ["file-type assets/data.json", "file-type assets/run.sh"],
  },
  {
    title: "a type that is not served",
    changes: { files: { "assets/a.wasm": "x" } },
    says: ["file-type assets/a.wasm"],
  },
  {
    title: "more than 15 MB",
    changes: { files: { "assets/big.json": Buffer.alloc(16 * 1_048_576, 32) } },
    says: ["package-size"],
  },
  {
    title: "zcli's configuration and node_modules",
    changes: { files: { "zcli.apps.config.json": "{}", "node_modules/a/index.js": "1" } },
    says: ["config-packed zcli.apps.config.json", "modules-packed node_modules/a/index.js"],
  },
  {
    title: "a line of .zcliignore that excludes nothing",
    changes: { files: { "drafts/a.json": "{}" }, ignored: ["drafts/"] },
    says: ["ignore-glob .zcliignore"],
  },
  {
    title: "an inline script, a foreign one and a missing one",
    changes: {
      files: {
        "assets/index.html":
          '<script>let a = 1</script><script src="//cdn.example.com/x.js"></script><link href="gone.css">',
      },
    },
    says: [
      "asset-missing assets/index.html",
      "foreign-script assets/index.html",
      "inline-script assets/index.html",
    ],
  },
  {
    title: "a plain address and a secret in a script",
    changes: {
      files: {
        "assets/app.js": 'fetch("http://example.com"); const apiKey = "0123456789abcdef0123";',
      },
    },
    says: ["plain-http assets/app.js", "secret assets/app.js"],
  },
];

describe("the linter of the app package", () => {
  test.each(CASES)("$title", ({ changes, says }) => {
    const findings = lintApp(appPackage(changes));
    const said = findings.map(({ rule, path, file }) => {
      const where = path || (file === "manifest.json" || file === "requirements.json" ? "" : file);
      return `${rule} ${where}`.trim();
    });
    expect(said.toSorted()).toEqual(says.toSorted());
    for (const { message, remedy } of findings) {
      expect(message).toMatch(/[.)]$/);
      expect(remedy).toMatch(/\.$/);
    }
  });

  test("a symbolic link is refused", () => {
    const good = appPackage();
    const files = new Map(good.files).set("assets/link.js", {
      bytes: Buffer.alloc(0),
      symlink: true,
    });
    const findings = lintApp(createAppPackage(files, []));
    expect(findings).toMatchObject([{ rule: "symlink", file: "assets/link.js" }]);
  });

  test("findings tell line and column, errors first", () => {
    const findings = lintApp(appPackage({ manifest: { x: 1, frameworkVersion: "1.0" } }));
    expect(findings).toMatchObject([
      { severity: "error", rule: "framework-version", line: 9, column: 23 },
      { severity: "warning", rule: "manifest-key" },
    ]);
  });
});
