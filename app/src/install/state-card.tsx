/** What is installed, judged by content, at the top of the page Install. */
import type { InstallState } from "../../../install/state.ts";
import { useDesk } from "../desk.ts";
import { Button } from "../parts/button.tsx";
import { Callout, Cause, Failure } from "../parts/callout.tsx";
import { Tag, type TagColor } from "../parts/tag.tsx";
import type { Loaded } from "../parts/use-load.ts";

const COLORS: Readonly<Record<InstallState["state"], TagColor>> = {
  not_installed: "grey",
  in_sync: "green",
  changed: "yellow",
  other_version: "blue",
  disabled: "grey",
};

export function StateCard({
  loaded,
  onReload,
}: {
  loaded: Loaded<InstallState>;
  onReload: () => void;
}) {
  const { install, common } = useDesk().language.texts;
  const { value } = loaded;
  return (
    <section class="card" aria-labelledby="state-title">
      <div class="card__head">
        <h2 id="state-title">{install.state}</h2>
        {value ? <Tag color={COLORS[value.state]}>{install.states[value.state]}</Tag> : null}
        <span class="grow" />
        <Button small look="basic" busy={loaded.status === "loading"} onClick={onReload}>
          {install.checkAgain}
        </Button>
      </div>
      {loaded.status === "failed" ? (
        <Failure title={install.readFailed} error={loaded.error} />
      ) : null}
      {value ? <State state={value} /> : null}
      {value === undefined && loaded.status === "loading" ? (
        <p class="quiet">{common.loading}</p>
      ) : null}
    </section>
  );
}

function State({ state }: { state: InstallState }) {
  const { language, instant } = useDesk();
  const { install, common } = language.texts;
  const { found, jobSpecs, config, webhooks } = state;
  const facts: readonly (readonly [string, string, ...string[]])[] = [
    [
      install.fact.bundle,
      found ? shortHash(found.hash) : common.none,
      ...(found?.uploadedAt ? [instant(found.uploadedAt)] : []),
    ],
    [install.fact.template, shortHash(state.wantedHash)],
    [
      install.fact.jobSpecs,
      install.jobSpecs(
        jobSpecs.installed.length,
        jobSpecs.missing.length + jobSpecs.orphaned.length,
        jobSpecs.extra.length,
      ),
    ],
    [
      install.fact.connections,
      state.connections.map(({ name }) => name).join(", ") || common.none,
      ...(state.missingConnections.length > 0
        ? [install.missing(state.missingConnections.join(", "))]
        : []),
    ],
    [install.fact.webhooks, String(webhooks.recorded)],
    [
      install.fact.revision,
      config.revision === null ? common.none : install.revision(config.revision),
    ],
    [install.fact.integration, state.integration],
  ];
  return (
    <>
      <p>{install.stateHelp[state.state]}</p>
      <dl class="facts">
        {facts.map(([name, value, more]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
              {more === undefined ? null : <span class="quiet">{more}</span>}
            </dd>
          </div>
        ))}
      </dl>
      {/* Before the first installation everything is missing, which the steps say better. */}
      {state.state === "not_installed" || state.problems.length === 0 ? null : (
        <Callout kind="warning" title={install.problems}>
          <ul class="problems">
            {state.problems.map(({ what, cure }) => (
              <li key={what}>
                <Cause message={what} cure={cure} />
              </li>
            ))}
          </ul>
        </Callout>
      )}
    </>
  );
}

/** Enough of a hash to tell two apart. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}
