/** A real Redis server of a test's own: a child process on a free port, with nothing written to disk unless it is durable. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const BINARIES = ["/usr/bin/redis-server", "/usr/local/bin/redis-server"];
const LOOKS = 200;
const BETWEEN_LOOKS_MS = 25;

export interface RedisServer {
  readonly url: string;
  /** Ends it and removes its folder. May be called twice. */
  stop(): Promise<void>;
  /** SIGKILL: connections break. `restart` brings it back on the same port; empty, unless it is durable. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  flush(): Promise<void>;
  /** From now on it answers nobody, until it is killed. */
  pause(): Promise<void>;
  /** Sends commands as one would type them, such as `get name`; resolves with all that it answered. */
  command(...lines: string[]): Promise<string>;
}

function findBinary(): string | undefined {
  const found = [process.env["REDIS_SERVER"] ?? "", ...BINARIES].find((path) => existsSync(path));
  if (found === undefined) {
    const message = "redis-server is not installed: the tests that need Redis are skipped";
    if (process.env["REQUIRE_SERVICES"] === "1") throw new Error(message);
    console.warn(message);
  }
  return found;
}

const binary = findBinary();

/** For `describe.skipIf(!hasRedis)`. */
export const hasRedis = binary !== undefined;

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}

/** Speaks Redis's inline protocol, so that no client library stands between a test and the server. */
async function send(port: number, lines: readonly string[]): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    answer += text;
  });
  socket.write([...lines, "quit", ""].join("\r\n"));
  await once(socket, "close");
  return answer;
}

/** A paused server would not even close the connection. */
async function pause(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.write("client pause 3600000 all\r\n");
  await once(socket, "data");
  socket.destroy();
}

async function waitUntilReady(port: number): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    const answer = await send(port, ["ping"]).catch(() => "");
    if (answer.includes("PONG")) return;
    await sleep(BETWEEN_LOOKS_MS);
  }
  throw new Error("redis-server did not answer");
}

const FORGETFUL = ["--save", "", "--appendonly", "no"];
/** What it answered is on the disk, as after a commit of Postgres. */
const DURABLE = ["--save", "", "--appendonly", "yes", "--appendfsync", "always"];

/** Starts a server; whoever starts it stops it. `isDurable`: it keeps what it holds when it is killed. */
export async function startRedis({ isDurable = false } = {}): Promise<RedisServer> {
  if (binary === undefined) throw new Error("redis-server is not installed");
  const folder = await mkdtemp(join(tmpdir(), "caseqa-redis-"));
  const port = await findFreePort();

  async function start() {
    const options = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
    const kept = isDurable ? DURABLE : FORGETFUL;
    const child = spawn(binary ?? "", [...options, ...kept], { stdio: "ignore" });
    const exited = once(child, "exit");
    await waitUntilReady(port);
    return async (signal: "SIGTERM" | "SIGKILL") => {
      child.kill(signal);
      await exited;
    };
  }

  let end: Awaited<ReturnType<typeof start>> | undefined = await start();
  const endWith = async (signal: "SIGTERM" | "SIGKILL") => {
    const ending = end;
    end = undefined;
    await ending?.(signal);
  };
  const command = (...lines: string[]) => send(port, lines);
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      // A paused server does not answer SIGTERM before its pause ends.
      await endWith("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
    kill: () => endWith("SIGKILL"),
    restart: async () => {
      end ??= await start();
    },
    pause: () => pause(port),
    flush: async () => void (await command("flushall")),
    command,
  };
}
