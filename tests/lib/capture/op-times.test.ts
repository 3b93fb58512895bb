import { afterEach, describe, expect, it } from "vitest";
import { compile } from "../../../lib/src/capture";
import { opTimes } from "../../../lib/src/capture/op-times";
import { Message } from "../../../lib/src/capture/protobuf";
import { tf } from "../../../lib/src/tensorflow";

afterEach(() => tf.engine().disposeVariables());

describe("opTimes()", () => {
  it("times every op of the recording, names the user's line and changes nothing", () => {
    const weights = tf.variable(tf.randomNormal([256, 256], 0, 0.1, "float32", 1));
    const optimizer = tf.train.momentum(0.01, 0.9);
    const step = compile((x: tf.Tensor2D) =>
      optimizer.minimize(
        () =>
          tf
            .matMul(x, weights as tf.Tensor2D)
            .square()
            .mean(),
        true,
        [weights],
      )!,
    );
    const x = tf.randomNormal<tf.Rank.R2>([512, 256], 0, 1, "float32", 2);
    for (let i = 0; i < 3; i++) step(x).dispose();
    const before = Array.from(weights.dataSync());
    const { iterations } = optimizer;
    const tensors = tf.memory().numTensors;

    const times = step.opTimes(x);

    expect(times.filter(({ op }) => /MatMul/.test(op))).toHaveLength(2);
    expect(times[0].ms).toBeGreaterThan(0);
    expect(times.map(({ ms }) => ms)).toEqual(times.map(({ ms }) => ms).sort((a, b) => b - a));
    expect(times.find(({ op }) => /MatMul/.test(op))!.line).toMatch(/op-times\.test\.ts:\d+/);
    expect(Array.from(weights.dataSync())).toEqual(before);
    expect(optimizer.iterations).toBe(iterations);
    expect(tf.memory().numTensors).toBe(tensors);
    step.dispose();
  });

  it("puts first what takes longest", () => {
    const few = tf.randomNormal<tf.Rank.R1>([8], 0, 1, "float32", 1);
    const many = tf.randomNormal<tf.Rank.R2>([1024, 1024], 0, 1, "float32", 2);
    const step = compile((a: tf.Tensor1D, b: tf.Tensor2D) => [tf.exp(a), tf.matMul(b, b)]);
    for (let i = 0; i < 3; i++) tf.dispose(step(few, many));
    expect(step.opTimes(few, many)[0].op).toMatch(/MatMul/);
    step.dispose();
  });

  it("refuses arguments that no call was recorded with", () => {
    const step = compile((x: tf.Tensor) => x.square());
    expect(() => step.opTimes(tf.ones([2]))).toThrow(/opTimes\(\) wants arguments like those of a call/);
  });
});

describe("opTimes()", () => {
  /** `RunMetadata` with one node, numbered as in step_stats.proto. */
  const run = (start: number, end: number): Uint8Array => {
    const node = new Message().bytes(1, "MatMul_7").bytes(8, "MatMul_7 = _FusedMatMul(a, b)");
    const device = new Message().bytes(1, "CPU:0").bytes(2, node.varint(14, start).varint(15, end));
    return new Message().bytes(1, new Message().bytes(1, device)).finish();
  };

  it("takes the time between an op's start and end, the median of the runs after two that warm up", () => {
    const runs = [run(0, 9e9), run(0, 8e9), run(1000, 2_001_000), run(0, 3e6), run(0, 7e6)];
    expect(opTimes(runs, new Map())).toEqual([{ op: "_FusedMatMul", node: "MatMul_7", ms: 3, line: undefined }]);
  });
});
