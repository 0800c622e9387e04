/** What the app has Zendesk create beside it: requirements.json. Source: zendesk_apps_support 4.52.0. */
import { isObject, REQUIREMENTS, type AppPackage } from "../package.ts";
import { type Found, findingsIn } from "../finding.ts";
import { pointerStep } from "../json-source.ts";

const at = findingsIn(REQUIREMENTS);
const TYPES = [
  "automations",
  "channel_integrations",
  "custom_objects",
  "custom_objects_v2",
  "macros",
  "targets",
  "ticket_fields",
  "triggers",
  "user_fields",
  "organization_fields",
  "views",
  "webhooks",
];
/** Their items carry no title of their own. */
const UNTITLED = new Set([
  "channel_integrations",
  "custom_objects",
  "custom_objects_v2",
  "webhooks",
]);
const WEBHOOK_KEYS = ["name", "status", "endpoint", "http_method", "request_format"];
const REFUSED_TARGETS = new Set(["http_target", "url_target_v2"]);
const MAX_ITEMS = 5_000;
const MAX_CUSTOM_OBJECTS = 50;
const OBJECT_KEYS = ["key", "title", "title_pluralized", "include_in_list_view"];
const FIELD_KEYS = ["key", "title", "type", "object_key"];
const MAX_FIELDS_OF_OBJECT = 20;
const MAX_TRIGGERS_OF_OBJECT = 10;
const MAX_V2_BYTES = 1_048_576;

type Member = Readonly<Record<string, unknown>>;

export function requirementRules(app: AppPackage): readonly Found[] {
  const source = app.json(REQUIREMENTS);
  if (!source) return [];
  if (source.problem !== null) {
    return [
      at("requirements-json", "", `This is not JSON: ${source.problem}`, "Correct the syntax."),
    ];
  }
  const requirements = app.object(REQUIREMENTS);
  if (!requirements) {
    return [at("requirements-json", "", "requirements.json is not an object.", "Begin it with {.")];
  }
  return [
    ...Object.entries(requirements).flatMap(([type, items]) => typeRules(type, items)),
    ...limits(requirements),
    ...customObjects(requirements["custom_objects_v2"]),
  ];
}

function typeRules(type: string, items: unknown): readonly Found[] {
  const path = pointerStep(type);
  if (!TYPES.includes(type)) {
    const remedy = `The types are ${TYPES.join(", ")}; nothing of ZIS can be declared here.`;
    return [at("requirement-type", path, `There is no type ${type}.`, remedy)];
  }
  if (!isObject(items)) {
    if (type === "custom_objects_v2") return [];
    return [
      at("requirement-item", path, `${type} is not an object.`, "Write {identifier: {...}}."),
    ];
  }
  if (type === "custom_objects" || type === "custom_objects_v2") return [];
  return Object.entries(items).flatMap(([identifier, item]) =>
    itemRules(type, `${path}${pointerStep(identifier)}`, isObject(item) ? item : {}),
  );
}

function itemRules(type: string, path: string, item: Member): readonly Found[] {
  const wanted = UNTITLED.has(type) ? [] : ["title"];
  if (type === "user_fields" || type === "organization_fields") wanted.push("key");
  if (type === "webhooks") wanted.push(...WEBHOOK_KEYS);
  const found = absent(path, item, wanted);
  if (type === "targets" && REFUSED_TARGETS.has(String(item["type"]))) {
    const message = `Targets of type ${String(item["type"])} are refused.`;
    found.push(at("requirement-target", `${path}/type`, message, "Declare a webhook instead."));
  }
  return found;
}

function absent(path: string, item: Member, wanted: readonly string[]): Found[] {
  return wanted
    .filter((key) => item[key] === undefined)
    .map((key) => at("requirement-item", path, `"${key}" is missing.`, `Add "${key}".`));
}

function limits(requirements: Member): readonly Found[] {
  const count = (type: string) => {
    const items = requirements[type];
    return isObject(items) ? Object.keys(items).length : 0;
  };
  const found: Found[] = [];
  const total = TYPES.reduce((sum, type) => sum + count(type), 0);
  const over = (path: string, many: number, max: number, what: string) => {
    if (many <= max) return;
    found.push(at("requirement-limit", path, `${many} ${what}: more than ${max}.`, "Remove some."));
  };
  over("", total, MAX_ITEMS, "requirements");
  over("/custom_objects", count("custom_objects"), MAX_CUSTOM_OBJECTS, "custom objects");
  over("/channel_integrations", count("channel_integrations"), 1, "channel integrations");
  return found;
}

/** The newer custom objects: lists of objects, fields and triggers, which belong together by object_key. */
function customObjects(value: unknown): readonly Found[] {
  if (value === undefined) return [];
  const path = "/custom_objects_v2";
  if (!isObject(value)) {
    const message = "custom_objects_v2 is not an object.";
    return [at("custom-object", path, message, "Write {objects, object_fields}.")];
  }
  const objects = listOf(value["objects"]);
  const fields = listOf(value["object_fields"]);
  const triggers = listOf(value["object_triggers"]);
  const text = JSON.stringify(value);
  const found: Found[] = [
    ...objects.flatMap((each, index) => absent(`${path}/objects/${index}`, each, OBJECT_KEYS)),
    ...fields.flatMap((each, index) => absent(`${path}/object_fields/${index}`, each, FIELD_KEYS)),
  ];
  const limit = (many: number, max: number, what: string) => {
    if (many <= max) return;
    found.push(at("custom-object", path, `${many} ${what}: more than ${max}.`, "Remove some."));
  };
  limit(objects.length, MAX_CUSTOM_OBJECTS, "custom objects");
  limit(Buffer.byteLength(text), MAX_V2_BYTES, "bytes");
  for (const { key } of objects) {
    const own = (list: readonly Member[]) =>
      list.filter(({ object_key: owner }) => owner === key).length;
    limit(own(fields), MAX_FIELDS_OF_OBJECT, `fields of ${String(key)}`);
    limit(own(triggers), MAX_TRIGGERS_OF_OBJECT, `triggers of ${String(key)}`);
  }
  if (/\{\{setting\./.test(text)) {
    const message = "Custom objects take no placeholders of settings.";
    found.push(at("custom-object", path, message, "Write the value itself."));
  }
  return found;
}

function listOf(value: unknown): readonly Member[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return list.map((each) => (isObject(each) ? each : {}));
}
