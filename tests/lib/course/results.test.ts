import { describe, expect, it } from "vitest";
import { results, summarise } from "../../../lib/src/course/results";
import { useKernel } from "../notebook";

const kernel = useKernel();
const stored = () => kernel.outputs[0].data["application/vnd.nablab.results+json"];

describe("results", () => {
  it("stores the array for programs, with runs and device filled in", () => {
    (globalThis as Record<symbol, unknown>)[Symbol.for("nablab.device")] = "CPU, TensorFlow 2.21";
    results([
      { name: "test accuracy", value: 98.2, unit: "%", spread: 0.1, n: 3, seconds: 42, device: "GPU" },
      { name: "time", value: 3 },
    ]);
    expect(stored()).toEqual([
      { name: "test accuracy", value: 98.2, unit: "%", spread: 0.1, n: 3, seconds: 42, device: "GPU" },
      { name: "time", value: 3, n: 1, device: "CPU, TensorFlow 2.21" },
    ]);
  });

  it("shows a table in every form", () => {
    results([{ name: "a | b", value: 98.2, unit: "%", spread: 0.1234, n: 3, seconds: 42.04, device: "GPU" }]);
    const { data } = kernel.outputs[0];
    expect(data["text/plain"]).toBe(
      ["result  value          runs  time     device", "a | b   98.2 ± 0.12 %  3     42.04 s  GPU"].join("\n"),
    );
    expect(data["text/html"]).toContain("<td");
    expect(data["text/markdown"]).toContain("| a \\| b | 98.2 ± 0.12 % | 3 |");
  });

  it("refuses what can't be a claim, and then shows nothing", () => {
    expect(() => results([])).toThrow("at least one result");
    expect(() => results([{ name: "a", value: NaN }])).toThrow('the value of "a" to be a finite number');
    expect(() => results([{ name: "", value: 1 }])).toThrow("what was measured");
    expect(() =>
      results([
        { name: "a", value: 1 },
        { name: "a", value: 2 },
      ]),
    ).toThrow('two results named "a"');
    expect(() => results([{ name: "a", value: 1, n: 0 }])).toThrow("an integer from 1 up");
    expect(() => results([{ name: "a", value: 1, spread: -1 }])).toThrow("from 0 up");
    expect(() => results([{ name: "a", value: 1, sd: 1 } as never])).toThrow("no option sd");
    expect(kernel.outputs).toEqual([]);
  });
});

describe("summarise", () => {
  it("gives mean and sample standard deviation, as numpy.std(x, ddof=1) does", () => {
    expect(summarise([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({
      value: 5,
      spread: expect.closeTo(2.13808994, 8) as number,
      n: 8,
    });
  });

  it("gives no spread for a single run", () => {
    expect(summarise([3])).toEqual({ value: 3, n: 1 });
  });

  it("refuses no runs and failed ones", () => {
    expect(() => summarise([])).toThrow("at least one run");
    expect(() => summarise([1, NaN])).toThrow("run 2 to be a finite number");
  });
});
