/** What every idempotency store must do, and what runOnce makes of it. */
import type { Transaction } from "kysely";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Database } from "#platform/db/schema";
import { createDeadline } from "#platform/deadline";
import { createMemoryAnswers } from "#platform/idempotency/memory-answers";
import type { RecordKey } from "#platform/idempotency/record";
import {
  createRunOnce,
  type RunOnceOptions,
  type RunOnceRequest,
} from "#platform/idempotency/run-once";
import type { IdempotencyStore } from "#platform/idempotency/store";
import { batchEffect, toEffect } from "#platform/idempotency/work";
import { silentLog } from "#test/support/silent-log";

export interface StoreHarness {
  readonly store: IdempotencyStore;
  /** What stands beside the store. */
  readonly beside?: Pick<RunOnceOptions, "hotAnswers" | "wakeUps">;
  /** A visible effect inside the completing transaction. */
  readonly addEffect: (trx: Transaction<Database>, name: string) => Promise<void>;
  /** The same for several at once. */
  readonly addEffects: (trx: Transaction<Database>, names: readonly string[]) => Promise<void>;
  readonly countEffects: (name: string) => Promise<number>;
  /** Makes the record of the key unreadable. */
  readonly corrupt: (key: RecordKey) => Promise<void>;
}

const MINUTE_MS = 60_000;

function createGate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

