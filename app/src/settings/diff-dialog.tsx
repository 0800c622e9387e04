/** What a save would change, before it is done. */
import type { FieldChange } from "../../../install/settings-edit.ts";
import { useTexts } from "../desk.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Table } from "../parts/table.tsx";
import type { Names } from "./names.ts";
import { labelOf, valueText } from "./value-text.ts";

interface DiffDialogProps {
  readonly changes: readonly FieldChange[];
  readonly names: Names;
  readonly isSaving: boolean;
  readonly onSave: () => void;
  readonly onClose: () => void;
}

export function DiffDialog({ changes, names, isSaving, onSave, onClose }: DiffDialogProps) {
  const texts = useTexts();
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
          <Button look="primary" busy={isSaving} onClick={onSave}>
            {isSaving ? saving : diff.save}
          </Button>
        </>
      }
    >
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
    </Dialog>
  );
}
