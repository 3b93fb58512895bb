import type { Node } from "@tslab/typescript-for-tslab";
import type { TypeScript } from "./typescript";

/** Text put into a line: where, and how long it is. */
export interface Edit {
  /** Zero-based line and column before any edit. */
  line: number;
  column: number;
  length: number;
}

const AWAIT = "__tslab__.guard(";
const ITERATE = "__tslab__.guardAll(";

/**
 * Lets Stop end a cell wherever it awaits: `await x` becomes `await guard(x)`, and what `for await` runs over
 * becomes `guardAll(x)`. No line is added, so the lines of stack traces stay true.
 *
 * @param code The JavaScript of a cell.
 * @returns The new code, what was put where, and whether code outside all functions awaits.
 */
export function guardAwaits(ts: TypeScript, code: string): { code: string; edits: Edit[]; awaitsAtTop: boolean } {
  const file = ts.createSourceFile("cell.js", code, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);
  const inserts: { at: number; text: string }[] = [];
  let awaitsAtTop = false;
  const wrap = (node: Node, name: string) => {
    inserts.push({ at: node.getStart(file), text: name }, { at: node.end, text: ")" });
  };
  const visit = (node: Node, inFunction: boolean): void => {
    if (ts.isAwaitExpression(node)) {
      awaitsAtTop ||= !inFunction;
      wrap(node.expression, AWAIT);
    }
    if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) {
      awaitsAtTop ||= !inFunction;
      wrap(node.expression, ITERATE);
    }
    const inner = inFunction || ts.isFunctionLike(node);
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(file, false);
  // Where an inner and an outer insertion meet, the order in which they were found is the right one for opening
  // brackets, and any order is for closing ones.
  inserts.sort((a, b) => a.at - b.at);

  let out = "";
  let from = 0;
  const edits: Edit[] = [];
  for (const { at, text } of inserts) {
    out += code.slice(from, at) + text;
    from = at;
    const { line, character } = file.getLineAndCharacterOfPosition(at);
    edits.push({ line, column: character, length: text.length });
  }
  return { code: out + code.slice(from), edits, awaitsAtTop };
}
