/** Whether an app package would be taken by Zendesk, and would work: all rules over one package. */
import { MANIFEST, REQUIREMENTS, type AppPackage } from "./app-package.ts";
import { assetRules } from "./asset-rules.ts";
import { contentRules } from "./content-rules.ts";
import type { Found, LintFinding } from "./finding.ts";
import { locationRules } from "./location-rules.ts";
import { manifestRules } from "./manifest-rules.ts";
import { parameterRules } from "./parameter-rules.ts";
import { requirementRules } from "./requirement-rules.ts";
import { translationRules } from "./translation-rules.ts";

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
  const findings = RULES.flatMap((rule) => rule(app)).map((found) => placed(app, found));
  const errors = findings.filter(({ severity }) => severity === "error");
  return [...errors, ...findings.filter(({ severity }) => severity !== "error")];
}

function duplicateKeys(app: AppPackage): readonly Found[] {
  return [MANIFEST, REQUIREMENTS].flatMap((file) =>
    (app.json(file)?.duplicates ?? []).map((path) => ({
      rule: "duplicate-key",
      file,
      path,
      message: `The key of ${path} stands twice in its object.`,
      cure: "Remove one: the first would be lost.",
    })),
  );
}

function placed(app: AppPackage, found: Found): LintFinding {
  const { rule, file, path = "", message, cure, severity = "error" } = found;
  const source = file.endsWith(".json") ? app.json(file) : undefined;
  const { line, column } = source?.locate(path) ?? { line: 0, column: 0 };
  return { severity, rule, file, line, column, path, message, cure };
}
