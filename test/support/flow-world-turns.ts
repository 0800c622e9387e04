/** Runs at the same time, in an order that a test decides: they take turns at each effect. */

type Turn = () => Promise<void>;

/**
 * Starts all runs. Whenever every one that has not ended waits for its turn, one of them goes on: the choices
 * say which, as an index among those that wait, in ascending order of the runs; after the last choice the
 * first one goes on.
 */
export async function takeTurns<T>(
  runs: readonly ((turn: Turn) => Promise<T>)[],
  choices: readonly number[],
): Promise<T[]> {
  const waiting = new Map<number, () => void>();
  let live = runs.length;
  let chosen = 0;

  function goOn(): void {
    if (waiting.size === 0 || waiting.size < live) return;
    const ready = [...waiting.keys()].sort((one, other) => one - other);
    const run = ready[(choices[chosen] ?? 0) % ready.length]!;
    chosen += 1;
    const go = waiting.get(run)!;
    waiting.delete(run);
    go();
  }

  return Promise.all(
    runs.map(async (start, run) => {
      const turn: Turn = () =>
        new Promise((resolve) => {
          waiting.set(run, resolve);
          goOn();
        });
      try {
        return await start(turn);
      } finally {
        live -= 1;
        goOn();
      }
    }),
  );
}
