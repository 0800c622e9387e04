/** The page Install: what is there, the checklist, and maintenance. */
import { useRef, useState } from "preact/hooks";
import type { StepContext, StepResult } from "#install/context";
import { STEP_NAMES, type StepName } from "#install/step-names";
import { readState } from "#install/state";
import { runStep } from "#install/steps";
import { useAppContext } from "../app-context.ts";
import { IntroduceCard } from "../install/introduce-card.tsx";
import { Maintenance } from "../install/maintenance.tsx";
import { countDone, runSteps, type Progress } from "../install/run-steps.ts";
import { StateCard } from "../install/state-card.tsx";
import { StepItem } from "../install/step-item.tsx";
import { TokenField } from "../install/token-field.tsx";
import { Button } from "../parts/button.tsx";
import { useLoad } from "../parts/use-load.ts";

/** Whether the steps continued after this one. */
function isPast(name: StepName, stopped: StepResult | null): boolean {
  return stopped === null || STEP_NAMES.indexOf(stopped.step) > STEP_NAMES.indexOf(name);
}

export function InstallPage() {
  const { steps, endCalls, language, announce } = useAppContext();
  const { install } = language.texts;
  const { loaded, reload } = useLoad(() => readState(steps), [steps]);
  const [progress, setProgress] = useState<Progress>({});
  const [isRunning, setIsRunning] = useState(false);
  const [isMaintained, setIsMaintained] = useState(false);
  const [token, setToken] = useState("");
  const [isTokenWanted, setIsTokenWanted] = useState(false);
  const [summary, setSummary] = useState<string | null>(null);
  const tokenInput = useRef<HTMLInputElement>(null);

  const needsToken = loaded.value === undefined || loaded.value.missingConnections.length > 0;

  const run = async (names: readonly StepName[]): Promise<void> => {
    if (names.includes("connections") && needsToken && token.trim() === "") {
      setIsTokenWanted(true);
      announce(install.token.wanted);
      tokenInput.current?.focus();
      return;
    }
    setIsTokenWanted(false);
    setIsRunning(true);
    setSummary(null);
    const serverToken = token.trim();
    const context: StepContext = { ...steps, ...(serverToken === "" ? {} : { serverToken }) };
    const stopped = await runSteps(names, context, runStep, (name, step) => {
      setProgress((before) => ({ ...before, [name]: step }));
      if (step.phase === "ended") {
        announce(`${install.step[name].title}: ${install.outcome[step.result.outcome]}`);
      }
    });
    // Zendesk has it now, so a page that stays open does not keep it. If the run stopped earlier, it is still needed.
    if (names.includes("connections") && isPast("connections", stopped)) setToken("");
    if (names.length > 1) {
      const sentence = stopped
        ? install.stopped(install.step[stopped.step].title)
        : install.finished;
      setSummary(sentence);
      announce(sentence);
    }
    await reload();
    setIsRunning(false);
    // A token that cannot be revoked now expires by itself.
    await endCalls().catch(() => undefined);
  };

  const done = countDone(STEP_NAMES, progress);
  return (
    <>
      <IntroduceCard />
      <StateCard
        loaded={loaded}
        isChanging={isRunning || isMaintained}
        onReload={() => void reload()}
      />
      <section class="card" aria-labelledby="steps-title">
        <div class="card__head">
          <h2 id="steps-title">{install.steps}</h2>
          <span class="grow" />
          <Button
            look="primary"
            // Until what is installed has been read, nobody knows whether the token is needed.
            busy={isRunning || loaded.status === "loading"}
            onClick={() => void run(STEP_NAMES)}
          >
            {buttonText(isRunning)}
          </Button>
        </div>
        <p class="quiet">{install.stepsHelp}</p>
        {isRunning || summary !== null ? (
          <div class="progress">
            <progress
              max={STEP_NAMES.length}
              value={done}
              aria-label={install.progress(done, STEP_NAMES.length)}
            />
            <span>{summary ?? install.progress(done, STEP_NAMES.length)}</span>
          </div>
        ) : null}
        <ol class="steps">
          {STEP_NAMES.map((name, index) => (
            <StepItem
              key={name}
              number={index + 1}
              name={name}
              progress={progress[name] ?? { phase: "idle" }}
              isBlocked={isRunning && progress[name]?.phase !== "running"}
              onRun={() => void run([name])}
            >
              {name === "connections" ? (
                <TokenField
                  isNeeded={needsToken}
                  isWanted={isTokenWanted}
                  token={token}
                  input={tokenInput}
                  onType={setToken}
                />
              ) : null}
            </StepItem>
          ))}
        </ol>
      </section>
      <Maintenance
        state={loaded.value}
        isBlocked={isRunning}
        onBegin={() => setIsMaintained(true)}
        onChanged={async () => {
          // What the steps found before is no longer so.
          setProgress({});
          setSummary(null);
          await reload();
          setIsMaintained(false);
        }}
      />
    </>
  );

  function buttonText(running: boolean): string {
    if (running) return install.running;
    return loaded.value?.state === "in_sync" ? install.again : install.all;
  }
}
