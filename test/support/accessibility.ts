/** Does a page keep the rules of accessibility, as far as axe-core can tell? */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Frame } from "playwright-core";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What is used of axe-core in the page. */
interface Axe {
  run(
    page: unknown,
    options: { readonly runOnly: readonly string[] },
  ): Promise<{
    readonly violations: readonly {
      readonly id: string;
      readonly nodes: readonly { readonly html: string }[];
    }[];
  }>;
}

/** What axe-core finds wrong in a page, each as its rule and the elements; empty: nothing. */
export async function violations(app: Frame): Promise<readonly string[]> {
  await app.evaluate(await readFile(AXE, "utf8"));
  // Colours in transition are not judged, nor those of a change that is not drawn yet; a spinner never ends.
  await app.evaluate(async () => {
    const drawn = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const ending = () =>
      document
        .getAnimations()
        .filter((one) => one.effect?.getComputedTiming().iterations !== Infinity);
    do {
      await Promise.allSettled(ending().map((one) => one.finished));
      await drawn();
      await drawn();
    } while (ending().length > 0);
  });
  const found = await app.evaluate(
    async (rules) =>
      (globalThis as unknown as { readonly axe: Axe }).axe.run(document, { runOnly: rules }),
    RULES,
  );
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`,
  );
}
