import { afterAll, describe, expect, it } from "vitest";
import { setRandomSeed } from "../../../lib/src/kernels";
import { tf } from "../../../lib/src/tensorflow";
import { inspectLayers, LayerSignals } from "../../../lib/src/train/inspect-layers";
import keras from "../../fixtures/train/inspect_layers.json";
import { learnable, network, weightsOf } from "./network";

interface KerasSignal {
  shape: number[];
  values: number[];
  gradients: number[];
}
interface KerasLayer {
  outputs: KerasSignal;
  weights: Record<string, KerasSignal>;
}

/** The network of the Keras fixture with its weights. */
function convolutional(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [4, 4, 2], filters: 2, kernelSize: 3, activation: "relu", name: "look" }),
      tf.layers.batchNormalization({ momentum: 0.9 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, activation: "tanh" }),
      tf.layers.dense({ units: 3 }),
    ],
  });
  // Keras lists a layer's statistics beside its other weights, TensorFlow.js behind all that is learnt.
  const own = model.layers.flatMap(({ weights }) => weights);
  own.forEach((weight, i) => weight.write(tf.tidy(() => tf.tensor(keras.weights[i], weight.shape as number[]))));
  return model;
}

const batch = { x: tf.tensor4d(keras.x), y: tf.tensor1d(keras.y, "int32") };
const model = convolutional();
afterAll(() => tf.dispose([batch, model.getWeights()]));

describe("inspectLayers", () => {
  it.each([
    ["in training", true, keras.training],
    ["in use", false, keras.inference],
  ])("finds Keras's activations and gradients, with batch normalization %s", (_, training, expected) => {
    const found = inspectLayers(model, batch, { training });
    expect(found).toHaveLength(expected.length);
    (expected as unknown as KerasLayer[]).forEach(({ outputs, weights }, i) => {
      expect(Object.keys(found[i].weights)).toEqual(Object.keys(weights));
      const pairs = [
        [found[i].outputs, outputs],
        ...Object.keys(weights).map((k) => [found[i].weights[k], weights[k]]),
      ];
      for (const [got, want] of pairs) {
        expect(got.shape).toEqual(want.shape);
        expect(got.values).toBeAllclose(want.values, { atol: 1e-5, rtol: 1e-5 });
        expect(got.gradients).toBeAllclose(want.gradients, { atol: 1e-5, rtol: 1e-5 });
      }
    });
  });

  it("names layers and their kinds", () => {
    const found = inspectLayers(model, batch);
    expect(found[0]).toMatchObject({ layer: "look", kind: "Conv2D" });
    expect(found.map(({ kind }) => kind)).toEqual(["Conv2D", "BatchNormalization", "Flatten", "Dense", "Dense"]);
  });

  it("has the gradients of finite differences in float64", () => {
    const { x, small, targets } = twoLayers();
    const [hidden, output] = inspectLayers(small, { x, y: targets });
    const lossFromHidden = (h: number[]) => squaredError(dense(h, output.weights), targets.dataSync());
    const lossFromOutput = (o: number[]) => squaredError(o, targets.dataSync());
    const lossFromKernel = (kernel: number[]) => {
      const moved = { ...hidden.weights, kernel: { ...hidden.weights.kernel, values: kernel } };
      return lossFromHidden(dense(Array.from(x.dataSync()), moved).map(Math.tanh));
    };
    const close = { atol: 1e-6, rtol: 1e-5 };
    expect(hidden.outputs.gradients).toBeAllclose(differences(lossFromHidden, hidden.outputs.values), close);
    expect(output.outputs.gradients).toBeAllclose(differences(lossFromOutput, output.outputs.values), close);
    expect(hidden.weights.kernel.gradients).toBeAllclose(
      differences(lossFromKernel, hidden.weights.kernel.values),
      close,
    );
  });

  it("follows branches, and looks into a model within the model, without the input layers", () => {
    const inner = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [4], name: "inside" })] });
    const input = tf.input({ shape: [4] });
    const side = tf.layers.dense({ units: 2, name: "side" }).apply(input) as tf.SymbolicTensor;
    const sum = tf.layers.add({ name: "sum" }).apply([inner.apply(input) as tf.SymbolicTensor, side]);
    const branched = tf.model({ inputs: input, outputs: sum as tf.SymbolicTensor });
    const y = tf.zeros([12, 2]);
    const found = byName(inspectLayers(branched, { x: learnable().x, y }));
    expect(Object.keys(found).sort()).toEqual(["inside", "side", "sum"]);
    const { inside, side: other, sum: total } = found;
    expect(total.outputs.values).toBeAllclose(inside.outputs.values.map((v, i) => v + other.outputs.values[i]));
    // d/ds of the mean of s² over 24 numbers is s / 12, and a sum hands its gradient to both sides.
    expect(total.outputs.gradients).toBeAllclose(total.outputs.values.map((v) => v / 12));
    expect(inside.outputs.gradients).toEqual(total.outputs.gradients);
    expect(other.outputs.gradients).toEqual(total.outputs.gradients);
  });

  it("gives the weights of a wrapper their full names, where short ones would be the same", () => {
    const cell = tf.layers.simpleRNN({ units: 1 });
    const rnn = tf.sequential({
      layers: [tf.layers.bidirectional({ layer: cell, mergeMode: "concat", inputShape: [3, 1] }) as tf.layers.Layer],
    });
    const [{ weights }] = inspectLayers(rnn, { x: tf.ones([2, 3, 1]), y: tf.zeros([2, 2]) });
    expect(Object.keys(weights)).toHaveLength(6);
  });

  it("leaves weights, moving averages and the random numbers to come as they were, and layers without a tap", () => {
    const dropping = tf.sequential({ layers: [tf.layers.dropout({ rate: 0.5, inputShape: [4] })] });
    const before = [weightsOf(model), draw(() => {})];
    inspectLayers(model, batch);
    expect(weightsOf(model)).toEqual(before[0]);
    expect(draw(() => inspectLayers(dropping, { x: tf.ones([2, 4]), y: tf.zeros([2, 4]) }))).toEqual(before[1]);
    expect(Object.keys(model.layers[0])).not.toContain("call");
  });

  it("drops out in training only", () => {
    const dropping = tf.sequential({ layers: [tf.layers.dropout({ rate: 0.5, inputShape: [100] })] });
    const given = { x: tf.ones([2, 100]), y: tf.zeros([2, 100]) };
    const zeros = (training?: boolean) =>
      inspectLayers(dropping, given, { training })[0].outputs.values.filter((v) => v === 0).length;
    expect(zeros()).toBeGreaterThan(50);
    expect(zeros(false)).toBe(0);
  });

  it("takes a loss by name or of one's own", () => {
    const { x, small, targets } = twoLayers();
    const own = inspectLayers(small, { x, y: targets }, { loss: (y, p) => tf.sum(tf.sub(p, y)) as tf.Scalar });
    expect(own[1].outputs.gradients).toEqual(new Float32Array(6).fill(1));
    const named = inspectLayers(small, { x, y: targets }, { loss: "meanSquaredError" });
    expect(named).toEqual(inspectLayers(small, { x, y: targets }));
  });
});

