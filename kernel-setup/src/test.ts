/** `npm test`: sets up what is missing, checks types, lint and format, runs all tests and ends with one plain line. */
import { main } from "./setup/failure";
import { setUp } from "./setup/setup";
import { closingLine, runChecks, runTests } from "./test/suites";

void main(async () => {
  let counts = { passed: 0, failed: 1 };
  try {
    await setUp({ tests: true });
    const checked = await runChecks();
    const tested = await runTests(process.argv.slice(2));
    counts = { passed: checked.passed + tested.passed, failed: checked.failed + tested.failed };
  } finally {
    // After everything else that prints, the failure of a set-up included.
    process.once("exit", () => console.log(closingLine(counts)));
  }
  return counts.failed ? 1 : 0;
});
