/** Whether Zendesk takes an app package, and whether the app would work: all rules over one package. */
import type { Found, LintFinding } from "./finding.ts";
import { MANIFEST, REQUIREMENTS, type AppPackage } from "./package.ts";
import { assetRules } from "./rules/asset.ts";
import { contentRules } from "./rules/content.ts";
import { locationRules } from "./rules/location.ts";
import { manifestRules } from "./rules/manifest.ts";
import { parameterRules } from "./rules/parameter.ts";
import { requirementRules } from "./rules/requirement.ts";
import { translationRules } from "./rules/translation.ts";

const RULES: readonly ((app: AppPackage) => readonly Found[])[] = [
  manifestRules,
  duplicateKeys,
  locationRules,
  parameterRules,
  translationRules,
  requirementRules,
  assetRules,
  contentRules,
];

/** Everything that is wrong with a package, errors first. */
export function lintApp(app: AppPackage): readonly LintFinding[] {
  const findings = check(app).map((found) => placed(app, found));
  const errors = findings.filter(({ severity }) => severity === "error");
  return [...errors, ...findings.filter(({ severity }) => severity !== "error")];
}

/** Why Zendesk refuses a package, a sentence each; none: it takes it. */
export function refusals(app: AppPackage): readonly string[] {
  return check(app)
    .filter(({ severity, unseen }) => severity !== "warning" && !unseen)
    .map(({ file, message }) =>
      file === MANIFEST || message.includes(file) ? message : `${file}: ${message}`,
    );
}

function check(app: AppPackage): readonly Found[] {
  return RULES.flatMap((rule) => rule(app));
}

function duplicateKeys(app: AppPackage): readonly Found[] {
  return [MANIFEST, REQUIREMENTS].flatMap((file) =>
    (app.json(file)?.duplicates ?? []).map((path) => ({
      rule: "duplicate-key",
      file,
      path,
      message: `The key of ${path} stands twice in its object.`,
      remedy: "Remove one: the first would be lost.",
    })),
  );
}

function placed(app: AppPackage, found: Found): LintFinding {
  const { rule, file, path = "", message, remedy, severity = "error" } = found;
  const source = file.endsWith(".json") ? app.json(file) : undefined;
  const { line, column } = source?.locate(path) ?? { line: 0, column: 0 };
  return { severity, rule, file, line, column, path, message, remedy };
}
