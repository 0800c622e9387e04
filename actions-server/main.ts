/** Starts the server as a process, and ends it gracefully. */
import type { FastifyInstance } from "fastify";
import { buildApp, buildMonitoring } from "./app.ts";
import { ConfigError, loadConfig, type Config } from "./config/config.ts";
import { describeVariable } from "./config/variables.ts";
import { ENVIRONMENT } from "./config/environment.ts";
import { assembleServer } from "./assemble.ts";
import { PreflightError } from "./config/preflight.ts";
import { describeStartFailure } from "#platform/start-error";

function usage(): string {
  const names = Object.keys(ENVIRONMENT.properties) as (keyof typeof ENVIRONMENT.properties)[];
  const width = Math.max(...names.map((name) => name.length)) + 2;
  const lines = names.map((name) => `  ${name.padEnd(width)}${describeVariable(name)}`);
  return [
    "npm start: the actions server of CaseQA. Its settings are environment variables:",
    "",
    ...lines,
  ].join("\n");
}

const LINGER_MS = 1_000;

/** The first signal drains the server; a second one ends it at once. */
function onSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const handle = () => {
    if (stopping) process.exit(1);
    stopping = true;
    void stop();
  };
  process.on("SIGTERM", handle);
  process.on("SIGINT", handle);
}

async function closeWithin(app: FastifyInstance, graceMs: number): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), graceMs);
  try {
    await app.close();
  } finally {
    clearTimeout(cut);
  }
}

/** A silent connection does not keep the process alive. */
function exitSoon(): void {
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

async function run(config: Config): Promise<void> {
  const { host, port, monitoringPort } = config;
  const { deps, close: closeDeps } = await assembleServer(config);
  const { log } = deps;
  let isStopping = false;
  let app: FastifyInstance | undefined;
  let monitoring: FastifyInstance | undefined;

  async function stop(): Promise<void> {
    isStopping = true;
    if (app) await closeWithin(app, config.shutdownGraceMs);
    await closeDeps();
    await monitoring?.close();
  }

  try {
    await deps.preflight();
    app = await buildApp(deps);
    onSignal(async () => {
      log.info("stopping: running requests and jobs may end");
      await stop();
      log.info("stopped");
      exitSoon();
    });
    if (monitoringPort !== undefined) {
      monitoring = await buildMonitoring(deps, () => isStopping);
      await monitoring.listen({ host, port: monitoringPort });
    }
    await app.listen({ host, port });
  } catch (error) {
    await stop();
    exitSoon();
    throw error;
  }
}

async function main(): Promise<void> {
  if (process.argv.includes("--help")) {
    console.log(usage());
    return;
  }
  try {
    await run(loadConfig(process.env));
  } catch (error) {
    if (error instanceof ConfigError) console.error(`${error.message}\nSee --help.`);
    else if (error instanceof PreflightError) console.error(error.message);
    else console.error(describeStartFailure(error));
    process.exitCode = 1;
  }
}

await main();
