/**
 * `npm run notebooks`: executes notebooks in full mode and writes their outputs back.
 *
 * ```sh
 * npm run notebooks                  # all of them
 * npm run notebooks -- 01 03         # those whose names start so
 * npm run notebooks -- --fast 01     # a fast run that writes nothing
 * npm run notebooks -- --check       # types and promises of the cells; nothing runs
 * ```
 */
import { readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { chartProblems } from "./charts";
import { codeProblems } from "./check-code";
import { brokenTags, claimProblems, duration } from "./claims";
import { codeCells, readNotebook, type CodeCell, type Notebook } from "./notebook";
import { describe } from "./program";
import { bandProblems } from "./results";
import { runNotebook, type CellRun, type FinishedRun } from "./run";
import { storeRun } from "./store";

const root = resolve(__dirname, "../../..");
const megabyte = 1024 * 1024;
/** A page over this size is slow to open on GitHub. */
const largest = 3 * megabyte;

const say = (line: string): void => console.log(line);

/** The paths that the arguments mean: starts of names in `notebooks/`, or paths of notebooks. */
export function findNotebooks(names: string[], folder = join(root, "notebooks")): string[] {
  const all = readdirSync(folder)
    .filter((file) => file.endsWith(".ipynb") && !file.startsWith("."))
    .sort();
  if (names.length === 0) return all.map((file) => join(folder, file));
  return names.flatMap((name) => {
    if (name.endsWith(".ipynb")) return [resolve(name)];
    const found = all.filter((file) => file.startsWith(name));
    if (found.length === 0)
      throw new Error(`No notebook starts with "${name}"; there are: ${all.join(", ") || "none"}`);
    return found.map((file) => join(folder, file));
  });
}

function reportCell(notebook: Notebook): (cell: CodeCell, run?: CellRun) => void {
  const cells = codeCells(notebook);
  const width = String(notebook.cells.length).length;
  return (cell, run) => {
    const number = String(notebook.cells.indexOf(cell) + 1).padStart(width);
    const firstLine = cell.source.trimStart().split("\n")[0].slice(0, 80);
    const line = (time: string) => `  cell ${number} ${time.padStart(8)}  ${firstLine}`;
    if (run) say((process.stdout.isTTY ? "\r" : "") + line(`${run.seconds.toFixed(1)} s`));
    else if (process.stdout.isTTY) process.stdout.write(line(`${cells.indexOf(cell) + 1}/${cells.length}`));
  };
}

/** What a stored run must also hold, beyond having run: the tests would refuse it for the same reasons. */
function storedProblems(notebook: Notebook): string[] {
  const bands = codeCells(notebook).flatMap((cell) => bandProblems(notebook, cell, cell.outputs, "full"));
  return [...bands, ...chartProblems(notebook), ...claimProblems(notebook)];
}

/** Runs one notebook and, in full mode, stores it. Resolves with what is wrong with its numbers, charts and claims. */
async function processNotebook(notebook: Notebook, fast: boolean, signal: AbortSignal): Promise<string[]> {
  say(`${basename(notebook.path)}${fast ? " (fast, nothing is written)" : ""}`);
  const run: FinishedRun = await runNotebook(notebook, { root, fast, signal, onCell: reportCell(notebook) });
  say(`  ${codeCells(notebook).length} cells in ${duration(run.seconds)} on ${run.device}`);
  if (fast) return run.cells.flatMap(({ cell, outputs }) => bandProblems(notebook, cell, outputs, "fast"));
  const { stored, bytes } = storeRun(notebook, run);
  if (bytes > largest)
    say(`  warning: ${(bytes / megabyte).toFixed(1)} MB, over 3 MB: draw fewer marks or smaller images`);
  return storedProblems(stored);
}

/** Does what the arguments say and resolves with the exit code. */
export async function notebooks(args: string[]): Promise<number> {
  const flags = args.filter((arg) => arg.startsWith("--"));
  const unknown = flags.filter((flag) => !["--fast", "--check"].includes(flag));
  if (unknown.length > 0) throw new Error(`notebooks does not know ${unknown.join(", ")}; it knows --fast and --check`);
  const found = findNotebooks(args.filter((arg) => !arg.startsWith("--"))).map(readNotebook);

  const problems = [...codeProblems(found).map(describe), ...found.flatMap(brokenTags)];
  problems.forEach(say);
  if (problems.length > 0) return 1;
  if (flags.includes("--check")) {
    say(`${found.length} notebooks: types and promises are right`);
    return 0;
  }

  const stop = new AbortController();
  // The first Ctrl+C ends the running cell and the kernel in order; a second one ends this program at once.
  process.once("SIGINT", () => {
    stop.abort(new Error("Stopped"));
    process.once("SIGINT", () => process.exit(130));
  });
  let failed = 0;
  for (const notebook of found) {
    try {
      const wrong = await processNotebook(notebook, flags.includes("--fast"), stop.signal);
      wrong.forEach((problem) => say(`  ${problem}`));
      if (wrong.length > 0) failed++;
    } catch (error) {
      say(
        `${stop.signal.aborted ? "Stopped." : (error as Error).message}\n${basename(notebook.path)} is left as it was.`,
      );
      if (stop.signal.aborted) return 130;
      failed++;
    }
  }
  return failed > 0 ? 1 : 0;
}
