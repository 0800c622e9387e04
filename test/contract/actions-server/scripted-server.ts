/** A remote system whose every answer a test writes itself, down to a body that breaks off or stalls. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface ReceivedCall {
  readonly method: string;
  /** With the query, decoded. */
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export type Answer = (response: ServerResponse) => void;

export interface ScriptedServer {
  readonly origin: string;
  readonly calls: ReceivedCall[];
  /** The paths called, in order, without their queries. */
  paths(): string[];
}

/** Answers by `route`; stopped when the test ends, stalled answers included. */
export async function startScriptedServer(
  route: (call: ReceivedCall) => Answer,
): Promise<ScriptedServer> {
  const calls: ReceivedCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const call: ReceivedCall = {
        method: request.method ?? "",
        path: decodeURIComponent((request.url ?? "").replaceAll("+", " ")),
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      calls.push(call);
      route(call)(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    calls,
    paths: () => calls.map((call) => call.path.split("?", 1)[0]!),
  };
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return text(typeof body === "string" ? body : JSON.stringify(body), status, {
    "content-type": "application/json;charset=UTF-8",
    ...headers,
  });
}

export function text(body: string, status = 200, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, headers).end(body);
  };
}

/** Headers and half of a body, then the connection is cut. */
export const breaksOff: Answer = (response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
  response.write('{"half":', () => response.destroy());
};

/** Headers and half of a body, then nothing more. */
export const stalls: Answer = (response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
  response.write('{"half":');
};

/** Answers nothing at all. */
export const staysSilent: Answer = () => {};

/** The nth answer to the nth call that the route sends here; the last one stays. */
export function inTurn(...answers: [Answer, ...Answer[]]): () => Answer {
  let next = 0;
  return () => {
    const answer = answers[Math.min(next, answers.length - 1)]!;
    next += 1;
    return answer;
  };
}
