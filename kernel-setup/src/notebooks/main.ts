/** Runs the command with the arguments of this program, when it is started or when `npm run notebooks` imports it. */
import { notebooks } from "./command";

notebooks(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
