/** The token that calls are made with: at hand, renewed ahead of its end, one renewal at a time. */
import type { Deadline } from "../deadline.ts";
import { AppError } from "../errors.ts";
import { createSingleFlight } from "../outbound/single-flight.ts";
import type { TokenSlot, TokenStore } from "./store.ts";
import { phaseOf, type HeldToken } from "./token.ts";

export interface TokenSource {
  /** Waits for a renewal only when no valid token is left. */
  current(deadline: Deadline): Promise<HeldToken>;
  /**
   * Another token after the remote system answered 401 to `rejected`; the one that somebody else fetched, if so. Undefined:
   * `rejected` is itself such a token and young, so that yet another would hardly fare better.
   */
  renew(rejected: string, deadline: Deadline): Promise<HeldToken | undefined>;
}

export interface TokenSourceOptions {
  /** Asks the remote system for a token, bounded in time; given the refresh token that was saved last. */
  readonly grant: (refreshToken: string | undefined) => Promise<HeldToken>;
  /** The grant may use a refresh token up: then nothing is fetched that cannot be saved. */
  readonly rotates: boolean;
  readonly store: TokenStore;
  readonly now: () => Date;
  /** The error of a caller whose time is up, or who has to wait for the store. */
  readonly late: (cause?: unknown) => AppError;
  /** Called for every token that was asked for. */
  readonly onRefresh?: ((outcome: "granted" | "failed") => void) | undefined;
}

/** After a renewal ahead of time failed, the old token serves this long before the next try; a refusal stands as long. */
const RENEWAL_PAUSE_MS = 10_000;
/** A system that refuses its own new tokens is asked for one more in this time, however many calls are refused. */
const YOUNG_MS = 30_000;

export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { store, rotates, now, late, onRefresh } = options;
  let token: HeldToken | undefined;
  /** Granted, but not saved yet: its predecessor may be dead, so it must not get lost. */
  let unsaved: HeldToken | undefined;
  let pausedUntilMs = 0;
  /** What the remote system refused a token with, for good. */
  let refusal: { readonly error: AppError; readonly untilMs: number } | undefined;
  /** Fetched because the one before it was rejected. */
  let renewed: { readonly accessToken: string; readonly youngUntilMs: number } | undefined;
  const nowMs = () => now().getTime();

  async function grant(refreshToken: string | undefined): Promise<HeldToken> {
    try {
      const granted = await options.grant(refreshToken);
      onRefresh?.("granted");
      return granted;
    } catch (error) {
      onRefresh?.("failed");
      throw error;
    }
  }

  /** A grant that may use up the refresh token is recorded first, so that a lost token can be reported later. */
  async function grantRecorded(
    slot: TokenSlot,
    refreshToken: string | undefined,
  ): Promise<HeldToken> {
    if (!rotates) return grant(refreshToken);
    await slot.begin();
    try {
      return await grant(refreshToken);
    } catch (error) {
      if (!(error instanceof AppError) || error.retryable) throw error;
      if (slot.unfinishedSince) throw explain(error, slot.unfinishedSince);
      await slot.abandon();
      throw error;
    }
  }

  /** The token that another instance saved meanwhile, or a new one, saved before anybody uses it. */
  function fetchShared(spent: string | undefined): Promise<HeldToken> {
    return store.exclusively(async (slot) => {
      const { held } = slot;
      if (!unsaved) {
        if (held && held.accessToken !== spent && phaseOf(held, nowMs()) === "fresh") return held;
        unsaved = await grantRecorded(slot, held?.refreshToken ?? undefined);
      }
      const granted = unsaved;
      await slot.save(granted);
      unsaved = undefined;
      return granted;
    });
  }

  async function fetchAnother(): Promise<HeldToken> {
    const spent = token?.accessToken;
    try {
      token = await fetchShared(spent);
    } catch (error) {
      if (error instanceof AppError) throw error;
      if (rotates) throw late(error);
      // Without a refresh token nothing can get lost, so an unavailable store does not stop the work.
      token = unsaved ?? (await grant(undefined));
      unsaved = undefined;
    }
    return token;
  }

  async function fetchUnlessRefused(): Promise<HeldToken> {
    if (refusal && nowMs() < refusal.untilMs) throw refusal.error;
    try {
      return await fetchAnother();
    } catch (error) {
      if (error instanceof AppError && !error.retryable) {
        refusal = { error, untilMs: nowMs() + RENEWAL_PAUSE_MS };
      }
      throw error;
    }
  }

  const flight = createSingleFlight(fetchUnlessRefused, () => late());

  function renewAhead(deadline: Deadline): void {
    if (nowMs() < pausedUntilMs) return;
    flight(deadline).catch(() => {
      // The token at hand still serves; its end will bring the error to a caller.
      pausedUntilMs = nowMs() + RENEWAL_PAUSE_MS;
    });
  }

  return {
    async current(deadline) {
      const phase = token ? phaseOf(token, nowMs()) : "ended";
      if (!token || phase === "ended") return flight(deadline);
      if (phase === "ageing") renewAhead(deadline);
      return token;
    },
    async renew(rejected, deadline) {
      if (token && token.accessToken !== rejected) return token;
      if (renewed?.accessToken === rejected && nowMs() < renewed.youngUntilMs) return undefined;
      const another = await flight(deadline);
      renewed = { accessToken: another.accessToken, youngUntilMs: nowMs() + YOUNG_MS };
      return another;
    },
  };
}

function explain(refusal: AppError, since: Date): AppError {
  return new AppError(
    refusal.code,
    `${refusal.message}. A refresh that began at ${since.toISOString()} was never saved, so the refresh token is probably used up: authorise again and set the new one`,
    { cause: refusal },
  );
}
