/** Does every call to Zendesk say who calls? */
import { isJsonObject, type Json } from "../../model/json.ts";
import { hostOf } from "../action-host.ts";
import { text } from "../context.ts";
import { child } from "../json-pointer.ts";
import type { Rule } from "../rule.ts";

/** What Zendesk answers without a credential: published articles, and requests of anonymous customers. */
const PUBLIC = /^(?:https?:\/\/[^/]*)?\/(?:hc\b|api\/v2\/help_center\b|api\/v2\/requests\b)/;

export const noCredential: Rule = {
  name: "no-credential",
  severity: "warning",
  what: "An action calls Zendesk without a connection and without an Authorization header.",
  source: `a third party saw 401 "Couldn't authenticate you": nothing is added to a path`,
  *find({ actions }) {
    for (const { path, definition } of actions) {
      if (hostOf(definition).kind !== "own" || Object.hasOwn(definition, "connectionName"))
        continue;
      if (authorizes(definition["headers"])) continue;
      const member = ["path", "path.$", "url", "url.$"].find((name) =>
        Object.hasOwn(definition, name),
      );
      if (PUBLIC.test(text(definition[member ?? ""]) ?? "")) continue;
      yield {
        path: child(path, "definition", member ?? ""),
        message: "This call to Zendesk has no credential: Zendesk answers 401.",
        hint: 'Add "connectionName": "zendesk", or the name of another connection to the account.',
      };
    }
  },
};

/** Also when the headers do not have the right form, which the rule header-shape reports. */
function authorizes(headers: Json | undefined): boolean {
  const names = Array.isArray(headers)
    ? headers.map((header) => (isJsonObject(header) ? header["key"] : undefined))
    : Object.keys(isJsonObject(headers) ? headers : {});
  return names.some((name) => typeof name === "string" && name.toLowerCase() === "authorization");
}
