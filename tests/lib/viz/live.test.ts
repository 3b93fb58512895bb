import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CurveRow } from "../../../lib/src/viz/curves";
import { imageGrid } from "../../../lib/src/viz/image-grid";
import { lineChart } from "../../../lib/src/viz/line-chart";
import { live } from "../../../lib/src/viz/live";
import { useKernel, type Shown } from "../notebook";

const row = (epoch: number): CurveRow => ({ epoch, loss: 1 / epoch });
const heights = ({ data }: Shown) =>
  (data["application/vnd.vegalite.v5+json"] as { data: { values: { y: number }[] } }).data.values.map(({ y }) => y);

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

describe("live", () => {
  const kernel = useKernel();

  it("draws the first row at once, and the rest at most four times a second", () => {
    const curves = live();
    // A row every millisecond for two seconds.
    for (let i = 1; i <= 2000; i++) {
      curves.push(row(i));
      vi.advanceTimersByTime(1);
    }
    expect(kernel.outputs.length).toBeGreaterThanOrEqual(8);
    expect(kernel.outputs.length).toBeLessThanOrEqual(9);
    expect(heights(kernel.outputs[0])).toEqual([1]);
    curves.end();
  });

  it("draws in a loop that lets no timer fire, too", () => {
    const curves = live();
    let now = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
    for (let i = 1; i <= 100; i++) {
      curves.push(row(i));
      now += 10;
    }
    clock.mockRestore();
    expect(kernel.outputs).toHaveLength(4);
    curves.end();
  });

  it("always draws the last row, even if nobody says that it was", () => {
    const curves = live();
    curves.push(row(1));
    curves.push(row(2));
    expect(kernel.outputs).toHaveLength(1);
    vi.advanceTimersByTime(250);
    expect(heights(kernel.outputs[1])).toEqual([1, 0.5]);
  });

  it("stores the picture with the last draw only: at the end, or when nothing comes any more", () => {
    const pictures = () => kernel.outputs.map(({ data }) => "image/svg+xml" in data);
    const curves = live();
    curves.push(row(1));
    curves.end();
    curves.end();
    expect(pictures()).toEqual([false, true]);
    curves.push(row(2));
    vi.advanceTimersByTime(10_000);
    expect(pictures()).toEqual([false, true, false, true]);
  });

  it("draws pictures of images as they come, too", () => {
    const samples = live((rows: readonly { pixel: number }[]) =>
      imageGrid([rows[rows.length - 1].pixel], { shape: [1, 1, 1] }),
    );
    samples.push({ pixel: 0 });
    samples.push({ pixel: 1 });
    samples.end();
    const [first, last] = kernel.outputs.map(({ data }) => data["image/png"] as string);
    expect(first).toBe(imageGrid([0], { shape: [1, 1, 1] }).png.toString("base64"));
    expect(last).toBe(imageGrid([1], { shape: [1, 1, 1] }).png.toString("base64"));
    expect(kernel.outputs[1]).toMatchObject({ displayId: kernel.outputs[0].displayId, update: true });
  });

  it("stays one output on the page", () => {
    const curves = live();
    curves.push(row(1));
    curves.end();
    const [first, second] = kernel.outputs;
    expect(second).toMatchObject({ displayId: first.displayId, update: true });
  });

  it("draws what there is when Stop is pressed", () => {
    const curves = live();
    curves.push(row(1));
    curves.push(row(2));
    kernel.stop();
    expect(heights(kernel.outputs.at(-1)!)).toEqual([1, 0.5]);
    expect(kernel.outputs.at(-1)!.data).toHaveProperty("image/svg+xml");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("shows several runs by name", () => {
    const curves = live({ title: "Race" });
    curves.run("SGD")(row(1));
    curves.run("Adam")(row(2));
    curves.end();
    const { data } = kernel.outputs.at(-1)!;
    expect(data["text/plain"]).toBe("Race. SGD loss 1 in 1 points; Adam loss 0.5 in 1 points; over epoch.");
  });

  it("follows a history that grows, step by step", () => {
    const history = { rows: [] as CurveRow[], steps: [] as CurveRow[] };
    const curves = live();
    curves.push(history);
    expect(kernel.outputs).toEqual([]);
    history.steps.push({ epoch: 0.1, loss: 3 }, { epoch: 0.2, loss: 2 });
    curves.push(history);
    expect(heights(kernel.outputs[0])).toEqual([3, 2]);
    curves.end();
  });

  it("draws any chart of rows", () => {
    const chart = live((rows: readonly { x: number; y: number }[]) => lineChart(rows, { title: "t", x: "x", y: "y" }));
    chart.push({ x: 1, y: 7 });
    chart.end();
    expect(heights(kernel.outputs.at(-1)!)).toEqual([7]);
  });

  it("draws nothing if nothing came", () => {
    live().end();
    expect(kernel.outputs).toEqual([]);
  });

  it("refuses to draw more often than four times a second", () => {
    expect(() => live({ interval: 50 })).toThrow("interval to be a finite number from 250");
  });
});

describe("in a plain program, live", () => {
  it("prints one line, at the end", () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    const curves = live({ title: "Falls" });
    curves.push(row(1));
    curves.push(row(2));
    vi.advanceTimersByTime(1000);
    expect(log.mock.calls).toEqual([]);
    curves.end();
    expect(log.mock.calls).toEqual([["Falls. loss 1 → 0.5 in 2 points; over epoch."]]);
    log.mockRestore();
  });
});
