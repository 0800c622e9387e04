/** `caseqa lint`: would Zendesk take the app package, and would the app work? */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { readArguments, requirePositionals } from "../arguments.ts";
import { type Command, EXIT, Misuse } from "../command.ts";
import { readAppPackage } from "#app-package/folder";
import type { LintFinding } from "#app-package/finding";
import { lintApp } from "#app-package/lint";
import { counted, createStyle, type Style } from "#zis/terminal/style";

export const lintCommand: Command = {
  name: "lint",
  summary: "check an app package offline, by the rules of Zendesk's validator and more",
  help: `Usage: caseqa lint [DIR] [options]

Checks the folder of a built app (default: dist/app) as zcli would pack it: manifest, locations, icons, logos,
translations, requirements, files. Needs no account.

  --strict   warnings count as errors
  --json     one object {ok, findings} on stdout
  --help     this text

Exit codes: 0 no errors, 1 at least one, 2 misuse.
`,
  async run(args, io) {
    const parsed = readArguments(args, { flags: ["json", "strict"] });
    const { positionals } = parsed;
    if (positionals.length > 1) requirePositionals(parsed, "DIR");
    const directory = resolve(io.cwd, positionals[0] ?? "dist/app");
    const isFolder = await stat(directory).then(
      (entry) => entry.isDirectory(),
      () => false,
    );
    if (!isFolder)
      throw new Misuse(`there is no folder ${directory}; npm run build:app makes dist/app`);
    const findings = lintApp(await readAppPackage(directory));
    const errors = findings.filter(({ severity }) => severity === "error").length;
    const ok = parsed.flag("strict") ? findings.length === 0 : errors === 0;
    if (parsed.flag("json")) {
      io.out(`${JSON.stringify({ ok, findings })}\n`);
    } else {
      const style = createStyle(io.colour);
      io.out(findings.map((finding) => findingLines(finding, style)).join(""));
      const warnings = findings.length - errors;
      io.out(`${counted(errors, "error")}, ${counted(warnings, "warning")}\n`);
    }
    return ok ? EXIT.ok : EXIT.failed;
  },
};

function findingLines(finding: LintFinding, style: Style): string {
  const { severity, file, line, column, message, remedy, rule } = finding;
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  const colour = severity === "error" ? "red" : "yellow";
  const head = `${style("bold", place)} ${style(colour, severity)} ${message}`;
  return `${head}\n    ${remedy} ${style("dim", `(${rule})`)}\n`;
}
