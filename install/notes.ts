/** Where an installation keeps what its later steps need: small Configs beside the settings. None is a secret. */
import { SETTINGS_SCOPE } from "#contract/settings/settings";

/** Every scope of ours begins with it. */
export const OUR_SCOPES = `${SETTINGS_SCOPE}*`;

/** Since when tickets may have been missed, while a catch-up is owed. */
export const CATCH_UP_SCOPE = `${SETTINGS_SCOPE}_catch_up`;

/** One for each webhook that was made: ZIS lists none, so a uuid that is not kept is lost. */
export const WEBHOOK_SCOPE = `${SETTINGS_SCOPE}_webhook_`;

/** One for each earlier bundle. Its name keeps letters, digits, - and _ only: how others must be escaped is not known. */
export const BUNDLE_SCOPE = `${SETTINGS_SCOPE}_bundle_`;

/** One: who saved the settings last, and why. */
export const SAVES_SCOPE = `${SETTINGS_SCOPE}_saves`;
