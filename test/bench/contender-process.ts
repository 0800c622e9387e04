/** A contender of the actions benchmark in a process of its own: started, asked for its CPU time, stopped. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export const TOKEN = "token-of-the-benchmark";

export interface ContenderProcess {
  readonly url: string;
  /** Milliseconds that it has worked so far. */
  readonly cpuMs: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

export interface Start {
  /** The file to run, and which contender it is to be. */
  readonly file: string;
  readonly kind: string;
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
  /** Where its CPU profile goes when it ends; undefined: none is made. */
  readonly profileFolder?: string | undefined;
}

export async function startContender(start: Start): Promise<ContenderProcess> {
  const { file, kind, databaseUrl, redisUrl, profileFolder } = start;
  const profile =
    profileFolder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`];
  const child = spawn(process.execPath, [...profile, file, kind], {
    stdio: ["pipe", "pipe", "inherit"],
    env: {
      ...process.env,
      NODE_ENV: "production",
      LOG_LEVEL: "warn",
      RATE_LIMIT_PER_MINUTE: "0",
      SERVER_TOKENS: `bench:${TOKEN}`,
      ZENDESK_URL: "http://127.0.0.1:9",
      ZENDESK_EMAIL: "agent@bench.example",
      ZENDESK_API_TOKEN: "token",
      ZENDESK_ALLOW_API_TOKEN: "true",
      SALESFORCE_LOGIN_URL: "http://127.0.0.1:9",
      SALESFORCE_CLIENT_ID: "id",
      SALESFORCE_CLIENT_SECRET: "secret",
      DATABASE_URL: databaseUrl,
      ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    },
  });
  const exited = once(child, "exit");
  const lines = createInterface({ input: child.stdout });
  const nextLine = async () => ((await once(lines, "line")) as [string])[0];
  const died = exited.then(() => {
    throw new Error(`the contender ${kind} ended by itself`);
  });
  const url = await Promise.race([nextLine(), died]);
  died.catch(() => {});
  return {
    url,
    async cpuMs() {
      const answer = nextLine();
      child.stdin.write("cpu\n");
      return Number(await answer);
    },
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}
