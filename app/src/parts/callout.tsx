/** Garden's callout: a sentence that must not be missed, and what to do. */
import type { ComponentChildren } from "preact";
import { ServerRefusal } from "#contract/client";
import { InstallError } from "#install/install-error";
import { serverRemedy } from "#install/refusals";
import { useTexts } from "../app-context.ts";
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

/** A cause and its remedy. */
export function Cause({ message, remedy }: { message: string; remedy: string | null }) {
  return (
    <>
      <p class="c-callout__paragraph">
        <Foreign>{message}</Foreign>
      </p>
      {remedy === null ? null : (
        <p class="c-callout__paragraph">
          <Remedy remedy={remedy} />
        </p>
      )}
    </>
  );
}

export function Remedy({ remedy }: { remedy: string }) {
  const { common } = useTexts();
  return (
    <>
      <b>{common.remedy}:</b> <Foreign>{remedy}</Foreign>
    </>
  );
}

/** What went wrong, whatever was thrown. */
export function Failure({ title, error }: { title: string; error: unknown }) {
  const { start } = useTexts();
  if (error instanceof SessionError) {
    return (
      <Callout kind="error" title={title}>
        <Cause message={`${start.noSession} ${error.message}`} remedy={start.noSessionHelp} />
      </Callout>
    );
  }
  const message = error instanceof Error ? error.message : String(error);
  return (
    <Callout kind="error" title={title}>
      <Cause message={message} remedy={remedyOf(error)} />
    </Callout>
  );
}

function remedyOf(error: unknown): string | null {
  if (error instanceof ServerRefusal) return serverRemedy(error);
  return error instanceof InstallError ? error.remedy : null;
}
