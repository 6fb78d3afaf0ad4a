// Test projects, from fastest to slowest; `npm test` runs all but the last two, `npm run check` only `unit`.
import { defineConfig } from "vitest/config";

interface ProjectOptions {
  readonly timeout?: number;
  readonly workers?: number;
  readonly shared?: boolean;
  readonly setup?: string;
}

const project = (name: string, options: ProjectOptions = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: options.timeout ?? 30_000,
    hookTimeout: options.timeout ?? 60_000,
    ...(options.workers !== undefined && { maxWorkers: options.workers }),
    isolate: !(options.shared ?? false),
    ...(options.setup !== undefined && { globalSetup: options.setup }),
  },
});

export default defineConfig({
  test: {
    // How long a test may take says when it hangs, not how fast it is: machines differ by four times, and these run four at a time.
    projects: [
      // Unit tests keep no state in modules: loading the libraries once for all files halves their time.
      project("unit", { shared: true, workers: 2 }),
      project("property", { timeout: 600_000, workers: 2 }),
      project("conformance", { timeout: 600_000, workers: 1 }),
      // These wait for chains more than they work.
      project("integration", { timeout: 600_000, workers: 3 }),
      project("e2e", { timeout: 900_000, workers: 2 }),
      // One relayer for all files, and a browser: not part of `npm test`, which needs only npm.
      project("browser", { timeout: 300_000, workers: 1, setup: "test/support/explorer-setup.ts" }),
      project("chains", { timeout: 1_800_000, workers: 1 }),
    ],
  },
});
