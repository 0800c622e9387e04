/** Does docs/operations.md name the metrics, their labels and the log's fields as the code does? */
import { describe, expect, it } from "vitest";
import { OPERATIONS } from "#contract/actions/operations";
import { ERRORS } from "#platform/errors";
import { createAudit } from "#platform/http/audit";
import type { CallerKind } from "#platform/http/callers";
import { createMetrics, type Metrics } from "#platform/metrics/metrics";
import { ACCOUNT_LIMIT } from "#platform/outbound/limit-headers";
import { documentTable, readDocument } from "../support/document-table.ts";
import { silentLog } from "../support/silent-log.ts";
import { openTicket, startWorld } from "../support/world.ts";

const PATH = "docs/operations.md";
const REASONS = [...Object.keys(ERRORS), "TOO_MANY_CONNECTIONS"];
const OUTCOMES = {
  granted: true,
  failed: true,
} satisfies Record<Parameters<Metrics["countTokenRefresh"]>[1], true>;

const KINDS = {
  bearer: true,
  basic: true,
  api_key: true,
  none: true,
} satisfies Record<CallerKind | "none", true>;

/** As prom-client keeps them; its types do not tell of the labels. */
interface Kept {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

function ownMetrics(): Kept[] {
  const metrics = createMetrics();
  metrics.watchQueues(async () => []);
  metrics.watchOwedTickets(async () => 0);
  const kept = metrics.registry.getMetricsAsArray() as unknown as Kept[];
  return kept.filter(({ name }) => name.startsWith("caseqa_"));
}

const byName = new Map(ownMetrics().map((metric) => [metric.name, metric]));
const labels = new Map(
  documentTable(PATH, "labels").map(([label = "", values = ""]) => [label, values]),
);

function metricOf(name: string): Kept | undefined {
  return byName.get(name) ?? byName.get(name.replace(/_(count|sum|bucket)$/, ""));
}

/** Exact where the table lists values; else what the label may hold. */
function isValue(label: string, value: string): boolean {
  if (label === "reason") return REASONS.includes(value);
  if (label === "status") return /^[1-5]\d\d$/.test(value);
  return (labels.get(label) ?? "").split(", ").includes(value);
}

describe("docs/operations.md", () => {
  it("lists every metric with its labels and meaning", () => {
    const rows = [...byName.values()].map(({ name, help, labelNames }) => [
      name,
      labelNames.join(", "),
      help,
    ]);
    expect(documentTable(PATH, "metrics")).toEqual(rows);
  });

  it("lists every label with its values", () => {
    const used = new Set([...byName.values()].flatMap(({ labelNames }) => labelNames));
    expect(new Set(labels.keys())).toEqual(used);
    expect(labels.get("operation")).toBe(Object.keys(OPERATIONS).join(", "));
    expect(labels.get("caller_kind")).toBe(Object.keys(KINDS).join(", "));
    expect(labels.get("outcome")).toBe(Object.keys(OUTCOMES).join(", "));
    expect(labels.get("limit")?.split(", ")[0]).toBe(ACCOUNT_LIMIT);
    expect(labels.get("reason")).toContain("TOO_MANY_CONNECTIONS");
  });

  it("names the queues and the remote systems of a running server", async () => {
    const world = await startWorld();
    const { card } = world;
    await fetch(card.server.url + OPERATIONS["resolve-case"].path, {
      method: "POST",
      headers: {
        authorization: `Bearer ${card.server.token}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ ticket_id: openTicket(world, "matched") }),
    });
    const body = await (await fetch(`${card.server.url}/metrics`)).text();
    const valuesOf = (label: string) =>
      new Set([...body.matchAll(new RegExp(`\\b${label}="([^"]*)"`, "g"))].map(([, v]) => v));
    for (const label of ["queue", "remote"]) {
      expect(valuesOf(label), label).toEqual(new Set(labels.get(label)?.split(", ")));
    }
  });

  it("asks alarms of metrics and labels that there are", () => {
    const text = readDocument(PATH);
    const asked = [...text.matchAll(/(caseqa_\w+)(?:\{([^}]*)\})?/g)];
    expect(asked.length).toBeGreaterThan(20);
    for (const [whole, name = "", matchers] of asked) {
      const metric = metricOf(name);
      expect(metric, whole).toBeDefined();
      if (matchers === undefined) continue;
      for (const matcher of matchers.split(",")) {
        const [, label = "", operator, value = ""] =
          /^(\w+)(=~|!=|=)"([^"]*)"$/.exec(matcher) ?? [];
        expect(metric?.labelNames, whole).toContain(label);
        if (operator === "=~") expect("503", whole).toMatch(new RegExp(`^(${value})$`));
        else expect(isValue(label, value), whole).toBe(true);
      }
    }
  });

  it("names every field of a refused request's line", () => {
    const lines: Record<string, unknown>[] = [];
    const log = { ...silentLog, info: (line: object) => void lines.push({ ...line }) };
    createAudit({ countRefusal: () => {} })(log, { reason: "UNAUTHORIZED", ip: "::1" });
    const [section = ""] =
      readDocument(PATH).split("## Refusals in the log")[1]?.split("\n## ") ?? [];
    expect(section).toContain('`"event":"refused"`');
    const { event, ...fields } = lines[0] ?? {};
    expect(event).toBe("refused");
    for (const field of Object.keys(fields)) expect(section).toContain(`\`${field}\``);
  });

  it("has every image by version and digest, and Node as the packages have it", () => {
    const { devDependencies } = JSON.parse(readDocument("package.json")) as {
      devDependencies: Record<string, string>;
    };
    const images = [
      ...readDocument("compose.yaml").matchAll(/image: (\S+)/g),
      ...readDocument("Dockerfile").matchAll(/NODE_IMAGE=(\S+)/g),
    ].map(([, image = ""]) => image);
    expect(images).toHaveLength(3);
    for (const image of images) expect(image).toMatch(/^\w+:\d+\.\d+\S*@sha256:[0-9a-f]{64}$/);
    expect(images[2]).toContain(`node:${devDependencies["node"]}-slim@`);
    const bases = [...readDocument("Dockerfile").matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(new Set(bases)).toEqual(new Set(["${NODE_IMAGE}"]));
  });

  it("publishes on loopback unless asked, and readiness and metrics not at all", () => {
    const compose = readDocument("compose.yaml");
    expect([...compose.matchAll(/^ +- ("?.*8080"?)$/gm)].map(([, port]) => port)).toEqual([
      '"${PUBLISH_ADDRESS:-127.0.0.1}:8080:8080"',
    ]);
    expect(compose).toContain("MONITORING_PORT");
    expect(readDocument(PATH)).toContain("`PUBLISH_ADDRESS=0.0.0.0`");
  });

  it("says of Redis what compose.yaml does", () => {
    expect(readDocument("compose.yaml")).toMatch(/"--maxmemory-policy",\s+"noeviction"/);
    expect(readDocument(PATH)).toContain("`maxmemory-policy noeviction`");
  });
});
