import { describe, expect, it } from "vitest";
import { cellLayer, planSize, type Plan } from "../../../lib/src/nas/plan";

const conv = (filters: number, kernelSize = 3) => ({ kind: "conv2d", filters, kernelSize }) as const;

describe("planSize", () => {
  it("counts LeNet's layers as done by hand", () => {
    const plan: Plan = [
      { kind: "conv2d", filters: 6, kernelSize: 5 }, // 5 · 5 · 1 · 6 + 6 = 156; 2 · 28 · 28 · 150 = 235,200
      { kind: "relu" },
      { kind: "maxPool", size: 2 }, // [14, 14, 6]
      { kind: "conv2d", filters: 16, kernelSize: 5, bias: false }, // 5 · 5 · 6 · 16 = 2,400; 2 · 14 · 14 · 2400 = 940,800
      { kind: "batchNorm" }, // scale, shift, mean and variance of 16 channels: 64
      { kind: "averagePool", size: 2 }, // [7, 7, 16]
      { kind: "flatten" }, // [784]
      { kind: "dense", units: 10 }, // 7,850; 2 · 784 · 10 = 15,680
    ];
    expect(planSize(plan, [28, 28, 1])).toEqual({
      parameters: 156 + 2400 + 64 + 7850,
      flops: 235_200 + 940_800 + 15_680,
      shape: [10],
    });
  });

  it("rounds up where strides and pools do not divide the sides", () => {
    const strided: Plan = [{ kind: "conv2d", filters: 4, kernelSize: 3, strides: 2 }];
    expect(planSize(strided, [7, 5, 1])).toMatchObject({ shape: [4, 3, 4], flops: 2 * 4 * 3 * 36 });
    expect(planSize([{ kind: "maxPool", size: 3, strides: 2 }], [7, 5, 1]).shape).toEqual([4, 3, 1]);
    expect(planSize([{ kind: "globalAverage" }], [7, 5, 3]).shape).toEqual([3]);
  });

  it("counts what lies beside each other", () => {
    // 3 · 3 · 4 · 4 + 4 = 148 each.
    expect(planSize([{ kind: "residual", layers: [conv(4), conv(4)] }], [8, 8, 4]).parameters).toBe(296);
    const cell = cellLayer(
      ["conv", "skip", "none", "conv", "conv", "none"] as const,
      { nodes: 4, none: "none", identity: "skip" },
      { conv: [conv(4)] },
    );
    // Node 2 only hands on the input and leads nowhere: two convolutions from the input, one of them on by a third.
    expect(planSize([cell], [8, 8, 4]).parameters).toBe(3 * 148);
  });

  it("names the layer that does not fit", () => {
    const plan: Plan = [conv(8), { kind: "residual", layers: [{ kind: "relu" }, conv(16)] }];
    expect(() => planSize(plan, [8, 8, 3])).toThrow(
      "planSize() wants the output of layer 1 (residual) to be of shape [8, 8, 8], to be added, got [8, 8, 16]",
    );
    expect(() => planSize([{ kind: "dense", units: 10 }], [8, 8, 3])).toThrow(
      "wants the input of layer 0 (dense) to be [features], got [8, 8, 3]. Remedy: flatten before.",
    );
    expect(() => planSize([{ kind: "flatten" }, conv(8)], [8, 8, 3])).toThrow("the input of layer 1 (conv2d)");
    expect(() => planSize([conv(0)], [8, 8, 3])).toThrow(
      "filters of layer 0 (conv2d) to be an integer from 1 up, got 0",
    );
    const edges = [
      { from: 0, to: 1, layers: [conv(8)] },
      { from: 0, to: 2, layers: [] },
      { from: 1, to: 2, layers: [] },
    ];
    expect(() => planSize([{ kind: "cell", nodes: 3, edges }], [8, 8, 3])).toThrow(
      "what reaches node 2 of layer 0 (cell) to be of shape [8, 8, 3]",
    );
    expect(() => planSize([{ kind: "cell", nodes: 3, edges: edges.slice(0, 1) }], [8, 8, 3])).toThrow(
      "found no way from the input to the output of layer 0 (cell)",
    );
  });
});

describe("cellLayer", () => {
  const options = { nodes: 3, none: "none", identity: "skip" } as const;
  type Operation = "none" | "skip" | "conv";

  it("refuses a cell without a way through, and an operation without layers", () => {
    const dead: Operation[] = ["conv", "none", "none"];
    expect(() => cellLayer(dead, options, { conv: [conv(3)] })).toThrow("found no way from the input to the output");
    expect(() => cellLayer<Operation>(["none", "conv", "none"], options, {})).toThrow(
      'cellLayer() wants operations to be layers for each, got "conv"',
    );
  });

  it("hands its input on where the output is the input", () => {
    const layer = cellLayer<Operation>(["none", "skip", "none"], options, {});
    expect(layer).toEqual({ kind: "cell", nodes: 3, edges: [{ from: 0, to: 2, layers: [] }] });
  });
});
