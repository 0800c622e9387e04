/** One verdict over what the server checks and what is installed in Zendesk. Pure. */
import type { Health, HealthCheck } from "#contract/routes/health";
import type { InstallState } from "#install/state";

export interface Finding {
  /** Of the server's check; `install`: what is installed in Zendesk. */
  readonly name: string;
  readonly state: HealthCheck["state"];
  readonly message: string;
  readonly remedy: string | null;
}

export interface Verdict {
  readonly level: HealthCheck["state"];
  /** What needs action: failures first. */
  readonly wrong: readonly Finding[];
  readonly well: readonly Finding[];
}

/** @param installed undefined: it could not be read, which the page Install says */
export function verdictOf(health: Health, installed: InstallState | undefined): Verdict {
  const findings: Finding[] = [
    ...health.checks.map(({ cure, ...check }) => ({ ...check, remedy: cure })),
    ...ofInstallation(installed),
  ];
  const wrong = ["failed", "warning"].flatMap((state) =>
    findings.filter((finding) => finding.state === state),
  );
  const well = findings.filter(({ state }) => state === "ok");
  return { level: wrong[0]?.state ?? "ok", wrong, well };
}

/** What the server's own checks do not say already. */
function ofInstallation(installed: InstallState | undefined): readonly Finding[] {
  return (installed?.problems ?? [])
    .filter(({ about, severity }) => about === undefined && severity !== "note")
    .map(({ what, remedy, severity }) => ({
      name: "install",
      state: severity === undefined ? "failed" : "warning",
      message: what,
      remedy,
    }));
}
