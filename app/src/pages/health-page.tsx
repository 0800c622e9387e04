/** The page Health: checks with cures, lag, queues, budget and the sweep. */
import { ADMIN_PATHS, type Health } from "../../../actions-server/contract/admin.ts";
import { askServer } from "../ask-server.ts";
import { useDesk } from "../desk.ts";
import { SweepCard } from "../health/sweep-card.tsx";
import { Button } from "../parts/button.tsx";
import { Cure, Failure } from "../parts/callout.tsx";
import { Foreign } from "../parts/foreign.tsx";
import { StepMark } from "../parts/step-mark.tsx";
import { Table } from "../parts/table.tsx";
import { Tag, type TagColor } from "../parts/tag.tsx";
import { useLoad } from "../parts/use-load.ts";

const COLORS: Readonly<Record<Health["checks"][number]["state"], TagColor>> = {
  ok: "green",
  warning: "yellow",
  failed: "red",
};
const MARKS = { ok: "done", warning: "warning", failed: "failed" } as const;

export function HealthPage() {
  const { steps, language } = useDesk();
  const { health, common, install } = language.texts;
  const { loaded, reload } = useLoad(
    () =>
      askServer<Health>(steps.callServer, {
        method: "GET",
        path: ADMIN_PATHS.health,
      }),
    [steps],
  );
  const { value } = loaded;
  return (
    <>
      <section class="card" aria-labelledby="checks-title">
        <div class="card__head">
          <h2 id="checks-title">{health.checks}</h2>
          {value ? <Summary health={value} /> : null}
          <span class="grow" />
          {value ? (
            <span class="quiet">
              {health.server(value.version)}
              {value.settings_revision === null
                ? null
                : ` · ${install.revision(value.settings_revision)}`}
            </span>
          ) : null}
          <Button small busy={loaded.status === "loading"} onClick={() => void reload()}>
            {health.refresh}
          </Button>
        </div>
        {loaded.status === "failed" ? <Failure title={health.failed} error={loaded.error} /> : null}
        {!value && loaded.status === "loading" ? <p class="quiet">{common.loading}</p> : null}
        {value ? <Checks checks={value.checks} /> : null}
      </section>
      {value ? (
        <div class="columns">
          <Lag lag={value.lag} />
          <Budget budget={value.budget} />
        </div>
      ) : null}
      {value ? <Queues queues={value.queues} /> : null}
      <SweepCard />
    </>
  );
}

function Summary({ health: { checks } }: { health: Health }) {
  const { health } = useDesk().language.texts;
  const count = (state: string): number => checks.filter((check) => check.state === state).length;
  const [failed, warnings] = [count("failed"), count("warning")];
  if (failed + warnings === 0) return <Tag color="green">{health.wellSummary}</Tag>;
  return <Tag color={failed > 0 ? "red" : "yellow"}>{health.badSummary(failed, warnings)}</Tag>;
}

function Checks({ checks }: { checks: Health["checks"] }) {
  const { health } = useDesk().language.texts;
  // What needs hands comes first.
  const order = ["failed", "warning", "ok"];
  const sorted = checks.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return (
    <ul class="steps">
      {sorted.map(({ name, state, message, cure }) => (
        <li key={name} class="step" data-check={name} data-state={state}>
          <StepMark state={MARKS[state]} number={0} />
          <div class="step__body">
            <h3>{health.check[name] ?? name}</h3>
            <p class="quiet">
              <Foreign>{message}</Foreign>
            </p>
            {cure === null ? null : (
              <p>
                <Cure cure={cure} />
              </p>
            )}
          </div>
          <div class="step__side">
            <Tag color={COLORS[state]}>{health.states[state]}</Tag>
          </div>
        </li>
      ))}
    </ul>
  );
}

function Lag({ lag }: { lag: Health["lag"] }) {
  const { health, common } = useDesk().language.texts;
  return (
    <section class="card" aria-labelledby="lag-title">
      <div class="card__head">
        <h2 id="lag-title">{health.lag}</h2>
      </div>
      <p class="quiet">{health.lagHelp}</p>
      {lag === null ? (
        <p>{health.noEvents}</p>
      ) : (
        <dl class="numbers">
          <div>
            <dt>{health.lagHalf}</dt>
            <dd>{common.seconds(rounded(lag.p50_seconds))}</dd>
          </div>
          <div>
            <dt>{health.lagMost}</dt>
            <dd>{common.seconds(rounded(lag.p99_seconds))}</dd>
          </div>
          <div>
            <dt>{health.lag}</dt>
            <dd>{health.events(lag.events)}</dd>
          </div>
        </dl>
      )}
    </section>
  );
}

function Budget({ budget }: { budget: Health["budget"] }) {
  const { health } = useDesk().language.texts;
  return (
    <section class="card" aria-labelledby="budget-title">
      <div class="card__head">
        <h2 id="budget-title">{health.budget}</h2>
      </div>
      <p class="quiet">{health.budgetHelp}</p>
      {budget.length === 0 ? <p>{health.noBudget}</p> : null}
      <dl class="numbers">
        {budget.map(({ remote, limit, left }) => (
          <div key={`${remote} ${limit}`}>
            <dt dir="auto">
              {remote} · {limit}
            </dt>
            <dd>{health.left(left)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Queues({ queues }: { queues: Health["queues"] }) {
  const { language } = useDesk();
  const { health, common } = language.texts;
  return (
    <section class="card" aria-labelledby="queues-title">
      <div class="card__head">
        <h2 id="queues-title">{health.queues}</h2>
      </div>
      {queues.length === 0 ? (
        <p>{health.noQueues}</p>
      ) : (
        <Table
          caption={health.queues}
          heads={[health.queue, health.open, health.dead, health.oldest]}
          rows={queues.map(({ queue, open, dead, oldest_seconds }) => ({
            key: queue,
            failed: dead > 0,
            cells: [
              <bdi>{queue}</bdi>,
              String(open),
              dead > 0 ? <Tag color="red">{String(dead)}</Tag> : "0",
              open === 0 ? "–" : common.seconds(rounded(oldest_seconds)),
            ],
          }))}
        />
      )}
    </section>
  );
}

function rounded(seconds: number): number {
  return seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds);
}
