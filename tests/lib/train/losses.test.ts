import { describe, expect, it } from "vitest";
import { tf } from "../../../lib/src/tensorflow";
import * as losses from "../../../lib/src/train/losses";
import * as metrics from "../../../lib/src/train/metrics";
import { oneHot } from "../../../lib/src/data/one-hot";
import keras from "../../fixtures/train/training.json";

const truth = keras.losses;
const labels = tf.tensor1d(truth.labels, "int32");
const rows = oneHot(truth.labels, 3);
const [logits, probabilities] = [tf.tensor2d(truth.logits), tf.tensor2d(truth.probabilities)];
const [targets, outputs] = [tf.tensor2d(truth.targets), tf.tensor2d(truth.outputs)];
const flat = targets.reshape([-1]);

const cases: [
  keyof typeof truth & string,
  (labels: tf.Tensor, predictions: tf.Tensor) => tf.Scalar,
  tf.Tensor[],
  tf.Tensor,
][] = [
  ["softmaxCrossEntropy", losses.softmaxCrossEntropy, [labels, rows], logits],
  ["crossEntropy", losses.crossEntropy, [labels, rows], probabilities],
  ["sigmoidCrossEntropy", losses.sigmoidCrossEntropy, [targets, flat, flat.toInt()], outputs],
  ["meanSquaredError", losses.meanSquaredError, [targets, flat], outputs],
  ["accuracy", metrics.accuracy, [labels, rows], logits],
  ["binaryAccuracy", metrics.binaryAccuracy, [targets, flat], outputs],
  ["meanAbsoluteError", metrics.meanAbsoluteError, [targets, flat], outputs],
];

describe.each(cases)("%s", (name, measure, forms, predictions) => {
  it("is what Keras computes, for every form that labels may have", () => {
    for (const form of forms)
      expect(measure(form, predictions).dataSync()).toBeAllclose([truth[name] as number], { atol: 1e-6 });
  });

  it("leaves nothing behind but its result", () => {
    const before = tf.memory().numTensors;
    tf.dispose(measure(forms[0], predictions));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("losses", () => {
  it.each(cases.slice(0, 4))("%s has the gradient of finite differences", (name, measure, [form], given) => {
    // Probabilities away from 0 and 1, where the logarithm bends and the clipping begins.
    const predictions = name === "crossEntropy" ? tf.softmax(logits.div(30)) : given;
    const gradient = tf
      .grad((p) => measure(form, p))(predictions)
      .dataSync();
    // Steps of 2^-7 in float32: the differences are good to about 1e-4.
    const step = 2 ** -7;
    const values = predictions.dataSync();
    const numeric = Array.from(values, (_, i) => {
      const at = (shift: number) => {
        const moved = values.map((value, j) => (i === j ? value + shift : value));
        return measure(form, tf.tensor(moved, predictions.shape)).dataSync()[0];
      };
      return (at(step) - at(-step)) / (2 * step);
    });
    expect(gradient).toBeAllclose(numeric, { atol: 2e-3, rtol: 2e-3 });
  });

  it("stay finite where a softmax rounds to 0 and where a probability is 0", () => {
    const far = tf.tensor2d([[0, 1000]]);
    expect(losses.softmaxCrossEntropy(tf.tensor1d([0], "int32"), far).dataSync()[0]).toBe(1000);
    const zero = losses.crossEntropy(tf.tensor1d([0], "int32"), tf.tensor2d([[0, 1]])).dataSync()[0];
    expect(zero).toBeAllclose(-Math.log(1e-7), { rtol: 1e-5 });
  });

  it("are found by name, and accuracy refuses a single output", () => {
    expect(losses.lossFunction("fit()", "meanSquaredError")).toBe(losses.meanSquaredError);
    expect(() => losses.lossFunction("fit()", "hinge" as "crossEntropy")).toThrow(
      /^fit\(\) wants loss to be "softmaxCrossEntropy" or /,
    );
    expect(Object.keys(metrics.metricFunctions("fit()", ["accuracy", "meanAbsoluteError"]))).toEqual([
      "accuracy",
      "meanAbsoluteError",
    ]);
    expect(() => metrics.accuracy(flat.toInt(), outputs)).toThrow(
      "two classes or more, got [3, 1]. Remedy: binaryAccuracy",
    );
  });
});
