/** `npm run notebooks`: sets up what is missing, then executes notebooks and writes their outputs back. */
import { main } from "./setup/failure";
import { setUp } from "./setup/setup";

void main(async () => {
  await setUp();
  await import("./notebooks/main.js");
});
