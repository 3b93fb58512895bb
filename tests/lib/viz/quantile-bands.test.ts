import { describe, expect, it } from "vitest";
import { tf } from "../../../lib/src/tensorflow";
import { quantileBands, type Sample } from "../../../lib/src/viz";
import { renderSvg } from "../../../lib/src/viz/svg";
import numpy from "../../fixtures/viz/quantiles.json";

interface Row {
  x: number;
  panel?: string;
  q05: number;
  q25: number;
  median: number;
  q75: number;
  q95: number;
}
interface Channel {
  title: string;
  field: string;
  scale: { type?: string };
  axis?: { values?: number[] };
}
interface Layer {
  mark: { type: string };
  encoding: { y: Channel; y2?: Channel };
}
const rows = (chart: object) => (chart as { data: { values: Row[] } }).data.values;
const layers = (chart: object) => (chart as { layer: Layer[] }).layer;
const across = (chart: object) => (chart as { encoding: { x: Channel } }).encoding.x;

const one = (values: Sample["values"]) => [{ x: 1, values }];
const options = { title: "t", y: "activation" };
const panels = ["a", "b", "c"].map((panel) => ({ x: 1, values: [1, 2], panel }));

describe("quantileBands", () => {
  it.each(numpy.cases)("has NumPy's quantiles of $values", ({ values, quantiles }) => {
    const [{ q05, q25, median, q75, q95 }] = rows(quantileBands(one(values), options));
    // Charts store five digits.
    expect([q05, q25, median, q75, q95]).toBeAllclose(quantiles, { atol: 0, rtol: 5e-5 });
  });

  it("draws nine of ten faint, half of all over it, and the median as a line on top", () => {
    const drawn = layers(quantileBands(one([1, 2]), options)).map(({ mark, encoding }) => [
      ...[mark.type, encoding.y.field, encoding.y2?.field],
    ]);
    expect(drawn).toEqual([
      ["area", "q05", "q95"],
      ["area", "q25", "q75"],
      ["line", "median", undefined],
    ]);
  });

  it("names its axes, and puts ticks where the samples are while there is room", () => {
    const chart = quantileBands(one([1, 2]), { ...options, x: "layer", y: { title: "size", unit: "V", log: true } });
    expect(layers(chart)[0].encoding.y).toMatchObject({ title: "size (V)", scale: { type: "log" } });
    expect(across(chart)).toMatchObject({ title: "layer", axis: { values: [1] } });
    const many = Array.from({ length: 13 }, (_, i) => ({ x: i / 2, values: [1] }));
    expect(across(quantileBands(many.slice(0, 2).reverse(), options)).axis).toMatchObject({ values: [0, 0.5] });
    expect(across(quantileBands(many, options)).axis).toBeUndefined();
  });

  it("counts places from the first one on, on a log axis too", () => {
    const samples = [3, 4, 5].map((x) => ({ x, values: [0.01, 1, 100] }));
    const svg = renderSvg(quantileBands(samples, { ...options, y: { title: "size", log: true } }));
    // The median starts at the left end: with places that are stacked, the axis would begin at 0.
    expect(svg).toMatch(/mark-line[^>]*><path [^>]*d="M0,/);
    expect([...svg.matchAll(/>([\d.]+)<\/text>/g)].map(([, text]) => text).slice(0, 4)).toEqual(["3", "4", "5", "0.1"]);
  });

  it("puts samples into panels in the order given, at most `columns` beside each other", () => {
    const chart = quantileBands([panels[2], panels[0], panels[1]], { ...options, columns: 2 });
    expect(chart).toMatchObject({ facet: { field: "panel", sort: ["c", "a", "b"] }, columns: 2 });
    expect(quantileBands(panels, options)).toMatchObject({ columns: 3 });
    expect(quantileBands(one([1]), options)).not.toHaveProperty("facet");
  });

  it("says where nine of ten lie at the first and the last place, whatever the order", () => {
    // 5 % of the way from 0 to 100 is 5.
    const samples = [
      { x: 2, values: [0, 1000] },
      { x: 1, values: [0, 100] },
    ];
    expect(quantileBands(samples, options).description).toContain("nine of ten numbers: 5 to 95 at 1, 50 to 950 at 2.");
    expect(quantileBands(panels, options).description).toContain("a 1.05 to 1.95 at 1; b 1.05 to 1.95 at 1; c");
  });

  it("reads tensors, leaves them alive and their numbers in order", () => {
    const before = tf.memory().numTensors;
    const x = tf.tensor1d([3, 1, 2]);
    expect(rows(quantileBands(one(x), options))[0].median).toBe(2);
    expect(Array.from(x.dataSync())).toEqual([3, 1, 2]);
    x.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each<[string, () => unknown, string]>([
    ["no samples", () => quantileBands([], options), "samples to be at least one of { x, values }"],
    ["what is no list", () => quantileBands({} as never, options), "samples to be an array of { x, values }"],
    ["a sample without numbers", () => quantileBands(one([]), options), "values of sample 0 to be at least one number"],
    ["NaN, and says where", () => quantileBands(one([1, NaN, 0]), options), "to be finite numbers, got NaN at 1."],
    ["a place that is none", () => quantileBands([{ x: NaN, values: [1] }], options), "x of sample 0 to be a finite"],
    [
      "one place for two samples",
      () => quantileBands([...panels, panels[1]], options),
      "quantileBands() wants x of sample 3 to be a place without a sample so far, got 1.",
    ],
    ["panels for some", () => quantileBands([...panels, ...one([1])], options), "given for all samples or for none"],
    [
      "quantiles from 0 down on a log axis",
      () => quantileBands(one([0, 0, 1]), { ...options, y: { title: "size", log: true } }),
      "values of sample 0 to be above 0 on a log axis, got 0. Remedy: leave out log",
    ],
    ["no columns", () => quantileBands(panels, { ...options, columns: 0 }), "columns to be an integer from 1 up"],
    ["no title", () => quantileBands(panels, { ...options, title: " " }), "the chart's one message"],
    ["numbers without a name", () => quantileBands(panels, { title: "t" } as never), "y to be what the numbers are"],
    ["an unknown option", () => quantileBands(panels, { ...options, column: 2 } as never), "did you mean columns?"],
  ])("refuses %s", (_, run, message) => {
    expect(run).toThrow(message);
  });
});
