/** Started by probe.ts with the path of a binding: loads TensorFlow.js with it, multiplies two matrices, reports. */
import { createRequire } from "node:module";
import util from "node:util";
import { join } from "node:path";
import { root } from "./paths";

// Node 23 took away two functions that tfjs-node calls.
const old = util as unknown as Record<string, unknown>;
old.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
old.isArray ??= Array.isArray;

const load = createRequire(join(root, "lib/package.json"));
const binding = process.argv[2];
// tfjs-node asks this package where its binding lies; here it is one that is not yet in its place.
const loadBeside = createRequire(load.resolve("@tensorflow/tfjs-node-gpu"));
loadBeside("@mapbox/node-pre-gyp");
const locator = loadBeside.cache[loadBeside.resolve("@mapbox/node-pre-gyp")] as NodeJS.Module;
locator.exports = { find: () => binding };

interface Backend {
  binding: { TF_Version: string };
  isUsingGpuDevice: boolean;
}
const tf = load("@tensorflow/tfjs-node-gpu") as {
  ones(shape: number[]): { matMul(other: unknown): { dataSync(): Float32Array } };
  backend(): unknown;
};
const product = tf
  .ones([2, 3])
  .matMul(tf.ones([3, 2]))
  .dataSync();
if (product.length !== 4 || product.some((value) => value !== 3)) {
  throw new Error(`Error: a product of matrices came out as ${product.join(", ")} instead of four times 3`);
}
const backend = tf.backend() as Backend;
const functions = "nablab" in backend.binding;
console.log(JSON.stringify({ tensorflow: backend.binding.TF_Version, gpu: backend.isUsingGpuDevice, functions }));
