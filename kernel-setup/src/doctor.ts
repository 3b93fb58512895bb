/** `npm run doctor`: looks at every part of the set-up and says what is wrong and what to do; changes nothing. */
import { examine } from "./doctor/examine";
import { asJson, asText } from "./doctor/report";

void examine().then((checks) => {
  console.log(process.argv.includes("--json") ? JSON.stringify(asJson(checks), null, 2) : asText(checks));
  process.exitCode = checks.every(({ ok }) => ok) ? 0 : 1;
});
