/**
 * What the kernels of lib/src/kernels gain over TensorFlow.js' own, eager and compiled, as a Markdown table. Both run in
 * one process, alternating; medians over the rounds, each of as many calls as take 5 ms.
 *
 *   node node_modules/typescript/bin/tsc --build tests/bench && node tests/bench/dist/kernels.js
 *
 * ROUNDS sets the rounds (15), ONLY=relu picks workloads by name.
 */
import { tf } from "nablab/dist/tensorflow.js";
import { replaceFunction } from "nablab/dist/tensorflow/seams.js";

// Before the library registers its own.
const kernels = new Map(tf.getKernelsForBackend("tensorflow").map((kernel) => [kernel.kernelName, kernel]));
const NAMES =
  "Relu Relu6 LeakyRelu Elu Selu Sigmoid Tanh MaxPool AvgPool GatherV2 ResizeBilinear ResizeNearestNeighbor Sum Mean Tile".split(
    " ",
  );
const gradients = new Map(NAMES.map((name) => [name, tf.getGradient(name)]));
const { softmaxCrossEntropy } = tf.losses;
const { applyGradients } = tf.AdamOptimizer.prototype;
const layers = ["BatchNormalization", "LayerNormalization", "Dropout", "SpatialDropout1D"].map((name) => {
  const { prototype } = tf.serialization.SerializationMap.getMap().classNameMap[name][0] as unknown as {
    prototype: { call: unknown };
  };
  return { prototype, call: prototype.call };
});
type Library = typeof import("nablab/dist/capture/index.js") & typeof import("nablab/dist/kernels/index.js");

/** Puts TensorFlow.js' own kernels, gradients and functions back. */
function useStock(): void {
  for (const [name, kernel] of kernels) {
    tf.unregisterKernel(name, "tensorflow");
    tf.registerKernel(kernel);
  }
  for (const [name, gradient] of gradients) {
    tf.unregisterGradient(name);
    tf.registerGradient(gradient);
  }
  for (const { prototype, call } of layers) prototype.call = call;
  (tf.losses as { softmaxCrossEntropy: unknown }).softmaxCrossEntropy = softmaxCrossEntropy;
  tf.AdamOptimizer.prototype.applyGradients = applyGradients;
  for (const name of ["ones", "zeros", "dropout", "randomUniform", "randomNormal", "truncatedNormal"] as const) {
    replaceFunction(name, (original) => original);
  }
}

interface Workload {
  name: string;
  make(): () => tf.Tensor | tf.Tensor[];
}

/** Forward and back through an activation of a tensor that TensorFlow holds. */
function activation(name: string, shape: number[], f: (x: tf.Tensor) => tf.Tensor): Workload {
  return {
    name: `${name} [${shape}] and gradient`,
    make() {
      const x = held(shape);
      const dy = held(f(x).shape);
      return () => tf.grad(f)(x, dy);
    },
  };
}

function held(shape: number[]): tf.Tensor {
  return tf.keep(tf.tidy(() => tf.add(tf.randomNormal(shape, 0, 1, "float32", 1), tf.scalar(0))));
}

function layer(name: string, shape: number[], layer: () => tf.layers.Layer): Workload {
  return {
    name: `${name} [${shape}] and gradients`,
    make() {
      const x = held(shape);
      const dy = held(shape);
      const made = layer();
      made.build(shape);
      const f = (x: tf.Tensor) => tf.sum(tf.mul(made.apply(x, { training: true }) as tf.Tensor, dy)) as tf.Scalar;
      const weights = made.trainableWeights.map((weight) => weight.read());
      return () => tf.grads((...all: tf.Tensor[]) => f(all[0]))([x, ...weights]);
    },
  };
}

