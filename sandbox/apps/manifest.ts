/** What an app's manifest.json says, as far as the stand-in acts on it. */
import { isJsonObject, type Json } from "#zis/model/json";

interface AppParameter {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly secure: boolean;
  readonly defaultValue?: Json;
  /** Where a secure one may be put in a request; absent: anywhere. */
  readonly scopes?: readonly string[];
}

/** One place in the product where the app's page is shown. */
export interface AppLocation {
  readonly product: string;
  readonly name: string;
  /** As written: below `assets/`, https, or with a `{{setting.…}}`. Absent: the app makes its instances by itself. */
  readonly url?: string;
  /** Zendesk posts a signed token to it. */
  readonly signed: boolean;
  readonly autoLoad: boolean;
  readonly flexible: boolean;
}

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly frameworkVersion: string;
  readonly defaultLocale: string;
  readonly singleInstall: boolean;
  readonly domainWhitelist: readonly string[];
  readonly parameters: readonly AppParameter[];
  readonly locations: readonly AppLocation[];
}

/** Reads a manifest that Zendesk takes. */
export function readManifest(manifest: Readonly<Record<string, Json>>): Manifest {
  const text = (name: string) => (typeof manifest[name] === "string" ? manifest[name] : "");
  return {
    name: text("name"),
    version: text("version"),
    frameworkVersion: text("frameworkVersion"),
    defaultLocale: text("defaultLocale"),
    singleInstall: manifest["singleInstall"] === true,
    domainWhitelist: list(manifest["domainWhitelist"]).filter((one) => typeof one === "string"),
    parameters: list(manifest["parameters"]).filter(isJsonObject).map(readParameter),
    locations: locationsOf(manifest["location"], manifest["signedUrls"] === true),
  };
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function readParameter(written: Readonly<Record<string, Json>>): AppParameter {
  const { default: defaultValue } = written;
  return {
    name: plain(written["name"]),
    type: typeof written["type"] === "string" ? written["type"] : "text",
    required: written["required"] === true,
    secure: written["secure"] === true,
    ...(defaultValue !== undefined && { defaultValue }),
    ...(Array.isArray(written["scopes"]) && { scopes: written["scopes"].map(String) }),
  };
}

function locationsOf(location: Json | undefined, signedUrls: boolean): AppLocation[] {
  if (!isJsonObject(location)) return [];
  return Object.entries(location).flatMap(([product, places]) =>
    isJsonObject(places)
      ? Object.entries(places).map(([name, place]) =>
          readLocation(product, name, place, signedUrls),
        )
      : [],
  );
}

function readLocation(
  product: string,
  name: string,
  place: Json,
  signedUrls: boolean,
): AppLocation {
  const written = isJsonObject(place) ? place : { url: place };
  const { url } = written;
  return {
    product,
    name,
    ...(typeof url === "string" && { url }),
    signed: signedUrls || written["signed"] === true,
    autoLoad: written["autoLoad"] !== false,
    flexible: written["flexible"] === true,
  };
}

/** A JSON value as it stands in a sentence, an address or a header: strings bare, the rest as JSON. */
export function plain(value: Json | undefined): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
