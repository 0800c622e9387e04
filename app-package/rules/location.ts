/** Where the app may appear, and what has to be there for it. Source: zendesk_apps_support 4.52.0. */
import { isObject, MANIFEST, type AppPackage } from "../package.ts";
import { type Found, findingsIn } from "../finding.ts";
import { pointerStep } from "../json-source.ts";

const SUPPORT = [
  "top_bar",
  "nav_bar",
  "ticket_sidebar",
  "new_ticket_sidebar",
  "user_sidebar",
  "organization_sidebar",
  "background",
  "modal",
  "ticket_editor",
  "system_top_bar",
  "custom_object_record_sidebar",
];
const LOCATIONS: Readonly<Record<string, readonly string[]>> = {
  support: SUPPORT,
  // Its older name.
  zendesk: SUPPORT,
  chat: ["chat_sidebar", "background"],
  standalone_chat: ["nav_bar", "system_top_bar"],
  sell: [
    "deal_card",
    "person_card",
    "company_card",
    "lead_card",
    "background",
    "modal",
    "dashboard",
    "note_editor",
    "call_log_editor",
    "email_editor",
    "top_bar",
    "visit_editor",
  ],
};
const at = findingsIn(MANIFEST);
const BOOLEANS = ["autoLoad", "autoHide", "flexible", "signed"];
const MEMBERS = new Set([...BOOLEANS, "url", "size", "objectTypes"]);

/** Where an icon is all that there is to click on. */
const NEEDS_ICON = new Set(["nav_bar", "top_bar", "system_top_bar", "ticket_editor"]);

export function locationRules(app: AppPackage): readonly Found[] {
  const location = app.object(MANIFEST)?.["location"];
  if (location === undefined) return [];
  if (!isObject(location)) {
    return [
      at(
        "location",
        "/location",
        "location must be an object of products.",
        'Write {"support": {...}}.',
      ),
    ];
  }
  return Object.entries(location).flatMap(([product, places]) =>
    productRules(app, product, places, Object.keys(location).length > 1),
  );
}

function productRules(
  app: AppPackage,
  product: string,
  places: unknown,
  several: boolean,
): readonly Found[] {
  const path = `/location${pointerStep(product)}`;
  const known = LOCATIONS[product];
  if (!known) {
    const remedy = `The products are ${Object.keys(LOCATIONS).join(", ")}.`;
    return [at("location-product", path, `${product} is not a product.`, remedy)];
  }
  if (!isObject(places)) {
    return [
      at("location", path, `Locations of ${product} must be an object.`, "Write {place: ...}."),
    ];
  }
  return Object.entries(places).flatMap(([place, value]) => {
    const placePath = `${path}${pointerStep(place)}`;
    if (!known.includes(place)) {
      const remedy = `Its locations are ${known.join(", ")}.`;
      return [
        at("location-place", placePath, `${place} is an invalid location in ${product}.`, remedy),
      ];
    }
    return [
      ...valueRules(app, placePath, value),
      ...iconRules(app, placePath, place, several ? `assets/${product}/` : "assets/"),
      ...objectTypes(placePath, place, value),
    ];
  });
}

function valueRules(app: AppPackage, path: string, value: unknown): readonly Found[] {
  if (typeof value === "string") return urlRules(app, path, value);
  if (!isObject(value)) {
    return [
      at("location", path, "A location is a URL or an object.", 'Write {"url": "assets/..."}.'),
    ];
  }
  const found: Found[] = Object.keys(value)
    .filter((key) => !MEMBERS.has(key))
    .map((key) => ({
      ...at(
        "location-member",
        `${path}${pointerStep(key)}`,
        `A location has no member "${key}".`,
        "Remove it.",
      ),
      severity: "warning" as const,
    }));
  for (const key of BOOLEANS) {
    if (value[key] !== undefined && typeof value[key] !== "boolean") {
      const message = `${key} must be a Boolean, not ${JSON.stringify(value[key])}.`;
      found.push(at("location-member", `${path}/${key}`, message, "Write true or false."));
    }
  }
  const { url } = value;
  if (typeof url === "string") return [...found, ...urlRules(app, `${path}/url`, url)];
  if (url === undefined && value["autoLoad"] === false) return found;
  const message = "url is required, unless autoLoad is false.";
  return [...found, at("location-url", path, message, "Add url, or autoLoad: false.")];
}

/** https, any scheme on localhost, a setting's placeholder, or an asset of the package. */
function urlRules(app: AppPackage, path: string, url: string): readonly Found[] {
  if (/\{\{setting\..+\}\}/.test(url)) return [];
  const parsed = URL.parse(url);
  if (parsed && (parsed.protocol === "https:" || parsed.hostname === "localhost")) return [];
  if (parsed) {
    return [
      at(
        "location-url",
        path,
        `${url} is not a valid URI: it is not https.`,
        "Serve the page by https.",
      ),
    ];
  }
  const asset = url.replace(/[?#].*$/, "");
  if (!asset.startsWith("assets/")) {
    const message = `"${url}" is not a valid URI: it is neither https nor an asset.`;
    return [at("location-url", path, message, "Begin it with https:// or assets/.")];
  }
  if (app.files.has(asset)) return [];
  const remedy = "Build the app (npm run build:app), or correct the path.";
  return [
    at(
      "location-asset",
      path,
      `${asset} is not a valid URI: the package has no such file.`,
      remedy,
    ),
  ];
}

/** Zendesk's validator does not see this: the app installs, and there is nothing to click on. */
function iconRules(app: AppPackage, path: string, place: string, folder: string): readonly Found[] {
  if (!NEEDS_ICON.has(place)) return [];
  const name = `icon_${place}.svg`;
  const file = [`${folder}${name}`, `assets/${name}`].find((each) => app.files.has(each));
  if (file === undefined) {
    const message = `${folder}${name} is missing: the app would show nothing to click on.`;
    const remedy = `Add ${folder}${name}, an SVG with a viewBox.`;
    return [{ ...at("icon-missing", path, message, remedy), unseen: true }];
  }
  const svg = app.files.get(file)?.bytes.toString("utf8") ?? "";
  if (/<svg\b[^>]*\bviewBox\s*=/.test(svg)) return [];
  const message = "The icon has no viewBox, so it cannot be drawn at 18 by 18.";
  const remedy = 'Add viewBox="0 0 18 18" to <svg>.';
  return [{ rule: "icon-viewbox", file, message, remedy, unseen: true }];
}

function objectTypes(path: string, place: string, value: unknown): readonly Found[] {
  if (place !== "custom_object_record_sidebar") return [];
  if (isObject(value) && Array.isArray(value["objectTypes"])) return [];
  const message = "The sidebar of custom objects needs objectTypes.";
  return [at("object-types", path, message, "List the keys of the custom objects.")];
}
