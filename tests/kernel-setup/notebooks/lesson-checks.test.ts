import { describe, expect, it } from "vitest";
import { chartProblems } from "../../../kernel-setup/src/notebooks/charts";
import type { Output } from "../../../kernel-setup/src/notebooks/outputs";
import { bandProblems, resultsType } from "../../../kernel-setup/src/notebooks/results";
import { measureRhythm, rhythmProblems } from "../../../kernel-setup/src/notebooks/rhythm";
import { cellOf, lesson, notebookOf } from "./fixture";

describe("the rhythm of a notebook", () => {
  it("is measured without solutions, fences and formulas", () => {
    const notebook = notebookOf("const a = 1;\n\nconst b = 2;", "a + b;");
    const markdown = (source: string, role?: "solution") =>
      notebook.cells.push({ id: "m", cell_type: "markdown", source, metadata: role ? { nablab: { role } } : {} });
    markdown("one two — three\n```ts\nfour\n```\n$$\nfive\n$$\n<b>six</b> <!-- seven -->");
    markdown("eight", "solution");
    expect(measureRhythm(notebook)).toEqual({
      ...{ lines: 3, words: 4, wordsPerLine: 4 / 3, medianLines: 2, longestLines: 2, longestRow: 2 },
    });
  });

  it("is right in the sound lesson", () => {
    expect(rhythmProblems(lesson())).toEqual([]);
  });

  const head = lesson().cells[0].source;
  const long = Array.from({ length: 41 }, (_, i) => `void ${i};`).join("\n");
  it.each([
    ["title", { "cell-1": head.replace("# How", "How") }],
    ["**Objectives**", { "cell-1": head.replace("Objectives", "Aims") }],
    ["2 objectives", { "cell-1": head.replace("- draw numbers as a chart;\n", "") }],
    ["**Prerequisites**", { "cell-1": head.replace("Prerequisites", "Before") }],
    ["**Time**", { "cell-1": head.replace("**Time**", "About") }],
    ["measured time", { "cell-1": head.replace("nablab:run seconds", "nablab:run device") }],
    ["**Headline**", { "cell-1": head.replace("**Headline**", "Well,") }],
    ["headline number", { "cell-1": head.replace(/nablab:result (mean|median)/g, "nablab:run device") }],
    ["Takeaways", { "cell-15": "## Where next" }],
    ["Where next", { "cell-15": "## Takeaways" }],
    ["a cell of 41 lines", { "cell-2": long }],
    ["words of prose a code line", { "cell-2": long }],
    ["a median of 41 lines", { "cell-2": long, "cell-4": long, "cell-6": long, "cell-8": long }],
  ])("is refused for its %s", (what, change) => {
    expect(rhythmProblems(lesson(change)).join("\n")).toContain(what);
  });

  it("asks for six exercises from lesson 01 on, and none of the page of sources", () => {
    const named = (path: string) => rhythmProblems({ ...lesson(), path }).join();
    expect(named("/x/99-sources.ipynb")).toBe("");
    expect(named("/x/01-first.ipynb")).toContain("1 exercises, fewer than 6");
    expect(named("/x/00-welcome.ipynb")).toBe("");
  });
});

describe("stored charts", () => {
  const spec = { $schema: "https://vega.github.io/schema/vega-lite/v5.json" };
  const good = {
    "application/vnd.vegalite.v5+json": spec,
    "image/svg+xml": "<svg><path/></svg>",
    "text/plain": "a line",
  };
  const problemsOf = (data: Record<string, unknown>) => {
    const notebook = lesson();
    cellOf(notebook, "cell-2").outputs = [{ output_type: "display_data", data, metadata: {} }];
    return chartProblems(notebook).join();
  };

  it("are accepted in version 5 with an SVG and a line of text", () => {
    expect(problemsOf(good)).toBe("");
    expect(problemsOf({ "text/plain": "no chart" })).toBe("");
  });

  it.each([
    [
      "draws version 5 only",
      { "application/vnd.vegalite.v6+json": spec, "image/svg+xml": "<svg><path/></svg>", "text/plain": "a" },
    ],
    [
      "not one of version 5",
      { ...good, "application/vnd.vegalite.v5+json": { $schema: "https://vega.github.io/schema/vega-lite/v6.json" } },
    ],
    ["no SVG", { ...good, "image/svg+xml": undefined }],
    ["no SVG", { ...good, "image/svg+xml": "<svg></svg>" }],
    ["no line of text", { ...good, "text/plain": " " }],
  ])("are refused: %s", (what, data) => {
    expect(problemsOf(data)).toContain(what);
  });
});

describe("bands of results", () => {
  const bands = { mean: { fast: [0, 10] as [number, number], full: [5, 5] as [number, number] } };
  const problemsOf = (results: unknown[], run: "fast" | "full") => {
    const notebook = lesson({}, { "cell-14": { bands } });
    const outputs: Output[] = [{ output_type: "display_data", data: { [resultsType]: results }, metadata: {} }];
    return bandProblems(notebook, cellOf(notebook, "cell-14"), outputs, run).join();
  };

  it("hold for fast and for full runs", () => {
    expect(problemsOf([{ name: "mean", value: 6 }], "fast")).toBe("");
    expect(problemsOf([{ name: "mean", value: 6 }], "full")).toContain('"mean" is 6, outside its full band 5 to 5');
    expect(problemsOf([{ name: "mean", value: NaN }], "fast")).toContain("outside");
  });

  it("are wanted for every result, and a result for every band", () => {
    expect(problemsOf([], "fast")).toContain('a band for "mean", but no such result');
    expect(
      problemsOf(
        [
          { name: "mean", value: 5 },
          { name: "median", value: 3 },
        ],
        "full",
      ),
    ).toContain('"median" has no full band');
  });
});
