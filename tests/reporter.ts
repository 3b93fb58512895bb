import { writeFileSync } from "node:fs";
import type { Reporter, SerializedError, TestModule } from "vitest/node";

/**
 * Counts for the closing line of `npm test` and writes them to the file named by `NABLAB_TEST_COUNTS`.
 *
 * Whatever is not a test that ran and passed counts as failed: a test file that does not load, an error outside of any
 * test, a hook that fails. A skipped test is none, and the lint allows none.
 */
export default class CountingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const counts = { passed: 0, failed: errors.length };
    for (const testModule of modules) {
      const before = counts.failed;
      for (const test of testModule.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") counts.passed++;
        else if (state === "failed" || state === "pending") counts.failed++;
      }
      for (const suite of testModule.children.allSuites()) counts.failed += suite.errors().length ? 1 : 0;
      counts.failed += testModule.errors().length ? 1 : 0;
      // A module that failed must show in the counts, whatever the reason.
      if (testModule.state() === "failed" && counts.failed === before) counts.failed++;
    }
    const file = process.env.NABLAB_TEST_COUNTS;
    if (file) writeFileSync(file, JSON.stringify(counts));
  }
}
