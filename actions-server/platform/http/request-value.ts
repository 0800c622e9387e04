/** Keeps something about a request for later hooks of the same request. */
import type { FastifyRequest } from "fastify";

export interface RequestValue<T> {
  get(request: FastifyRequest): T | undefined;
  set(request: FastifyRequest, value: T): void;
}

/** A property of the request under a symbol of its own: an entry of a WeakMap costs each request 1 µs, most of it in the collector. */
export function createRequestValue<T>(): RequestValue<T> {
  const name = Symbol("request value");
  // Fastify's type of a request knows nothing of the symbol.
  const holderOf = (request: FastifyRequest) => request as unknown as Record<symbol, T | undefined>;
  return {
    get: (request) => holderOf(request)[name],
    set(request, value) {
      holderOf(request)[name] = value;
    },
  };
}
