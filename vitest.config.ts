import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Workers and the processes that tests start load hundreds of modules each: compiled once, and kept for the next run.
process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(
  new URL("node_modules/.cache/node-compile", import.meta.url),
);

const project = (name: string, testTimeout: number, extra: Record<string, unknown> = {}) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, ...extra },
});

// The limits are for tests that hang; none is tight enough to fail on a busy machine.
export default defineConfig({
  test: {
    globalSetup: ["test/support/global-setup.ts"],
    setupFiles: ["test/support/each-file.ts"],
    // A worker loads a project's modules once: hardly any has a state, and what a file opens ends with it.
    isolate: false,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 120_000 } },
    // Most files wait for a database, a flow or a process: more of them at once than there are cores.
    maxWorkers: 3,
    projects: [
      project("unit", 60_000),
      project("contract", 180_000),
      project("e2e", 360_000),
      project("fault", 360_000),
      // What zcli keeps for a whole process is a file's own here.
      project("install", 480_000, { globalSetup: ["test/support/zcli-setup.ts"], isolate: true }),
    ],
  },
});
