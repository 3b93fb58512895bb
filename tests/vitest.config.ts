import { defineConfig } from "vitest/config";

/**
 * Five suites in one run. Those that start kernels, installers or a browser run their files one after another:
 * on two cores they would otherwise time each other out.
 */
const suite = (name: string, include: string[], seconds: number, parallel: boolean) => ({
  test: {
    name,
    root: "tests",
    include,
    testTimeout: seconds * 1000,
    hookTimeout: seconds * 1000,
    pool: "forks" as const,
    fileParallelism: parallel,
    maxConcurrency: 2, // tests of one file that say so run side by side
    setupFiles: ["setup.ts"],
  },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      suite("lib", ["lib/**/*.test.ts", "*.test.ts"], 60, true),
      suite("kernel", ["kernel-setup/kernel/**/*.test.ts"], 120, false),
      suite("setup", ["kernel-setup/*.test.ts", "kernel-setup/{setup,start,test,worker}/**/*.test.ts"], 300, false),
      suite("notebooks", ["kernel-setup/notebooks/**/*.test.ts", "notebooks/**/*.test.ts"], 600, false),
      suite("browser", ["browser/**/*.test.ts"], 600, false),
    ],
  },
});
