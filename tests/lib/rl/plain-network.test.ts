import { describe, expect, it } from "vitest";
import { generator } from "../../../lib/src/random";
import { PlainNetwork } from "../../../lib/src/rl/plain-network";
import { tf } from "../../../lib/src/tensorflow";

function network(...activations: ("tanh" | "relu" | "linear" | "sigmoid")[]): tf.Sequential {
  const layers = activations.map((activation, k) =>
    tf.layers.dense({ units: [13, 64, 3][k], activation, inputShape: [k === 0 ? 7 : [13, 64][k - 1]] }),
  );
  return tf.sequential({ layers });
}

describe("PlainNetwork", () => {
  it.each([1, 5, 70])("equals the layers to float32 accuracy for %i rows", (rows) => {
    const model = network("tanh", "relu", "linear");
    const plain = new PlainNetwork(model);
    const input = generator(1).normals(rows * 7);
    const truth = tf.tidy(() => (model.predict(tf.tensor2d(input, [rows, 7])) as tf.Tensor).dataSync());
    expect(plain.forward(input, rows)).toBeAllclose(truth, { atol: 2e-6, rtol: 1e-5 });
    model.dispose();
  });

  it("takes over new weights when it is told to", () => {
    const model = network("tanh");
    const plain = new PlainNetwork(model);
    const input = generator(2).normals(7);
    tf.tidy(() => model.setWeights([tf.ones([7, 13]), tf.fill([13], 0.5)]));
    const sum = input.reduce((total, value) => total + value, 0.5);
    expect(plain.forward(input, 1)[0]).not.toBeCloseTo(Math.tanh(sum), 4);
    plain.copyWeights();
    expect(plain.forward(input, 1)).toBeAllclose(Array(13).fill(Math.tanh(sum)));
    model.dispose();
  });

  it("gives the same whichever network computed before it, and however many rows it is given", () => {
    const [model, other] = [network("tanh", "linear"), network("relu", "tanh", "linear")];
    const [first, second] = [model, other].map((layers) => new PlainNetwork(layers));
    const input = generator(3).normals(40 * 7);
    const alone = first.forward(input, 40).slice();
    second.forward(input, 40);
    expect(first.forward(input, 40)).toEqual(alone);
    expect(first.forward(input.subarray(39 * 7), 1)).toEqual(alone.subarray(39 * 64));
    model.dispose();
    other.dispose();
  });

  it("refuses what it cannot compute", () => {
    const model = network("sigmoid");
    expect(() => new PlainNetwork(model)).toThrow(TypeError);
    expect(() => new PlainNetwork(model)).toThrow('got "Dense sigmoid"');
    model.dispose();
  });
});
