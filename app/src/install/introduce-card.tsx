/** Shown while the server gives no session: registers this installation at the server. */
import { useRef, useState } from "preact/hooks";
import { askRoute } from "#contract/client";
import { useAppContext } from "../app-context.ts";
import { Button } from "../parts/button.tsx";
import { Callout, Failure } from "../parts/callout.tsx";
import { Foreign } from "../parts/foreign.tsx";
import { Field } from "../parts/field.tsx";
import { SecretInput } from "../parts/secret-input.tsx";
import { useLoad } from "../parts/use-load.ts";
import { SessionError } from "../zaf/session.ts";

type Outcome =
  | { readonly status: "none" | "running" | "done" | "empty" }
  | { readonly status: "failed"; readonly error: unknown };

export function IntroduceCard() {
  const { steps, introduce, language, announce } = useAppContext();
  const { introduce: texts, install } = language.texts;
  const { loaded } = useLoad(() => askRoute(steps.callServer, { route: "me" }), [steps]);
  const [token, setToken] = useState("");
  const [outcome, setOutcome] = useState<Outcome>({ status: "none" });
  const input = useRef<HTMLInputElement>(null);
  if (loaded.status !== "failed" || !(loaded.error instanceof SessionError)) return null;

  const send = async (): Promise<void> => {
    if (token.trim() === "") {
      setOutcome({ status: "empty" });
      input.current?.focus();
      return;
    }
    setOutcome({ status: "running" });
    try {
      await introduce(token.trim());
      setToken("");
      setOutcome({ status: "done" });
      announce(texts.done);
    } catch (error) {
      setOutcome({ status: "failed", error });
    }
  };

  return (
    <section class="card" aria-labelledby="introduce-title">
      <div class="card__head">
        <h2 id="introduce-title">{texts.title}</h2>
      </div>
      {outcome.status === "done" ? (
        <Callout kind="success" title={texts.done}>
          <p class="c-callout__paragraph">{texts.doneHelp}</p>
        </Callout>
      ) : (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void send();
          }}
        >
          <div>
            <p class="quiet">{texts.help}</p>
            <p class="quiet">
              {texts.cause}: <Foreign>{loaded.error.message}</Foreign>
            </p>
          </div>
          {outcome.status === "failed" ? (
            <Failure title={texts.failed} error={outcome.error} />
          ) : null}
          <Field
            label={install.token.label}
            help={texts.tokenHelp}
            problem={outcome.status === "empty" ? texts.empty : undefined}
          >
            {(bound) => (
              <span class="row">
                <SecretInput bound={bound} input={input} value={token} onType={setToken} />
                <Button type="submit" look="primary" busy={outcome.status === "running"}>
                  {texts.button}
                </Button>
              </span>
            )}
          </Field>
        </form>
      )}
    </section>
  );
}
