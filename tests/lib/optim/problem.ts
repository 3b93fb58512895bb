import { expect } from "vitest";
import { tf } from "../../../lib/src/tensorflow";
import fixture from "../../fixtures/optim/optimizers.json";

export { fixture };
export type CaseName = keyof typeof fixture.cases;

/** The problem of the fixture: `loss = mean (tanh(x w + b) - y)²`, other data at every step. */
export class Problem {
  readonly w = tf.tidy(() => tf.tensor2d(fixture.start.w, [3, 4]).variable());
  readonly b = tf.tidy(() => tf.tensor1d(fixture.start.b).variable());
  private readonly x = tf.tensor3d(fixture.x, [fixture.steps, 8, 3]);
  private readonly y = tf.tensor3d(fixture.y, [fixture.steps, 8, 4]);

  /** One step of training. */
  readonly step = (optimizer: tf.Optimizer, x: tf.Tensor2D, y: tf.Tensor2D): tf.Scalar =>
    optimizer.minimize(
      () => tf.losses.meanSquaredError(y, tf.tanh(tf.add(tf.matMul(x, this.w as tf.Tensor2D), this.b))),
      true,
      [this.w, this.b],
    )!;

  batch(t: number): [tf.Tensor2D, tf.Tensor2D] {
    const at = <T extends tf.Tensor>(all: tf.Tensor3D) => tf.squeeze<T>(tf.slice(all, t, 1), [0]);
    return tf.tidy(() => [at<tf.Tensor2D>(this.x), at<tf.Tensor2D>(this.y)]);
  }

  /** Trains from step `from` up to, not including, `to`, and returns the losses. */
  train(step: (x: tf.Tensor2D, y: tf.Tensor2D) => tf.Scalar, from = 0, to = fixture.steps): number[] {
    return Array.from({ length: to - from }, (_, i) => tf.tidy(() => step(...this.batch(from + i)).dataSync()[0]));
  }

  weights(): number[] {
    return [...this.w.dataSync(), ...this.b.dataSync()];
  }

  dispose(): void {
    tf.dispose([this.w, this.b, this.x, this.y]);
  }
}

/** Trains for 100 steps and compares losses and weights with those of the fixture; counts tensors. */
export function expectAsOptax(name: CaseName, make: () => tf.Optimizer): void {
  const before = tf.memory().numTensors;
  const problem = new Problem();
  const optimizer = make();
  const { losses, end } = fixture.cases[name];
  expect(problem.train((x, y) => problem.step(optimizer, x, y))).toBeAllclose(losses, { atol: 2e-5, rtol: 2e-4 });
  expect(problem.weights()).toBeAllclose([...end.w, ...end.b], { atol: 2e-4, rtol: 2e-4 });
  optimizer.dispose();
  problem.dispose();
  expect(tf.memory().numTensors).toBe(before);
}
