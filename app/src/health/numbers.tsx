/** How long events take, what is left of the remotes' limits, and what waits: folded away, since the verdict says when they matter. */
import type { Health } from "#contract/routes/health";
import { useAppContext } from "../app-context.ts";
import { Table } from "../parts/table.tsx";
import { Tag } from "../parts/tag.tsx";

export function Numbers({ health: { lag, budget, queues } }: { health: Health }) {
  const { health } = useAppContext().language.texts;
  return (
    <details class="card">
      <summary>
        <h2>{health.numbers}</h2>
      </summary>
      <div class="columns">
        <Lag lag={lag} />
        <Budget budget={budget} />
      </div>
      <Queues queues={queues} />
    </details>
  );
}

function Lag({ lag }: { lag: Health["lag"] }) {
  const { health, common } = useAppContext().language.texts;
  return (
    <section aria-labelledby="lag-title">
      <h3 id="lag-title">{health.lag}</h3>
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
  const { health } = useAppContext().language.texts;
  return (
    <section aria-labelledby="budget-title">
      <h3 id="budget-title">{health.budget}</h3>
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
  const { health, common } = useAppContext().language.texts;
  return (
    <section aria-labelledby="queues-title">
      <h3 id="queues-title">{health.queues}</h3>
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
