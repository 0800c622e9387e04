/**
 * The apps API: validate, upload, create, update, list, show, delete, the public key.
 * Sources: requests recorded from zcli 1.0.1 (reference zcli-zaf 2.1), Zendesk's apps API; bodies that no client reads
 * are inferred.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { isJsonObject } from "#zis/model/json";
import { recordNotFound, ZendeskRefusal } from "../zendesk/errors.ts";
import type { RequireAdministrator } from "./administrator.ts";
import { fileOf } from "./bodies.ts";
import { openPackage } from "./package.ts";
import type { AppPackage } from "./package.ts";
import type { AppRecord, AppRegistry, JobRecord } from "./registry.ts";
import type { AppSwitches } from "./switches.ts";

const BASE = "/api/v2/apps";

export interface AppRoutesOptions {
  readonly registry: AppRegistry;
  readonly requireAdministrator: RequireAdministrator;
  readonly switches: AppSwitches;
}

type OfId = { Params: { id: string } };

/** A number in the path, with or without `.json` behind it. */
export function numberIn(id: string): number {
  const digits = /^(\d{1,15})(?:\.json)?$/.exec(id)?.[1];
  if (digits === undefined) throw recordNotFound();
  return Number(digits);
}

/** A route with and without `.json`. */
export function both(path: string): readonly [string, string] {
  return [path, `${path}.json`];
}

export function appRoutes(app: FastifyInstance, options: AppRoutesOptions): void {
  const { registry, requireAdministrator, switches } = options;

  for (const url of both(`${BASE}/validate`)) {
    app.post(url, async (request, reply) => {
      requireAdministrator(request);
      await opened(await fileOf(request.body, "file"));
      return reply.type("application/json").send("{}");
    });
  }

  for (const url of both(`${BASE}/uploads`)) {
    app.post(url, async (request, reply) => {
      requireAdministrator(request);
      const id = registry.addUpload(await opened(await fileOf(request.body, "uploaded_data")));
      return reply.code(201).send({ id });
    });
  }

  for (const url of [...both("/api/apps"), ...both(BASE)]) {
    app.post(url, async (request) => {
      requireAdministrator(request);
      const { name } = fieldsOf(request);
      return deploy((uploaded) => {
        if (typeof name !== "string" || name === "") return "Name can't be blank";
        return registry.createApp(name, uploaded);
      }, request);
    });
  }

  app.put<OfId>(`${BASE}/:id`, async (request) => {
    requireAdministrator(request);
    const id = numberIn(request.params.id);
    if (!registry.app(id)) throw recordNotFound();
    return deploy((uploaded) => registry.updateApp(id, uploaded) ?? "App is gone", request);
  });

  function deploy(
    act: (uploaded: AppPackage) => AppRecord | string,
    request: FastifyRequest,
  ): { readonly job_id: string } {
    const uploaded = registry.upload(Number(fieldsOf(request)["upload_id"]));
    const failing = switches.failJobs;
    const acted = failing ?? (uploaded ? act(uploaded) : "Upload is unknown");
    const job = registry.addJob({
      ...(typeof acted === "string"
        ? { status: "failed", message: acted, appId: null }
        : { status: "completed", message: "", appId: acted.id }),
      pollsLeft: switches.pollsBeforeDone,
    });
    return { job_id: job.id };
  }

  app.get<OfId>(`${BASE}/job_statuses/:id`, async (request) => {
    requireAdministrator(request);
    const job = registry.pollJob(request.params.id.replace(/\.json$/, ""));
    if (!job) throw recordNotFound();
    return presentJob(job);
  });

  for (const url of [...both(BASE), ...both(`${BASE}/owned`)]) {
    app.get(url, async (request) => {
      requireAdministrator(request);
      return { apps: registry.apps().map(presentApp) };
    });
  }

  app.get<OfId>(`${BASE}/:id`, async (request) => {
    requireAdministrator(request);
    return presentApp(known(request.params.id));
  });

  app.get<OfId>(`${BASE}/:id/public_key.pem`, async (request, reply) => {
    requireAdministrator(request);
    return reply.type("application/x-pem-file").send(known(request.params.id).publicKey);
  });

  app.delete<OfId>(`${BASE}/:id`, async (request, reply) => {
    requireAdministrator(request);
    if (!registry.deleteApp(numberIn(request.params.id))) throw recordNotFound();
    return reply.code(204).send();
  });

  function known(id: string): AppRecord {
    const record = registry.app(numberIn(id));
    if (!record) throw recordNotFound();
    return record;
  }
}

async function opened(zip: Buffer | undefined): Promise<AppPackage> {
  const result = await openPackage(zip ?? Buffer.alloc(0));
  if (result.ok) return result.app;
  throw new ZendeskRefusal(400, { error: "BadRequest", description: result.faults.join("\n") });
}

function fieldsOf(request: FastifyRequest): Readonly<Record<string, unknown>> {
  return isJsonObject(request.body) ? request.body : {};
}

function presentJob(job: JobRecord): object {
  if (job.pollsLeft > 0) return { id: job.id, status: "working", message: "", app_id: null };
  return { id: job.id, status: job.status, message: job.message, app_id: job.appId };
}

function presentApp(record: AppRecord): object {
  const { manifest } = record.package;
  return {
    id: record.id,
    name: record.name,
    version: manifest.version,
    framework_version: manifest.frameworkVersion,
    default_locale: manifest.defaultLocale,
    single_install: manifest.singleInstall,
    visibility: "private",
    state: "published",
    deprecated: false,
    obsolete: false,
    installable: true,
    parameters: manifest.parameters.map(({ name, type, required, secure }) => ({
      name,
      kind: type,
      required,
      secure,
    })),
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  };
}
