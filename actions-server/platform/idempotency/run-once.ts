/** Does the work of an idempotency key once, and gives every later caller the first answer. */
import type { Deadline } from "../deadline.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import { decide, type Decision } from "./decide.ts";
import type { HotAnswers } from "./hot-answers.ts";
import { toAnswer, type Answer, type IdempotencyRecord, type RecordKey } from "./record.ts";
import type { ClaimTerms, IdempotencyStore, Lease } from "./store.ts";
import { createWakeUps, type WakeUps } from "./wake-ups.ts";
import { toEffect, type Work } from "./work.ts";

export interface RunOnceRequest extends RecordKey {
  /** The fingerprint of what makes this request the same as another under its key. */
  readonly identity: string;
  /** How long the answer is replayed. */
  readonly ttlSeconds: number;
  /** The work asks nobody and only prepares its effects, so that no claim has to keep others from doing it too. */
  readonly isLocal?: boolean;
  /** Bounds the wait for another holder; the work itself is bounded by whoever wrote it. */
  readonly deadline: Deadline;
}

export interface RunOnceResult {
  readonly kind: "ran" | "replayed";
  readonly status: number;
  /** JSON text, the same bytes for every caller. */
  readonly body: string;
}

/**
 * A recorded answer in memory is the result at once, without a promise. Else rejects with IDEMPOTENCY_KEY_REUSED,
 * REQUEST_IN_PROGRESS, and whatever `work` throws; a failure is never recorded, nor is an answer that is not final. The
 * work may run again after a crash or a lost lease, but its `commit` takes effect once.
 */
export type RunOnce = <A>(
  request: RunOnceRequest,
  work: () => Promise<Work<A>>,
) => RunOnceResult | Promise<RunOnceResult>;

export interface RunOnceOptions {
  readonly store: IdempotencyStore;
  readonly now: () => Date;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly log: Log;
  /** How long a holder that stopped renewing is believed alive. Renewed every third of it. */
  readonly leaseMs?: number;
  /** Default: none, every repeated request asks the store. */
  readonly hotAnswers?: HotAnswers | undefined;
  /** Default: those of this process. */
  readonly wakeUps?: WakeUps;
}

const DEFAULT_LEASE_MS = 5_000;
const FIRST_LOOK_MS = 20;
const LONGEST_LOOK_MS = 250;

type Step = { readonly kind: "claimed"; readonly lease: Lease } | Decided;
type Decided = Extract<Decision, { kind: "replay" | "wait" | "mismatch" }>;

