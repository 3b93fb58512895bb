/** How a notebook reads: the parts its first screen and its end must have, and the balance of prose and code. */
import { readClaims } from "./claims";
import { readExercises } from "./exercises";
import { codeCells, isCode, nameOf, type Cell, type Notebook } from "./notebook";

export interface Rhythm {
  /** Lines of code, blank ones left out. */
  lines: number;
  /** Words of prose: no code fences, no formulas on their own lines, no solutions. */
  words: number;
  wordsPerLine: number;
  /** Lines of the median and of the longest cell. */
  medianLines: number;
  longestLines: number;
  /** The longest row of code cells with no prose between them. */
  longestRow: number;
}

const countLines = (source: string): number => source.split("\n").filter((line) => line.trim() !== "").length;

const countWords = (markdown: string): number =>
  markdown
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/^```[\s\S]*?^```/gm, "")
    .replace(/\$\$[\s\S]*?\$\$/g, "")
    .replace(/<[^>]+>/g, " ")
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

const isProse = ({ cell_type, metadata }: Cell): boolean =>
  cell_type === "markdown" && metadata.nablab?.role !== "solution";

/** Measures the notebook. Ratios of a notebook without code are 0. */
export function measureRhythm(notebook: Notebook): Rhythm {
  const sizes = codeCells(notebook)
    .map(({ source }) => countLines(source))
    .sort((a, b) => a - b);
  const lines = sizes.reduce((sum, size) => sum + size, 0);
  const words = notebook.cells.filter(isProse).reduce((sum, { source }) => sum + countWords(source), 0);
  let row = 0;
  const rows = notebook.cells.map((cell) => (row = isCode(cell) ? row + 1 : 0));
  return {
    lines,
    words,
    wordsPerLine: lines === 0 ? 0 : words / lines,
    medianLines: sizes[Math.floor(sizes.length / 2)] ?? 0,
    longestLines: sizes.at(-1) ?? 0,
    longestRow: Math.max(0, ...rows),
  };
}

/** A label as bold text or as a heading. */
const hasLabel = (text: string, label: string): boolean =>
  new RegExp(`^\\s*(?:[-*] |#+ )?(?:\\*\\*)?${label}[.:]?(?:\\*\\*)?`, "im").test(text);

/** List items that follow the label, up to the next paragraph that is none. */
function listAfter(text: string, label: string): number {
  const rest = text
    .slice(text.search(new RegExp(`(?:\\*\\*|^#+ )${label}`, "im")))
    .split("\n")
    .slice(1);
  const items = rest.findIndex((line) => /^\s*([-*]|\d+\.) /.test(line));
  if (items < 0) return 0;
  const end = rest.findIndex((line, i) => i > items && line.trim() !== "" && !/^(\s*([-*]|\d+\.) |\s{2,})/.test(line));
  return rest.slice(items, end < 0 ? undefined : end).filter((line) => /^([-*]|\d+\.) /.test(line)).length;
}

/** What is missing on the first screen, at the end, or out of balance. */
export function rhythmProblems(notebook: Notebook): string[] {
  const firstCode = notebook.cells.findIndex(isCode);
  const head = notebook.cells.slice(0, firstCode < 0 ? undefined : firstCode);
  const first = head.map(({ source }) => source).join("\n\n");
  const claims = readClaims(notebook).filter(({ cell }) => head.includes(cell));
  const objectives = listAfter(first, "Objectives");
  const headings = notebook.cells.flatMap(({ cell_type, source }) =>
    cell_type === "markdown" ? [...source.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title) : [],
  );
  const { wordsPerLine, medianLines, longestLines, longestRow } = measureRhythm(notebook);
  const exercises = readExercises(notebook).exercises.length;
  const number = Number.parseInt(nameOf(notebook), 10);
  // 00 shows how the pages work and 99 lists sources: both teach nothing that could be exercised at length.
  const lesson = number >= 1 && number < 99;

  const rules: [boolean, string][] = [
    [/^# \S/m.test(first), "has no title (# Title) before its first code cell"],
    [hasLabel(first, "Objectives"), "has no **Objectives** on its first screen"],
    [objectives >= 3 && objectives <= 6, `has ${objectives} objectives, not 3 to 6`],
    [hasLabel(first, "Prerequisites"), "has no **Prerequisites** on its first screen"],
    [hasLabel(first, "Time"), "has no **Time** on its first screen"],
    [
      claims.some(({ of, field }) => of === "run" && field === "seconds"),
      "does not say its measured time (nablab:run seconds)",
    ],
    [hasLabel(first, "Headline"), "has no **Headline** on its first screen"],
    [claims.some(({ of }) => of === "result"), "has no headline number (nablab:result) on its first screen"],
    [headings.some((title) => /takeaways/i.test(title)), "has no heading Takeaways"],
    [headings.some((title) => /where next/i.test(title)), "has no heading Where next"],
    [
      wordsPerLine >= 8 && (wordsPerLine <= 40 || number === 99),
      `has ${wordsPerLine.toFixed(1)} words of prose a code line, not 8 to 40`,
    ],
    [longestLines <= 40, `has a cell of ${longestLines} lines, more than 40`],
    [medianLines <= 8, `has a median of ${medianLines} lines a cell, more than 8`],
    [longestRow <= 2, `has ${longestRow} code cells in a row with no prose between them, more than 2`],
    [!lesson || exercises >= 6, `has ${exercises} exercises, fewer than 6`],
  ];
  return rules.flatMap(([holds, problem]) => (holds ? [] : [`${nameOf(notebook)} ${problem}`]));
}
