import { describe, expect, it } from "vitest";
import { barChart } from "../../../lib/src/viz/bar-chart";

const rows = [
  { name: "SGD", accuracy: 97.5, std: 0.5 },
  { name: "Adam", accuracy: 98.25, std: 0.25 },
];
const options = { title: "t", x: "name", y: { field: "accuracy", unit: "%" } };
const layers = (chart: object) => (chart as { layer: { mark: { type: string } }[] }).layer.map(({ mark }) => mark.type);

describe("barChart", () => {
  it("writes each value at its bar and into its text", () => {
    const chart = barChart(rows, options);
    expect(chart.description).toBe("t. Bars of accuracy (%): SGD 97.5, Adam 98.25.");
    expect(layers(chart)).toEqual(["bar", "text"]);
  });

  it("draws the spread from low to high", () => {
    const chart = barChart(rows, { ...options, spread: "std" }) as unknown as { data: { values: object[] } };
    const bar = { name: "SGD", accuracy: 97.5, text: "97.5 ± 0.5", low: 97, high: 98, end: 98 };
    expect(chart.data.values[0]).toEqual(bar);
    expect(layers(chart)).toEqual(["bar", "rule", "text"]);
  });

  it("writes values to the right of bars that go to the left, at 0, and leaves out spreads of 0", () => {
    const scores = [
      { name: "random", accuracy: -1250, std: 0 },
      { name: "learned", accuracy: -3, std: 5 },
    ];
    const chart = barChart(scores, { ...options, spread: "std" });
    const { data } = chart as unknown as { data: { values: { text: string; end: number }[] } };
    expect(data.values.map(({ text, end }) => [text, end])).toEqual([
      ["-1250", 0],
      ["-3 ± 5", 2],
    ]);
    const { layer } = chart as unknown as { layer: { mark: { type: string }; encoding: object }[] };
    expect(layer[2].encoding).toMatchObject({ x: { field: "end" } });
  });

  it("starts bars at 0, and draws dots where the axis doesn't", () => {
    const scaleOf = (chart: object) => (chart as { encoding: { x: { scale: object } } }).encoding.x.scale;
    expect(scaleOf(barChart(rows, options))).toEqual({ zero: true });
    const dots = barChart(rows, { ...options, y: { field: "accuracy", zero: false } });
    expect(scaleOf(dots)).toEqual({ zero: false });
    expect(layers(dots)).toEqual(["point", "text"]);
  });

  it("refuses a bar without a length", () => {
    expect(() => barChart([{ name: "a", accuracy: NaN }], options)).toThrow("accuracy to be finite, row 0 is not");
    expect(() => barChart([], options)).toThrow("at least one row");
  });
});
