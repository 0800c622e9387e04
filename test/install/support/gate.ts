/** The actions server behind an address that can be made to answer nothing, as when the server is down. */
import { createServer, request as sendRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Gate {
  /** The origin that the account is told. */
  readonly url: string;
  /** From now on connections are cut before an answer, or are passed on again. */
  open(isOpen: boolean): void;
}

/** Open at first; stopped when the test ends. */
export async function openGate(target: string): Promise<Gate> {
  let isOpen = true;
  const server = createServer((request, response) => {
    if (!isOpen) {
      request.socket.destroy();
      return;
    }
    const { method, url, headers } = request;
    const onward = sendRequest(`${target}${url ?? "/"}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => request.socket.destroy());
    request.pipe(onward);
  });
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, open: (open) => void (isOpen = open) };
}
