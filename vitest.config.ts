import { defineConfig } from "vitest/config";

const project = (name: string, testTimeout: number, extra: Record<string, unknown> = {}) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, ...extra },
});

export default defineConfig({
  test: {
    globalSetup: ["test/support/global-setup.ts"],
    hookTimeout: 60_000,
    projects: [
      project("unit", 15_000),
      project("contract", 30_000),
      project("e2e", 90_000),
      project("fault", 90_000),
      project("install", 120_000, { globalSetup: ["test/support/zcli-setup.ts"] }),
    ],
  },
});
