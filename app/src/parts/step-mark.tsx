/** A round sign that shows how a step stands. Its words stand beside it. */

export type MarkState = "idle" | "running" | "done" | "already" | "waiting" | "warning" | "failed";

const SIGNS: Readonly<Partial<Record<MarkState, string>>> = {
  done: "m7 12.500 3.500 3.500L17 9",
  already: "m7 12.500 3.500 3.500L17 9",
  waiting: "M12 7.500V12l3 2",
  warning: "M12 7v6m0 3.5v.1",
  failed: "M12 7v6m0 3.500v.100",
};

export function StepMark({ state, number }: { state: MarkState; number: number }) {
  const sign = SIGNS[state];
  return (
    <span class={`step-mark step-mark--${state}`} aria-hidden="true">
      {state === "running" ? <span class="spinner" /> : null}
      {state === "idle" ? number : null}
      {sign === undefined ? null : (
        <svg viewBox="0 0 24 24">
          <path d={sign} />
        </svg>
      )}
    </span>
  );
}
