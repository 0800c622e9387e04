/** Sends the requests of the bodies benchmark from a thread of its own, so that the server's thread does nothing else. */
import { parentPort } from "node:worker_threads";

export interface SentRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const port = parentPort;

async function send({ url, method, headers, text }: SentRequest): Promise<number> {
  const reply = await fetch(url, { method, headers, body: text });
  await reply.arrayBuffer();
  return reply.status;
}

port?.on("message", (request: SentRequest) => {
  void send(request).then((status) => port.postMessage(status, []));
});
