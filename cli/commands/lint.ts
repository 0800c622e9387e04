/** `caseqa lint`: would Zendesk take the app package, and would the app work? */
import { withExits, type JsonOption } from "../options.ts";
import { UsageError } from "#zis/terminal/usage-error";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type Command, EXIT } from "../command.ts";
import { readAppPackage } from "#app-package/folder";
import type { LintFinding } from "#app-package/finding";
import { lintApp } from "#app-package/lint";
import { counted, createStyle, type Style } from "#zis/terminal/style";

interface LintOptions extends JsonOption {
  readonly strict?: true;
}

export const lintCommand: Command<LintOptions> = {
  name: "lint",
  declare: (command) =>
    withExits(
      command
        .summary("check an app package offline, by the rules of Zendesk's validator and more")
        .description(`Checks the folder of a built app as zcli would pack it: manifest, locations, icons, logos, translations,
requirements, files. Needs no account.`)
        .argument("[DIR]", "the folder", "dist/app")
        .option("--strict", "warnings count as errors")
        .option("--json", "one object {ok, findings} on stdout"),
      "0 no errors, 1 at least one, 2 wrong usage",
    ),
  async run(io, [folder = "dist/app"], { json, strict }) {
    const directory = resolve(io.cwd, folder);
    const isFolder = await stat(directory).then(
      (entry) => entry.isDirectory(),
      () => false,
    );
    if (!isFolder)
      throw new UsageError(
        `the folder ${directory} does not exist; npm run build:app makes dist/app`,
      );
    const findings = lintApp(await readAppPackage(directory));
    const errors = findings.filter(({ severity }) => severity === "error").length;
    const ok = strict ? findings.length === 0 : errors === 0;
    if (json) {
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