describe("inspectLayers, asked for what it cannot do,", () => {
  const set = learnable();
  const plain = network();
  const shared = tf.layers.dense({ units: 4, name: "twice" });
  const input = tf.input({ shape: [4] });
  const reused = tf.model({ inputs: input, outputs: shared.apply(shared.apply(input)) as tf.SymbolicTensor });

  const sequence = tf.input({ shape: [3, 1] });
  const memory = tf.layers.lstm({ units: 2, returnState: true, name: "memory" });
  const [last] = memory.apply(sequence) as tf.SymbolicTensor[];
  const stateful = tf.model({ inputs: sequence, outputs: last });

  const refusals: [string, () => unknown, string | RegExp][] = [
    ["an unknown option", () => inspectLayers(plain, set, { trainig: true } as never), "did you mean training?"],
    ["something that is no tensor", () => inspectLayers(plain, { x: [1], y: set.y } as never), "x to be a tensor"],
    [
      "integers",
      () => tf.tidy(() => void inspectLayers(plain, { x: tf.ones([12, 4], "int32"), y: set.y })),
      "inspectLayers() wants x to be float32, since gradients flow back to it, got a tensor of int32 [12, 4]. Remedy: x.toFloat().",
    ],
    ["a batch of another shape", () => inspectLayers(plain, batch), "of shape [size, 4] for this model"],
    [
      "a layer with two places",
      () => inspectLayers(reused, set, { loss: "softmaxCrossEntropy" }),
      "inspectLayers() wants the number of uses of the layer twice to be 1, got 2. Remedy: make a layer of its own",
    ],
    [
      "a layer with several outputs",
      () => tf.tidy(() => void inspectLayers(stateful, { x: tf.ones([2, 3, 1]), y: tf.zeros([2, 2]) })),
      "inspectLayers() wants the number of outputs of the layer memory to be 1, got 3.",
    ],
    [
      "a loss that is no scalar",
      () => inspectLayers(plain, set, { loss: (_, p) => tf.square(p) as tf.Scalar }),
      "inspectLayers() wants the loss to be a scalar, got a tensor of float32 [12, 3]. Remedy: return its mean",
    ],
    [
      "a loss that throws",
      () =>
        inspectLayers(plain, set, {
          loss: (_, p) => {
            tf.exp(p);
            throw new Error("not today");
          },
        }),
      "not today",
    ],
    [
      "a loss that does not depend on the model",
      () => inspectLayers(plain, set, { loss: () => tf.scalar(1) }),
      /Cannot compute gradient/,
    ],
  ];

  it.each(refusals)("refuses %s, and leaves no tensor and no tap behind", (_, run, message) => {
    inspectLayers(plain, set); // what is made once, such as the random stream, is there from now on
    const before = tf.memory().numTensors;
    expect(run).toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
    expect([...plain.layers, shared, memory].filter((layer) => Object.hasOwn(layer, "call"))).toEqual([]);
  });

  it("and asked for what it can, leaves no tensor behind either", () => {
    const before = tf.memory().numTensors;
    for (const training of [true, false]) inspectLayers(plain, set, { training });
    inspectLayers(model, batch);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("leaves the tape of a gradient around it alone", () => {
    // d/dz of tanh(z)² is 2 tanh(z) (1 - tanh(z)²): tanh saves its output for that.
    const { value, grad } = tf.valueAndGrad((z: tf.Tensor) => {
      const t = tf.tanh(z);
      expect(() => inspectLayers(plain, set, { loss: () => tf.zeros([2]) as tf.Tensor as tf.Scalar })).toThrow();
      return tf.sum(tf.square(t));
    })(tf.tensor1d([0.3]));
    const t = Math.tanh(0.3);
    expect([...value.dataSync(), ...grad.dataSync()]).toBeAllclose([t * t, 2 * t * (1 - t * t)]);
  });
});

const byName = (layers: LayerSignals[]) => Object.fromEntries(layers.map((layer) => [layer.layer, layer]));

/** The numbers that come next, after the seed and something else. */
function draw(between: () => void): number[] {
  setRandomSeed(5);
  between();
  return tf.tidy(() => Array.from(tf.randomUniform([3]).dataSync()));
}

/** Three inputs, four units of tanh, two outputs; three examples with targets. */
function twoLayers() {
  const small = tf.sequential({
    layers: [
      tf.layers.dense({
        ...{ inputShape: [3], units: 4, activation: "tanh" as const },
        kernelInitializer: tf.initializers.glorotNormal({ seed: 1 }),
      }),
      tf.layers.dense({ units: 2, kernelInitializer: tf.initializers.glorotNormal({ seed: 2 }) }),
    ],
  });
  const x = tf.tensor2d([0.1, -0.4, 1.2, 0.7, 0.3, -0.9, -1.1, 0.5, 0.2], [3, 3]);
  return { small, x, targets: tf.tensor2d([0.5, -0.5, 1, 0, -1, 0.25], [3, 2]) };
}

/** `rows · kernel + bias`, in float64. */
function dense(
  rows: ArrayLike<number>,
  { kernel, bias }: Record<string, { shape: number[]; values: ArrayLike<number> }>,
) {
  const [inputs, units] = kernel.shape;
  return Array.from({ length: (rows.length / inputs) * units }, (_, at) => {
    const [row, unit] = [Math.floor(at / units), at % units];
    let sum = bias.values[unit];
    for (let i = 0; i < inputs; i++) sum += rows[row * inputs + i] * kernel.values[i * units + unit];
    return sum;
  });
}

const squaredError = (got: number[], want: ArrayLike<number>) =>
  got.reduce((sum, value, i) => sum + (value - want[i]) ** 2, 0) / got.length;

function differences(loss: (values: number[]) => number, values: ArrayLike<number>, step = 1e-5): number[] {
  return Array.from(values, (_, i) => {
    const at = (shift: number) => loss(Array.from(values, (value, j) => (i === j ? value + shift : value)));
    return (at(step) - at(-step)) / (2 * step);
  });
}
