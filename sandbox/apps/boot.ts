/** What the host page needs to embed an app for a person: which places, with which addresses and settings. */
import type { Json } from "#zis/model/json";
import { type AppLocation, plain } from "./manifest.ts";
import type { AppRecord, InstallationRecord } from "./registry.ts";
import { openSettings } from "./settings.ts";
import { type AppUser, ROLE_IDS } from "./users.ts";

export interface BootOptions {
  readonly app: AppRecord;
  readonly installation: InstallationRecord;
  readonly user: AppUser;
  readonly subdomain: string;
  /** Where the assets are served: never the origin of the host page. */
  readonly assetOrigin: string;
  readonly csrf: string;
  readonly colorScheme: "light" | "dark";
  /** Absent: the person's own. */
  readonly locale?: string;
}

/** The places of the agent interface that the page plays. */
const PLAYED = ["nav_bar", "background"];

/** The path below which the assets of all apps are. */
export const ASSETS = "/zdusercontent";

/** Whether the installation shows itself to the person. */
export function isShown(installation: InstallationRecord, user: AppUser): boolean {
  const { enabled, roleRestrictions } = installation;
  return enabled && (roleRestrictions?.includes(ROLE_IDS[user.role]) ?? true);
}

/** Sent to the browser as JSON. */
export function bootOf(options: BootOptions): object {
  const { app, installation, user, subdomain, csrf, colorScheme } = options;
  const { manifest, displayName } = app.package;
  const settings = openSettings(manifest, installation.settings);
  const places = manifest.locations.filter(
    ({ product, name, autoLoad }) =>
      (product === "support" || product === "zendesk") && PLAYED.includes(name) && autoLoad,
  );
  return {
    csrf,
    colorScheme,
    account: { subdomain, planName: "Enterprise", timeZone: { ianaName: "Etc/UTC" } },
    app: { id: app.id, name: displayName, version: manifest.version },
    installation: { id: installation.id, settings },
    user: {
      id: user.id,
      name: user.name,
      email: user.email,
      role: user.role,
      locale: options.locale ?? user.locale,
      timeZone: { ianaName: user.time_zone },
      groups: [],
      organizations: [],
    },
    places: places.map((place) => ({
      product: place.product,
      location: place.name,
      signed: place.signed,
      url: addressOf(place, settings, `${options.assetOrigin}${ASSETS}/${app.id}`),
    })),
  };
}

/** The address of a place, its settings filled in; one without an address shows nothing. */
function addressOf(
  { url = "about:blank" }: AppLocation,
  settings: Readonly<Record<string, Json>>,
  assets: string,
): string {
  const filled = url.replace(/\{\{setting\.(\w+)\}\}/g, (_all, name: string) => {
    return plain(settings[name]);
  });
  return filled.startsWith("assets/") ? `${assets}/${filled}` : filled;
}