function crossEntropy(rows: number, classes: number): Workload {
  return {
    name: `softmaxCrossEntropy [${[rows, classes]}] and gradient`,
    make() {
      const logits = held([rows, classes]);
      const labels = tf.keep(
        tf.tidy(() => tf.oneHot(tf.range(0, rows, 1, "int32").mod(tf.scalar(classes, "int32")), classes).toFloat()),
      );
      return () => tf.grad((x: tf.Tensor) => tf.losses.softmaxCrossEntropy(labels, x))(logits);
    },
  };
}

/** One update of the weights of a network of dense layers. */
function adam(sizes: number[]): Workload {
  return {
    name: `adam, dense ${sizes.join("-")}`,
    make() {
      const shapes = sizes.slice(1).flatMap((size, i) => [[sizes[i], size], [size]]);
      const variables = shapes.map((shape) => tf.tidy(() => held(shape).variable()));
      const gradients = variables.map(({ name, shape }) => ({ name, tensor: held(shape) }));
      const optimizer = tf.train.adam(1e-4);
      optimizer.applyGradients(gradients);
      return () => {
        optimizer.applyGradients(gradients);
        return variables[1].clone();
      };
    },
  };
}

/** One product and its two gradients. */
function product(m: number, k: number, n: number): Workload {
  return {
    name: `matMul [${[m, k]}] [${[k, n]}] and gradients`,
    make() {
      const [a, b, dy] = [held([m, k]), held([k, n]), held([m, n])];
      return () => tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D))([a, b], dy);
    },
  };
}

const workloads: Workload[] = [
  product(32, 64, 64),
  product(32, 784, 128),
  activation("relu", [128, 128], tf.relu),
  activation("relu", [128, 32, 32, 32], tf.relu),
  activation("relu6", [128, 16, 16, 32], tf.relu6),
  activation("leakyRelu", [128, 16, 16, 32], (x) => tf.leakyRelu(x, 0.2)),
  activation("selu", [128, 16, 16, 32], tf.selu),
  activation("sigmoid", [128, 128], tf.sigmoid),
  activation("sigmoid", [128, 16, 16, 32], tf.sigmoid),
  activation("tanh", [128, 128], tf.tanh),
  activation("tanh", [128, 16, 16, 32], tf.tanh),
  layer("conv2d, one filter of 7 x 7,", [64, 28, 28, 64], () =>
    tf.layers.conv2d({ filters: 1, kernelSize: 7, padding: "same" }),
  ),
  activation("mean over pixels", [128, 16, 16, 32], (x) => tf.mean(x, [1, 2])),
  crossEntropy(32, 10),
  crossEntropy(512, 1000),
  layer("batchNormalization", [32, 128], () => tf.layers.batchNormalization()),
  layer("batchNormalization", [512, 1024], () => tf.layers.batchNormalization()),
  layer("batchNormalization", [128, 16, 16, 32], () => tf.layers.batchNormalization()),
  layer("layerNormalization", [128, 256], () => tf.layers.layerNormalization()),
  {
    name: "dropout [128,128]",
    make: () =>
      (
        (x) => () =>
          tf.dropout(x, 0.5)
      )(held([128, 128])),
  },
  {
    name: "dropout [128,16,16,32]",
    make: () =>
      (
        (x) => () =>
          tf.dropout(x, 0.5)
      )(held([128, 16, 16, 32])),
  },
  adam([8, 64, 64, 10]),
  adam([784, 128, 128, 10]),
  { name: "randomUniform [16]", make: () => () => tf.randomUniform([16]) },
  { name: "randomUniform [1000000]", make: () => () => tf.randomUniform([1_000_000]) },
  { name: "randomNormal [1000000]", make: () => () => tf.randomNormal([1_000_000]) },
  {
    name: "ones [256], used once",
    make: () =>
      (
        (x) => () =>
          tf.add(tf.ones([256]), x)
      )(held([])),
  },
  {
    name: "ones [2048], used once",
    make: () =>
      (
        (x) => () =>
          tf.add(tf.ones([2048]), x)
      )(held([])),
  },
  {
    name: "ones [1000000], used once",
    make: () =>
      (
        (x) => () =>
          tf.add(tf.ones([1_000_000]), x)
      )(held([])),
  },
  {
    name: "gather 4096 of [10000,64] and gradient",
    make() {
      const table = held([10_000, 64]);
      const indices = tf.keep(tf.tidy(() => tf.range(0, 4096, 1, "int32").add(tf.scalar(0, "int32"))));
      const dy = held([4096, 64]);
      return () => tf.grad((x: tf.Tensor) => tf.gather(x, indices))(table, dy);
    },
  },
];

