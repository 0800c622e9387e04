/** The page Health: one verdict, what needs action, and what is healthy (collapsed); then flows, sweep and numbers. */
import { askRoute } from "#contract/client";
import { readState } from "#install/state";
import { useAppContext } from "../app-context.ts";
import { FirstLoadCard } from "../health/first-load-card.tsx";
import { FlowsCard } from "../health/flows-card.tsx";
import { Numbers } from "../health/numbers.tsx";
import { SweepCard } from "../health/sweep-card.tsx";
import { type Finding, verdictOf, type Verdict } from "../health/verdict.ts";
import { Button } from "../parts/button.tsx";
import { Remedy, Failure } from "../parts/callout.tsx";
import { Foreign } from "../parts/foreign.tsx";
import { StepMark } from "../parts/step-mark.tsx";
import { useLoad } from "../parts/use-load.ts";

const MARKS = { ok: "done", warning: "warning", failed: "failed" } as const;

export function HealthPage() {
  const { steps, language } = useAppContext();
  const { health, common, install } = language.texts;
  const { loaded, reload } = useLoad(async () => {
    const said = await askRoute(steps.callServer, { route: "health" });
    // The same reading as on the page Install: what it cannot read, that page says.
    const installed = await readState(steps).catch(() => undefined);
    return { said, verdict: verdictOf(said, installed) };
  }, [steps]);
  const { value } = loaded;
  return (
    <>
      <section class="card" aria-labelledby="verdict-title" data-level={value?.verdict.level}>
        <div class="card__head">
          {value ? <StepMark state={MARKS[value.verdict.level]} number={0} /> : null}
          <h2 id="verdict-title">{value ? verdictText(value.verdict) : health.checks}</h2>
          <span class="grow" />
          <Button small busy={loaded.status === "loading"} onClick={() => void reload()}>
            {health.refresh}
          </Button>
        </div>
        {loaded.status === "failed" ? <Failure title={health.failed} error={loaded.error} /> : null}
        {!value && loaded.status === "loading" ? <p class="quiet">{common.loading}</p> : null}
        {value && value.verdict.wrong.length > 0 ? <Findings all={value.verdict.wrong} /> : null}
        {value && value.verdict.well.length > 0 ? (
          <details>
            <summary>{health.wellCount(value.verdict.well.length)}</summary>
            <Findings all={value.verdict.well} />
          </details>
        ) : null}
        {value ? (
          <p class="quiet">
            {health.server(value.said.version)}
            {value.said.settings_revision === null
              ? null
              : ` · ${install.revision(value.said.settings_revision)}`}
          </p>
        ) : null}
      </section>
      {value?.said.flows ? <FlowsCard flows={value.said.flows} onChanged={reload} /> : null}
      <SweepCard owed={value?.said.owed_tickets ?? 0} />
      <FirstLoadCard />
      {value ? <Numbers health={value.said} /> : null}
    </>
  );

  function verdictText({ wrong }: Verdict): string {
    const count = (state: string) => wrong.filter((finding) => finding.state === state).length;
    if (wrong.length === 0) return health.wellSummary;
    return health.badSummary(count("failed"), count("warning"));
  }
}

function Findings({ all }: { all: readonly Finding[] }) {
  const { health } = useAppContext().language.texts;
  return (
    <ul class="steps">
      {all.map(({ name, state, message, remedy }) => (
        <li key={`${name} ${message}`} class="step" data-check={name} data-state={state}>
          <StepMark state={MARKS[state]} number={0} />
          <div class="step__body">
            <h3>
              {health.check[name] ?? name}
              <span class="visually-hidden">: {health.states[state]}</span>
            </h3>
            <p class="quiet">
              <Foreign>{message}</Foreign>
            </p>
            {remedy === null ? null : (
              <p>
                <Remedy remedy={remedy} />
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
