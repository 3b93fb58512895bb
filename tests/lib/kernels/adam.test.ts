import { describe, expect, it } from "vitest";
import { tf } from "../../../lib/src/tensorflow";
import { joinUpdates } from "../../../lib/src/kernels";

type Apply = tf.AdamOptimizer["applyGradients"];

describe("adam", () => {
  const original = (tf.AdamOptimizer.prototype.applyGradients as unknown as Record<symbol, Apply>)[
    Symbol.for("nablab.original")
  ];
  const train = (apply?: Apply) => {
    const w = tf.tidy(() => tf.randomNormal([4, 3], 0, 1, "float32", 1).variable());
    const b = tf.tidy(() => tf.zeros([3]).variable());
    const optimizer = tf.train.adam(0.05);
    if (apply) optimizer.applyGradients = apply;
    for (let i = 0; i < 10; i++) {
      optimizer.minimize(() => tf.sum(tf.square(tf.add(tf.sin(w), b))) as tf.Scalar, false, [w, b]);
    }
    return { w, b, optimizer };
  };

  it("takes the steps of TensorFlow.js to the last bit, and keeps the same state", async () => {
    const [ours, theirs] = [train(), train(original)];
    expect([...ours.w.dataSync()]).toEqual([...theirs.w.dataSync()]);
    expect([...ours.b.dataSync()]).toEqual([...theirs.b.dataSync()]);
    const states = await Promise.all([ours, theirs].map(({ optimizer }) => optimizer.getWeights()));
    const plain = states.map((state) =>
      state.map(({ name, tensor }) => [name.replace(/\d+/, ""), [...tensor.dataSync()]]),
    );
    expect(plain[0]).toEqual(plain[1]);
  });

  it("takes them also where small variables are updated as one, single values among them, and large ones alone", () => {
    const shapes = [[], [5], [67, 61], [130, 130], [1], [64, 64], [3, 2, 2]]; // 16,900 elements are large
    const trained = (apply?: Apply) => {
      const variables = shapes.map((shape, i) => tf.tidy(() => tf.randomNormal(shape, 0, 1, "float32", i).variable()));
      const optimizer = tf.train.adam(0.01, 0.9, 0.999, 1e-5);
      if (apply) optimizer.applyGradients = apply;
      else joinUpdates(optimizer);
      const loss = () => tf.addN(variables.map((variable) => tf.sum(tf.sin(variable)))) as tf.Scalar;
      for (let i = 0; i < 5; i++) optimizer.minimize(loss, false, variables);
      return variables.map((variable) => [variable.shape, [...variable.dataSync()]]);
    };
    expect(trained()).toEqual(trained(original));
  });

  it("skips variables without a gradient, and leaks nothing", () => {
    const { w, b, optimizer } = train();
    const before = [...b.dataSync()];
    const tensors = tf.memory().numTensors;
    const gradient = tf.ones([4, 3]);
    optimizer.applyGradients({ [w.name]: gradient, [b.name]: null } as never);
    gradient.dispose();
    expect([...b.dataSync()]).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);
  });
});
