/** One ticket: its events, each with its way through the flow. */
import { useMemo } from "preact/hooks";
import { askRoute } from "#contract/client";
import type { TicketReply } from "#contract/routes/action-log";
import { useAppContext } from "../app-context.ts";
import { flowsOf, type FlowSteps } from "../flow/flow-steps.ts";
import { eventsOf, flowsThatFit, wayThrough, type RecordedEvent } from "../flow/flow-way.ts";
import { WayPicture } from "../flow/way-picture.tsx";
import { Button } from "../parts/button.tsx";
import { Failure } from "../parts/callout.tsx";
import { useLoad } from "../parts/use-load.ts";
import { LogTable } from "./log-table.tsx";

export function TicketLog({ id, onBack }: { id: string; onBack: () => void }) {
  const { steps, language } = useAppContext();
  const { log, common, health } = language.texts;
  const flows = useMemo(() => flowsOf(steps.template.bundle), [steps.template]);
  const { loaded, reload } = useLoad(
    () => askRoute(steps.callServer, { route: "ticket", params: { ticket_id: id } }),
    [steps, id],
  );
  const events = eventsOf(loaded.value?.entries ?? []).toReversed();
  return (
    <>
      <section class="card" aria-labelledby="ticket-title">
        <div class="card__head">
          <Button small look="basic" onClick={onBack}>
            {log.back}
          </Button>
          <h2 id="ticket-title">{log.ticketTitle(id)}</h2>
          <span class="grow" />
          <Button small busy={loaded.status === "loading"} onClick={() => void reload()}>
            {health.refresh}
          </Button>
        </div>
        {loaded.status === "failed" ? <Failure title={log.failed} error={loaded.error} /> : null}
        {loaded.value ? <Captured reply={loaded.value} /> : null}
        {!loaded.value && loaded.status === "loading" ? (
          <p class="quiet">{common.loading}</p>
        ) : null}
        {loaded.value && events.length === 0 ? <p>{log.noEvents}</p> : null}
        {events.length > 0 ? <p class="quiet">{log.wayHelp}</p> : null}
      </section>
      {events.map((event) => (
        <EventCard key={event.key ?? event.entries[0]?.id} event={event} flows={flows} />
      ))}
    </>
  );
}

function Captured({ reply }: { reply: TicketReply }) {
  const { language, instant } = useAppContext();
  const { log } = language.texts;
  const at = reply.conversation_captured_at;
  return <p>{at === null ? log.notCaptured : log.captured(instant(at))}</p>;
}

function EventCard({ event, flows }: { event: RecordedEvent; flows: readonly FlowSteps[] }) {
  const { language, instant } = useAppContext();
  const { log, common } = language.texts;
  const fitting = flowsThatFit(flows, event);
  const [first] = event.entries;
  const key = event.key ?? common.unknown;
  return (
    <section class="card" aria-label={`${log.event} ${key}`}>
      <div class="card__head">
        <h3>
          {log.event} <code dir="ltr">{key}</code>
        </h3>
        <span class="grow" />
        <span class="quiet">{first ? instant(first.at) : ""}</span>
      </div>
      {fitting.map((flow) => (
        <WayPicture key={flow.flow} flow={flow.flow} event={key} way={wayThrough(flow, event)} />
      ))}
      {fitting.length === 0 ? null : (
        <p class="quiet">
          {fitting.length === 1
            ? log.flowGuess
            : log.flowSeveral(fitting.map(({ flow }) => flow).join(", "))}
        </p>
      )}
      <LogTable entries={event.entries} caption={`${log.event} ${key}`} />
    </section>
  );
}
