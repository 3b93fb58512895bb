import { inspect } from "node:util";
import type { Diagnostic } from "tslab/dist/converter";
import { cellFrames } from "./frames";
import type { LineMap } from "./line-map";

/** What an `error` message carries. */
export interface ErrorContent {
  ename: string;
  evalue: string;
  traceback: string[];
}

const red = (text: string) => `\u001b[31m${text}\u001b[0m`;
const bold = (text: string) => `\u001b[1m${text}\u001b[0m`;
const green = (text: string) => `\u001b[32m${text}\u001b[0m`;

/** A cell's code, for showing the line that failed. */
export interface Sources {
  source(count: number): string | undefined;
  map(count: number): LineMap | undefined;
}

/** The lines around a place, numbered, with an arrow before the line and a caret under the column. */
export function excerpt(source: string, line: number, column: number, { context = 2, width = 1 } = {}): string[] {
  const lines = source.split("\n");
  const first = Math.max(1, line - context);
  const last = Math.min(lines.length, line + context);
  const digits = String(last).length;
  const shown: string[] = [];
  for (let n = first; n <= last; n++) {
    const number = String(n).padStart(digits);
    const text = lines[n - 1];
    if (n !== line) {
      shown.push(`      ${number} ${text}`);
      continue;
    }
    shown.push(`${green("----> ")}${green(number)} ${bold(text)}`);
    // Tabs stay tabs, so that the caret stands under its letter.
    const before = text.slice(0, column - 1).replace(/[^\t]/g, " ");
    const carets = "^".repeat(Math.max(1, Math.min(width, text.length - column + 1)));
    shown.push(`      ${" ".repeat(digits)} ${before}${red(carets)}`);
  }
  return shown;
}

/** A thrown value as Jupyter shows it: the learner's own line first, then the frames that led there. */
export function describe(error: unknown, sources: Sources): ErrorContent {
  if (!(error instanceof Error) && !(typeof error === "object" && error !== null && "stack" in error)) {
    const evalue = typeof error === "string" ? error : inspect(error, { depth: 2 });
    return { ename: "Thrown", evalue, traceback: [`${red("Thrown")}: ${evalue}`] };
  }
  const { name, message, stack = "", cause } = error as Error;
  const ename = String(name || "Error");
  const evalue = String(message);
  const traceback = [`${red(ename)}: ${evalue}`];
  const frames = cellFrames(stack, sources);
  const own = frames.find((frame) => frame.place !== null);
  if (own?.place) {
    traceback.push(`Cell ${green(`[${own.place.count}]`)}, line ${own.place.line}:`);
    const source = sources.source(own.place.count);
    if (source !== undefined) traceback.push(...excerpt(source, own.place.line, own.place.column));
  }
  // A single frame says nothing that the excerpt does not say.
  if (frames.length > 1 || own === undefined) traceback.push(...frames.map((frame) => `    ${frame.text}`));
  if (cause !== undefined && cause !== error) {
    const inner = describe(cause, sources);
    traceback.push("", "The above error was caused by:", ...inner.traceback);
  }
  return { ename, evalue, traceback };
}

/** What the type checker found wrong with a cell, each with its line and a caret. */
export function describeDiagnostics(diagnostics: Diagnostic[], source: string): ErrorContent {
  const places = diagnostics.map(({ fileName, start, messageText }) => {
    const file = fileName === undefined ? "" : `${fileName}, `;
    return `${file}line ${start.line + 1}, column ${start.character + 1}: ${messageText}`;
  });
  const traceback = diagnostics.flatMap(({ fileName, start, end }, i) => {
    const head = `${red("TypeScriptError")}: ${places[i]}`;
    if (fileName !== undefined) return [head];
    const width = end.line === start.line ? end.character - start.character : 1;
    return [head, ...excerpt(source, start.line + 1, start.character + 1, { context: 1, width })];
  });
  return { ename: "TypeScriptError", evalue: places.join("\n"), traceback };
}
