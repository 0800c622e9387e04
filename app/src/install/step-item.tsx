/** One step of the checklist: what it does, its state, and its button. */
import type { ComponentChildren } from "preact";
import type { StepName } from "#install/step-names";
import { useTexts } from "../app-context.ts";
import { Button } from "../parts/button.tsx";
import { Callout, Cause } from "../parts/callout.tsx";
import { Foreign } from "../parts/foreign.tsx";
import { StepMark } from "../parts/step-mark.tsx";
import type { StepProgress } from "./run-steps.ts";

interface StepItemProps {
  readonly number: number;
  readonly name: StepName;
  readonly progress: StepProgress;
  /** Another step is running. */
  readonly isBlocked: boolean;
  readonly onRun: () => void;
  /** What the step asks for. */
  readonly children?: ComponentChildren;
}

export function StepItem(props: StepItemProps) {
  const { number, name, progress, isBlocked, onRun, children } = props;
  const { install } = useTexts();
  const { title, help } = install.step[name];
  const result = progress.phase === "ended" ? progress.result : undefined;
  const state = result?.outcome ?? (progress.phase === "running" ? "running" : "idle");
  const verb = result === undefined ? install.run : install.repeat;
  return (
    <li class={`step step--${state}`} data-step={name} data-outcome={state}>
      <StepMark state={state} number={number} />
      <div class="step__body">
        <h3>{title}</h3>
        <p class="quiet">{help}</p>
        {children}
        {result === undefined || result.outcome === "failed" ? null : (
          <p class="step__result">
            <Foreign>{result.message}</Foreign>
          </p>
        )}
        {result?.outcome === "failed" ? (
          <Callout kind="error">
            <Cause message={result.message} remedy={result.remedy} />
          </Callout>
        ) : null}
        {result?.outcome === "waiting" && result.remedy !== null ? (
          <p class="quiet">
            <Foreign>{result.remedy}</Foreign>
          </p>
        ) : null}
      </div>
      <div class="step__side">
        <span class="step__state">{install.outcome[state]}</span>
        <Button
          small
          busy={state === "running"}
          disabled={isBlocked}
          label={`${verb}: ${title}`}
          onClick={onRun}
        >
          {verb}
        </Button>
      </div>
    </li>
  );
}
