/** The catch-up: what the last sweeps found, and the button for one more. */
import { useEffect, useState } from "preact/hooks";
import { askRoute } from "#contract/client";
import type { SweepReport } from "#contract/routes/sweep";
import { useAppContext } from "../app-context.ts";
import { Button } from "../parts/button.tsx";
import { Failure } from "../parts/callout.tsx";
import { Foreign } from "../parts/foreign.tsx";
import { Check } from "../parts/field.tsx";
import { Table } from "../parts/table.tsx";
import { Tag } from "../parts/tag.tsx";
import { useLoad } from "../parts/use-load.ts";

/** How often a running sweep is checked. */
const LOOK_EVERY_MS = 2_000;

/** @param owed tickets that sweeps could not finish; servers of an earlier version do not count them */
export function SweepCard({ owed }: { owed: number }) {
  const { steps, language, announce } = useAppContext();
  const { health, common } = language.texts;
  const [dryRun, setDryRun] = useState(false);
  const [isStarting, setIsStarting] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { loaded, reload } = useLoad(async () => {
    const { sweeps } = await askRoute(steps.callServer, { route: "sweeps" });
    return sweeps;
  }, [steps]);
  const last = loaded.value?.[0];
  useEffect(() => {
    if (last?.state !== "running" || loaded.status !== "loaded") return undefined;
    const timer = setTimeout(() => void reload(), LOOK_EVERY_MS);
    return () => clearTimeout(timer);
  }, [loaded]);
  const sweep = async (): Promise<void> => {
    setIsStarting(true);
    setError(null);
    try {
      await askRoute(steps.callServer, {
        route: "request-sweep",
        body: { reason: "demand", dry_run: dryRun },
      });
      announce(health.sweepStarted);
      await reload();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setIsStarting(false);
    }
  };
  return (
    <section class="card" aria-labelledby="sweep-title">
      <div class="card__head">
        <h2 id="sweep-title">{health.sweep}</h2>
        <span class="grow" />
        <Check label={health.sweepDry} checked={dryRun} onChange={setDryRun} />
        <Button small busy={isStarting || last?.state === "running"} onClick={() => void sweep()}>
          {health.sweepNow}
        </Button>
      </div>
      <p class="quiet">{health.sweepHelp}</p>
      {error === null ? null : <Failure title={health.sweepFailed} error={error} />}
      {loaded.status === "failed" ? <Failure title={health.failed} error={loaded.error} /> : null}
      {!loaded.value && loaded.status === "loading" ? <p class="quiet">{common.loading}</p> : null}
      {loaded.value && !last ? <p>{health.neverSwept}</p> : null}
      {owed > 0 ? <p>{health.owed(owed)}</p> : null}
      {last ? <Report report={last} /> : null}
    </section>
  );
}

function Report({ report }: { report: SweepReport }) {
  const { language, instant } = useAppContext();
  const { health } = language.texts;
  const color = { running: "blue", waiting: "blue", finished: "green", failed: "red" } as const;
  const waitsUntil = report.waits_until ?? null;
  const state = waitsUntil === null ? report.state : "waiting";
  const counts = [
    [health.lookedAt, report.tickets_looked_at],
    [health.missed, report.missed],
    [health.stale, report.stale],
    [health.extra, report.extra],
    [health.repaired, report.repaired],
  ] as const;
  return (
    <>
      <p class="row">
        <Tag color={color[state]}>{health.sweepState[state]}</Tag>
        <span>{instant(report.finished_at ?? report.started_at)}</span>
        {report.dry_run ? <span class="quiet">{health.sweepDry}</span> : null}
      </p>
      {waitsUntil === null ? null : <p>{health.sweepWaits(instant(waitsUntil))}</p>}
      {report.message === null ? null : (
        <p>
          <Foreign>{report.message}</Foreign>
        </p>
      )}
      <dl class="numbers">
        {counts.map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{count.toLocaleString(language.locale)}</dd>
          </div>
        ))}
      </dl>
      {report.findings.length === 0 ? null : (
        <details>
          <summary>
            {health.findings} ({report.findings.length})
          </summary>
          <Table
            caption={health.findings}
            heads={[language.texts.log.ticket, health.findings, language.texts.log.outcome]}
            rows={report.findings.map(({ ticket_id, kind, what, repaired }) => ({
              key: `${ticket_id} ${what}`,
              cells: [
                <bdi>#{ticket_id}</bdi>,
                <>
                  {health[kind]}: <Foreign>{what}</Foreign>
                </>,
                repaired ? health.yes : health.no,
              ],
            }))}
          />
        </details>
      )}
    </>
  );
}
