/** What the settings in the form would do with the last ten tickets. */
import { useState } from "preact/hooks";
import { askRoute } from "#contract/client";
import type { PreviewReply } from "#contract/routes/cases";
import type { Settings } from "#contract/settings/settings";
import { useAppContext } from "../app-context.ts";
import { Button } from "../parts/button.tsx";
import { Failure } from "../parts/callout.tsx";
import { Foreign } from "../parts/foreign.tsx";
import { Table } from "../parts/table.tsx";
import { Tag } from "../parts/tag.tsx";

type Shown =
  | { readonly status: "none" | "loading" }
  | { readonly status: "shown"; readonly reply: PreviewReply }
  | { readonly status: "failed"; readonly error: unknown };

export function PreviewPanel({ settings }: { settings: Settings }) {
  const { steps, language, announce } = useAppContext();
  const { preview } = language.texts.settings;
  const [shown, setShown] = useState<Shown>({ status: "none" });
  const load = async (): Promise<void> => {
    setShown({ status: "loading" });
    try {
      const reply = await askRoute(steps.callServer, {
        route: "preview-settings",
        body: { settings },
      });
      setShown({ status: "shown", reply });
      announce(`${preview.title}: ${reply.tickets.length}`);
    } catch (error) {
      setShown({ status: "failed", error });
    }
  };
  return (
    <section class="card" aria-labelledby="preview-title">
      <div class="card__head">
        <h2 id="preview-title">{preview.title}</h2>
        <span class="grow" />
        <Button small busy={shown.status === "loading"} onClick={() => void load()}>
          {preview.button}
        </Button>
      </div>
      <p class="quiet">{preview.help}</p>
      {shown.status === "failed" ? <Failure title={preview.failed} error={shown.error} /> : null}
      {shown.status === "shown" ? <Tickets reply={shown.reply} /> : null}
    </section>
  );
}

function Tickets({ reply }: { reply: PreviewReply }) {
  const { preview } = useAppContext().language.texts.settings;
  if (reply.tickets.length === 0) return <p>{preview.empty}</p>;
  return (
    <Table
      caption={preview.title}
      heads={[preview.ticket, preview.subject, preview.would]}
      rows={reply.tickets.map((ticket) => ({
        key: ticket.ticket_id,
        cells: [
          <bdi>#{ticket.ticket_id}</bdi>,
          <bdi>{ticket.subject}</bdi>,
          <Would ticket={ticket} />,
        ],
      }))}
    />
  );
}

function Would({ ticket }: { ticket: PreviewReply["tickets"][number] }) {
  const { preview } = useAppContext().language.texts.settings;
  const { left_alone, look_up, would } = ticket;
  if (left_alone !== null) {
    return (
      <>
        <Tag color="grey">{preview.leftAlone}</Tag> <Foreign>{left_alone}</Foreign>
      </>
    );
  }
  return (
    <>
      {look_up === null ? null : (
        <Tag color={look_up === "matched" ? "green" : "yellow"}>{preview.look_up[look_up]}</Tag>
      )}
      <ul class="plain">
        {would.length === 0 ? <li>{preview.nothing}</li> : null}
        {would.map((sentence) => (
          <li key={sentence}>
            <Foreign>{sentence}</Foreign>
          </li>
        ))}
      </ul>
    </>
  );
}
