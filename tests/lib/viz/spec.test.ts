import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { inspect } from "node:util";
import Ajv from "ajv";
import { describe, expect, it } from "vitest";
import type { RichOutput } from "../../../lib/src/display";
import { gallery } from "./gallery";

const schemaPath = createRequire(__filename).resolve("vega-lite/build/vega-lite-schema.json");
// The format of colours is not known to the checker; everything else in the schema counts.
const validate = new Ajv({ unknownFormats: "ignore", logger: false }).compile(
  JSON.parse(readFileSync(schemaPath, "utf8")) as object,
);
const shown = (chart: object) =>
  (chart as Record<symbol, () => RichOutput>)[Symbol.for("Jupyter.display")]().data as Record<string, string>;

describe.each(Object.entries(gallery))("%s", (name, make) => {
  it("is valid by Vega-Lite's own schema", () => {
    validate(JSON.parse(JSON.stringify(make())));
    expect(validate.errors ?? []).toEqual([]);
  });

  it("names version 5, the one that JupyterLab draws", () => {
    expect(make().$schema).toBe("https://vega.github.io/schema/vega-lite/v5.json");
  });

  it("is drawn as an SVG with marks, axes and its title in it", () => {
    const svg = shown(make())["image/svg+xml"];
    expect(svg).toMatch(/class="mark-(line|rect|area|symbol) role-mark[^"]*"[^>]*><path [^>]*d="M/);
    // Positions in a graph mean nothing by themselves.
    if (name !== "a graph") expect(svg).toContain("role-axis");
    const { title } = make() as { title?: string | { text: string } };
    expect(svg).toContain(`>${typeof title === "object" ? title.text : title}</text>`);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("says in a line of text what it shows, with numbers", () => {
    const text = shown(make())["text/plain"];
    expect(text).toMatch(/\d/);
    expect(text.split("\n")).toHaveLength(1);
  });

  it("is small, because notebooks are committed with it", () => {
    expect(JSON.stringify(make()).length).toBeLessThan(15_000);
    expect(shown(make())["image/svg+xml"].length).toBeLessThan(40_000);
  });

  it("survives being copied as JSON, as it is when stored", () => {
    const chart = make();
    expect(JSON.parse(JSON.stringify(chart))).toEqual(JSON.parse(JSON.stringify({ ...chart })));
    expect(shown(chart)["application/vnd.vegalite.v5+json"]).toBe(chart);
  });

  it("is printed as one line that says how to see it", () => {
    expect(inspect({ chart: make() })).toContain("Draw it with show(chart).");
  });

  it("leaves the colours of text and background to the page's theme", () => {
    const { background, config } = make() as { background?: string; config?: object };
    expect(background).toBe("transparent");
    expect(JSON.stringify(config)).not.toMatch(/"(label|title|subtitle)Color"/);
  });
});
