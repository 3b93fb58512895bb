/** Charts as they are stored: for JupyterLab, for viewers without Vega, and for those who read text. */
import { codeCells, place, type Notebook } from "./notebook";
import type { RichOutput } from "./outputs";

const chart = /^application\/vnd\.vega(lite)?\.v(\d+)\+json$/;

/** Vega and Vega-Lite outputs of the notebook. */
export const storedCharts = (notebook: Notebook): { at: string; output: RichOutput }[] =>
  codeCells(notebook).flatMap((cell) =>
    cell.outputs.flatMap((output) =>
      "data" in output && Object.keys(output.data).some((mime) => chart.test(mime))
        ? [{ at: place(notebook, cell), output }]
        : [],
    ),
  );

/** What keeps a stored chart from being seen everywhere. JupyterLab 4 draws version 5 only and leaves others blank. */
export function chartProblems(notebook: Notebook): string[] {
  return storedCharts(notebook).flatMap(({ at, output: { data } }) => {
    const [mime, , version] = Object.keys(data).flatMap((key) => chart.exec(key) ?? []);
    const schema = (data[mime] as { $schema?: unknown }).$schema;
    const svg = data["image/svg+xml"];
    const rules: [boolean, string][] = [
      [version === "5", `has ${mime}, JupyterLab draws version 5 only`],
      [
        /\/vega(-lite)?\/v5(\.[\d.]*)?\.json$/.test(String(schema)),
        `has the $schema ${String(schema)}, not one of version 5`,
      ],
      [
        typeof svg === "string" && /<svg[\s>]/.test(svg) && /<(path|rect|circle|image|line|text)\b/.test(svg),
        "has no SVG with something drawn in it",
      ],
      [typeof data["text/plain"] === "string" && data["text/plain"].trim() !== "", "has no line of text"],
    ];
    return rules.flatMap(([holds, problem]) => (holds ? [] : [`${at}: the chart ${problem}`]));
  });
}
