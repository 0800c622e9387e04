/** The settings in force, read from the store and cached for a few seconds. */
import type { Settings } from "#contract/settings/settings";

export interface CurrentSettings {
  /** Undefined: none were taken over for this account yet. At most five seconds behind the store. */
  current(account: string): Promise<Settings | undefined>;
}

interface CurrentSettingsOptions {
  readonly read: (account: string) => Promise<Settings | undefined>;
  readonly now: () => Date;
}

const BELIEVED_MS = 5_000;

/** At most one entry for each account that has a token, so its size needs no limit. */
export function createCurrentSettings({ read, now }: CurrentSettingsOptions): CurrentSettings {
  const known = new Map<
    string,
    { readonly settings: Settings | undefined; readonly untilMs: number }
  >();

  return {
    async current(account) {
      const entry = known.get(account);
      if (entry && now().getTime() < entry.untilMs) return entry.settings;
      const untilMs = now().getTime() + BELIEVED_MS;
      const settings = await read(account);
      known.set(account, { settings, untilMs });
      return settings;
    },
  };
}
