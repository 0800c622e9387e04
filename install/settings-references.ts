/** Settings that refer to something that does not exist: a form, brand, group, field or tag in Zendesk, or a Salesforce field. */
import { DEFAULT_SETTINGS, type Settings } from "#contract/settings/settings";
import { isJsonObject } from "#zis/model/json";
import { type NamedSetting, type Names, readNames } from "./account-names.ts";
import { askRoute } from "#contract/client";
import type { StepContext } from "./context.ts";
import type { FieldProblem } from "./settings-check.ts";

export interface ReferenceProblem extends FieldProblem {
  /** `note`: a tag exists only once it is used. */
  readonly severity: "warning" | "note";
}

const KINDS: Readonly<Record<NamedSetting, string>> = {
  forms: "ticket form",
  brands: "brand",
  groups: "group",
  case_number_field_id: "ticket field for text or a number",
};

/** Every reference known to be missing. What cannot be read is not reported. Never rejects. */
export async function checkReferences(
  context: Pick<StepContext, "callZendesk" | "callServer">,
  settings: Settings,
): Promise<readonly ReferenceProblem[]> {
  const names = await readNames(context.callZendesk);
  return [
    ...missingIds(names, settings),
    ...(await missingTags(context, settings)),
    ...(await missingAtSalesforce(context, settings)),
  ];
}

/** Pure. */
function missingIds(names: Names, settings: Settings): readonly ReferenceProblem[] {
  return (Object.keys(KINDS) as NamedSetting[]).flatMap((field) => {
    const known = names[field];
    const value = settings[field];
    if (known === undefined || value === null) return [];
    const ids = (Array.isArray(value) ? value : [value]).map(String);
    return ids
      .filter((wanted) => !known.some(({ id }) => id === wanted))
      .map((id) => ({
        field,
        message: `the account has no ${KINDS[field]} with the id ${id}.`,
        severity: "warning" as const,
      }));
  });
}

/** Zendesk completes tags of two letters or more, used in the last 60 days. */
async function missingTags(
  { callZendesk }: Pick<StepContext, "callZendesk">,
  { ignore_tags: tags }: Settings,
): Promise<readonly ReferenceProblem[]> {
  const asked = tags.filter((tag) => tag.length > 1 && !DEFAULT_SETTINGS.ignore_tags.includes(tag));
  const missing: ReferenceProblem[] = [];
  for (const tag of asked) {
    const path = `/api/v2/autocomplete/tags.json?name=${encodeURIComponent(tag)}`;
    const answer = await callZendesk({ method: "GET", path }).catch(() => undefined);
    const found = isJsonObject(answer?.body) ? answer.body["tags"] : undefined;
    if (answer?.status !== 200 || !Array.isArray(found) || found.includes(tag)) continue;
    const message = `no ticket carries the tag ${tag}.`;
    missing.push({ field: "ignore_tags", message, severity: "note" });
  }
  return missing;
}

/** Only our server can ask Salesforce. Earlier servers do not have the route: 404. */
async function missingAtSalesforce(
  { callServer }: Pick<StepContext, "callServer">,
  { case_external_id_field: field }: Settings,
): Promise<readonly ReferenceProblem[]> {
  if (field === null) return [];
  const { problem } = await askRoute(callServer, {
    route: "check-reference",
    body: { field },
  }).catch(() => ({ problem: null }));
  if (problem === null) return [];
  return [{ field: "case_external_id_field", message: problem, severity: "warning" }];
}