export function createRunOnce({
  store,
  now,
  random,
  log,
  leaseMs = DEFAULT_LEASE_MS,
  hotAnswers,
  wakeUps = createWakeUps(),
}: RunOnceOptions): RunOnce {
  const inMs = (ms: number) => new Date(now().getTime() + ms);

  function toTerms({ identity, ttlSeconds }: RunOnceRequest): ClaimTerms {
    return {
      fingerprint: identity,
      leaseUntil: inMs(leaseMs),
      expiresAt: inMs(ttlSeconds * 1000),
    };
  }

  /** From a record at hand: whatever else it says, the store knows better. */
  function toReplay(
    record: IdempotencyRecord | undefined,
    request: RunOnceRequest,
  ): RunOnceResult | undefined {
    const decision = decide(record, request.identity, now());
    return decision.kind === "replay" ? { kind: "replayed", ...decision.answer } : undefined;
  }

  /** Looks, decides and claims; again when the record changed in between. */
  async function claimOrDecide(request: RunOnceRequest, looks: number): Promise<Step> {
    const key = toKey(request);
    // The first delivery is the common one: claim without a look.
    let lease = looks === 0 ? await store.claim(key, toTerms(request)) : undefined;
    while (!lease) {
      const record = await store.read(key);
      const decision = decide(record, request.identity, now());
      if (decision.kind === "run") lease = await store.claim(key, toTerms(request));
      else if (decision.kind === "take-over") {
        lease = await store.claim(key, toTerms(request), decision.seen);
      } else {
        if (record?.kind === "completed") hotAnswers?.keep(key, record);
        return decision;
      }
    }
    return { kind: "claimed", lease };
  }

  /** Renews the lease until the returned function is called. */
  function keepLease(lease: Lease): () => void {
    const renew = async () => {
      try {
        if (await store.renew(lease, inMs(leaseMs))) return;
        log.warn({ operation: lease.key.operation }, "an idempotency lease was lost");
        clearInterval(timer);
      } catch (error) {
        log.warn({ err: error }, "an idempotency lease could not be renewed");
      }
    };
    const timer = setInterval(() => void renew(), leaseMs / 3);
    timer.unref();
    return () => clearInterval(timer);
  }

  async function releaseQuietly(lease: Lease): Promise<void> {
    try {
      await store.release(lease);
    } catch (error) {
      // The error that brought us here is the one to report; the lease ends by itself.
      log.warn({ err: error }, "an idempotency claim could not be released");
    }
  }

  /** Undefined: the lease was lost, and with it everything that `commit` did. */
  async function doWork<A>(
    lease: Lease,
    { identity: fingerprint, ttlSeconds }: RunOnceRequest,
    work: () => Promise<Work<A>>,
  ): Promise<Answer | undefined> {
    const stopRenewing = keepLease(lease);
    try {
      const done = await work();
      // From here on the lock on the record's row keeps others away.
      stopRenewing();
      if (done.isFinal === false) {
        await releaseQuietly(lease);
        return toAnswer(done.answer);
      }
      const expiresAt = inMs(ttlSeconds * 1000);
      const answer = await store.complete(lease, { expiresAt, effect: toEffect(done) });
      if (answer) hotAnswers?.keep(lease.key, { fingerprint, expiresAt, answer });
      return answer;
    } catch (error) {
      await releaseQuietly(lease);
      throw error;
    } finally {
      stopRenewing();
      wakeUps.wake(lease.key);
    }
  }

  /** Undefined: the key has a record, or is to get none. */
  async function doLocalWork<A>(
    request: RunOnceRequest,
    work: () => Promise<Work<A>>,
  ): Promise<Answer | undefined> {
    const { identity: fingerprint, ttlSeconds } = request;
    const [key, expiresAt] = [toKey(request), inMs(ttlSeconds * 1000)];
    const done = await work();
    // A recorded answer counts more, so the record is looked at first.
    if (done.isFinal === false) return undefined;
    const terms = { fingerprint, expiresAt, expected: toAnswer(done.answer) };
    const answer = await store.completeUnclaimed(key, terms, toEffect(done));
    if (answer) hotAnswers?.keep(key, { fingerprint, expiresAt, answer });
    return answer;
  }

  async function waitForHolder(request: RunOnceRequest, looks: number): Promise<void> {
    const remainingMs = request.deadline.remainingMs();
    if (remainingMs <= 0) {
      throw new AppError(
        "REQUEST_IN_PROGRESS",
        `the first ${request.operation} under this Idempotency-Key still runs`,
        { retryAfterSeconds: 1 },
      );
    }
    const longestMs = Math.min(LONGEST_LOOK_MS, FIRST_LOOK_MS * 2 ** looks);
    await wakeUps.wait(toKey(request), Math.min(remainingMs, longestMs * (0.5 + random() / 2)));
  }

  /** For a request whose answer is not at hand. */
  async function run<A>(
    request: RunOnceRequest,
    work: () => Promise<Work<A>>,
  ): Promise<RunOnceResult> {
    if (request.isLocal) {
      const answer = await doLocalWork(request, work);
      if (answer) return { kind: "ran", ...answer };
    }
    // The attempt without a claim was a look: the key has a record, so claiming it blindly would be in vain.
    for (let looks = request.isLocal ? 1 : 0; ; looks += 1) {
      const hot = looks > 0 && toReplay(await hotAnswers?.find(toKey(request)), request);
      if (hot) return hot;
      const step = await claimOrDecide(request, looks);
      switch (step.kind) {
        case "claimed": {
          const answer = await doWork(step.lease, request, work);
          if (answer) return { kind: "ran", ...answer };
          // Somebody took over: their answer counts.
          break;
        }
        case "replay":
          return { kind: "replayed", ...step.answer };
        case "mismatch":
          throw new AppError(
            "IDEMPOTENCY_KEY_REUSED",
            `this Idempotency-Key was used for another ${request.operation}`,
          );
        case "wait":
          break;
      }
      await waitForHolder(request, looks);
    }
  }

  return (request, work) => {
    const found = hotAnswers?.find(request);
    if (!(found instanceof Promise)) return toReplay(found, request) ?? run(request, work);
    return found.then((record) => toReplay(record, request) ?? run(request, work));
  };
}

function toKey({ account, operation, key }: RecordKey): RecordKey {
  return { account, operation, key };
}
