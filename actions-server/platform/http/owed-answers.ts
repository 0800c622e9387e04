/** Knows which requests of a connection wait for their answer: bytes written now would be read as the first one's answer. */
import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";

export interface OwedAnswers {
  /** Before the server takes its first request. */
  watch(server: Server): void;
  /**
   * Whether an answer written to the connection can only be taken for that of the request which is arriving now: no
   * complete request waits, and the one that is arriving has none yet.
   */
  isFree(socket: Socket): boolean;
}

interface Connection {
  readonly waiting: Set<IncomingMessage>;
  latest: IncomingMessage;
}

export function createOwedAnswers(): OwedAnswers {
  const connections = new WeakMap<Socket, Connection>();
  return {
    watch(server) {
      server.prependListener("request", (request, response) => {
        const known = connections.get(request.socket);
        const connection = known ?? { waiting: new Set(), latest: request };
        if (!known) connections.set(request.socket, connection);
        connection.latest = request;
        connection.waiting.add(request);
        response.once("close", () => connection.waiting.delete(request));
      });
    },
    isFree(socket) {
      const connection = connections.get(socket);
      if (!connection) return true;
      const { waiting, latest } = connection;
      const isArriving = !latest.complete;
      return isArriving ? waiting.size === 1 && waiting.has(latest) : waiting.size === 0;
    },
  };
}
