/** Settings as a file or as text: out, and in through the form. */
import { useState } from "preact/hooks";
import type { Settings } from "#contract/settings/settings";
import { importSettings, type FieldProblem } from "#install/settings-check";
import { exportSettings } from "#install/settings-edit";
import { useAppContext } from "../app-context.ts";
import { Button } from "../parts/button.tsx";
import { Callout } from "../parts/callout.tsx";
import { Field } from "../parts/field.tsx";

interface TransferPanelProps {
  readonly settings: Settings;
  readonly onLoad: (settings: Settings) => void;
}

export function TransferPanel({ settings, onLoad }: TransferPanelProps) {
  const { language, steps } = useAppContext();
  const { transfer } = language.texts.settings;
  const [typed, setTyped] = useState<string | null>(null);
  const [problems, setProblems] = useState<readonly FieldProblem[]>([]);
  const text = typed ?? exportSettings(settings);

  const load = (text: string): void => {
    const checked = importSettings(text);
    if (!checked.ok) {
      setProblems(checked.problems);
      return;
    }
    setProblems([]);
    setTyped(null);
    onLoad(checked.settings);
  };
  const loadFile = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const text = await file.text();
    setTyped(text);
    load(text);
  };

  return (
    <details class="card">
      <summary>
        <h2>{transfer.title}</h2>
      </summary>
      <p class="quiet">{transfer.help}</p>
      {problems.length === 0 ? null : (
        <Callout kind="error" title={transfer.failed}>
          <ul class="bullets" dir="auto">
            {problems.map(({ field, message }) => (
              <li key={field}>{field === "" ? message : `${field}: ${message}`}</li>
            ))}
          </ul>
        </Callout>
      )}
      <div class="stack">
        <Field label={transfer.copy}>
          {(bound) => (
            <textarea
              {...bound}
              class="c-field__input c-field__input--area code"
              rows={10}
              dir="ltr"
              spellcheck={false}
              value={text}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label={transfer.file}>
          {(bound) => (
            <input
              {...bound}
              class="c-field__input narrow"
              type="file"
              accept="application/json,.json"
              onChange={(event) => void loadFile(event.currentTarget.files?.[0])}
            />
          )}
        </Field>
        <div class="row">
          <Button onClick={() => load(text)} disabled={typed === null}>
            {transfer.import}
          </Button>
          <a
            class="link"
            download={`caseqa-${steps.subdomain}-settings.json`}
            href={`data:application/json;charset=utf-8,${encodeURIComponent(exportSettings(settings))}`}
          >
            {transfer.export}
          </a>
        </div>
      </div>
    </details>
  );
}
