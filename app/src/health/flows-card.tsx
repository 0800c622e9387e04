/** Whether flows reach the server: the last that did, those that were refused, and the button for a test event. */
import { useState } from "preact/hooks";
import type { FlowContact } from "#contract/routes/flow-watch";
import type { StepResult } from "#install/context";
import { runStep } from "#install/steps";
import { useAppContext } from "../app-context.ts";
import { Button } from "../parts/button.tsx";
import { Callout, Cause } from "../parts/callout.tsx";
import { Table } from "../parts/table.tsx";

interface FlowsCardProps {
  readonly flows: FlowContact;
  /** After a test event. */
  readonly onChanged: () => Promise<void>;
}

export function FlowsCard({ flows, onChanged }: FlowsCardProps) {
  const { steps, language, instant, announce } = useAppContext();
  const { health, common, install } = language.texts;
  const [isSending, setIsSending] = useState(false);
  const [result, setResult] = useState<StepResult | null>(null);
  const send = async (): Promise<void> => {
    setIsSending(true);
    setResult(null);
    const ended = await runStep("test_event", steps);
    setResult(ended);
    announce(`${health.testEvent}: ${install.outcome[ended.outcome]}`);
    setIsSending(false);
    await onChanged();
  };
  const test = flows.last_test_event;
  const facts = [
    [health.lastEvent, flows.last_event_at === null ? common.none : instant(flows.last_event_at)],
    [health.testEvent, testText()],
  ] as const;
  return (
    <section class="card" aria-labelledby="flows-title">
      <div class="card__head">
        <h2 id="flows-title">{health.flows}</h2>
        <span class="grow" />
        <Button small busy={isSending} onClick={() => void send()}>
          {health.sendTestEvent}
        </Button>
      </div>
      <p class="quiet">{flows.paused ? health.flowsPaused : health.flowsHelp}</p>
      {result === null ? null : (
        <Callout kind={result.outcome === "done" ? "success" : "error"}>
          <Cause message={result.message} remedy={result.remedy} />
        </Callout>
      )}
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {flows.refused.length === 0 ? null : (
        <details>
          <summary>
            {health.refused} ({flows.refused.length})
          </summary>
          <Table
            caption={health.refused}
            heads={[health.credential, health.calls, health.lastTime, health.wasOurs]}
            rows={flows.refused.map((one) => ({
              key: `${one.kind} ${one.fingerprint}`,
              cells: [
                <bdi>
                  {one.kind} {one.fingerprint}
                </bdi>,
                one.calls.toLocaleString(language.locale),
                instant(one.last_at),
                one.was_ours ? health.wasOursYes : common.none,
              ],
            }))}
          />
        </details>
      )}
    </section>
  );

  function testText(): string {
    if (test === null) return common.none;
    if (test.arrived_at === null) return health.notBack(instant(test.asked_at));
    return health.cameBack(instant(test.arrived_at));
  }
}
