/** The scopes of the notes that an installation keeps in ZIS Configs beside the settings. None holds a secret. */
import { SETTINGS_SCOPE } from "#contract/settings/settings";

/** Matches all of our scopes. */
export const OUR_SCOPES = `${SETTINGS_SCOPE}*`;

/** The time since which tickets may have been missed, while a sweep is owed. */
export const CATCH_UP_SCOPE = `${SETTINGS_SCOPE}_catch_up`;

/** One per webhook: ZIS does not list webhooks, so a uuid that is not kept is lost. */
export const WEBHOOK_SCOPE = `${SETTINGS_SCOPE}_webhook_`;

/** One per earlier bundle. Names use only letters, digits, - and _: how to escape others is not documented. */
export const BUNDLE_SCOPE = `${SETTINGS_SCOPE}_bundle_`;

/** A single one: who saved the settings, and why. */
export const SAVES_SCOPE = `${SETTINGS_SCOPE}_saves`;
