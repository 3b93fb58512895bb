import Module from "node:module";
import { join } from "node:path";
import util from "node:util";
import { captureNativeOutput, logFolder } from "./native-output";
import { startKernel } from "./start";
import { loadTslab } from "./tslab";
import { readConnection } from "./wire/connection";

// `node main.js [--config-path] <connection file>`; the flag is how stock tslab is called.
const connectionFile = process.argv.slice(2).find((argument) => !argument.startsWith("-"));
if (connectionFile === undefined) {
  console.error("The kernel is started by Jupyter: node main.js <connection file>");
  process.exit(2);
}
// Node.js 23 took these away, and TensorFlow.js calls them: a cell may import it without the library, which mends it too.
const old = util as unknown as Record<string, unknown>;
old.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
old.isArray ??= Array.isArray;
// From Node.js 22.1 on, compiled code is kept: the compiler of the cells is nine megabytes of JavaScript.
(Module as { enableCompileCache?(folder: string): void }).enableCompileCache?.(join(logFolder(), "compiled"));
try {
  // What is wrong from the start is said before standard error becomes that of the cells.
  readConnection(connectionFile);
  const tslab = loadTslab();
  startKernel({ connectionFile, tslab, files: captureNativeOutput() });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
