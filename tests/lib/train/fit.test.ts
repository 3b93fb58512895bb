import { afterEach, describe, expect, it, vi } from "vitest";
import { examples } from "../../../lib/src/data/examples";
import { ProgressUpdate } from "../../../lib/src/progress";
import { setRandomSeed } from "../../../lib/src/kernels";
import { tf } from "../../../lib/src/tensorflow";
import { evaluate } from "../../../lib/src/train/evaluate";
import { fit } from "../../../lib/src/train/fit";
import { FitOptions } from "../../../lib/src/train/fit-options";
import { softmaxCrossEntropy } from "../../../lib/src/train/losses";
import keras from "../../fixtures/train/training.json";
import { learnable, network, weightsOf } from "./network";

const { batch, epochs } = keras.shape;
const as = { epochs, batchSize: batch, shuffle: false, progress: false } satisfies FitOptions;
const optimizers: Record<keyof typeof keras.runs, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9),
  adam: () => tf.train.adam(0.01, 0.9, 0.999, 1e-12),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0, 1e-7),
};
const names = Object.keys(optimizers) as (keyof typeof keras.runs)[];
setRandomSeed(0); // makes the one variable that stays, before anybody counts

const kernelKey = Symbol.for("nablab.kernel");

afterEach(() => {
  vi.unstubAllEnvs();
  delete (globalThis as Record<symbol, unknown>)[kernelKey];
});

describe("fit with a model", () => {
  it.each(names)("takes the steps that Keras takes with %s", async (name) => {
    const model = network();
    const history = await fit(model, learnable(), { ...as, optimizer: optimizers[name]() });
    const { losses, weights, loss, accuracy } = keras.runs[name];
    expect(history.steps.map((step) => step.loss)).toBeAllclose(losses, { atol: 1e-5 });
    weightsOf(model).forEach((values, i) => expect(values).toBeAllclose(weights[i], { atol: 2e-5 }));
    const evaluation = await evaluate(model, learnable());
    expect([evaluation.loss, evaluation.accuracy!]).toBeAllclose([loss, accuracy], { atol: 1e-5 });
  });

  it("writes a row for every epoch: means over examples, validation, rate, time", async () => {
    const model = network();
    const rows: number[] = [];
    const history = await fit(model, learnable(), {
      ...as,
      optimizer: tf.train.sgd(0.1),
      validation: learnable(),
      onEpochEnd: (row, soFar) => void rows.push(row.epoch, soFar.rows.length),
    });
    expect(rows).toEqual([1, 1, 2, 2, 3, 3]);
    expect(history.stopped).toBe("epochs");
    const { losses } = keras.runs.sgd;
    history.rows.forEach((row, i) => {
      // Batches of 5, 5 and 2 of 12 examples.
      const mean = (5 * losses[3 * i] + 5 * losses[3 * i + 1] + 2 * losses[3 * i + 2]) / 12;
      expect(row.loss).toBeAllclose(mean, { atol: 1e-5 });
      expect(row).toMatchObject({ epoch: i + 1, step: 3 * (i + 1), learningRate: 0.1 });
    });
    expect(history.last.valLoss).toBeAllclose(keras.runs.sgd.loss, { atol: 1e-5 });
    expect(history.last.valAccuracy).toBeAllclose(keras.runs.sgd.accuracy);
    expect(history.steps[3]).toMatchObject({ step: 4, epoch: 4 / 3 });
    expect(history.seconds).toBeGreaterThan(0);
  });

  it("uses what the model was compiled with, and shuffles by the seed", async () => {
    const losses = async (seed: number) => {
      const model = network();
      model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
      const history = await fit(model, learnable(), { epochs: 1, batchSize: 5, seed, progress: false });
      expect(history.last.learningRate).toBe(0.1);
      return history.steps.map(({ loss }) => loss);
    };
    expect(await losses(1)).toEqual(await losses(1));
    expect(await losses(1)).not.toEqual(await losses(2));
  });

  it("keeps no tensors: over epochs, with validation and early stopping, and with an optimizer of its own", async () => {
    const [model, set] = [network(), learnable()];
    const before = tf.memory().numTensors;
    await fit(model, set, { ...as, epochs: 2, validation: set, earlyStopping: { metric: "loss" } });
    expect(tf.memory().numTensors).toBe(before);
    const counts: number[] = [];
    await fit(model, set, { ...as, epochs: 4, onEpochEnd: () => void counts.push(tf.memory().numTensors) });
    expect(new Set(counts).size).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("trains batch normalisation and dropout without a leak", async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [4], units: 8, activation: "relu" }),
        tf.layers.batchNormalization(),
        tf.layers.dropout({ rate: 0.2 }),
        tf.layers.dense({ units: 3 }),
      ],
    });
    const set = learnable();
    const before = tf.memory().numTensors;
    await fit(model, set, { ...as });
    expect(tf.memory().numTensors).toBe(before);
    const means = model.layers[1].getWeights()[2].dataSync();
    expect(means.some((mean) => mean !== 0)).toBe(true);
  });

  it("shows steps, rate, time left and loss, and ends on the last step", async () => {
    const updates: ProgressUpdate[] = [];
    let live = 0;
    await fit(network(), learnable(), { ...as, progress: (update) => updates.push(update), onUpdate: () => live++ });
    const last = updates[updates.length - 1];
    expect(last).toMatchObject({ label: "training", unit: "steps", done: 9, total: 9, final: true });
    expect(last.detail).toMatch(/^epoch 3\/3, loss [\d.]+, accuracy [\d.]+$/);
    expect(updates.filter(({ final }) => final).length).toBe(1);
    expect(live).toBeGreaterThan(0);
  });

  it("ends its progress at the epoch after which it stopped early", async () => {
    let last = "";
    const progress = ({ detail = "" }: ProgressUpdate) => (last = detail);
    const earlyStopping = { metric: "loss", mode: "max", patience: 1 } as const;
    const { rows } = await fit(network(), learnable(), { ...as, epochs: 50, progress, earlyStopping });
    expect(rows.length).toBeLessThan(50);
    expect(last).toContain(`epoch ${rows.length}/50,`);
  });

  it("is shorter in fast mode, and says so", async () => {
    vi.stubEnv("NABLAB_FAST", "1");
    const history = await fit(network(), learnable(), { ...as, epochs: 50 });
    expect(history.rows.length).toBe(2);
    expect(String(history)).toContain("fast mode: 2 of 50 epochs, 3 of 3 steps in each");
  });
});

