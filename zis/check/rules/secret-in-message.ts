/** Can a credential reach a message that the integration log shows? */
import type { StateView } from "../context.ts";
import type { Found } from "../finding.ts";
import { readsOf } from "../path-uses.ts";
import type { Rule } from "../rule.ts";
import { overlap, type Secret } from "../secrets.ts";

export const secretInMessage: Rule = {
  name: "secret-in-message",
  severity: "error",
  what: "A message, Error or Cause includes what is below $.connections, or what jq made of it.",
  source: "ZIS developer guide, connections; every administrator can read the integration log",
  *find(_context, analysis) {
    for (const { scope, secrets } of analysis.secrets) {
      for (const view of scope.states.values()) {
        if (view.type === "Succeed" || view.type === "Fail") yield* shown(view, secrets);
      }
    }
  },
};

function* shown(view: StateView, secrets: readonly Secret[]): Generator<Found> {
  for (const { text: written, parsed, at } of readsOf(view)) {
    if (!parsed.ok) continue;
    const touched = secrets.filter(({ segments }) => overlap(segments, parsed.segments));
    if (touched.length === 0) continue;
    const isSure = touched.some(({ derived }) => !derived);
    yield {
      path: at,
      ...(!isSure && { severity: "warning" as const }),
      message: `${written} ${isSure ? "holds" : "may hold"} a credential of a connection, and the integration log shows this text.`,
      hint: "Name only what an administrator needs, such as an id or the Cause of an error.",
    };
  }
}
