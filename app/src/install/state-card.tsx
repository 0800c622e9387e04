/** What is installed, judged by content, at the top of the page Install. */
import { type Level, levelOf } from "#install/judge-state";
import type { InstallState } from "#install/state";
import { useAppContext } from "../app-context.ts";
import { Button } from "../parts/button.tsx";
import { Callout, Cause, Failure } from "../parts/callout.tsx";
import { Tag, type TagColor } from "../parts/tag.tsx";
import type { Loaded } from "../parts/use-load.ts";

const COLORS: Readonly<Record<Level, TagColor>> = {
  ok: "green",
  warning: "yellow",
  failed: "red",
};

/** Nothing is urgent where nothing was started. */
function colorOf(state: InstallState): TagColor {
  return state.state === "not_installed" ? "grey" : COLORS[levelOf(state)];
}

export function StateCard({
  loaded,
  isChanging,
  onReload,
}: {
  loaded: Loaded<InstallState>;
  /** Steps are running, so what was read before is no longer true. */
  isChanging: boolean;
  onReload: () => void;
}) {
  const { install, common } = useAppContext().language.texts;
  const { value } = loaded;
  // The bundle alone may be in sync.
  const wordOf = (state: InstallState): string =>
    state.state === "in_sync" && levelOf(state) !== "ok"
      ? install.attention
      : install.states[state.state];
  return (
    <section class="card" aria-labelledby="state-title">
      <div class="card__head">
        <h2 id="state-title">{install.state}</h2>
        {isChanging ? <Tag color="blue">{install.working}</Tag> : null}
        {value && !isChanging ? <Tag color={colorOf(value)}>{wordOf(value)}</Tag> : null}
        <span class="grow" />
        <Button small look="basic" busy={loaded.status === "loading"} onClick={onReload}>
          {install.checkAgain}
        </Button>
      </div>
      {loaded.status === "failed" ? (
        <Failure title={install.readFailed} error={loaded.error} />
      ) : null}
      {isChanging ? <p>{install.workingHelp}</p> : null}
      {value && !isChanging ? <State state={value} /> : null}
      {value === undefined && loaded.status === "loading" ? (
        <p class="quiet">{common.loading}</p>
      ) : null}
    </section>
  );
}

function State({ state }: { state: InstallState }) {
  const { language, instant } = useAppContext();
  const { install, common } = language.texts;
  const { found, jobSpecs, config, webhooks } = state;
  const isKnown = state.state !== "unreadable";
  const unknown = install.states.unreadable;
  const facts: readonly (readonly [string, string, ...string[]])[] = [
    [
      install.fact.bundle,
      isKnown ? (found ? shortHash(found.hash) : common.none) : unknown,
      ...(found?.uploadedAt ? [instant(found.uploadedAt)] : []),
    ],
    [install.fact.template, shortHash(state.wantedHash)],
    [
      install.fact.jobSpecs,
      isKnown
        ? install.jobSpecs(
            jobSpecs.installed.length,
            jobSpecs.missing.length + jobSpecs.orphaned.length,
            jobSpecs.extra.length,
          )
        : unknown,
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
      settingsText(),
      ...(config.enabled === false ? [install.switchedOff] : []),
    ],
    [install.fact.lastEvent, lastEventText()],
    [install.fact.integration, state.integration],
  ];
  return (
    <>
      <p>{install.stateHelp[state.state]}</p>
      {/* Before the first installation everything is missing, which the steps say better. */}
      {state.state === "not_installed" || state.problems.length === 0 ? null : (
        <Callout kind={levelOf(state) === "ok" ? "info" : "warning"} title={install.problems}>
          <ul class="problems">
            {state.problems.map(({ what, remedy }) => (
              <li key={what}>
                <Cause message={what} remedy={remedy} />
              </li>
            ))}
          </ul>
        </Callout>
      )}
      <details>
        <summary>{install.details}</summary>
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
      </details>
    </>
  );

  /** Only the server knows; it may be unavailable, or an earlier version. */
  function lastEventText(): string {
    if (state.flows === null) return common.unknown;
    return state.flows.last_event_at === null ? common.none : instant(state.flows.last_event_at);
  }

  function settingsText(): string {
    if (config.problem !== null) return install.settingsWrong;
    return config.revision === null ? common.none : install.revision(config.revision);
  }
}

/** Enough of a hash to tell two apart. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}
