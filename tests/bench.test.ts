import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { digitDiscriminator, digitGenerator } from "../lib/src/models";
import { tf } from "../lib/src/tensorflow";
import { flops, forward } from "./bench/flops";
import { layer } from "./bench/layers";
import { limit, limitSection } from "./bench/limits";
import { Timing } from "./bench/measure";
import { tables } from "./bench/trace";
import { Workload } from "./bench/workload";

const timing = (contender: Timing["contender"], median: number): Timing => ({
  contender,
  median,
  min: median,
  max: median,
  rounds: 7,
  stepsPerRound: 1,
});
const mlp: Workload = {
  id: "mlp",
  title: "MLP",
  task: "classify",
  input: [784],
  batch: 32,
  layers: ["dense 128 relu", "dense 128", "dense 10"],
};
const product: Workload = {
  id: "p",
  title: "product",
  task: "limit",
  input: [1000],
  batch: 1000,
  layers: ["dense 1000"],
};

describe("flops()", () => {
  it("counts two operations for each weight and place of a layer", () => {
    expect(forward(["dense 128 relu", "dense 10"], [784])).toEqual({
      total: 2 * (784 * 128 + 128 * 10),
      first: 2 * 784 * 128,
    });
    // 3x3 over 3 channels for each of 32 filters at 32x32 places, the border included
    expect(forward(["conv 32 relu"], [32, 32, 3]).total).toBe(2 * 27 * 32 * 1024);
    // 4x4 over 3 channels for 8 filters at 2x2 places
    expect(forward(["conv 8 stride 2"], [4, 4, 3]).total).toBe(2 * 48 * 8 * 4);
    // 7x7 over 3 channels for 1 filter, and 3x3 for 8 filters at 2x2 places
    expect(forward(["conv 1 side 7", "dropout 0.5"], [4, 4, 3]).total).toBe(2 * 147 * 16);
    expect(forward(["conv 8 side 3 stride 2"], [4, 4, 3]).total).toBe(2 * 27 * 8 * 4);
    expect(forward(["up 5"], [3, 3, 2]).total).toBe(2 * 16 * 5 * 2 * 9);
    expect(forward(["pool", "residual 4", "average", "dense 2"], [10, 10, 4]).total).toBe(
      2 * (2 * 36 * 4 * 25) + 2 * 4 * 2,
    );
  });

  it("counts forward, weights and inputs of a training step, but not the gradient of the data", () => {
    const [first, second, third] = [784 * 128, 128 * 128, 128 * 10].map((weights) => 2 * weights);
    expect(flops(mlp)).toBe(32 * (2 * first + 3 * (second + third)));
    expect(flops({ ...mlp, task: "infer" })).toBe(32 * (first + second + third));
  });
});

describe("workloads.json", () => {
  it("has the course's digit GAN as the library builds it", () => {
    const rows = JSON.parse(readFileSync(join(__dirname, "bench/workloads.json"), "utf8")) as Workload[];
    const { layers, generator = [], input } = rows.find(({ id }) => id === "digit-gan")!;
    const shape = (models: tf.layers.Layer[]) => {
      const model = tf.sequential({ layers: models });
      const shapes = model.layers.map((one) => String(one.outputShape));
      const parameters = model.countParams();
      model.dispose();
      return { shapes, parameters };
    };
    const described = (texts: string[], from: number[]) =>
      shape(texts.map((text, i) => layer(tf, text, i === 0 ? from : undefined)));
    expect(described(layers, input)).toEqual(shape(digitDiscriminator()));
    // The library's last convolution has its tanh inside.
    const { shapes, parameters } = shape(digitGenerator());
    expect(described(generator, [100])).toEqual({ shapes: [...shapes, shapes[shapes.length - 1]], parameters });
  });
});

describe("limitSection()", () => {
  const rows = [
    { workload: mlp, timings: [timing("nablab", 1), timing("torch", 2)] },
    { workload: product, timings: [timing("nablab", 20), timing("keras", 10)] },
  ];

  it("takes the best rate of anybody, and says what share of it a step reaches", () => {
    expect(limit(rows, "float32")).toBe(200); // 2e9 operations in 10 ms
    expect(limit(rows, "bfloat16")).toBeUndefined();
    const text = limitSection(rows, (timings) => timings[0].median).join("\n");
    expect(text).toContain("| product | 200 | keras |");
    expect(text).toContain("| MLP | 0.0162 | 16.2 | 8.1% |");
  });
});

describe("tables()", () => {
  it("adds up a trace by kind of op, largest first, with shares of the sum", () => {
    const times = [
      { op: "MatMul", node: "MatMul_1", ms: 3, line: "step.ts:7" },
      { op: "Relu", node: "Relu", ms: 4 },
      { op: "MatMul", node: "MatMul", ms: 3 },
    ];
    const lines = tables(times, 8);
    expect(lines[0]).toContain("A step takes 8.00 ms. Its 3 ops add up to 10.0 ms");
    expect(lines).toContain("| MatMul_1 | MatMul | 3.000 | 30.0% | step.ts:7 |");
    expect(lines.indexOf("| MatMul | 2 | 6.000 | 60.0% |")).toBe(lines.indexOf("| Relu | 1 | 4.000 | 40.0% |") - 1);
  });
});
