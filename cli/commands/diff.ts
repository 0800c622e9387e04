/** `caseqa diff`: what an upgrade would change in the account's bundle. */
import { onAccount, type AccountOptions } from "../options.ts";
import { fillTemplate } from "#install/bundle-template";
import { canonicalJson } from "#install/canonical-json";
import { readBundles } from "#install/found-bundles";
import type { Bundle } from "#zis/model/bundle";
import { type OpenAccount, withAccount } from "../account.ts";
import { type Command, EXIT } from "../command.ts";
import { pointerStep } from "#app-package/json-source";
import { createStyle } from "#zis/terminal/style";

export interface Difference {
  readonly kind: "added" | "removed" | "changed";
  /** The resource's key in the bundle. */
  readonly resource: string;
  /** JSON pointer inside the resource; empty: the resource as a whole. */
  readonly path: string;
  /** Absent where there is no value. */
  readonly before?: unknown;
  readonly after?: unknown;
}

export const diffCommand: Command<AccountOptions> = {
  name: "diff",
  declare: (command) =>
    onAccount(
      command
        .summary("show what differs between the account's bundle and this build")
        .description(
          "Compares the bundle in the registry with this build, resource by resource and member by member.",
        ),
      "0 no differences, 1 differences, 2 wrong usage",
    ),
  async run(io, _words, options) {
    return withAccount(io, options, async ({ context }) => {
      io.progress.show("reading the registry");
      const differences = await readDifferences(context);
      io.progress.done();
      if (options.json) {
        io.out(`${JSON.stringify({ same: differences.length === 0, differences })}\n`);
      } else {
        const style = createStyle(io.colour);
        const colours = { added: "green", removed: "red", changed: "yellow" } as const;
        const signs = { added: "+", removed: "-", changed: "~" } as const;
        for (const { kind, resource, path, before, after } of differences) {
          const values = path === "" ? "" : `: ${show(before)} → ${show(after)}`;
          io.out(`${style(colours[kind], `${signs[kind]} ${resource}${path}`)}${values}\n`);
        }
        if (differences.length === 0) io.out("No difference.\n");
      }
      return differences.length === 0 ? EXIT.ok : EXIT.failed;
    });
  },
};

async function readDifferences(context: OpenAccount["context"]): Promise<readonly Difference[]> {
  const wanted = await fillTemplate(context.template, context);
  const [found] = await readBundles(context, wanted.name);
  return compareBundles(found?.bundle, wanted);
}

/** Pure. Resources in the order of their keys; a missing bundle counts as one without resources. */
export function compareBundles(before: Bundle | undefined, after: Bundle): readonly Difference[] {
  const old: Readonly<Record<string, unknown>> = before?.resources ?? {};
  const fresh: Readonly<Record<string, unknown>> = after.resources;
  const keys = [...new Set([...Object.keys(old), ...Object.keys(fresh)])].sort();
  return keys.flatMap((resource): readonly Difference[] => {
    if (!(resource in old)) return [{ kind: "added", resource, path: "" }];
    if (!(resource in fresh)) return [{ kind: "removed", resource, path: "" }];
    return compareValues(resource, "", old[resource], fresh[resource]);
  });
}

function compareValues(
  resource: string,
  path: string,
  before: unknown,
  after: unknown,
): readonly Difference[] {
  if (
    before !== undefined &&
    after !== undefined &&
    canonicalJson(before) === canonicalJson(after)
  ) {
    return [];
  }
  if (
    !isContainer(before) ||
    !isContainer(after) ||
    Array.isArray(before) !== Array.isArray(after)
  ) {
    return [{ kind: "changed", resource, path, before, after }];
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) =>
    compareValues(resource, `${path}${pointerStep(key)}`, before[key], after[key]),
  );
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function show(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
