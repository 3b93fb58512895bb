import { SourceMap } from "node:module";
import type { Edit } from "./rewrite";

/** A place in a text; both numbers count from 1. */
export interface Place {
  line: number;
  column: number;
}

/** Lines that tslab puts before a cell (`export {};`). */
const LINES_BEFORE = 1;

/** The way back from what V8 runs to what the learner wrote: the edits undone, then both source maps. */
export class LineMap {
  private readonly maps: SourceMap[];

  constructor(
    toModule: string | null,
    toCommonJs: string | null,
    private readonly edits: Edit[],
  ) {
    this.maps = [toCommonJs, toModule]
      .filter((text) => text !== null)
      .map((text) => new SourceMap(JSON.parse(text) as ConstructorParameters<typeof SourceMap>[0]));
  }

  /** Where in the cell the code at a place comes from; null for code that the learner did not write. */
  original({ line, column }: Place): Place | null {
    let at = { line: line - 1, column: this.withoutEdits(line - 1, column - 1) };
    for (const map of this.maps) {
      const entry = map.findEntry(at.line, at.column);
      if (!("originalLine" in entry) || entry.generatedLine !== at.line) return null;
      at = { line: entry.originalLine, column: entry.originalColumn };
    }
    return at.line < LINES_BEFORE ? null : { line: at.line - LINES_BEFORE + 1, column: at.column + 1 };
  }

  private withoutEdits(line: number, column: number): number {
    let shift = 0;
    for (const edit of this.edits) {
      if (edit.line === line && edit.column + shift < column)
        shift += Math.min(edit.length, column - edit.column - shift);
    }
    return column - shift;
  }
}
