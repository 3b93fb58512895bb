import { describe, expect, it } from "vitest";
import { Muon, orthogonalize } from "../../../lib/src/optim";
import { tf } from "../../../lib/src/tensorflow";
import { expectAsOptax, fixture } from "./problem";

describe("Muon", () => {
  it("equals optax's orthogonalisation over 100 steps, and Adam for vectors", () => {
    expectAsOptax("muon", () => new Muon({ learningRate: 0.02, adamRate: 0.01 }));
  });

  it("trains filters as matrices", () => {
    const filter = tf.variable(tf.randomNormal([3, 3, 2, 5], 0, 1, "float32", 1));
    const optimizer = new Muon({ learningRate: 0.1, momentum: 0 });
    const start = filter.clone();
    optimizer.minimize(() => tf.sum(tf.square(filter)) as tf.Scalar, false, [filter]);
    const moved = tf.reshape(tf.sub(start, filter), [18, 5]) as tf.Tensor2D;
    const products = tf.matMul(moved, moved, true).div(0.01).arraySync() as number[][];
    // Orthogonal up to Newton-Schulz: singular values between 0.7 and 1.2, so squares between 0.49 and 1.44.
    const trace = products.reduce((sum, row, i) => sum + row[i], 0);
    expect(trace / 5).toBeGreaterThan(0.49);
    expect(trace / 5).toBeLessThan(1.44);
    optimizer.dispose();
    tf.dispose([start, moved, filter]);
  });
});

describe("Muon with normalize", () => {
  it("puts what it turns at length √out and then takes the step, and leaves vectors alone", () => {
    const start = tf.randomNormal([6, 4], 0, 3, "float32", 2) as tf.Tensor2D;
    const gradient = tf.randomNormal([6, 4], 0, 1, "float32", 4) as tf.Tensor2D;
    const [w, b] = [tf.variable(start), tf.variable(tf.tensor1d([5, 6]))];
    const optimizer = new Muon({ learningRate: 0.1, momentum: 0, adamRate: 0, normalize: true });
    optimizer.applyGradients([
      { name: w.name, tensor: gradient },
      { name: b.name, tensor: tf.zeros([2]) },
    ]);
    const wanted = tf.tidy(() => {
      const unit = tf.mul(start, Math.sqrt(4) / Math.hypot(...start.dataSync()));
      return tf.sub(unit, tf.mul(orthogonalize(gradient), 0.1)).dataSync();
    });
    expect(w.dataSync()).toBeAllclose(wanted, { atol: 1e-6 });
    expect([...b.dataSync()]).toEqual([5, 6]);
    optimizer.dispose();
    tf.dispose([start, gradient, w, b]);
  });
});

describe("orthogonalize", () => {
  it("equals optax's Newton-Schulz", () => {
    const { x, y } = fixture.orthogonal;
    expect(orthogonalize(tf.tensor2d(x, [6, 4])).dataSync()).toBeAllclose(y, { atol: 2e-4 });
  });

  it("refuses what is no matrix", () => {
    expect(() => orthogonalize(tf.zeros([2]) as never)).toThrow(/orthogonalize\(\) wants x to be .*\[any, any\]/);
  });
});
