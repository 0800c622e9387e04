/** Garden's callout: a sentence that must not be missed, and what to do. */
import type { ComponentChildren } from "preact";
import { InstallError } from "../../../install/install-error.ts";
import { useTexts } from "../desk.ts";
import { Foreign } from "./foreign.tsx";
import { SessionError } from "../zaf/session.ts";

interface CalloutProps {
  readonly kind: "info" | "success" | "warning" | "error";
  readonly title?: ComponentChildren;
  readonly children?: ComponentChildren;
}

/** Errors are spoken at once, the others when the reader comes to them. */
export function Callout({ kind, title, children }: CalloutProps) {
  return (
    <div class={`c-callout c-callout--${kind}`} {...(kind === "error" ? { role: "alert" } : {})}>
      {title === undefined ? null : <strong class="c-callout__title">{title}</strong>}
      {children}
    </div>
  );
}

/** A cause and its cure. */
export function Cause({ message, cure }: { message: string; cure: string | null }) {
  return (
    <>
      <p class="c-callout__paragraph">
        <Foreign>{message}</Foreign>
      </p>
      {cure === null ? null : (
        <p class="c-callout__paragraph">
          <Cure cure={cure} />
        </p>
      )}
    </>
  );
}

export function Cure({ cure }: { cure: string }) {
  const { common } = useTexts();
  return (
    <>
      <b>{common.cure}:</b> <Foreign>{cure}</Foreign>
    </>
  );
}

/** What went wrong, whatever was thrown. */
export function Failure({ title, error }: { title: string; error: unknown }) {
  const { start } = useTexts();
  if (error instanceof SessionError) {
    return (
      <Callout kind="error" title={title}>
        <Cause message={`${start.noSession} ${error.message}`} cure={start.noSessionHelp} />
      </Callout>
    );
  }
  const message = error instanceof Error ? error.message : String(error);
  const cure = error instanceof InstallError ? error.cure : null;
  return (
    <Callout kind="error" title={title}>
      <Cause message={message} cure={cure} />
    </Callout>
  );
}
