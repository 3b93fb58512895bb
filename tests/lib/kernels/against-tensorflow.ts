import { expect } from "vitest";
import { tf } from "../../../lib/src/tensorflow";
import "../../../lib/src/kernels";
import type { CloseOptions } from "../../setup";
import fixture from "../../fixtures/kernels/gradients.json";

export type CaseName = keyof typeof fixture.cases;
export type Op = (...inputs: tf.Tensor[]) => tf.Tensor;

/** The inputs of a case, as new tensors. */
export function inputsOf(name: CaseName): tf.Tensor[] {
  return fixture.cases[name].inputs.map(({ shape, values }) => tf.tensor(values, shape, "float32"));
}

/** Compares value, gradients and gradients of gradients with those of Python's TensorFlow, and counts tensors. */
export function expectAsTensorFlow(name: CaseName, f: Op, tolerance: CloseOptions = { atol: 2e-5, rtol: 2e-5 }): void {
  const wanted = fixture.cases[name];
  f(...inputsOf(name)).dispose(); // whatever is made once only
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const inputs = inputsOf(name);
    const u = tf.tensor(wanted.u, wanted.y.shape);
    const vs = inputs.map((x, i) => tf.tensor(wanted.v[i], x.shape));

    const y = f(...inputs);
    expect(y.shape).toEqual(wanted.y.shape);
    expect(y.dataSync()).toBeAllclose(wanted.y.values, tolerance);

    const first = (u: tf.Tensor, xs: tf.Tensor[]) => tf.grads((...xs) => tf.sum(tf.mul(f(...xs), u)))(xs);
    first(u, inputs).forEach((d, i) => expect(d.dataSync()).toBeAllclose(wanted.first[i], tolerance));

    const objective = (u: tf.Tensor, ...xs: tf.Tensor[]) =>
      tf.addN(first(u, xs).map((d, i) => tf.sum(tf.mul(d, vs[i]))));
    const second = tf.grads(objective)([u, ...inputs]);
    second.forEach((d, i) => expect(d.dataSync()).toBeAllclose(wanted.second[i], tolerance));
  });
  expect(tf.memory().numTensors - before).toBe(0);
}

/** The names of the TensorFlow ops that a function runs, in order. */
export function opsOf(f: () => tf.TensorContainer): string[] {
  const backend = tf.backend() as unknown as { binding: { executeOp(name: string, ...rest: unknown[]): unknown } };
  const binding = backend.binding;
  const names: string[] = [];
  const recorder = Object.create(binding) as typeof binding;
  Object.defineProperty(recorder, "executeOp", {
    value: (name: string, ...rest: unknown[]) => {
      names.push(name);
      return binding.executeOp(name, ...rest);
    },
  });
  backend.binding = recorder;
  try {
    tf.dispose(tf.tidy(f));
  } finally {
    backend.binding = binding;
  }
  return names;
}
