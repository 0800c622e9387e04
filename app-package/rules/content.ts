/** What the pages and scripts of the app hold that Zendesk takes, and that would break the app or harm it. */
import { posix } from "node:path";
import type { AppPackage } from "../package.ts";
import type { Found } from "../finding.ts";

const SDK = "https://static.zdassets.com/zendesk_app_framework_sdk/";
/** Greedy on purpose in Zendesk's validator; these are its plainest forms. */
const SECRET =
  /(?:password|passwd|api_?key|secret|token)["']?\s*[:=]\s*["'][A-Za-z0-9+/_-]{16,}["']/i;

export function contentRules(app: AppPackage): readonly Found[] {
  const found = [...pages(app), ...scripts(app), ...strays(app)];
  return found.map((each) => ({ ...each, unseen: true }));
}

function textsOf(app: AppPackage, ending: RegExp): readonly (readonly [string, string])[] {
  return [...app.files]
    .filter(([path]) => ending.test(path))
    .map(([path, { bytes }]) => [path, bytes.toString("utf8")] as const);
}

function pages(app: AppPackage): readonly Found[] {
  return textsOf(app, /\.html?$/).flatMap(([file, text]): Found[] => {
    const found: Found[] = [];
    if (/<script(?![^>]*\ssrc\s*=)[^>]*>\s*\S/i.test(text) || /\son[a-z]+\s*=\s*["']/i.test(text)) {
      const message = "There is an inline script, which a content security policy may forbid.";
      const remedy = "Move it into a file of assets/.";
      found.push({ rule: "inline-script", file, message, remedy, severity: "warning" });
    }
    for (const [, source = ""] of text.matchAll(
      /<(?:script|link)\b[^>]*\s(?:src|href)="([^"]*)"/gi,
    )) {
      if (/^(?:https?:)?\/\//.test(source)) {
        if (source.startsWith(SDK)) continue;
        const message = `It loads ${source} from elsewhere.`;
        const remedy = "Bundle it: an outage or a change there would break the app.";
        found.push({ rule: "foreign-script", file, message, remedy, severity: "warning" });
      } else if (!app.files.has(posix.join(posix.dirname(file), source.replace(/[?#].*$/, "")))) {
        const message = `It loads ${source}, which is not in the package.`;
        const remedy = "Correct the path; it counts from the page's own folder.";
        found.push({ rule: "asset-missing", file, message, remedy });
      }
    }
    return found;
  });
}

function scripts(app: AppPackage): readonly Found[] {
  return textsOf(app, /\.(?:js|html?)$/).flatMap(([file, text]): Found[] => {
    const found: Found[] = [];
    // Names of namespaces look like addresses and are never loaded.
    const plain = /http:\/\/(?!www\.w3\.org\/|localhost|127\.0\.0\.1)[a-z0-9.-]+/i.exec(text);
    if (plain) {
      const message = `It holds the plain address ${plain[0]}.`;
      found.push({ rule: "plain-http", file, message, remedy: "Use https.", severity: "warning" });
    }
    if (SECRET.test(text)) {
      const message = "It holds what looks like a secret; the package can be read by every agent.";
      const remedy = "Keep secrets on the server.";
      found.push({ rule: "secret", file, message, remedy, severity: "warning" });
    }
    return found;
  });
}

/** zcli packs everything that no glob of .zcliignore names. */
function strays(app: AppPackage): readonly Found[] {
  const found: Found[] = [];
  if (app.files.has("zcli.apps.config.json")) {
    const message = "zcli.apps.config.json would be packed, with every parameter in it.";
    const remedy = "Add the line zcli.apps.config.json to .zcliignore.";
    found.push({ rule: "config-packed", file: "zcli.apps.config.json", message, remedy });
  }
  const modules = [...app.files.keys()].find((path) => /(?:^|\/)node_modules\//.test(path));
  if (modules !== undefined) {
    const message = "node_modules would be packed.";
    const remedy = "Add the line node_modules/** to .zcliignore.";
    found.push({ rule: "modules-packed", file: modules, message, remedy });
  }
  for (const line of app.ignored.filter((each) => /^[\w-]+\/?$/.test(each))) {
    if (![...app.files.keys()].some((path) => path.startsWith(`${line.replace(/\/$/, "")}/`)))
      continue;
    const message = `"${line}" excludes nothing: the lines are globs, not patterns of git.`;
    const remedy = `Write ${line.replace(/\/$/, "")}/**.`;
    found.push({ rule: "ignore-glob", file: ".zcliignore", message, remedy });
  }
  return found;
}
