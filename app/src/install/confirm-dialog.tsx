/** Asks for confirmation before something is removed; to uninstall, the account's name must be typed. */
import { useState } from "preact/hooks";
import { useTexts } from "../app-context.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Check, Field } from "../parts/field.tsx";

export type AskedAct = "rollback" | "disable" | "uninstall";

interface ConfirmProps {
  readonly act: AskedAct;
  readonly subdomain: string;
  readonly links: boolean;
  readonly onLinks: (links: boolean) => void;
  readonly onCancel: () => void;
  readonly onConfirm: () => void;
}

export function ConfirmDialog({
  act,
  subdomain,
  links,
  onLinks,
  onCancel,
  onConfirm,
}: ConfirmProps) {
  const { install, common } = useTexts();
  const [typed, setTyped] = useState("");
  const [isTried, setIsTried] = useState(false);
  const isUninstall = act === "uninstall";
  const isRight = !isUninstall || typed.trim() === subdomain;
  return (
    <Dialog
      title={install[act].confirm}
      danger={isUninstall}
      onClose={onCancel}
      actions={
        <>
          <Button look="basic" onClick={onCancel}>
            {common.cancel}
          </Button>
          <Button
            look="primary"
            danger={isUninstall}
            onClick={() => (isRight ? onConfirm() : setIsTried(true))}
          >
            {install[act].title}
          </Button>
        </>
      }
    >
      <p>{install[act].confirmHelp}</p>
      {isUninstall ? (
        <div class="stack">
          <Check label={install.uninstall.links} checked={links} onChange={onLinks} />
          <Field
            label={install.uninstall.type(subdomain)}
            problem={isTried && !isRight ? install.uninstall.mismatch : undefined}
          >
            {(bound) => (
              <input
                {...bound}
                class="c-field__input"
                autocomplete="off"
                value={typed}
                onInput={(event) => setTyped(event.currentTarget.value)}
              />
            )}
          </Field>
        </div>
      ) : null}
    </Dialog>
  );
}
