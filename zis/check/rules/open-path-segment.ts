/** Can a value change which path of a server an action calls? */
import { type PathSegment, placeholders } from "../../model/paths.ts";
import { calledAction, statesWithData } from "../action-data.ts";
import type { Analysis } from "../analysis.ts";
import { type ActionView, type StateView, text } from "../context.ts";
import { copiedFrom, sourcesOf } from "../data-origin.ts";
import { look, type Shape } from "../data-shape.ts";
import { child } from "../json-pointer.ts";
import { type PathUse, readsOfAction } from "../path-uses.ts";
import type { Rule } from "../rule.ts";

type Segments = readonly PathSegment[];

export const openPathSegment: Rule = {
  name: "open-path-segment",
  severity: "warning",
  what: "Text from people or other systems is put into the path of a URL, and can change which path is called.",
  source: "RFC 3986; placeholders are filled in as they are (inferred from public bundles)",
  *find(context, analysis) {
    const reported = new Set<string>();
    for (const { view, data } of statesWithData(context, analysis)) {
      const action = calledAction(view, context);
      if (action === undefined) continue;
      for (const { text: path, parsed, at } of usesInPath(action)) {
        const id = `${at} ${path}`;
        if (!parsed.ok || reported.has(id)) continue;
        const source = sourcesOf(view, parsed.segments).find((each) =>
          isFreeText(each, view, data, analysis),
        );
        if (source === undefined) continue;
        reported.add(id);
        yield {
          path: at,
          message: `{{${path}}} can leave its place in the path: $.${source.join(".")} may hold "/", "?" or "..", and then another path is called.`,
          hint: "Encode it with @uri in a jq program before, or pass a number (tonumber).",
        };
      }
    }
  },
};

/** The placeholders of url and path that stand in the path: after the host, before the query. */
function usesInPath(action: ActionView): PathUse[] {
  const definition = child(action.path, "definition");
  return [...readsOfAction(action)].filter(({ at, text: path }) => {
    const member = ["url", "url.$", "path", "path.$"].find(
      (name) => at === child(definition, name),
    );
    if (member === undefined) return false;
    const whole = text(action.definition[member]) ?? "";
    const host = member.startsWith("url")
      ? (/^https?:\/\/[^/?#]*/.exec(whole)?.[0].length ?? 0)
      : 0;
    const place = placeholders(whole).find((each) => each.path === path);
    // A whole URL or path that the data give is not a segment of one.
    if (place === undefined || place.end - place.start === whole.length) return false;
    return (
      place.start >= host &&
      (host > 0 || member.startsWith("path")) &&
      !/[?#]/.test(whole.slice(0, place.start))
    );
  });
}

/** True for what people write into a ticket, and for all that comes from elsewhere by an inbound webhook. */
function isFreeText(source: Segments, view: StateView, data: Shape, analysis: Analysis): boolean {
  const { documented } = look(data, source).shape;
  if (documented !== undefined) return documented === "text" || documented === "texts";
  const origin = view.scope.outer === undefined ? copiedFrom(view.scope, source) : source;
  if (view.scope.outer !== undefined || origin[0] !== "input") return false;
  if (analysis.eventsOf(view.scope) !== undefined) return false;
  return !isEventId(origin);
}

/** Without a job spec a flow may still be written for an event of Zendesk. */
function isEventId([, event, ...rest]: Segments): boolean {
  return String(event).endsWith("_event") && /^(?:id|.*_id)$/.test(String(rest.at(-1)));
}
