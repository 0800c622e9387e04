/** What a save would change, before it is done. */
import { useState } from "preact/hooks";
import type { Settings } from "#contract/settings/settings";
import { LONGEST_WHY } from "#install/saves";
import { checkReferences } from "#install/settings-references";
import type { FieldChange } from "#install/settings-edit";
import { useAppContext } from "../app-context.ts";
import { Button } from "../parts/button.tsx";
import { Callout } from "../parts/callout.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Field } from "../parts/field.tsx";
import { Foreign } from "../parts/foreign.tsx";
import { Table } from "../parts/table.tsx";
import type { Names } from "#install/account-names";
import { useLoad } from "../parts/use-load.ts";
import { labelOf, valueText } from "./value-text.ts";

interface DiffDialogProps {
  readonly changes: readonly FieldChange[];
  /** What would be saved. */
  readonly settings: Settings;
  readonly names: Names;
  readonly isSaving: boolean;
  readonly onSave: (why: string) => void;
  readonly onClose: () => void;
}

export function DiffDialog(props: DiffDialogProps) {
  const { changes, settings, names, isSaving, onSave, onClose } = props;
  const { steps, language } = useAppContext();
  const { texts } = language;
  const [why, setWhy] = useState("");
  const { loaded } = useLoad(() => checkReferences(steps, settings), [settings]);
  const isSwitchedOff = changes.some(({ field, after }) => field === "enabled" && after === false);
  const warnings = [
    ...(isSwitchedOff
      ? [
          {
            field: "enabled",
            message: texts.settings.switchesOff,
            said: texts.settings.switchesOff,
          },
        ]
      : []),
    ...(loaded.value ?? []).map(({ field, message }) => ({
      field,
      message,
      said: <Foreign>{message}</Foreign>,
    })),
  ];
  const { diff, saving } = texts.settings;
  return (
    <Dialog
      wide
      title={diff.title}
      onClose={onClose}
      actions={
        <>
          <Button look="basic" onClick={onClose}>
            {texts.common.cancel}
          </Button>
          <Button look="primary" busy={isSaving} onClick={() => onSave(why)}>
            {isSaving ? saving : diff.save}
          </Button>
        </>
      }
    >
      {warnings.length === 0 ? null : (
        <Callout kind="warning" title={diff.warnings}>
          <ul class="bullets">
            {warnings.map(({ field, message, said }) => (
              <li key={`${field} ${message}`}>
                <b>{labelOf(texts, field)}:</b> {said}
              </li>
            ))}
          </ul>
        </Callout>
      )}
      <div class="stack">
        <Table
          caption={diff.title}
          heads={[diff.field, diff.before, diff.after]}
          rows={changes.map(({ field, before, after }) => ({
            key: field,
            cells: [
              <b>{labelOf(texts, field)}</b>,
              <del dir="auto">{valueText(texts, names, field, before)}</del>,
              <ins dir="auto">{valueText(texts, names, field, after)}</ins>,
            ],
          }))}
        />
        <Field label={diff.why} help={diff.whyHelp}>
          {({ id, "aria-describedby": described }) => (
            <input
              id={id}
              class="c-field__input"
              dir="auto"
              maxLength={LONGEST_WHY}
              aria-describedby={described}
              value={why}
              onInput={(event) => setWhy(event.currentTarget.value)}
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