export function describeIdempotencyStore(harness: () => StoreHarness): void {
  let lastKey = 0;

  function setUp(leaseMs = MINUTE_MS) {
    const { store, beside, addEffect, countEffects, corrupt } = harness();
    lastKey += 1;
    const name = `key-${lastKey}`;
    let movedMs = 0;
    const now = () => new Date(Date.parse("2026-11-25T08:00:00Z") + movedMs);
    const runOnce = createRunOnce({
      store,
      now,
      random: () => 0.5,
      log: silentLog,
      leaseMs,
      ...beside,
    });
    let runs = 0;

    const call = (changes: Partial<RunOnceRequest> & { budgetMs?: number } = {}) => {
      const { budgetMs = 5_000, ...members } = changes;
      const deadline = createDeadline(budgetMs);
      onTestFinished(() => deadline.clear());
      const request: RunOnceRequest = {
        account: "acme",
        operation: "capture",
        key: name,
        identity: "same",
        ttlSeconds: 3600,
        deadline,
        ...members,
      };
      return {
        request,
        run: async (before: () => Promise<void> = async () => {}) =>
          runOnce(request, async () => {
            runs += 1;
            const run = runs;
            await before();
            return { answer: { run }, commit: (trx) => addEffect(trx, name) };
          }),
      };
    };

    return {
      store,
      name,
      call,
      corrupt,
      now,
      runOnce,
      key: { account: "acme", operation: "capture", key: name },
      runs: () => runs,
      effects: () => countEffects(name),
      move: (ms: number) => {
        movedMs += ms;
      },
    };
  }

  describe("one caller", () => {
    it("runs the work and keeps its effect", async () => {
      const { call, effects } = setUp();
      expect(await call().run()).toEqual({ kind: "ran", status: 200, body: '{"run":1}' });
      expect(await effects()).toBe(1);
    });

    it("gives a later caller the first answer, byte for byte, and does nothing", async () => {
      const { call, effects, runs } = setUp();
      const first = await call().run();
      expect(await call().run()).toEqual({ ...first, kind: "replayed" });
      expect([runs(), await effects()]).toEqual([1, 1]);
    });

    it("has an answer in memory at once, for the same request and until it expires", async () => {
      const { call, store, now, move } = setUp();
      const options = { store, now, random: () => 0.5, log: silentLog };
      const runOnce = createRunOnce({ ...options, hotAnswers: createMemoryAnswers() });
      const work = async () => ({ answer: { made: 1 } });
      const first = await runOnce(call().request, work);
      // Not awaited: it is no promise.
      expect(runOnce(call().request, work)).toEqual({ ...first, kind: "replayed" });
      const other = call({ identity: "other" }).request;
      await expect(runOnce(other, work)).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
      move(3_600_000);
      expect(await runOnce(call().request, work)).toEqual(first);
    });

    it("records the answer that the transaction settled on, every character of it", async () => {
      const { call, runOnce } = setUp();
      const { request } = call();
      const text = "é \u0000 \u2028 \ud83d\ude00 \ud800 ١٢٣";
      const work = async () => ({
        answer: { text: "before" },
        commit: async () => ({ text }),
      });
      const first = await runOnce(request, work);
      expect(JSON.parse(first.body)).toEqual({ text });
      expect((await runOnce(request, work)).body).toBe(first.body);
    });

    it.each(["account", "operation", "key"] as const)("keeps another %s apart", async (member) => {
      const { call, runs, name } = setUp();
      await call().run();
      const other = await call({ [member]: `${name}-another` }).run();
      expect([other.kind, other.body, runs()]).toEqual(["ran", '{"run":2}', 2]);
    });

    it("refuses another request under the key and leaves the record unharmed", async () => {
      const { call, effects } = setUp();
      const first = await call().run();
      await expect(call({ identity: "other" }).run()).rejects.toMatchObject({
        code: "IDEMPOTENCY_KEY_REUSED",
      });
      expect(await call().run()).toEqual({ ...first, kind: "replayed" });
      expect(await effects()).toBe(1);
    });

    it("forgets the answer when its time is over", async () => {
      const { call, effects, move } = setUp();
      await call({ ttlSeconds: 60 }).run();
      move(59_999);
      expect((await call().run()).kind).toBe("replayed");
      move(1);
      expect((await call().run()).kind).toBe("ran");
      expect(await effects()).toBe(2);
    });

    it("treats a corrupt record as absent, whatever its identity", async () => {
      const { call, corrupt, key } = setUp();
      await call().run();
      await corrupt(key);
      expect((await call({ identity: "other" }).run()).kind).toBe("ran");
    });

    it("purges what has expired and nothing else", async () => {
      const { call, store, now, move, name } = setUp();
      await call({ ttlSeconds: 60 }).run();
      await call({ ttlSeconds: 3600, key: `${name}-longer` }).run();
      move(120_000);
      expect(await store.purge(now())).toBeGreaterThanOrEqual(1);
      expect(await store.read(call().request)).toBeUndefined();
      expect(await store.read({ ...call().request, key: `${name}-longer` })).toBeDefined();
    });
  });

  describe("failures", () => {
    it("records no failure of the work: the next caller runs, even with another body", async () => {
      const { call } = setUp();
      const failing = call().run(async () => {
        throw new Error("remote is down");
      });
      await expect(failing).rejects.toThrow("remote is down");
      expect((await call({ identity: "corrected" }).run()).kind).toBe("ran");
    });

    it.each([{ isLocal: true }, {}])("records no answer that is not final: %j", async (how) => {
      const { call, runOnce } = setUp();
      const { request } = call(how);
      const answers = ["not readable", "readable"].map(
        (answer) => () =>
          runOnce(request, async () => ({
            answer,
            ...(answer === "not readable" && { isFinal: false as const }),
          })),
      );
      expect(await answers[0]!()).toMatchObject({ kind: "ran", body: '"not readable"' });
      expect(await answers[1]!()).toMatchObject({ kind: "ran", body: '"readable"' });
      expect(await answers[0]!()).toMatchObject({ kind: "replayed", body: '"readable"' });
    });

    it("records no failure of the effects", async () => {
      const { call, runOnce } = setUp();
      const failing = runOnce(call().request, async () => ({
        answer: {},
        commit: async () => {
          throw new Error("constraint");
        },
      }));
      await expect(failing).rejects.toThrow("constraint");
      expect((await call().run()).kind).toBe("ran");
    });
  });

  describe("callers at once", () => {
    it("runs one of fifty, and gives all the same bytes", async () => {
      const { call, effects, runs } = setUp();
      const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 100));
      const results = await Promise.all(Array.from({ length: 50 }, () => call().run(pause)));
      expect(results.filter(({ kind }) => kind === "ran")).toHaveLength(1);
      expect(new Set(results.map(({ body }) => body))).toEqual(new Set(['{"run":1}']));
      expect([runs(), await effects()]).toEqual([1, 1]);
    });

    it("asks a waiting caller to retry when its time is over, and harms nothing", async () => {
      const { call, effects, runs } = setUp();
      const gate = createGate();
      const first = call().run(() => gate.opened);
      await expect.poll(runs).toBe(1);
      await expect(call({ budgetMs: 50 }).run()).rejects.toMatchObject({
        code: "REQUEST_IN_PROGRESS",
        retryAfterSeconds: 1,
      });
      gate.open();
      expect((await first).kind).toBe("ran");
      expect((await call().run()).kind).toBe("replayed");
      expect(await effects()).toBe(1);
    });

    it("lets a waiting caller run when the first fails", async () => {
      const { call, effects, runs } = setUp();
      const gate = createGate();
      const first = call().run(async () => {
        await gate.opened;
        throw new Error("first failed");
      });
      await expect.poll(runs).toBe(1);
      const second = call().run();
      gate.open();
      await expect(first).rejects.toThrow("first failed");
      expect((await second).kind).toBe("ran");
      expect(await effects()).toBe(1);
    });
  });

  describe("callers of one batch", () => {
    const MANY = Array.from({ length: 40 }, (_, at) => at);

    /** Forty requests under keys of their own, whose effects are done together; one name is refused. */
    function setUpMany() {
      const parts = setUp();
      const { addEffects, countEffects } = harness();
      const bad = `${parts.name}-13`;

      const commit = batchEffect("many", async (trx, names: readonly string[]) => {
        await addEffects(
          trx,
          names.filter((name) => name !== bad),
        );
        if (names.includes(bad)) throw new Error("this one is bad");
        return names.map((name) => ({ done: name }));
      });
      const names = MANY.map((at) => `${parts.name}-${at}`);
      const ask = async (key: string) =>
        parts.runOnce({ ...parts.call().request, key }, async () => ({
          answer: {},
          commit: commit(key),
        }));
      return { ...parts, names, bad, ask, countEffects };
    }

    it("fails one whose effect fails, and no other", async () => {
      const { names, bad, ask, countEffects } = setUpMany();
      const results = await Promise.allSettled(names.map(ask));
      for (const [at, name] of names.entries()) {
        const [result, effects] = [results[at], await countEffects(name)];
        if (name === bad) expect([result?.status, effects]).toEqual(["rejected", 0]);
        else {
          expect(result).toMatchObject({ value: { kind: "ran", body: `{"done":"${name}"}` } });
          expect(effects).toBe(1);
        }
      }
      await expect(ask(bad)).rejects.toThrow("this one is bad");
    });

    it("gives the others theirs when one has lost its lease", async () => {
      const { store, names, call, now, countEffects } = setUpMany();
      const { addEffects } = harness();
      const commit = batchEffect("held", async (trx, items: readonly string[]) => {
        await addEffects(trx, items);
        return items;
      });
      const [leaseUntil, expiresAt] = [now(), new Date(now().getTime() + MINUTE_MS)];
      const terms = { fingerprint: "same", leaseUntil, expiresAt };
      const leases = await Promise.all(
        names.map((key) => store.claim({ ...call().request, key }, terms)),
      );
      const lost = leases[7]!.key;
      await store.claim(lost, terms, await store.read(lost));
      const answers = await Promise.all(
        leases.map((lease) =>
          store.complete(lease!, {
            expiresAt,
            effect: toEffect({ answer: "", commit: commit(lease!.key.key) }),
          }),
        ),
      );
      expect(answers.map((answer) => answer?.body)).toEqual(
        names.map((name, at) => (at === 7 ? undefined : JSON.stringify(name))),
      );
      expect(await countEffects(names[7]!)).toBe(0);
      expect(await countEffects(names[8]!)).toBe(1);
    });

    it("does the work of a corrupt record again, and replays the others", async () => {
      const { corrupt, names, call, ask, bad } = setUpMany();
      const good = names.filter((name) => name !== bad);
      await Promise.all(good.map(ask));
      await corrupt({ ...call().request, key: good[5]! });
      const again = await Promise.all(good.map(ask));
      expect(again.map(({ kind }) => kind)).toEqual(
        good.map((_, at) => (at === 5 ? "ran" : "replayed")),
      );
    });

    it("runs each of several keys once when all are asked for at once, several times", async () => {
      const { names, bad, ask, countEffects } = setUpMany();
      const good = names.filter((name) => name !== bad);
      const results = await Promise.all([...good, ...good, ...good].map(ask));
      expect(results.filter(({ kind }) => kind === "ran")).toHaveLength(good.length);
      for (const name of good) expect(await countEffects(name)).toBe(1);
    });
  });

  describe("work that needs no claim", () => {
    function setUpLocal() {
      const parts = setUp();
      const { addEffect, addEffects } = harness();
      let prepared = 0;
      const ask = async (
        changes: Partial<RunOnceRequest> = {},
        how: { answer?: string; settled?: string; fails?: boolean } = {},
      ) => {
        const { answer = "expected", settled = answer, fails = false } = how;
        const { request } = parts.call(changes);
        return parts.runOnce({ ...request, isLocal: true }, async () => {
          prepared += 1;
          return {
            answer: { answer },
            commit: async (trx) => {
              await addEffect(trx, request.key);
              if (fails) throw new Error("constraint");
              return { answer: settled };
            },
          };
        });
      };
      const together = batchEffect("local", async (trx, names: readonly string[]) => {
        await addEffects(trx, names);
        return names.map((name) => ({ done: name }));
      });
      const askTogether = async (key: string, answer: object = { done: key }) =>
        parts.runOnce({ ...parts.call().request, key, isLocal: true }, async () => ({
          answer,
          commit: together(key),
        }));
      return { ...parts, ask, askTogether, prepared: () => prepared };
    }

    it("takes effect once and gives every later caller the first answer", async () => {
      const { ask, effects } = setUpLocal();
      const first = await ask();
      expect(first).toEqual({ kind: "ran", status: 200, body: '{"answer":"expected"}' });
      expect(await ask({}, { answer: "another" })).toEqual({ ...first, kind: "replayed" });
      expect(await effects()).toBe(1);
    });

    it("records the answer that the transaction settled on, not the expected one", async () => {
      const { ask } = setUpLocal();
      const first = await ask({}, { settled: "settled" });
      expect(first.body).toBe('{"answer":"settled"}');
      expect(await ask()).toEqual({ ...first, kind: "replayed" });
    });

    it("leaves no record and no effect when its effects fail", async () => {
      const { ask, store, key, effects } = setUpLocal();
      await expect(ask({}, { fails: true })).rejects.toThrow("constraint");
      expect(await store.read(key)).toBeUndefined();
      expect((await ask({ identity: "corrected" })).kind).toBe("ran");
      expect(await effects()).toBe(1);
    });

    it("runs one of thirty at once, alone and together, and gives all the same bytes", async () => {
      const { ask, askTogether, effects, name } = setUpLocal();
      const { countEffects } = harness();
      const alone = await Promise.all(Array.from({ length: 30 }, () => ask()));
      const joint = await Promise.all(Array.from({ length: 30 }, () => askTogether(`${name}-j`)));
      for (const results of [alone, joint]) {
        expect(results.filter(({ kind }) => kind === "ran")).toHaveLength(1);
        expect(new Set(results.map(({ body }) => body)).size).toBe(1);
      }
      expect([await effects(), await countEffects(`${name}-j`)]).toEqual([1, 1]);
    });

    it("records each settled answer of a batch at its key", async () => {
      const { askTogether, name } = setUpLocal();
      const names = Array.from({ length: 20 }, (_, at) => `${name}-${at}`);
      const results = await Promise.all(
        names.map((each, at) => askTogether(each, at % 2 ? { done: each } : { done: "wrong" })),
      );
      expect(results.map(({ body }) => body)).toEqual(
        names.map((each) => JSON.stringify({ done: each })),
      );
      const again = await Promise.all(names.map((each) => askTogether(each)));
      expect(again).toEqual(results.map((result) => ({ ...result, kind: "replayed" })));
    });

    it("refuses another request under the key", async () => {
      const { ask } = setUpLocal();
      await ask();
      await expect(ask({ identity: "other" })).rejects.toMatchObject({
        code: "IDEMPOTENCY_KEY_REUSED",
      });
    });

    it("takes the place of an expired and of a corrupt record", async () => {
      const { ask, move, corrupt, key, effects } = setUpLocal();
      await ask({ ttlSeconds: 60 });
      move(60_000);
      expect((await ask()).kind).toBe("ran");
      await corrupt(key);
      expect((await ask()).kind).toBe("ran");
      expect(await effects()).toBe(3);
    });

    it("waits for a claim that another holds, and gets its answer", async () => {
      const { ask, call, runs } = setUpLocal();
      const gate = createGate();
      const claimed = call().run(() => gate.opened);
      await expect.poll(runs).toBe(1);
      const local = ask();
      gate.open();
      expect((await claimed).body).toBe('{"run":1}');
      expect(await local).toEqual({ kind: "replayed", status: 200, body: '{"run":1}' });
    });
  });

  describe("leases", () => {
    it("lets a late holder complete nothing: its effects are gone, and it gets the other's answer", async () => {
      const { call, effects, move, runs } = setUp();
      const gate = createGate();
      const late = call().run(() => gate.opened);
      await expect.poll(runs).toBe(1);
      move(MINUTE_MS);
      const successor = await call().run();
      gate.open();
      expect(successor).toEqual({ kind: "ran", status: 200, body: '{"run":2}' });
      expect(await late).toEqual({ ...successor, kind: "replayed" });
      expect(await effects()).toBe(1);
    });

    it("lets a late holder release nothing", async () => {
      const { call, move, runs } = setUp();
      const gate = createGate();
      const late = call().run(async () => {
        await gate.opened;
        throw new Error("late failure");
      });
      await expect.poll(runs).toBe(1);
      move(MINUTE_MS);
      await call().run();
      gate.open();
      await expect(late).rejects.toThrow("late failure");
      expect((await call().run()).kind).toBe("replayed");
    });

    it("renews the lease while the work goes on", async () => {
      const { call, move, runs, effects } = setUp(90);
      const gate = createGate();
      const first = call().run(() => gate.opened);
      await expect.poll(runs).toBe(1);
      for (let step = 0; step < 5; step += 1) {
        move(60);
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
      await expect(call({ budgetMs: 30 }).run()).rejects.toMatchObject({
        code: "REQUEST_IN_PROGRESS",
      });
      gate.open();
      expect((await first).kind).toBe("ran");
      expect(await effects()).toBe(1);
    });

    it("gives one of several the place of a dead holder", async () => {
      const { call, store, key, now, move } = setUp();
      const terms = {
        fingerprint: "same",
        leaseUntil: new Date(now().getTime() + 5_000),
        expiresAt: new Date(now().getTime() + 3_600_000),
      };
      await store.claim(key, terms);
      move(5_000);
      const results = await Promise.all(Array.from({ length: 10 }, () => call().run()));
      expect(results.filter(({ kind }) => kind === "ran")).toHaveLength(1);
    });

    it("takes over only what is still as it was seen", async () => {
      const { store, key, now } = setUp();
      const later = (ms: number) => new Date(now().getTime() + ms);
      const terms = { fingerprint: "same", leaseUntil: later(5_000), expiresAt: later(60_000) };
      const lease = await store.claim(key, terms);
      const seen = await store.read(key);
      expect(await store.renew(lease!, later(9_000))).toBe(true);
      expect(await store.claim(key, terms, seen)).toBeUndefined();
      expect(await store.claim(key, terms)).toBeUndefined();
      const successor = await store.claim(key, terms, await store.read(key));
      expect(Number(successor!.fence)).toBeGreaterThan(Number(lease!.fence));
      expect(await store.renew(lease!, later(9_000))).toBe(false);
    });
  });
}
