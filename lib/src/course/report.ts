import type { MimeBundle } from "../display";
import type { Report } from "./examine";
import { box, escape, escapeMarkdown, markdownTable, table, textTable, toned, type Tone } from "./html";

/** By which programs read how an exercise went. */
export const exerciseType = "application/vnd.nablab.exercise+json";

const head = ["", "case", "got", "expected", "allowed", "what is wrong"];

/** The outcome of a check as an output: a box for notebooks, a table in Markdown and in text. */
export function reportBundle(report: Report): MimeBundle {
  const { id, state, cases, message } = report;
  const rights = cases.filter(({ problem }) => problem === undefined).length;
  const tone: Tone = state === "passed" ? "good" : state === "failed" ? "bad" : "open";
  const verdict = {
    untouched: `○ ${id}: not done yet.`,
    failed: `✗ ${id}: not right yet, ${rights} of ${cases.length} checks hold.`,
    passed: `✓ ${id}: right, ${rights} of ${cases.length} checks hold.`,
  }[state];
  const rows = cases.map(({ what, got = "", expected = "", allowed = "", problem = "" }) => [
    problem === "" ? "✓" : "✗",
    ...[what, got, expected, allowed],
    ...(state === "failed" ? [problem] : []),
  ]);
  const columns = state === "failed" ? head : head.slice(0, -1);
  const parts = (tables: (head: string[], rows: string[][]) => string, cell: (text: string) => string) =>
    rows.length > 0
      ? tables(
          columns,
          rows.map((row) => row.map(cell)),
        )
      : "";
  const code = (text: string) => escape(text).replace(/`([^`]+)`/g, "<code>$1</code>");
  return {
    "text/html": box(tone, toned(tone, code(verdict)) + parts(table, code) + (message && `<p>${code(message)}</p>`)),
    "text/markdown": [`**${verdict}**`, parts(markdownTable, escapeMarkdown), message].filter(Boolean).join("\n\n"),
    "text/plain": [verdict, parts(textTable, String), message].filter(Boolean).join("\n"),
    [exerciseType]: { id, state },
  };
}
