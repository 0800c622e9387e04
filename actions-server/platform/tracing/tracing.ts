/** Traces an event's way through the server, in spans of OpenTelemetry. */
import { AsyncLocalStorage } from "node:async_hooks";
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Span,
  type SpanContext,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { formatTraceparent, parseTraceparent } from "./traceparent.ts";

type SpanRole = "server" | "client" | "producer" | "consumer" | "internal";

interface SpanOptions {
  readonly name: string;
  readonly role: SpanRole;
  /** Never a body, a credential or an account. */
  readonly attributes?: Attributes;
}

/** A span that is ended by hand. */
export interface OpenSpan {
  /** Runs the task under the span: spans that it begins are its children. */
  run<T>(task: () => T): T;
  end(attributes: Attributes, hasFailed: boolean): void;
}

export interface Tracing {
  /** `traceparent`: of the caller's span, else the trace begins here. */
  open(options: SpanOptions, traceparent: string | undefined): OpenSpan;
  /** A span under the present one, as long as the task runs; a task that rejects has failed. */
  span<T>(
    options: SpanOptions,
    task: (mark: (attributes: Attributes) => void) => Promise<T>,
  ): Promise<T>;
  /** Names the present span to whoever goes on later; undefined: there is none. */
  traceparent(): string | undefined;
  /** Sends what was not sent yet. */
  close(): Promise<void>;
}

const KINDS: Record<SpanRole, SpanKind> = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

/** Its retries included; the server's stop waits for the last export. */
const EXPORT_TIMEOUT_MS = 2_000;

export interface TracingOptions {
  /** Base address of a collector that takes OTLP over HTTP; `/v1/traces` is added. */
  readonly endpoint: string;
}

/** Exports in batches in the background; a collector that is away costs spans, never an answer. */
export function createTracing({ endpoint }: TracingOptions): Tracing {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, "")}/v1/traces`,
    timeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": "caseqa-actions-server" }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer("caseqa");
  const present = new AsyncLocalStorage<Span>();

  function begin({ name, role, attributes }: SpanOptions, parent: SpanContext | undefined): Span {
    const context = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
    return tracer.startSpan(
      name,
      { kind: KINDS[role], ...(attributes && { attributes }) },
      context,
    );
  }

  return {
    open(options, traceparent) {
      const parent = traceparent === undefined ? undefined : parseTraceparent(traceparent);
      const span = begin(options, parent);
      return {
        run: (task) => present.run(span, task),
        end(attributes, hasFailed) {
          span.setAttributes(attributes);
          if (hasFailed) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    async span(options, task) {
      const span = begin(options, present.getStore()?.spanContext());
      try {
        return await present.run(span, () =>
          task((attributes) => void span.setAttributes(attributes)),
        );
      } catch (error) {
        // Its message could hold what a span must not.
        span.setStatus({ code: SpanStatusCode.ERROR });
        span.setAttribute("error.type", error instanceof Error ? error.name : "unknown");
        throw error;
      } finally {
        span.end();
      }
    },
    traceparent() {
      const span = present.getStore();
      return span && formatTraceparent(span.spanContext());
    },
    close: () => provider.shutdown(),
  };
}
