import { describe, expect, it } from "vitest";
import { barChart } from "../../../lib/src/viz/bar-chart";
import { imageGrid } from "../../../lib/src/viz/image-grid";
import { lineChart } from "../../../lib/src/viz/line-chart";
import { show } from "../../../lib/src/viz/show";
import measured from "../../fixtures/viz/text-width.json";
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

  it("has room for labels in a font a sixth wider than Helvetica, which stands in for it on some machines", () => {
    const x = { field: "optimizer", title: "learned by" };
    show(barChart([{ optimizer: "SGD with momentum", loss: 1 }], { title: "t", x, y: "loss" }));
    const svg = kernel.outputs[0].data["image/svg+xml"] as string;
    const fontSize = Number(/font-size="([\d.]+)px"[^>]*>SGD with momentum/.exec(svg)![1]);
    const title = Number(/translate\((-[\d.]+),[\d.]+\) rotate\(-90\)[^>]*>learned by/.exec(svg)![1]);
    expect(-title).toBeGreaterThan((7 / 6) * measured.regular["SGD with momentum"] * fontSize);
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
