/** Roll back, disable, enable and uninstall; what removes something asks for confirmation. */
import { useState } from "preact/hooks";
import { disable, enable, uninstall, type Removed } from "#install/disable";
import { rollBack } from "#install/rollback";
import type { InstallState } from "#install/state";
import { useAppContext } from "../app-context.ts";
import { Button } from "../parts/button.tsx";
import { Callout, Cause, Failure } from "../parts/callout.tsx";
import { type AskedAct, ConfirmDialog } from "./confirm-dialog.tsx";
import { RemovedReport } from "./removed-report.tsx";
import { shortHash } from "./state-card.tsx";

type Act = AskedAct | "enable";

type Report =
  | { readonly kind: "removed"; readonly act: Act; readonly removed: Removed }
  | {
      readonly kind: "said";
      readonly ok: boolean;
      readonly message: string;
      readonly remedy: string | null;
    }
  | { readonly kind: "thrown"; readonly act: Act; readonly error: unknown };

interface MaintenanceProps {
  readonly state: InstallState | undefined;
  readonly isBlocked: boolean;
  /** Before something is changed. */
  readonly onBegin: () => void;
  readonly onChanged: () => Promise<void>;
}

export function Maintenance({ state, isBlocked, onBegin, onChanged }: MaintenanceProps) {
  const { steps, endCalls, language, instant, announce } = useAppContext();
  const { install } = language.texts;
  const [asking, setAsking] = useState<AskedAct | null>(null);
  const [running, setRunning] = useState<Act | null>(null);
  const [report, setReport] = useState<Report | null>(null);
  const [links, setLinks] = useState(false);

  const perform = async (act: Act): Promise<void> => {
    setAsking(null);
    setRunning(act);
    onBegin();
    setReport(null);
    const report = await reportOf(act);
    setReport(report);
    announce(sentenceOf(report));
    setRunning(null);
    await onChanged();
    await endCalls().catch(() => undefined);
  };

  const reportOf = async (act: Act): Promise<Report> => {
    try {
      if (act !== "rollback") {
        const removed =
          act === "uninstall"
            ? await uninstall(steps, { links })
            : await (act === "disable" ? disable : enable)(steps);
        return { kind: "removed", act, removed };
      }
      const result = await rollBack(steps);
      return result.outcome === "rolled_back"
        ? { kind: "said", ok: true, message: result.message, remedy: null }
        : { kind: "said", ok: false, message: result.message, remedy: result.remedy };
    } catch (error) {
      return { kind: "thrown", act, error };
    }
  };

  const isDisabled = state?.state === "disabled";
  const previous = state?.previous[0];
  const acts: readonly { act: Act; disabled: boolean; more?: string | undefined }[] = [
    {
      act: "rollback",
      disabled: previous === undefined,
      more: previous && `${shortHash(previous.hash)}, ${instant(previous.uploadedAt)}`,
    },
    isDisabled
      ? { act: "enable", disabled: false }
      : { act: "disable", disabled: state === undefined || state.found === null },
    { act: "uninstall", disabled: state === undefined || !state.integrationRegistered },
  ];
  return (
    <section class="card" aria-labelledby="maintenance-title">
      <div class="card__head">
        <h2 id="maintenance-title">{install.maintain}</h2>
      </div>
      {report === null ? null : <ReportView report={report} />}
      <ul class="acts">
        {acts.map(({ act, disabled, more }) => (
          <li key={act}>
            <div class="grow">
              <h3>{install[act].title}</h3>
              <p class="quiet">{install[act].help}</p>
              {more === undefined ? null : (
                <p class="quiet">
                  <bdi>{more}</bdi>
                </p>
              )}
            </div>
            <Button
              danger={act === "uninstall"}
              busy={running === act}
              disabled={disabled || isBlocked || (running !== null && running !== act)}
              onClick={() => (act === "enable" ? void perform(act) : setAsking(act))}
            >
              {install[act].button}
            </Button>
          </li>
        ))}
      </ul>
      {asking === null ? null : (
        <ConfirmDialog
          act={asking}
          subdomain={steps.subdomain}
          links={links}
          onLinks={setLinks}
          onCancel={() => setAsking(null)}
          onConfirm={() => void perform(asking)}
        />
      )}
    </section>
  );
}

function sentenceOf(report: Report): string {
  if (report.kind === "removed") return report.removed.message;
  if (report.kind === "said") return report.message;
  return report.error instanceof Error ? report.error.message : String(report.error);
}

function ReportView({ report }: { report: Report }) {
  const { install } = useAppContext().language.texts;
  if (report.kind === "removed") return <RemovedReport removed={report.removed} />;
  if (report.kind === "thrown") {
    return <Failure title={install[report.act].title} error={report.error} />;
  }
  return (
    <Callout kind={report.ok ? "success" : "error"}>
      <Cause message={report.message} remedy={report.remedy} />
    </Callout>
  );
}
