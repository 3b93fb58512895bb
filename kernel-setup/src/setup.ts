/** `npm run setup`: everything a fresh clone needs. */
import { main } from "./setup/failure";
import { setUp } from "./setup/setup";
import { dataHint } from "./setup/steps/data";

void main(async () => {
  const began = performance.now();
  const done = await setUp({ thorough: true });
  const time = `${((performance.now() - began) / 1000).toFixed(1)} s`;
  console.log(done ? `The course is ready (${time}).` : `The course is ready; there was nothing to do (${time}).`);
  console.log(`  ${dataHint()}`);
  console.log("  npm start opens it, npm run doctor looks at every part.");
});
