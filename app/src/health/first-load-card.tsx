/** The first load: how far it is, and the buttons that begin and stop it. */
import { useEffect, useState } from "preact/hooks";
import { askRoute } from "#contract/client";
import type { SyncStatus } from "#contract/routes/sync";
import { useAppContext } from "../app-context.ts";
import { Button } from "../parts/button.tsx";
import { Failure } from "../parts/callout.tsx";
import { Foreign } from "../parts/foreign.tsx";
import { Tag } from "../parts/tag.tsx";
import { useLoad } from "../parts/use-load.ts";

/** While it goes on, it is looked at this often. */
const LOOK_EVERY_MS = 5_000;
const COLORS = {
  none: "grey",
  running: "blue",
  reading: "blue",
  finished: "green",
  stopped: "grey",
  failed: "red",
} as const;

/** Nothing while the server does not know of first loads, as one of an earlier version. */
export function FirstLoadCard() {
  const { steps, language } = useAppContext();
  const { health } = language.texts;
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { loaded, reload } = useLoad(() => askRoute(steps.callServer, { route: "sync" }), [steps]);
  const status = loaded.value;
  const goesOn = status?.state === "running" || status?.state === "reading";
  useEffect(() => {
    if (!goesOn || loaded.status !== "loaded") return undefined;
    const timer = setTimeout(() => void reload(), LOOK_EVERY_MS);
    return () => clearTimeout(timer);
  }, [loaded]);
  if (!status) return null;
  const ask = async (): Promise<void> => {
    setIsBusy(true);
    setError(null);
    try {
      if (status.state === "running") await askRoute(steps.callServer, { route: "stop-sync" });
      else await askRoute(steps.callServer, { route: "start-sync", body: {} });
      await reload();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setIsBusy(false);
    }
  };
  const isOver = status.state === "reading" || status.state === "finished";
  return (
    <section class="card" aria-labelledby="first-load-title">
      <div class="card__head">
        <h2 id="first-load-title">{health.firstLoad}</h2>
        <span class="grow" />
        {isOver ? null : (
          <Button small busy={isBusy} onClick={() => void ask()}>
            {status.state === "running" ? health.firstLoadStop : health.firstLoadStart}
          </Button>
        )}
      </div>
      <p class="quiet">{health.firstLoadHelp}</p>
      {error === null ? null : <Failure title={health.firstLoadFailed} error={error} />}
      {status.state === "none" ? null : <Progress status={status} />}
    </section>
  );
}

function Progress({ status }: { status: SyncStatus }) {
  const { language, instant } = useAppContext();
  const { health } = language.texts;
  const expected = status.tickets_expected;
  const numbers = [
    [health.firstLoadWindows, status.windows_done, status.windows],
    [health.firstLoadTickets, status.tickets_seen, expected],
    [health.firstLoadMessages, status.messages_left, null],
  ] as const;
  return (
    <>
      <p class="row">
        <Tag color={COLORS[status.state]}>{health.firstLoadState[status.state]}</Tag>
        {status.finished_at === null ? null : <span>{instant(status.finished_at)}</span>}
      </p>
      {expected === null || expected === 0 ? null : (
        <progress
          aria-label={health.firstLoad}
          max={Math.max(expected, status.tickets_seen)}
          value={status.tickets_seen}
        />
      )}
      {status.message === null ? null : (
        <p>
          <Foreign>{status.message}</Foreign>
        </p>
      )}
      <dl class="numbers">
        {numbers.map(([name, done, all]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {done.toLocaleString(language.locale)}
              {all === null ? null : ` / ${all.toLocaleString(language.locale)}`}
            </dd>
          </div>
        ))}
      </dl>
      {status.seconds_left === null ? null : (
        <p>{health.firstLoadLeft(Math.max(1, Math.ceil(status.seconds_left / 60)))}</p>
      )}
    </>
  );
}
