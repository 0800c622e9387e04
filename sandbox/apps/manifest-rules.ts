/**
 * What Zendesk's validator refuses in a manifest. Source: the open validator zendesk_apps_support 4.52.0,
 * of which these are the rules that an app without `oauth`, `mtls` and requirements can break.
 * The wording of the messages is ours.
 */
import { isJsonObject, type Json } from "../../zis/model/json.ts";
import { plain } from "./manifest.ts";

type Written = Readonly<Record<string, Json>>;

const BOOLEANS = ["requirementsOnly", "marketingOnly", "singleInstall", "signedUrls", "private"];
const STRINGS = ["name", "version", "frameworkVersion", "defaultLocale"];
const LOCALE = /^[a-z]{2,3}(-\w{2,3})?$/;
const TYPES = ["text", "checkbox", "url", "number", "multiline", "hidden", "oauth", "mtls"];
const SCOPES = [
  "header",
  "body",
  "url",
  "jwt_secret_key",
  "jwt_claim",
  "basic_auth_username",
  "basic_auth_password",
];

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
const SELL = [
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
];
const PLACES: Readonly<Record<string, readonly string[]>> = {
  support: SUPPORT,
  // The product's older name.
  zendesk: SUPPORT,
  chat: ["chat_sidebar", "background"],
  standalone_chat: ["nav_bar", "system_top_bar"],
  sell: SELL,
};

/** One sentence for each rule that the manifest breaks. `paths` are all files of the package. */
export function manifestFaults(manifest: Written, paths: ReadonlySet<string>): string[] {
  return [
    ...memberFaults(manifest),
    ...localeFaults(manifest, paths),
    ...locationFaults(manifest, paths),
    ...parameterFaults(manifest["parameters"]),
    ...whitelistFaults(manifest["domainWhitelist"]),
  ];
}

function memberFaults(manifest: Written): string[] {
  const partial = manifest["requirementsOnly"] === true || manifest["marketingOnly"] === true;
  const required = [
    "author",
    "defaultLocale",
    ...(partial ? [] : ["location", "frameworkVersion"]),
  ];
  const missing = required.filter((name) => manifest[name] === undefined);
  const { frameworkVersion } = manifest;
  return [
    ...missing.map((name) => `Missing required field in manifest: ${name}`),
    ...BOOLEANS.filter((name) => !isAbsentOr(manifest[name], "boolean")).map(
      (name) => `${name} must be a Boolean value, got ${JSON.stringify(manifest[name])}`,
    ),
    ...STRINGS.filter((name) => !isAbsentOr(manifest[name], "string")).map(
      (name) => `${name} must be a String value, got ${JSON.stringify(manifest[name])}`,
    ),
    ...(typeof frameworkVersion === "string" && frameworkVersion !== "2.0"
      ? [`${frameworkVersion} is not a valid framework version`]
      : []),
  ];
}

function isAbsentOr(value: Json | undefined, type: "boolean" | "string"): boolean {
  return value === undefined || typeof value === type;
}

function localeFaults({ defaultLocale }: Written, paths: ReadonlySet<string>): string[] {
  if (typeof defaultLocale !== "string") return [];
  if (!LOCALE.test(defaultLocale)) return [`${defaultLocale} is not a valid default locale`];
  return paths.has(`translations/${defaultLocale}.json`)
    ? []
    : [`Missing translation file for the default locale: translations/${defaultLocale}.json`];
}

function locationFaults({ location }: Written, paths: ReadonlySet<string>): string[] {
  if (location === undefined) return [];
  if (!isJsonObject(location)) return ["location must be an object of products"];
  return Object.entries(location).flatMap(([product, places]) => {
    const known = PLACES[product];
    if (!known) return [`Manifest location references ${product}, which is no product`];
    if (!isJsonObject(places)) return [`Locations of ${product} must be an object`];
    return Object.entries(places).flatMap(([name, place]) =>
      known.includes(name)
        ? placeFaults(`${product}.${name}`, place, paths)
        : [`${name} is an invalid location in ${product}`],
    );
  });
}

function placeFaults(name: string, place: Json, paths: ReadonlySet<string>): string[] {
  const written = isJsonObject(place) ? place : { url: place };
  const { url, autoLoad, flexible } = written;
  const faults = isAbsentOr(flexible, "boolean")
    ? []
    : [`${name}: flexible must be a Boolean value`];
  if (url === undefined) {
    return autoLoad === false ? faults : [...faults, `${name}: url is required`];
  }
  return typeof url === "string" && isServed(url, paths)
    ? faults
    : [...faults, `${name} does not specify a valid URI: ${JSON.stringify(url)}`];
}

function isServed(url: string, paths: ReadonlySet<string>): boolean {
  if (url.includes("{{setting.")) return true;
  if (url.startsWith("assets/")) return paths.has(url.split(/[?#]/, 1)[0] ?? url);
  const parsed = URL.parse(url);
  return parsed !== null && (parsed.protocol === "https:" || parsed.hostname === "localhost");
}

function parameterFaults(parameters: Json | undefined): string[] {
  if (parameters === undefined) return [];
  if (!Array.isArray(parameters) || !parameters.every(isJsonObject)) {
    return ["parameters must be an array of objects"];
  }
  const names = parameters.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...twice.map((name) => `Duplicate app parameter: ${plain(name)}`),
    ...parameters.flatMap(oneParameterFaults),
  ];
}

function oneParameterFaults(parameter: Written): string[] {
  const { name, type = "text", required, secure, scopes } = parameter;
  if (typeof name !== "string" || name === "") return ["A parameter has no name"];
  const faults: string[] = [];
  if (name === "name") faults.push("Can't call a parameter 'name'");
  if (!TYPES.includes(plain(type))) faults.push(`${name}: invalid parameter type ${plain(type)}`);
  if (type === "hidden" && required === true) faults.push(`${name}: hidden cannot be required`);
  if (type === "oauth" && secure === true) faults.push(`${name}: oauth cannot be secure`);
  if (!isAbsentOr(required, "boolean")) faults.push(`${name}: required must be a Boolean value`);
  if (!isAbsentOr(secure, "boolean")) faults.push(`${name}: secure must be a Boolean value`);
  if (scopes !== undefined) {
    const known = (scope: Json) => typeof scope === "string" && SCOPES.includes(scope);
    if (secure !== true) faults.push(`${name}: scopes need a secure parameter`);
    if (!Array.isArray(scopes) || scopes.length === 0 || !scopes.every(known)) {
      faults.push(`${name}: scopes must be a non-empty array out of ${SCOPES.join(", ")}`);
    }
  }
  return faults;
}

function whitelistFaults(whitelist: Json | undefined): string[] {
  const fine =
    whitelist === undefined ||
    (Array.isArray(whitelist) && whitelist.every((domain) => typeof domain === "string"));
  return fine ? [] : ["domainWhitelist must be an array of strings"];
}
