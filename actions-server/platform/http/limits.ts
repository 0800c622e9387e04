/** How much, how long and how many at once: what one client may take of the server. */

export interface ServerLimits {
  /** Of a route whose contract does not name its own limit. */
  readonly bodyBytes: number;
  /** All header lines together. */
  readonly headerBytes: number;
  /** From the connection, or the end of the request before, to the last header. */
  readonly headersMs: number;
  /** From the first byte of a request to the last of its body. */
  readonly requestMs: number;
  readonly checkMs: number;
  /** How long a connection may be silent between two requests. Longer than the usual 60 s of a load balancer. */
  readonly keepAliveMs: number;
  /** How long a connection may be silent within a request, or while the answer is not taken. */
  readonly silentMs: number;
  /** Open connections; one more is closed at once. */
  readonly connections: number;
  /** Unknown callers of one address in a minute. */
  readonly strangersPerMinute: number;
}

export const SERVER_LIMITS: ServerLimits = {
  bodyBytes: 4_096,
  headerBytes: 16_384,
  headersMs: 10_000,
  requestMs: 30_000,
  checkMs: 1_000,
  keepAliveMs: 72_000,
  silentMs: 30_000,
  connections: 4_096,
  strangersPerMinute: 600,
};