describe("fit with a step of one's own", () => {
  it("runs it on every batch and takes its loss and metrics", async () => {
    const model = network();
    const optimizer = tf.train.sgd(0.1);
    const history = await fit(
      ({ x, y }) => ({
        loss: optimizer.minimize(() => softmaxCrossEntropy(y, model.apply(x) as tf.Tensor), true)!,
        size: tf.scalar(x.shape[0]),
      }),
      learnable(),
      { ...as, validation: () => ({ loss: 7 }) },
    );
    expect(history.steps.map(({ loss }) => loss)).toBeAllclose(keras.runs.sgd.losses, { atol: 1e-5 });
    expect(history.steps.map(({ size }) => size)).toEqual([5, 5, 2, 5, 5, 2, 5, 5, 2]);
    expect(history.last.valLoss).toBe(7);
  });

  it("frees what the step leaves behind", async () => {
    const set = learnable();
    const w = tf.variable(tf.ones([4, 1]));
    const before = tf.memory().numTensors;
    await fit(({ x }) => x.matMul(w).square().mean() as tf.Scalar, set, as);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each<[string, () => unknown, string]>([
    ["a promise", async () => tf.scalar(1), "fit() wants a step that returns its loss, got a promise."],
    ["nothing", () => undefined, "fit() wants the step to return a loss, got undefined."],
    ["no scalar", () => tf.ones([2]), "fit() wants loss to be a scalar, got [2]."],
    [
      "a number among its metrics",
      () => ({ loss: tf.scalar(1), accuracy: 1 }),
      "fit() wants accuracy to be a tensor, got 1.",
    ],
  ])("refuses a step that returns %s, and leaks nothing", async (_, step, message) => {
    const set = learnable();
    const before = tf.memory().numTensors;
    await expect(fit(step as never, set, as)).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("passes on an error of the step, and leaks nothing", async () => {
    const set = learnable();
    const before = tf.memory().numTensors;
    let calls = 0;
    const step = ({ x }: { x: tf.Tensor }) => {
      if (++calls === 5) throw new Error("fifth call");
      return x.mean() as tf.Scalar;
    };
    await expect(fit(step, set, as)).rejects.toThrow("fifth call");
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("fit stops", () => {
  it("when a metric no longer improves, and puts the best weights back", async () => {
    const model = network();
    const set = learnable();
    const losses = [3, 2, 1, 5, 5, 5, 0];
    let kept: number[][] = [];
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const optimizer = tf.train.sgd(0.1);
    let epoch = 0;
    const history = await fit(
      ({ x, y }) => optimizer.minimize(() => softmaxCrossEntropy(y, model.apply(x) as tf.Tensor), true)!,
      set,
      {
        ...as,
        epochs: 7,
        variables,
        validation: () => ({ loss: losses[epoch++] }),
        earlyStopping: { patience: 2 },
        onEpochEnd: (row) => {
          if (row.epoch === 3) kept = weightsOf(model);
        },
      },
    );
    expect([history.stopped, history.rows.length]).toEqual(["earlyStopping", 5]);
    expect(weightsOf(model)).toEqual(kept);
  });

  it("when the loss hardly falls any more", async () => {
    const history = await fit(network(), learnable(), {
      ...as,
      epochs: 200,
      optimizer: tf.train.sgd(0.001),
      converged: { tolerance: 0.5, patience: 3 },
    });
    expect([history.stopped, history.rows.length]).toEqual(["converged", 4]);
  });

  it("in the middle of an epoch when the notebook's Stop or a signal of one's own asks, with the history so far", async () => {
    for (const own of [true, false]) {
      const stop = new AbortController();
      if (!own) (globalThis as Record<symbol, unknown>)[kernelKey] = { signal: stop.signal, display() {} };
      const set = learnable();
      const before = tf.memory().numTensors;
      let steps = 0;
      const history = await fit(
        ({ x }) => {
          if (++steps === 4) stop.abort();
          return x.mean() as tf.Scalar;
        },
        set,
        { ...as, epochs: 1e9, batchSize: 1, signal: own ? stop.signal : undefined },
      );
      expect([history.stopped, history.steps.length, history.last.step]).toEqual(["interrupt", 4, 4]);
      expect(String(history)).toContain("1 epoch, 4 steps in ");
      expect(tf.memory().numTensors).toBe(before);
    }
  });

  it("from outside too: a timer's turn comes while it trains", async () => {
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    const history = await fit(network(), learnable(), { ...as, epochs: 1e9, signal: stop.signal });
    expect(history.stopped).toBe("interrupt");
  });

  it("with an error when the loss is no number, naming the step, and leaks nothing", async () => {
    const [model, set] = [network(), learnable()];
    const before = tf.memory().numTensors;
    await expect(fit(model, set, { ...as, epochs: 60, optimizer: tf.train.sgd(1e30) })).rejects.toThrow(
      /^fit\(\) got a loss of (NaN|Infinity) at step \d+, in epoch \d+\. Remedy: a smaller learning rate/,
    );
    expect(tf.memory().numTensors).toBe(before + 1); // the optimizer made here keeps its rate
  });
});

describe("fit refuses", () => {
  const set = learnable();
  const softmax = () =>
    tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 3, activation: "softmax" })] });
  const image = () => tf.sequential({ layers: [tf.layers.flatten({ inputShape: [2, 2, 1] })] });
  const nan = examples(tf.tensor2d([[1, 2, NaN, 4]]), tf.tensor1d([0], "int32"));
  const high = examples(tf.zeros([2, 4]), tf.tensor1d([0, 3], "int32"));

  it.each<[string, () => unknown, string]>([
    [
      "batch size 0",
      () => fit(network(), set, { batchSize: 0 }),
      "fit() wants batchSize to be an integer from 1 up, got 0.",
    ],
    [
      "no epochs",
      () => fit(network(), set, { epochs: 0.5 }),
      "fit() wants epochs to be an integer from 1 up, got 0.5.",
    ],
    [
      "a misspelt option",
      () => fit(network(), set, { epoch: 3 } as never),
      "fit() has no option epoch. Remedy: did you mean epochs?",
    ],
    ["an unknown loss", () => fit(network(), set, { loss: "mse" as never }), 'or "meanSquaredError", got "mse".'],
    ["an unknown metric", () => fit(network(), set, { metrics: ["acuracy" as never] }), 'did you mean "accuracy"?'],
    [
      "NaN in the inputs",
      () => fit(network(), nan),
      "fit() wants x to be finite numbers, got NaN or infinity in 1 of 4 places.",
    ],
    [
      "labels out of range",
      () => fit(network(), high),
      "fit() wants y to be labels from 0 to 2 for the 3 outputs of this model, got labels from 0 to 3.",
    ],
    [
      "inputs of another shape",
      () => fit(image(), set),
      "fit() wants x to be a tensor of shape [size, 2, 2, 1] for this model, got a tensor of float32 [12, 4].",
    ],
    [
      "a model without weights",
      () => fit(image(), examples(tf.zeros([1, 2, 2, 1]), tf.zeros([1, 4]))),
      "one with trainable weights",
    ],
    ["softmax twice", () => fit(softmax(), set, { loss: "softmaxCrossEntropy" }), 'or take loss: "crossEntropy".'],
    [
      "something that is no model",
      () => fit(3 as never, set),
      "fit() wants its first argument to be a function, got 3.",
    ],
    [
      "a metric that is not measured",
      () => fit(network(), set, { ...as, earlyStopping: true }),
      "give fit() a validation set.",
    ],
    ["a loss beside a step", () => fit(() => tf.scalar(1), set, { loss: "crossEntropy" }), "use it inside the step."],
    [
      "early stopping of unknown weights",
      () => fit(() => tf.scalar(1), set, { earlyStopping: true }),
      "variables: [w, b].",
    ],
  ])("%s, and changes nothing", async (_, call, message) => {
    const before = tf.memory().numTensors;
    await expect(call()).rejects.toThrow(message);
    // What the call above made for itself may stay; nothing of fit's may: twice leaves twice as much.
    const first = tf.memory().numTensors - before;
    await expect(call()).rejects.toThrow(message);
    expect(tf.memory().numTensors - before).toBe(2 * first);
  });

  it("a model that ends in softmax gets the loss that fits without being asked", async () => {
    const history = await fit(softmax(), set, { ...as, epochs: 1 });
    expect(history.last.loss).toBeGreaterThan(0);
  });
});
