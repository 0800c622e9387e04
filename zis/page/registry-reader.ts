/** What the page knows of integrations: what any client of the registry API and of /local can read. */
import type { FastifyInstance } from "fastify";
import type { Bundle, FlowResource, JobSpec } from "../model/bundle.ts";
import type { IntegrationLog } from "../services/log.ts";

export type LogEntry = ReturnType<IntegrationLog["entries"]>[number];

export interface JobSpecView extends JobSpec {
  readonly integration: string;
  readonly installed: boolean;
}

export interface IntegrationView {
  readonly name: string;
  readonly description: string;
  readonly bundles: readonly Bundle[];
  readonly jobSpecs: readonly JobSpecView[];
}

export interface RegistryReader {
  /** Sorted by name. */
  integrations(): Promise<readonly IntegrationView[]>;
  /** The lines that the integration log has of a run, newest first. */
  logOf(runId: string): Promise<readonly LogEntry[]>;
  /** The integration log, newest first. */
  log(filter: LogFilter): Promise<readonly LogEntry[]>;
}

interface LogFilter {
  readonly status?: string | undefined;
  readonly product?: string | undefined;
  readonly limit: number;
}

const REGISTRY = "/api/services/zis/registry";

/**
 * @param app any instance of the server that the services are on
 * @param authorization the header of an administrator
 */
export function createRegistryReader(app: FastifyInstance, authorization: string): RegistryReader {
  async function read<T>(url: string): Promise<T> {
    const reply = await app.inject({ method: "GET", url, headers: { authorization } });
    if (reply.statusCode === 200) return reply.json<T>();
    throw new Error(`GET ${url} was answered ${reply.statusCode}: ${reply.body.slice(0, 300)}`);
  }

  /** Every page of a list. */
  async function readAll<T>(url: string, member: string): Promise<T[]> {
    const items: T[] = [];
    for (let after: string | undefined = ""; after !== undefined;) {
      const cursor: string = after === "" ? "" : `&page[after]=${encodeURIComponent(after)}`;
      const page: ListPage = await read<ListPage>(`${url}?page[size]=100${cursor}`);
      items.push(...(page[member] as T[]));
      const { has_more: hasMore, after: next } = page.meta;
      // A cursor that stands still would be read for ever.
      after = hasMore && next && next !== after ? next : undefined;
    }
    return items;
  }

  async function bundlesOf(integration: string): Promise<Bundle[]> {
    const url = `${REGISTRY}/${integration}/bundles`;
    const listed = await readAll<{ readonly uuid: string }>(url, "bundles");
    return Promise.all(listed.map(({ uuid }) => read<Bundle>(`${url}/${uuid}`)));
  }

  const log = async ({ status, product, limit }: LogFilter) => {
    const query = new URLSearchParams({
      limit: String(limit),
      ...(status !== undefined && { status }),
      ...(product !== undefined && { product }),
    });
    return (await read<{ readonly entries: LogEntry[] }>(`/local/log?${query.toString()}`)).entries;
  };

  return {
    async integrations() {
      const { integrations } = await read<{
        readonly integrations: readonly Pick<IntegrationView, "name" | "description">[];
      }>(`${REGISTRY}/integrations`);
      return Promise.all(
        integrations.map(async ({ name, description }) => ({
          name,
          description,
          bundles: await bundlesOf(name),
          jobSpecs: await readAll<JobSpecView>(`${REGISTRY}/${name}/job_specs`, "job_specs"),
        })),
      );
    },
    log,
    async logOf(runId) {
      const entries = await log({ limit: MOST_LOG_LINES });
      return entries.filter(({ details }) => isOfRun(details, runId));
    },
  };
}

interface ListPage {
  readonly meta: { readonly has_more: boolean; readonly after: string };
  readonly [member: string]: unknown;
}

/** As many as the log keeps. */
const MOST_LOG_LINES = 5_000;

function isOfRun(details: unknown, runId: string): boolean {
  return (details as { readonly run?: unknown } | null)?.run === runId;
}

/** A flow with the bundle that it came with. */
export interface FlowView {
  readonly integration: string;
  readonly bundle: Bundle;
  readonly flow: FlowResource["properties"];
}

/** The flows of integrations, in the order of their files. */
export function flowsOf(integrations: readonly IntegrationView[]): FlowView[] {
  return integrations.flatMap(({ name, bundles }) =>
    bundles.flatMap((bundle) =>
      Object.values(bundle.resources).flatMap((resource) =>
        resource.type === "ZIS::Flow"
          ? [{ integration: name, bundle, flow: resource.properties }]
          : [],
      ),
    ),
  );
}

/** The flow of an integration by its short name. */
export function findFlow(
  integrations: readonly IntegrationView[],
  integration: string,
  name: string,
): FlowView | undefined {
  return flowsOf(integrations).find(
    (view) => view.integration === integration && view.flow.name === name,
  );
}
