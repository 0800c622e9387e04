/** Two saved at once: both versions side by side, and the choice. */
import type { Settings } from "#contract/settings/settings";
import { diffSettings } from "#install/settings-edit";
import { useTexts } from "../app-context.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Table } from "../parts/table.tsx";
import type { Names } from "#install/account-names";
import { labelOf, valueText } from "./value-text.ts";

interface ConflictDialogProps {
  readonly mine: Settings;
  readonly theirs: Settings;
  readonly names: Names;
  readonly onTakeTheirs: () => void;
  readonly onKeepMine: () => void;
  readonly onClose: () => void;
}

export function ConflictDialog(props: ConflictDialogProps) {
  const { mine, theirs, names, onTakeTheirs, onKeepMine, onClose } = props;
  const texts = useTexts();
  const { conflict, diff } = texts.settings;
  return (
    <Dialog
      wide
      title={conflict.title}
      onClose={onClose}
      actions={
        <>
          <Button look="basic" onClick={onClose}>
            {texts.common.cancel}
          </Button>
          <Button onClick={onTakeTheirs}>{conflict.theirs}</Button>
          <Button look="primary" onClick={onKeepMine}>
            {conflict.mine}
          </Button>
        </>
      }
    >
      <p>{conflict.help(theirs.revision)}</p>
      <Table
        caption={conflict.title}
        heads={[diff.field, conflict.yours, conflict.other]}
        rows={diffSettings(mine, theirs).map(({ field, before, after }) => ({
          key: field,
          cells: [
            <b>{labelOf(texts, field)}</b>,
            <bdi>{valueText(texts, names, field, before)}</bdi>,
            <bdi>{valueText(texts, names, field, after)}</bdi>,
          ],
        }))}
      />
    </Dialog>
  );
}
