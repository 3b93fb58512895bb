import { describe, expect, it } from "vitest";
import { imageGrid } from "../../../lib/src/viz/image-grid";
import { lineChart } from "../../../lib/src/viz/line-chart";
import { show } from "../../../lib/src/viz/show";
import { useKernel } from "../notebook";

const spec = {
  $schema: "https://vega.github.io/schema/vega-lite/v5.json",
  title: "Mine",
  data: { values: [{ a: 1 }] },
  mark: "point",
  encoding: { x: { field: "a", type: "quantitative" } },
};

describe("show", () => {
  const kernel = useKernel();

  it("shows a chart at once as Vega-Lite, SVG and text", () => {
    show(lineChart([{ x: 1, y: 2 }], { title: "t", x: "x", y: "y" }));
    expect(Object.keys(kernel.outputs[0].data)).toEqual([
      "application/vnd.vegalite.v5+json",
      "image/svg+xml",
      "text/plain",
    ]);
  });

  it("shows a spec of one's own", () => {
    show(spec);
    expect(kernel.outputs[0].data).toMatchObject({
      "application/vnd.vegalite.v5+json": spec,
      "text/plain": "Chart: Mine",
    });
  });

  it("shows a picture with its size", () => {
    show(imageGrid([0], { shape: [1, 1, 1] }));
    expect(kernel.outputs[0].metadata).toHaveProperty(["image/png", "width"]);
  });

  it("keeps the SVG on white, since its viewers don't tell how dark they are", () => {
    show(spec);
    expect(kernel.outputs[0].data["image/svg+xml"]).toContain('fill="white"');
  });

  it("refuses what is no chart, and version 6, which JupyterLab leaves blank", () => {
    expect(() => show([1] as never)).toThrow("wants a chart");
    expect(() => show({ ...spec, $schema: "https://vega.github.io/schema/vega-lite/v6.json" })).toThrow("v5.json");
    expect(() => show({ mark: "point" })).toThrow("$schema");
    expect(kernel.outputs).toEqual([]);
  });

  it("passes on why Vega can't draw a spec", () => {
    expect(() => show({ ...spec, mark: "pie" })).toThrow("show() could not draw this chart");
  });
});
