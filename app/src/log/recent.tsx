/** What the server did last, over all tickets. */
import { useEffect, useState } from "preact/hooks";
import { askRoute } from "#contract/client";
import type { LogEntry } from "#contract/routes/action-log";
import { useAppContext } from "../app-context.ts";
import { Button } from "../parts/button.tsx";
import { Failure } from "../parts/callout.tsx";
import { Check } from "../parts/field.tsx";
import { LogTable } from "./log-table.tsx";

interface Shown {
  readonly entries: readonly LogEntry[];
  readonly next: string | null;
}

export function Recent({ onTicket }: { onTicket: (id: string) => void }) {
  const { steps, language, announce } = useAppContext();
  const { log, health, common } = language.texts;
  const [failedOnly, setFailedOnly] = useState(false);
  const [shown, setShown] = useState<Shown | null>(null);
  const [isLoading, setIsLoading] = useState(false);
  const [error, setError] = useState<unknown>(null);

  /** After `before`, added to what is shown; without one from the newest on. */
  const load = async (before: string | null): Promise<void> => {
    setIsLoading(true);
    setError(null);
    try {
      const query = { failed: failedOnly, ...(before === null ? {} : { before }) };
      const reply = await askRoute(steps.callServer, { route: "log", query });
      setShown((before) => ({
        entries: [...(before === null ? [] : (before?.entries ?? [])), ...reply.entries],
        next: reply.next,
      }));
      announce(`${log.title}: ${reply.entries.length}`);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setIsLoading(false);
    }
  };
  useEffect(() => void load(null), [steps, failedOnly]);

  return (
    <section class="card" aria-labelledby="log-title">
      <div class="card__head">
        <h2 id="log-title">{log.title}</h2>
        <span class="grow" />
        <Check label={log.failedOnly} checked={failedOnly} onChange={setFailedOnly} />
        <Button small busy={isLoading} onClick={() => void load(null)}>
          {health.refresh}
        </Button>
      </div>
      <p class="quiet">{log.help}</p>
      {error === null ? null : <Failure title={log.failed} error={error} />}
      {shown === null && isLoading ? <p class="quiet">{common.loading}</p> : null}
      {shown?.entries.length === 0 ? <p>{failedOnly ? log.emptyErrors : log.empty}</p> : null}
      {shown && shown.entries.length > 0 ? (
        <LogTable entries={shown.entries} caption={log.title} onTicket={onTicket} />
      ) : null}
      {shown?.next ? (
        <Button busy={isLoading} onClick={() => void load(shown.next)}>
          {log.more}
        </Button>
      ) : null}
    </section>
  );
}
