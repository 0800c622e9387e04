/** Every revision that the server took over, and the way back to one. */
import { useState } from "preact/hooks";
import type { Settings } from "#contract/settings/settings";
import { diffSettings, explainedHistory, type HistoryEntry } from "#install/settings-edit";
import { useAppContext } from "../app-context.ts";
import { Button } from "../parts/button.tsx";
import { Failure } from "../parts/callout.tsx";
import { Table } from "../parts/table.tsx";
import { Tag } from "../parts/tag.tsx";
import { useLoad } from "../parts/use-load.ts";
import { labelOf } from "./value-text.ts";

interface HistoryPanelProps {
  /** Grows with each save, so that the history is read again. */
  readonly savedCount: number;
  readonly onLoad: (settings: Settings) => void;
}

export function HistoryPanel({ savedCount, onLoad }: HistoryPanelProps) {
  const { history } = useAppContext().language.texts.settings;
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details class="card" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        <h2>{history.title}</h2>
      </summary>
      <p class="quiet">{history.help}</p>
      {isOpen ? <Revisions savedCount={savedCount} onLoad={onLoad} /> : null}
    </details>
  );
}

function Revisions({ savedCount, onLoad }: HistoryPanelProps) {
  const { steps, language } = useAppContext();
  const { history } = language.texts.settings;
  const { loaded } = useLoad(() => explainedHistory(steps), [steps, savedCount]);
  if (loaded.status === "failed") return <Failure title={history.failed} error={loaded.error} />;
  if (!loaded.value) return <p class="quiet">{language.texts.common.loading}</p>;
  return loaded.value.length === 0 ? (
    <p>{history.empty}</p>
  ) : (
    <RevisionTable entries={loaded.value} onLoad={onLoad} />
  );
}

interface RevisionTableProps {
  readonly entries: readonly HistoryEntry[];
  readonly onLoad: (settings: Settings) => void;
}

function RevisionTable({ entries, onLoad }: RevisionTableProps) {
  const { language, instant } = useAppContext();
  const { texts } = language;
  const { history } = texts.settings;
  return (
    <Table
      caption={history.title}
      heads={[history.revision, history.at, history.by, history.why, history.changes, history.load]}
      rows={entries.map(({ revision, applied_at, settings, by, why }, index) => {
        const older = entries[index + 1];
        const changed = older ? diffSettings(older.settings, settings) : [];
        return {
          key: String(revision),
          cells: [
            String(revision),
            instant(applied_at),
            <bdi>{by ?? history.unknown}</bdi>,
            <bdi>{why ?? "–"}</bdi>,
            changed.map(({ field }) => labelOf(texts, field)).join(", ") || "–",
            index === 0 ? (
              <Tag color="green">{history.current}</Tag>
            ) : (
              <Button
                small
                label={`${history.load}: ${texts.settings.revision(revision)}`}
                onClick={() => onLoad(settings)}
              >
                {history.load}
              </Button>
            ),
          ],
        };
      })}
    />
  );
}
