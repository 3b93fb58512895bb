/** `npm run dev`: watches the library and the set-up, and rebuilds on every save; each time one line says how it went. */
import nodemon from "nodemon";
import { join } from "node:path";
import { main } from "./setup/failure";
import { root } from "./setup/paths";
import { setUp } from "./setup/setup";

void main(async () => {
  await setUp();
  nodemon({
    script: join(__dirname, "dev/rebuild.js"),
    cwd: root,
    watch: ["lib/src", "lib/package.json", "kernel-setup/src", "kernel-setup/native", "kernel-setup/python"],
    ext: "ts,json,cc,h,txt",
    // Many editors save in two steps, and a branch switch saves many files.
    delay: 100,
    quiet: true,
    stdin: false,
  });
  nodemon.on("quit", () => process.exit(0));
  console.log("watching lib/ and kernel-setup/: save a file to rebuild, Ctrl+C ends");
});
