// Test projects, from fastest to slowest; `npm test` runs them all, `npm run check` only `unit`.
import { defineConfig } from "vitest/config";

const project = (name: string, options: { timeout?: number; serial?: boolean; shared?: boolean } = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: options.timeout ?? 30_000,
    hookTimeout: options.timeout ?? 60_000,
    fileParallelism: !(options.serial ?? false),
    isolate: !(options.shared ?? false),
  },
});

export default defineConfig({
  test: {
    projects: [
      // Unit tests keep no state in modules: loading the libraries once for all files halves their time.
      project("unit", { shared: true }),
      project("property", { timeout: 180_000 }),
      project("conformance", { timeout: 180_000, serial: true }),
      project("integration", { timeout: 180_000, serial: true }),
      project("e2e", { timeout: 300_000, serial: true }),
      project("chains", { timeout: 1_800_000, serial: true }),
    ],
  },
});
