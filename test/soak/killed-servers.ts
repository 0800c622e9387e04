/** Server processes behind one address, killed without a word and started again. An exit that nobody asked for is reported. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { startRelay } from "../fault/relay.ts";

const START = fileURLToPath(new URL("../../actions-server/start.ts", import.meta.url));
const READY_MS = 60_000;
const STDERR_SHOWN = 2_000;

export interface KilledServers {
  /** Of whichever server lives. */
  readonly url: string;
  /** Kills the one that is being called; the other takes over, and the dead one is started again. */
  kill(): Promise<void>;
  /** How many were killed, and ends that nobody asked for with what the server wrote last. */
  readonly report: () => { readonly kills: number; readonly exits: readonly string[] };
  stop(): Promise<void>;
}

interface Server {
  readonly port: number;
  child: ChildProcess;
  expectsEnd: boolean;
}

/** @param environment of a server; its PORT is replaced */
export async function startKilledServers(
  environment: Readonly<Record<string, string>>,
): Promise<KilledServers> {
  const exits: string[] = [];
  let kills = 0;

  function start(port: number): Server {
    const child = spawn(process.execPath, [START], {
      env: { ...process.env, ...environment, PORT: String(port) },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const server: Server = { port, child, expectsEnd: false };
    let lastWords = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      lastWords = (lastWords + text).slice(-STDERR_SHOWN);
    });
    child.once("close", (code, signal) => {
      if (!server.expectsEnd) exits.push(`a server ended (${signal ?? code}): ${lastWords}`);
    });
    return server;
  }

  const servers = [start(await freePort()), start(await freePort())];
  await Promise.all(servers.map(({ port }) => ready(port)));
  const relay = await startRelay(servers[0]!.port);
  let current = 0;

  return {
    url: `http://127.0.0.1:${relay.port}`,
    async kill() {
      const at = current;
      const server = servers[at]!;
      server.expectsEnd = true;
      kills += 1;
      const ended = once(server.child, "close");
      server.child.kill("SIGKILL");
      current = 1 - at;
      relay.pointTo(servers[current]!.port);
      await ended;
      servers[at] = start(server.port);
      await ready(server.port);
    },
    report: () => ({ kills, exits }),
    async stop() {
      await Promise.all(
        servers.map(async (server) => {
          server.expectsEnd = true;
          const ended = once(server.child, "close");
          server.child.kill("SIGTERM");
          await ended;
        }),
      );
      await relay.close();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function ready(port: number): Promise<void> {
  const end = performance.now() + READY_MS;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    if (performance.now() > end) throw new Error(`no server is ready on port ${port}`);
    await sleep(200);
  }
}
