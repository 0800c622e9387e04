/** The page Settings: the form, what it would do, and how it is saved. */
import { useEffect, useRef } from "preact/hooks";
import { readSettings } from "#install/settings-edit";
import { useAppContext } from "../app-context.ts";
import { Button } from "../parts/button.tsx";
import { Callout, Cause, Failure } from "../parts/callout.tsx";
import { useLoad } from "../parts/use-load.ts";
import { ConflictDialog } from "../settings/conflict-dialog.tsx";
import { DiffDialog } from "../settings/diff-dialog.tsx";
import { problemsByField, withSetting } from "../settings/draft.ts";
import { sections } from "../settings/fields.ts";
import { HistoryPanel } from "../settings/history-panel.tsx";
import { readNames, type Names } from "#install/account-names";
import { PreviewPanel } from "../settings/preview-panel.tsx";
import { SettingInput } from "../settings/setting-input.tsx";
import { TransferPanel } from "../settings/transfer-panel.tsx";
import { useSettingsEdit, type Notice, type SettingsEdit } from "../settings/use-settings-edit.ts";
import type { Texts } from "../texts/en.ts";
import { labelOf } from "../settings/value-text.ts";

export function SettingsPage() {
  const { steps, language } = useAppContext();
  const { settings: texts, common } = language.texts;
  const { loaded, reload } = useLoad(
    async () => ({ read: await readSettings(steps), names: await readNames(steps.callZendesk) }),
    [steps],
  );
  const editing = useSettingsEdit();
  const { value } = loaded;
  useEffect(() => {
    if (value) editing.open(value.read);
  }, [value]);

  if (loaded.status === "failed") {
    return (
      <>
        <Failure title={texts.readFailed} error={loaded.error} />
        <Button onClick={() => void reload()}>{common.retry}</Button>
      </>
    );
  }
  if (!value) return <p class="quiet">{common.loading}</p>;
  if (value.read.outcome === "missing") {
    return (
      <Callout kind="info" title={texts.missing}>
        <p class="c-callout__paragraph">{texts.missingHelp}</p>
      </Callout>
    );
  }
  return <Editor editing={editing} names={value.names} />;
}

function Editor({ editing, names }: { editing: SettingsEdit; names: Names }) {
  const { language } = useAppContext();
  const { texts } = language;
  const { settings: words } = texts;
  const { edit, changes, problems, conflict } = editing;
  const summary = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problems.length > 0) summary.current?.focus();
  }, [problems.length > 0]);
  if (edit === null) return null;
  const byField = problemsByField(problems);
  return (
    <>
      {edit.wrong.length === 0 ? null : (
        <Callout kind="warning" title={words.wrong}>
          <p class="c-callout__paragraph">{words.wrongHelp}</p>
          <Problems problems={edit.wrong} />
        </Callout>
      )}
      {edit.settings.enabled ? null : <Callout kind="warning" title={words.switchesOff} />}
      <div ref={summary} tabIndex={-1}>
        {problems.length === 0 ? null : (
          <Callout kind="error" title={words.problems}>
            <Problems problems={problems} />
          </Callout>
        )}
      </div>
      <form
        class="settings"
        onSubmit={(event) => {
          event.preventDefault();
          editing.review();
        }}
      >
        {sections().map(({ name, fields }) => (
          <section key={name} class="card" aria-labelledby={`section-${name}`}>
            <div class="card__head">
              <h2 id={`section-${name}`}>{words.sections[name]}</h2>
            </div>
            <div class="stack">
              {fields.map((field) => (
                <SettingInput
                  key={field.name}
                  field={field}
                  settings={edit.draft}
                  names={names}
                  problem={problemText(words, field.name, byField.get(field.name))}
                  onChange={(value) => editing.change(withSetting(edit.draft, field.name, value))}
                />
              ))}
            </div>
          </section>
        ))}
        <div class="actions">
          {editing.notice === null ? null : <NoticeView notice={editing.notice} />}
          <div class="row">
            <span class="quiet">{words.revision(edit.settings.revision)}</span>
            <span>{changes.length === 0 ? words.unchanged : words.changed(changes.length)}</span>
            <span class="grow" />
            <Button look="basic" disabled={changes.length === 0} onClick={editing.discard}>
              {words.discard}
            </Button>
            <Button
              type="submit"
              look="primary"
              disabled={changes.length === 0 && edit.wrong.length === 0}
            >
              {words.review}
            </Button>
          </div>
        </div>
      </form>
      <PreviewPanel settings={edit.draft} />
      <HistoryPanel
        savedCount={editing.savedCount}
        onLoad={(settings) => editing.load(settings, words.history.loaded(settings.revision))}
      />
      <TransferPanel
        settings={edit.draft}
        onLoad={(settings) => editing.load(settings, words.transfer.imported)}
      />
      {editing.isReviewing ? (
        <DiffDialog
          changes={changes}
          settings={edit.draft}
          names={names}
          isSaving={editing.isSaving}
          onSave={(why) => void editing.save(why)}
          onClose={editing.cancelReview}
        />
      ) : null}
      {conflict === null ? null : (
        <ConflictDialog
          mine={edit.draft}
          theirs={conflict.theirs}
          names={names}
          onTakeTheirs={editing.takeTheirs}
          onKeepMine={editing.keepMine}
          onClose={editing.leaveConflict}
        />
      )}
    </>
  );
}

function Problems({ problems }: { problems: SettingsEdit["problems"] }) {
  const { texts } = useAppContext().language;
  return (
    <ul class="bullets">
      {[...problemsByField(problems)].map(([field, message]) => (
        <li key={field}>
          <b>{field === "" ? "" : `${labelOf(texts, field)}: `}</b>
          <bdi>{problemText(texts.settings, field, message)}</bdi>
        </li>
      ))}
    </ul>
  );
}

/** Our own words for a field, where there are any; the schema's otherwise. */
function problemText<Problem extends string | undefined>(
  { expected }: Texts["settings"],
  field: string,
  problem: Problem,
): Problem | string {
  return problem === undefined ? problem : (expected[field] ?? problem);
}

function NoticeView({ notice }: { notice: Notice }) {
  const { settings } = useAppContext().language.texts;
  if (notice.kind === "saved") {
    return <Callout kind="success" title={settings.saved(notice.revision)} />;
  }
  if (notice.kind === "loaded") return <Callout kind="info" title={notice.sentence} />;
  if (notice.kind === "failed") return <Failure title={settings.saveFailed} error={notice.error} />;
  return (
    <Callout kind="warning" title={settings.savedNotSynced(notice.revision)}>
      <Cause message={notice.message} remedy={notice.remedy} />
    </Callout>
  );
}
