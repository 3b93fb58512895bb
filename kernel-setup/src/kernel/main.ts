import { captureNativeOutput } from "./native-output";
import { startKernel } from "./start";
import { loadTslab } from "./tslab";

// `node main.js [--config-path] <connection file>`; the flag is how stock tslab is called.
const connectionFile = process.argv.slice(2).find((argument) => !argument.startsWith("-"));
if (connectionFile === undefined) {
  console.error("The kernel is started by Jupyter: node main.js <connection file>");
  process.exit(2);
}
try {
  const tslab = loadTslab();
  startKernel({ connectionFile, tslab, files: captureNativeOutput() });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
