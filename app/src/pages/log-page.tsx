/** The page Log: what the server did, and one ticket's events. */
import { useState } from "preact/hooks";
import { useTexts } from "../app-context.ts";
import { TicketLog } from "../log/ticket-log.tsx";
import { Recent } from "../log/recent.tsx";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";

const TICKET = /^[1-9][0-9]{0,18}$/;

export function LogPage() {
  const { log } = useTexts();
  const [ticket, setTicket] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const [isWrong, setIsWrong] = useState(false);
  const find = (): void => {
    const id = typed.trim().replace(/^#/, "");
    const isId = TICKET.test(id);
    setIsWrong(!isId);
    if (isId) setTicket(id);
  };
  return (
    <>
      <form
        class="card find"
        onSubmit={(event) => {
          event.preventDefault();
          find();
        }}
      >
        <Field
          label={log.ticket}
          help={log.ticketHelp}
          problem={isWrong ? log.badTicket : undefined}
        >
          {(bound) => (
            <span class="row">
              <input
                {...bound}
                class="c-field__input short"
                type="text"
                inputmode="numeric"
                autocomplete="off"
                value={typed}
                onInput={(event) => setTyped(event.currentTarget.value)}
              />
              <Button type="submit">{log.show}</Button>
            </span>
          )}
        </Field>
      </form>
      {ticket === null ? (
        <Recent onTicket={setTicket} />
      ) : (
        <TicketLog key={ticket} id={ticket} onBack={() => setTicket(null)} />
      )}
    </>
  );
}
