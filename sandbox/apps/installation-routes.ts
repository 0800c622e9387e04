/**
 * Installations of apps: list, show, create, update, delete.
 * Sources: requests recorded from zcli 1.0.1, Zendesk's apps API; that a second installation of a `singleInstall` app
 * is a 422 is inferred.
 */
import type { FastifyInstance } from "fastify";
import { isJsonObject, type Json } from "#zis/model/json";
import { recordInvalid, recordNotFound, ZendeskRefusal } from "../zendesk/errors.ts";
import type { RequireAdministrator } from "./administrator.ts";
import { both, numberIn } from "./app-routes.ts";
import type { AppRecord, AppRegistry, InstallationRecord } from "./registry.ts";
import { mergeSettings, openSettings } from "./settings.ts";

export interface InstallationRoutesOptions {
  readonly registry: AppRegistry;
  readonly requireAdministrator: RequireAdministrator;
}

type Scope = { Params: { product?: string; id: string } };
type Body = Readonly<Record<string, Json>>;

/** `zendesk` is the older name of the product. */
const PRODUCTS: readonly string[] = ["support", "zendesk", "chat", "sell", "standalone_chat"];

export function installationRoutes(app: FastifyInstance, options: InstallationRoutesOptions): void {
  const { registry, requireAdministrator } = options;

  // Without a product it is Support.
  for (const base of ["/api/v2/apps/installations", "/api/:product/apps/installations"]) {
    for (const url of both(base)) {
      app.get<Scope>(url, async (request) => {
        requireAdministrator(request);
        const product = productOf(request.params.product);
        const listed = registry.installations().filter((one) => one.product === product);
        return { installations: listed.map((one) => present(one, appOf(one))) };
      });

      app.post<Scope>(url, async (request) => {
        requireAdministrator(request);
        const made = create(productOf(request.params.product), bodyOf(request.body));
        return present(made, appOf(made));
      });
    }

    app.get<Scope>(`${base}/:id`, async (request) => {
      requireAdministrator(request);
      const found = known(request.params);
      return present(found, appOf(found));
    });

    app.put<Scope>(`${base}/:id`, async (request) => {
      requireAdministrator(request);
      const changed = change(known(request.params), bodyOf(request.body));
      return present(changed, appOf(changed));
    });

    app.delete<Scope>(`${base}/:id`, async (request, reply) => {
      requireAdministrator(request);
      registry.uninstall(known(request.params).id);
      return reply.code(204).send();
    });
  }

  function appOf({ appId }: InstallationRecord): AppRecord {
    const found = registry.app(appId);
    if (!found) throw recordNotFound();
    return found;
  }

  function known({ product, id }: Scope["Params"]): InstallationRecord {
    const found = registry.installation(numberIn(id));
    if (!found || found.product !== productOf(product)) throw recordNotFound();
    return found;
  }

  function create(product: string, body: Body): InstallationRecord {
    const found = registry.app(Number(body["app_id"]));
    if (!found) throw recordInvalid("app_id", "App: is invalid");
    const { manifest } = found.package;
    const installed = registry.installations().some((one) => one.appId === found.id);
    if (installed && manifest.singleInstall) {
      throw recordInvalid("app_id", "App: can only be installed once");
    }
    const { enabled } = body;
    return registry.install({
      appId: found.id,
      product,
      settings: merged(found, undefined, body),
      enabled: enabled !== false,
    });
  }

  function change(before: InstallationRecord, body: Body): InstallationRecord {
    const { enabled, role_restrictions: roles, group_restrictions: groups } = body;
    const changed = registry.changeInstallation(before.id, {
      settings: merged(appOf(before), before.settings, body),
      ...(typeof enabled === "boolean" && { enabled }),
      ...(roles !== undefined && { roleRestrictions: idsOf(roles) }),
      ...(groups !== undefined && { groupRestrictions: idsOf(groups) }),
    });
    if (!changed) throw recordNotFound();
    return changed;
  }
}

function merged(
  { package: { manifest } }: AppRecord,
  before: InstallationRecord["settings"] | undefined,
  body: Body,
): InstallationRecord["settings"] {
  const given = isJsonObject(body["settings"]) ? body["settings"] : {};
  const result = mergeSettings(manifest, before, given);
  if (result.ok) return result.settings;
  const details = Object.entries(result.faults).map(
    ([name, description]) => [name, [{ description, error: "InvalidValue" }]] as const,
  );
  throw new ZendeskRefusal(422, {
    error: "RecordInvalid",
    description: "Record validation errors",
    details: Object.fromEntries<object>(details),
  });
}

function productOf(product: string | undefined): string {
  if (product === undefined || product === "v2" || product === "zendesk") return "support";
  if (!PRODUCTS.includes(product)) throw recordNotFound();
  return product;
}

function bodyOf(body: unknown): Body {
  return isJsonObject(body) ? body : {};
}

/** Restrictions as a list of ids; an empty list and null lift them. */
function idsOf(value: Json): readonly number[] | null {
  return Array.isArray(value) && value.length > 0 ? value.map(Number) : null;
}

function present(one: InstallationRecord, app: AppRecord): object {
  const { manifest } = app.package;
  const settings = openSettings(manifest, one.settings);
  return {
    id: one.id,
    app_id: one.appId,
    product: one.product,
    enabled: one.enabled,
    settings,
    settings_objects: Object.entries(settings).map(([name, value]) => ({ name, value })),
    role_restrictions: one.roleRestrictions,
    group_restrictions: one.groupRestrictions,
    recurring_payment: false,
    collapsible: true,
    paid: false,
    created_at: one.createdAt,
    updated_at: one.updatedAt,
  };
}
