/**
 * Gets the process ready for TensorFlow.js: must be imported before it. Three things bite otherwise:
 * Node 23 took away two functions that tfjs-node calls; TensorFlow's C++ part reads its environment when it is loaded;
 * and where the native binding cannot be loaded, importing tfjs-node throws, although WebAssembly could take its place.
 */
import { existsSync } from "node:fs";
import { createRequire, Module } from "node:module";
import util from "node:util";
import { openSeams } from "./seams";
import { substitute } from "./substitute";

const PACKAGE = "@tensorflow/tfjs-node-gpu";
const STANDS_IN = Symbol.for("nablab.substitute");
// Not the module's own `require`, which does not exist where a test runner loads this file as an ES module.
const load = createRequire(__filename);

/** Why TensorFlow itself could not be loaded, in one line; undefined where it runs. */
export const nativeFailure: string | undefined = prepare();

function prepare(): string | undefined {
  const old = util as unknown as Record<string, unknown>;
  old.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  old.isArray ??= Array.isArray;

  const { env } = process;
  // 2 keeps errors and drops C++ information and warnings, which would land in the learner's first cell.
  env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  // Otherwise the first of two kernels takes the whole GPU.
  env.TF_FORCE_GPU_ALLOW_GROWTH ??= "true";
  // Left alone, TensorFlow computes by oneDNN only on processors with AVX512-VNNI or AMX. With AVX2 it gains as well: 1.2
  // to 2.2 times the speed in training steps with convolutions.
  env.TF_ENABLE_ONEDNN_OPTS ??= "1";
  if (env.NABLAB_DEVICE === "cpu") env.CUDA_VISIBLE_DEVICES = "-1";

  try {
    // Already there and not TensorFlow itself: the library was loaded a second time in one process, after a rebuild.
    const reason = (load(PACKAGE) as Record<symbol, string>)[STANDS_IN];
    if (reason === undefined) openSeams(load("@tensorflow/tfjs-core") as Record<string, unknown>);
    return reason;
  } catch (error) {
    const reason = firstLine(error);
    const path = load.resolve(PACKAGE);
    // With the paths of the real module, for those who import it as an ES module look up its names from there.
    load.cache[path] = Object.assign(new Module(path), {
      filename: path,
      loaded: true,
      paths: createRequire(path).resolve.paths(PACKAGE) ?? [],
      exports: Object.assign(substitute(load), { [STANDS_IN]: reason }),
    });
    console.warn(
      `nablab runs on WebAssembly: TensorFlow's binding does not load (${reason}). The same results, ` +
        "5 to 20 times slower, no GPU and no compile(). Remedy: npm run setup; npm run doctor says what is missing.",
    );
    return reason;
  }
}

function firstLine(error: unknown): string {
  const path = /at path: (.+?)\.? *\n/.exec(String(error))?.[1];
  if (path && !existsSync(path)) return `${path} is not there`;
  return (error instanceof Error ? error.message : String(error)).split("\n")[0].slice(0, 300);
}
