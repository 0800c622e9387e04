/** Garden's dialog on the browser's own: it keeps the focus inside, and Escape closes it. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

interface DialogProps {
  readonly title: string;
  readonly danger?: boolean;
  readonly wide?: boolean;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly actions: ComponentChildren;
}

/** Shown as long as it is rendered. The native confirm and alert do nothing inside Zendesk. */
export function Dialog({ title, danger, wide, onClose, children, actions }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    const opener = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={`c-dialog${wide ? " c-dialog--large" : ""}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={id} class={`c-dialog__header${danger ? " c-dialog__header--danger" : ""}`}>
        {title}
      </h2>
      <div class="c-dialog__body">{children}</div>
      <div class="c-dialog__footer">{actions}</div>
    </dialog>
  );
}
