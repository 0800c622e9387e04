/** What the app asks its administrator for at installation. Source: zendesk_apps_support 4.52.0. */
import { isObject, MANIFEST, type AppPackage } from "../package.ts";
import { type Found, findingsIn } from "../finding.ts";
import { pointerStep } from "../json-source.ts";

const at = findingsIn(MANIFEST);
const TYPES = ["text", "checkbox", "url", "number", "multiline", "hidden", "oauth", "mtls"];
const KEYS = new Set(["name", "type", "required", "secure", "default", "scopes", "allowed_domain"]);
const SCOPES = [
  "header",
  "body",
  "url",
  "jwt_secret_key",
  "jwt_claim",
  "basic_auth_username",
  "basic_auth_password",
];
const MAX_OF_TYPE: Readonly<Record<string, number>> = { oauth: 1, mtls: 3 };

type Parameter = Readonly<Record<string, unknown>>;

export function parameterRules(app: AppPackage): readonly Found[] {
  const parameters = app.object(MANIFEST)?.["parameters"];
  if (parameters === undefined) return [];
  if (!Array.isArray(parameters)) {
    return [
      at("parameters", "/parameters", "parameters must be an array of objects.", "Write [{...}]."),
    ];
  }
  const list = parameters as readonly unknown[];
  const found: Found[] = [];
  const names = new Set<unknown>();
  for (const [index, parameter] of list.entries()) {
    const path = `/parameters/${index}`;
    if (!isObject(parameter)) {
      found.push(at("parameters", path, "A parameter must be an object.", "Write {name, type}."));
      continue;
    }
    const { name } = parameter;
    if (names.has(name)) {
      const message = `Duplicate app parameter: ${String(name)}.`;
      found.push(at("parameter-name", `${path}/name`, message, "Rename one."));
    }
    names.add(name);
    found.push(...nameRules(path, parameter), ...typeRules(path, parameter));
    found.push(...scopeRules(path, parameter), ...warnings(path, parameter));
  }
  for (const [type, max] of Object.entries(MAX_OF_TYPE)) {
    if (list.filter((each) => isObject(each) && each["type"] === type).length > max) {
      const message = `There are more than ${max} parameters of type ${type}.`;
      found.push(at("parameter-type", "/parameters", message, `Keep ${max}.`));
    }
  }
  return found;
}

function nameRules(path: string, { name }: Parameter): readonly Found[] {
  if (typeof name !== "string" || name === "") {
    return [at("parameter-name", path, "The parameter has no name.", "Add name.")];
  }
  if (name !== "name") return [];
  const message = "Can't call a parameter 'name': the installation has one.";
  return [at("parameter-name", `${path}/name`, message, "Choose another name.")];
}

function typeRules(path: string, parameter: Parameter): readonly Found[] {
  const found: Found[] = Object.keys(parameter)
    .filter((key) => !KEYS.has(key))
    .map((key) =>
      at(
        "parameter-key",
        `${path}${pointerStep(key)}`,
        `Zendesk does not know "${key}" here.`,
        "Remove it.",
      ),
    );
  const { type = "text", required, secure } = parameter;
  if (!TYPES.includes(String(type))) {
    const message = `${String(parameter["name"])}: invalid parameter type ${String(type)}.`;
    found.push(at("parameter-type", `${path}/type`, message, `Use one of ${TYPES.join(", ")}.`));
  }
  for (const key of ["required", "secure"]) {
    if (parameter[key] !== undefined && typeof parameter[key] !== "boolean") {
      const message = `${key} must be a Boolean, not ${JSON.stringify(parameter[key])}.`;
      found.push(at("parameter-key", `${path}/${key}`, message, "Write true or false."));
    }
  }
  if (type === "hidden" && required === true) {
    const message = "A parameter of type hidden cannot be required.";
    found.push(at("parameter-type", path, message, "Remove required."));
  }
  if (type === "oauth" && secure === true) {
    const message = "A parameter of type oauth cannot be secure.";
    found.push(at("parameter-type", path, message, "Remove secure."));
  }
  if (type === "mtls" && typeof parameter["allowed_domain"] !== "string") {
    const message = "An mtls parameter needs allowed_domain.";
    found.push(at("parameter-type", path, message, "Add it."));
  }
  return found;
}

function scopeRules(path: string, { scopes, secure }: Parameter): readonly Found[] {
  if (scopes === undefined) return [];
  const rule = "parameter-scopes";
  if (secure !== true) {
    return [at(rule, `${path}/scopes`, "scopes need a secure parameter.", "Add secure: true.")];
  }
  const list: readonly unknown[] = Array.isArray(scopes) ? scopes : [];
  if (list.length > 0 && list.every((scope) => SCOPES.includes(String(scope)))) return [];
  const message = `scopes must be a non-empty array out of ${SCOPES.join(", ")}.`;
  return [at(rule, `${path}/scopes`, message, "Write one or more of these.")];
}

function warnings(path: string, parameter: Parameter): readonly Found[] {
  const { name, type = "text", secure, scopes } = parameter;
  const found: Found[] = [];
  const warn = (message: string, remedy: string) =>
    found.push({ ...at("parameter-secret", path, message, remedy), severity: "warning" });
  if (type === "text" && secure !== true && /token|key|pwd|password/i.test(String(name))) {
    warn("This looks like a secret that every agent could read.", "Add secure: true.");
  }
  if (secure === true && scopes === undefined) {
    warn("A secure parameter without scopes may be sent anywhere in a request.", "Add scopes.");
  }
  if (parameter["default"] !== undefined && (secure === true || type === "hidden")) {
    warn("A default of a secure or hidden parameter can be read in the package.", "Remove it.");
  }
  return found;
}