const rounds = Number(process.env.ROUNDS ?? 15);

/** Milliseconds of a call, the mean over several. */
function time(f: () => tf.Tensor | tf.Tensor[], calls: number): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) {
    const out = tf.tidy(() => f());
    if (i === calls - 1) (Array.isArray(out) ? out[0] : out).dataSync(); // a GPU is waited for
    tf.dispose(out);
  }
  return Number(process.hrtime.bigint() - start) / 1e6 / calls;
}

function median(values: number[]): number {
  return values.slice().sort((a, b) => a - b)[values.length >> 1];
}

function countOps(f: () => tf.Tensor | tf.Tensor[]): number {
  const backend = tf.backend() as unknown as { binding: { executeOp(...rest: unknown[]): unknown } };
  const { binding } = backend;
  let count = 0;
  const executeOp = (...rest: unknown[]) => (count++, binding.executeOp(...rest));
  backend.binding = Object.defineProperty(Object.create(binding), "executeOp", { value: executeOp }) as typeof binding;
  tf.dispose(tf.tidy(() => f()));
  backend.binding = binding;
  return count;
}

function measure({ name, make }: Workload, { compile, registerKernels }: Library): string {
  useStock();
  const f = make();
  const modes = { stock: useStock, ours: registerKernels };
  const compiled = { stock: compile(() => f()), ours: compile(() => f()) };
  const ops: Record<string, number> = {};
  const calls: Record<string, number> = {};
  const refused: Record<string, boolean> = {};
  const times: Record<string, number[]> = {};
  for (const mode of ["stock", "ours"] as const) {
    modes[mode]();
    time(f, 2);
    ops[mode] = countOps(f);
    calls[mode] = Math.max(1, Math.ceil(5 / time(f, 3)));
    try {
      for (let i = 0; i < 3; i++) time(compiled[mode], 1);
      calls[`${mode} compiled`] = Math.max(1, Math.ceil(5 / time(compiled[mode], 3)));
    } catch {
      refused[mode] = true;
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const mode of round % 2 ? (["stock", "ours"] as const) : (["ours", "stock"] as const)) {
      modes[mode]();
      (times[mode] ??= []).push(time(f, calls[mode]));
      if (!refused[mode]) (times[`${mode} compiled`] ??= []).push(time(compiled[mode], calls[`${mode} compiled`]));
    }
  }
  const ms = (key: string) => (times[key] ? median(times[key]).toPrecision(3) : "refused");
  const gain = (before: string, after: string) =>
    times[before] && times[after] ? `${(median(times[before]) / median(times[after])).toFixed(2)}x` : "new";
  compiled.stock.dispose();
  compiled.ours.dispose();
  return [
    name,
    `${ops.stock} → ${ops.ours}`,
    ms("stock"),
    ms("ours"),
    gain("stock", "ours"),
    ms("stock compiled"),
    ms("ours compiled"),
    gain("stock compiled", "ours compiled"),
  ].join(" | ");
}

async function main(): Promise<void> {
  const library = {
    ...(await import("nablab/dist/capture/index.js")),
    ...(await import("nablab/dist/kernels/index.js")),
  };
  const only = process.env.ONLY;
  console.log("| workload | ops | stock ms | ours ms | gain | compiled, stock ms | compiled, ours ms | gain |");
  console.log("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const workload of workloads) {
    if (!only || workload.name.includes(only)) console.log(`| ${measure(workload, library)} |`);
  }
}

void main();
