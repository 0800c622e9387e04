/** Entries of the server's record, with cause and remedy where one failed. */
import type { LogEntry } from "#contract/routes/action-log";
import { useAppContext } from "../app-context.ts";
import { Remedy } from "../parts/callout.tsx";
import { Foreign } from "../parts/foreign.tsx";
import { Table } from "../parts/table.tsx";
import { Tag } from "../parts/tag.tsx";

interface LogTableProps {
  readonly entries: readonly LogEntry[];
  readonly caption: string;
  /** Absent: the entries are of one ticket. */
  readonly onTicket?: (id: string) => void;
}

export function LogTable({ entries, caption, onTicket }: LogTableProps) {
  const { language, instant } = useAppContext();
  const { log, common } = language.texts;
  return (
    <Table
      caption={caption}
      heads={[log.at, log.operation, ...(onTicket ? [log.ticket] : []), log.outcome, log.duration]}
      rows={entries.map((entry) => ({
        key: entry.id,
        failed: entry.failed,
        cells: [
          instant(entry.at),
          log.operations[entry.operation] ?? entry.operation,
          ...(onTicket ? [<TicketLink id={entry.ticket_id} onTicket={onTicket} />] : []),
          <Outcome entry={entry} />,
          `${Math.round(entry.duration_ms).toLocaleString(language.locale)} ms`,
        ],
      }))}
    />
  );

  function TicketLink({ id, onTicket }: { id: string | null; onTicket: (id: string) => void }) {
    if (id === null) return <>{common.none}</>;
    return (
      <button type="button" class="link" onClick={() => onTicket(id)}>
        #{id}
      </button>
    );
  }
}

/** There was nothing to do, so a word is enough. */
const UNCHANGED = new Set(["unchanged", "outdated", "already", "skipped", "none"]);

function Outcome({ entry }: { entry: LogEntry }) {
  const { outcome, failed, message, cure } = entry;
  return (
    <>
      {!failed && UNCHANGED.has(outcome) ? (
        <bdi>{outcome}</bdi>
      ) : (
        <Tag color={failed ? "red" : "green"}>{outcome}</Tag>
      )}
      {message === null ? null : (
        <p>
          <Foreign>{message}</Foreign>
        </p>
      )}
      {cure === null ? null : (
        <p>
          <Remedy remedy={cure} />
        </p>
      )}
    </>
  );
}
