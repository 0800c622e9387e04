/** Faults on order: a stand-in answers, stalls or drops the calls that a test or a person names. */
import type { FastifyReply, FastifyRequest } from "fastify";

interface Fault {
  /** Method to match; absent: any. */
  readonly method?: string;
  /** Matched against the path without the query; `*` stands for any run of characters. */
  readonly path: string;
  /** Matched in the same way against the query, as it stands in the address; absent: any. */
  readonly query?: string;
  /** How many matching calls it meets; absent: until cleared. */
  readonly times?: number;
  /** How many matching calls pass untouched first. */
  readonly after?: number;
  readonly delayMs?: number;
  /** Absent with `drop` absent: the call is only delayed. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Cut the connection before the answer, or after the call took effect but before the answer. */
  readonly drop?: "before" | "after";
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** Register as an `onRequest` hook of the stand-in. */
  onRequest(request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
  /** Register as an `onSend` hook of the stand-in. */
  onSend(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown>;
}

interface Armed {
  readonly fault: Fault;
  readonly path: RegExp;
  readonly query: RegExp;
  skip: number;
  left: number;
}

function toPattern(path: string): RegExp {
  const literal = path
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${literal}$`);
}

/** A set of faults, empty at first. */
export function createFaults(): Faults {
  let armed: Armed[] = [];
  const dropAfter = new WeakSet<FastifyRequest>();

  function take(request: FastifyRequest): Fault | undefined {
    const [path = "", query = ""] = request.url.split("?", 2);
    for (const entry of armed) {
      if (entry.fault.method && entry.fault.method !== request.method) continue;
      if (!entry.path.test(path) || !entry.query.test(query)) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      if (entry.left <= 0) continue;
      entry.left -= 1;
      return entry.fault;
    }
    return undefined;
  }

  return {
    add(fault) {
      armed.push({
        fault,
        path: toPattern(fault.path),
        query: toPattern(fault.query ?? "*"),
        skip: fault.after ?? 0,
        left: fault.times ?? Number.POSITIVE_INFINITY,
      });
    },
    clear() {
      armed = [];
    },
    async onRequest(request, reply) {
      const fault = take(request);
      if (!fault) return undefined;
      if (fault.delayMs) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
      if (fault.drop === "before") {
        reply.hijack();
        request.raw.destroy();
        return reply;
      }
      if (fault.drop === "after") {
        dropAfter.add(request);
        return undefined;
      }
      if (fault.status === undefined) return undefined;
      return reply
        .code(fault.status)
        .headers(fault.headers ?? {})
        .send(fault.body ?? "");
    },
    async onSend(request, _reply, payload) {
      // Once a body has been read, destroying the request itself leaves the connection open.
      if (dropAfter.has(request)) request.raw.socket.destroy();
      return payload;
    },
  };
}
