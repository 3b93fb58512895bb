import { describe, expect, it } from "vitest";
import "../../../lib/src/kernels";
import { tf } from "../../../lib/src/tensorflow";
import { opsOf } from "./against-tensorflow";

const normal = <R extends tf.Rank>(shape: tf.ShapeMap[R], seed: number) =>
  tf.randomNormal<R>(shape, 0, 1, "float32", seed);
type Convolution = (x: tf.Tensor4D, w: tf.Tensor4D) => tf.Tensor4D;
const single: Convolution = (x, w) => tf.conv2d(x, w, 1, "same");
/** The same by TensorFlow's own kernel: beside a second filter, whose output is left out. */
const oneOfTwo: Convolution = (x, w) =>
  tf.slice(tf.conv2d(x, tf.concat([w, tf.zerosLike(w)], 3) as tf.Tensor4D, 1, "same"), 0, [...x.shape.slice(0, 3), 1]);

const close = { atol: 1e-4, rtol: 1e-4 };
const cases: [image: number[], filter: number[]][] = [
  [
    [2, 28, 28, 16],
    [7, 7, 16, 1],
  ],
  [
    [3, 8, 12, 20],
    [5, 7, 20, 1],
  ],
];

describe("a convolution with one filter", () => {
  describe.each(cases)("of %j by %j", (image, filter) => {
    const x = normal<tf.Rank.R4>(image as tf.Tensor4D["shape"], 1);
    const w = normal<tf.Rank.R4>(filter as tf.Tensor4D["shape"], 2);
    const u = normal<tf.Rank.R4>([...image.slice(0, 3), 1] as tf.Tensor4D["shape"], 3);
    const vs = [normal(image as [number], 4), normal(filter as [number], 5)];

    it("equals TensorFlow's beside another filter", () => {
      expect(single(x, w).shape).toEqual(u.shape);
      expect(single(x, w).dataSync()).toBeAllclose(oneOfTwo(x, w).dataSync(), close);
      expect(opsOf(() => single(x, w))).toContain("DepthToSpace");
      expect(opsOf(() => oneOfTwo(x, w))).not.toContain("DepthToSpace");
    });

    it("has its gradients, and the gradients of these", () => {
      const first = (f: Convolution, u: tf.Tensor, x: tf.Tensor, w: tf.Tensor) =>
        tf.grads((x, w) => tf.sum(tf.mul(f(x as tf.Tensor4D, w as tf.Tensor4D), u)))([x, w]);
      const second = (f: Convolution) =>
        tf.grads((u, x, w) => tf.addN(first(f, u, x, w).map((d, i) => tf.sum(tf.mul(d, vs[i])))))([u, x, w]);
      const compare = (got: tf.Tensor[], wanted: tf.Tensor[]) =>
        got.forEach((d, i) => expect(d.dataSync()).toBeAllclose(wanted[i].dataSync(), { atol: 1e-3, rtol: 1e-4 }));
      compare(first(single, u, x, w), first(oneOfTwo, u, x, w));
      compare(second(single), second(oneOfTwo));
      expect(opsOf(() => first(single, u, x, w))).toContain("SpaceToDepth");
    });

    it("leaves no tensor behind", () => {
      const before = tf.memory().numTensors;
      tf.dispose([single(x, w), tf.grads(single as (...xs: tf.Tensor[]) => tf.Tensor)([x, w], u)]);
      expect(tf.memory().numTensors).toBe(before);
    });
  });

  it("adds the bias of a layer", () => {
    const layer = tf.layers.conv2d({ filters: 1, kernelSize: 5, padding: "same", inputShape: [8, 8, 16] });
    const model = tf.sequential({ layers: [layer] });
    const [kernel, bias] = [normal<tf.Rank.R4>([5, 5, 16, 1], 6), tf.tensor1d([0.5])];
    model.setWeights([kernel, bias]);
    const x = normal<tf.Rank.R4>([2, 8, 8, 16], 7);
    const wanted = tf.add(oneOfTwo(x, kernel), 0.5).dataSync();
    expect((model.predict(x) as tf.Tensor).dataSync()).toBeAllclose(wanted, close);
    expect(opsOf(() => model.apply(x) as tf.Tensor)).toContain("DepthToSpace");
    model.dispose();
  });

  it.each([
    ["sides that are no multiple of four", () => tf.conv2d(normal<tf.Rank.R4>([1, 9, 8, 16], 1), filter(5), 1, "same")],
    ["a stride", () => tf.conv2d(normal<tf.Rank.R4>([1, 8, 8, 16], 1), filter(5), 2, "same")],
    ["a dilation", () => tf.conv2d(normal<tf.Rank.R4>([1, 8, 8, 16], 1), filter(5), 1, "same", "NHWC", 2)],
    ["no padding", () => tf.conv2d(normal<tf.Rank.R4>([1, 8, 8, 16], 1), filter(5), 1, "valid")],
    ["a small filter", () => tf.conv2d(normal<tf.Rank.R4>([1, 8, 8, 16], 1), filter(3), 1, "same")],
    ["few channels", () => tf.conv2d(normal<tf.Rank.R4>([1, 8, 8, 3], 1), filter(5, 3), 1, "same")],
  ] as [string, () => tf.Tensor][])("is left to TensorFlow with %s", (_, f) => {
    expect(opsOf(f)).not.toContain("DepthToSpace");
  });
});

function filter(side: number, channels = 16): tf.Tensor4D {
  return normal<tf.Rank.R4>([side, side, channels, 1], 9);
}
