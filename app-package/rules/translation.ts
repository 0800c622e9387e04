/** The texts that Zendesk itself shows of the app. Source: zendesk_apps_support 4.52.0. */
import { isObject, MANIFEST, type AppPackage } from "../package.ts";
import type { Found } from "../finding.ts";
import { LOCALE } from "./manifest.ts";

const PUBLIC_KEYS = ["long_description", "installation_instructions"];

export function translationRules(app: AppPackage): readonly Found[] {
  const manifest = app.object(MANIFEST) ?? {};
  return [...app.files.keys()]
    .filter((path) => path.startsWith("translations/"))
    .flatMap((file) => fileRules(app, file, manifest));
}

function fileRules(
  app: AppPackage,
  file: string,
  manifest: Readonly<Record<string, unknown>>,
): readonly Found[] {
  const name = /^translations\/([^/]+)\.json$/.exec(file)?.[1];
  if (name === undefined || !LOCALE.test(name)) {
    const remedy = "Name it after a locale, such as translations/en.json.";
    return [
      { rule: "translation-file", file, message: "The file is not named after a locale.", remedy },
    ];
  }
  const source = app.json(file);
  if (source?.problem != null) {
    const message = `This is not JSON: ${source.problem}`;
    return [{ rule: "translation-json", file, message, remedy: "Correct the syntax." }];
  }
  const texts = app.object(file)?.["app"];
  if (!isObject(texts)) {
    const remedy = 'Write {"app": {"name": "..."}}.';
    return [{ rule: "translation-app", file, message: 'The texts have no object "app".', remedy }];
  }
  return [...requiredTexts(file, texts, manifest), ...parameterLabels(file, texts, manifest)];
}

function requiredTexts(
  file: string,
  texts: Readonly<Record<string, unknown>>,
  manifest: Readonly<Record<string, unknown>>,
): readonly Found[] {
  const wanted = manifest["private"] === false ? ["name", ...PUBLIC_KEYS] : ["name"];
  const found: Found[] = wanted
    .filter((key) => !isText(texts[key]))
    .map((key) => missing(file, "/app", `app.${key}`));
  const described = isText(texts["short_description"]) || isText(texts["description"]);
  if (manifest["private"] === false && !described) {
    found.push(missing(file, "/app", "app.short_description"));
  }
  return found;
}

function parameterLabels(
  file: string,
  texts: Readonly<Record<string, unknown>>,
  manifest: Readonly<Record<string, unknown>>,
): readonly Found[] {
  const { parameters } = manifest;
  const list: readonly unknown[] = Array.isArray(parameters) ? parameters : [];
  const labels = isObject(texts["parameters"]) ? texts["parameters"] : {};
  const names = list.flatMap((each) =>
    isObject(each) && typeof each["name"] === "string" && each["type"] !== "hidden"
      ? [each["name"]]
      : [],
  );
  return names
    .filter((name) => {
      const entry = labels[name];
      return !isObject(entry) || !isText(entry["label"]);
    })
    .map((name) => ({
      ...missing(file, "/app/parameters", `app.parameters.${name}.label`),
      unseen: true as const,
    }));
}

function missing(file: string, path: string, what: string): Found {
  return {
    rule: "translation-text",
    file,
    path,
    message: `Missing required key from translations: ${what}.`,
    remedy: `Add ${what}.`,
  };
}

function isText(value: unknown): boolean {
  return (typeof value === "string" && value !== "") || (isObject(value) && isText(value["value"]));
}
