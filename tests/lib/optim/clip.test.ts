import { describe, expect, it } from "vitest";
import { clipByGlobalNorm, globalNorm, Sgd } from "../../../lib/src/optim";
import { tf } from "../../../lib/src/tensorflow";
import { expectAsOptax } from "./problem";

describe("clipByGlobalNorm", () => {
  // Lengths 3-4 and 12: 5 and 12 make 13.
  const gradients = () => [tf.tensor1d([3, 4]), tf.scalar(12)];

  it("measures all gradients as one vector", () => {
    expect(globalNorm(gradients()).dataSync()).toBeAllclose([13]);
  });

  it("shortens what is too long and leaves the rest", () => {
    const [a, b] = clipByGlobalNorm(gradients(), 6.5);
    expect([...a.dataSync(), ...b.dataSync()]).toBeAllclose([1.5, 2, 6]);
    const [c, d] = clipByGlobalNorm(gradients(), 20);
    expect([...c.dataSync(), ...d.dataSync()]).toBeAllclose([3, 4, 12]);
    expect(clipByGlobalNorm([], 1)).toEqual([]);
  });

  it("keeps zero gradients zero, not NaN", () => {
    expect(clipByGlobalNorm([tf.zeros([2])], 1)[0].dataSync()).toBeAllclose([0, 0]);
  });

  it("clips within an optimizer as optax does", () => {
    expectAsOptax("clipped", () => new Sgd({ learningRate: 0.5, clipNorm: 0.1 }));
  });

  it("refuses a length of 0", () => {
    expect(() => clipByGlobalNorm(gradients(), 0)).toThrow(RangeError);
  });
});
