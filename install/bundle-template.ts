/** The bundle as built into the app or the command, and how it is filled in for an account. */
import type { Bundle } from "#zis/model/bundle";
import { INTEGRATION_NAME, parseResourceName, resourceName } from "#zis/model/names";
import { contentOf } from "./bundle-stamp.ts";
import { hashOf } from "./canonical-json.ts";
import { InstallError } from "./install-error.ts";
import { readServerAddress } from "./server-address.ts";

/** Made by `createTemplate` at build time; plain JSON, so that it can be embedded. */
export interface BundleTemplate {
  /** As `buildBundle(TEMPLATE_OPTIONS)` made it. */
  readonly bundle: Bundle;
  /** SHA-256 of its canonical JSON, in hex: the hash of this build that people see, the same in every account. */
  readonly sha256: string;
}

/** The names that a template holds in place of an account's. Neither can exist: `.invalid` never resolves (RFC 2606). */
export const TEMPLATE_OPTIONS = {
  integration: "caseqa-template-integration",
  serverUrl: "https://caseqa-template-server.invalid",
} as const;

export interface FillOptions {
  readonly integration: string;
  /** The actions server's origin, without a slash at the end. */
  readonly serverUrl: string;
}

/** For the build: `await createTemplate(buildBundle(TEMPLATE_OPTIONS))`. */
export async function createTemplate(bundle: Bundle): Promise<BundleTemplate> {
  return { bundle, sha256: await hashOf(bundle) };
}

/**
 * The account's bundle. Names and addresses are replaced value by value, never by editing the JSON text.
 *
 * @throws InstallError when the template was damaged, an option is wrong, or a placeholder is left (with its place)
 */
export async function fillTemplate(
  template: BundleTemplate,
  options: FillOptions,
): Promise<Bundle> {
  const { integration, serverUrl } = options;
  if (!INTEGRATION_NAME.test(integration)) {
    throw new InstallError(
      `"${integration}" is not an integration name.`,
      "Use 1 to 64 of a-z, 0-9, - and _.",
    );
  }
  const address = readServerAddress(serverUrl);
  if (!("origin" in address) || address.origin !== serverUrl) {
    throw new InstallError(
      `"${serverUrl}" ${"problem" in address ? address.problem : "is more than an origin"}.`,
      "Write an origin without a slash at the end, like https://caseqa.example.com: caseqa init --force --server-url URL, or the app's setting server_url.",
    );
  }
  if ((await hashOf(template.bundle)) !== template.sha256) {
    throw new InstallError(
      "The embedded bundle is not the one that was built: its hash differs.",
      "Build and install the app again (npm run build:app).",
    );
  }
  const filled = rename(template.bundle, TEMPLATE_OPTIONS, options);
  refusePlaceholders(filled, "");
  return filled;
}

/**
 * SHA-256 of the canonical JSON of exactly this content, without its stamp, in hex. Stamps and comparisons use it. It
 * differs from account to account, so people are shown `hashBuild`.
 */
export async function hashContent(bundle: Bundle): Promise<string> {
  return hashOf(contentOf(bundle));
}

/** Which build a bundle is: the hash of its template, independent of the account and the server's address. */
export async function hashBuild(bundle: Bundle, integration: string): Promise<string> {
  const serverUrl = serverOf(bundle);
  const content = contentOf(bundle);
  if (serverUrl === null) return hashOf(content);
  return hashOf(rename(content, { integration, serverUrl }, TEMPLATE_OPTIONS));
}

/** The origin of the server that a bundle's actions call; null: none, or several. */
export function serverOf({ resources }: Bundle): string | null {
  const origins = Object.values(resources).flatMap((resource) => {
    if (resource.type !== "ZIS::Action::Http") return [];
    const { url } = resource.properties.definition;
    return url !== undefined && URL.canParse(url) ? [new URL(url).origin] : [];
  });
  const [origin, ...others] = new Set(origins);
  return origin === undefined || others.length > 0 ? null : origin;
}

/** The content of an account's bundle, with its actions calling this server. */
export function withServer(bundle: Bundle, { integration, serverUrl }: FillOptions): Bundle {
  const content = contentOf(bundle);
  const before = serverOf(content);
  if (before === null) return content;
  return rename(content, { integration, serverUrl: before }, { integration, serverUrl });
}

/** Replaces one pair of names by another, value by value. */
function rename<T>(value: T, from: FillOptions, to: FillOptions): T;
function rename(value: unknown, from: FillOptions, to: FillOptions): unknown {
  if (typeof value === "string") return renameText(value, from, to);
  if (Array.isArray(value)) return value.map((item: unknown) => rename(item, from, to));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, rename(member as unknown, from, to)]),
  );
}

/** Replaces a resource's full name, or an address on the server. */
function renameText(text: string, from: FillOptions, to: FillOptions): string {
  const named = parseResourceName(text);
  if (named?.integration === from.integration) {
    return resourceName(to.integration, named.kind, named.name);
  }
  const origin = from.serverUrl;
  if (text === origin || text.startsWith(`${origin}/`)) {
    return `${to.serverUrl}${text.slice(origin.length)}`;
  }
  return text;
}

/** By a distinctive part, so that a damaged placeholder is found too. */
const PLACEHOLDER = /caseqa-template-/i;

function refusePlaceholders(value: unknown, place: string): void {
  if (typeof value === "string") {
    if (!PLACEHOLDER.test(value)) return;
    throw new InstallError(
      `The bundle still holds a placeholder at ${place}.`,
      "Install the newest version of CaseQA; if it is the newest, report this text.",
    );
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    refusePlaceholders(key, `the name ${place}/${key}`);
    refusePlaceholders(member, `${place}/${key}`);
  }
}
