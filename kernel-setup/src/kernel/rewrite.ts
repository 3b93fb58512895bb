import type { FunctionLikeDeclaration, Node } from "@tslab/typescript-for-tslab";
import { Shared } from "./protocol";
import type { TypeScript } from "./typescript";
import { declaredAnew, sharing } from "./variables";

/** Text put into a line: where, and how long it is. */
export interface Edit {
  /** Zero-based line and column before any edit. */
  line: number;
  column: number;
  length: number;
}

const AWAIT = "__tslab__.guard(";
const ITERATE = "__tslab__.guardAll(";
/** `__stop__` is the memory that both threads share: one load and one branch a round, so tight loops stay fast. */
const BEGIN = "const __stop__=__tslab__.shared;";
const LOOK = `if(__stop__[${Shared.interrupt}])__tslab__.stop();`;
const LOOK_AND_GIVE = `(__stop__[${Shared.interrupt}]?__tslab__.stop():0,`;

/**
 * Lets Stop end a cell wherever it loops or awaits: each round of a loop and each function looks whether Stop was pressed,
 * `await x` becomes `await guard(x)`, and what `for await` runs over becomes `guardAll(x)`. All of them throw an ordinary
 * error, so `finally` blocks run. And lets later cells assign what the cell declares, see `variables.ts`. No line is added:
 * the lines of stack traces stay true.
 *
 * @param code The JavaScript of a cell.
 * @returns The new code, what was put where, and whether code outside all functions awaits.
 */
export function makeStoppable(ts: TypeScript, code: string): { code: string; edits: Edit[]; awaitsAtTop: boolean } {
  // Read as a module: in a script `await (0, imported)(x)` is a call of a function named await, and nobody would guard it.
  const module = `${code}\nexport {};`;
  const file = ts.createSourceFile("cell.js", module, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);
  const inserts: { at: number; text: string }[] = [{ at: 0, text: BEGIN }];
  let awaitsAtTop = false;
  const wrap = (node: Node, before: string, after: string) => {
    inserts.push({ at: node.getStart(file), text: before });
    return () => inserts.push({ at: node.end, text: after });
  };
  const lookAtStart = (body: Node | undefined) => {
    // A directive such as "use strict" must stay the first statement of its function.
    if (body === undefined || !ts.isBlock(body)) return;
    const [first] = body.statements;
    if (first !== undefined && ts.isExpressionStatement(first) && ts.isStringLiteral(first.expression)) return;
    inserts.push({ at: body.getStart(file) + 1, text: LOOK });
  };
  const visit = (node: Node, inFunction: boolean): void => {
    const closing: (() => void)[] = [];
    if (ts.isAwaitExpression(node)) {
      awaitsAtTop ||= !inFunction;
      closing.push(wrap(node.expression, AWAIT, ")"));
    } else if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) {
      awaitsAtTop ||= !inFunction;
      closing.push(wrap(node.expression, ITERATE, ")"));
    }
    if (ts.isIterationStatement(node, false)) closing.push(wrap(node.statement, `{${LOOK}`, "}"));
    else if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) closing.push(wrap(node.body, LOOK_AND_GIVE, ")"));
    else if (ts.isFunctionLike(node)) lookAtStart((node as FunctionLikeDeclaration).body);
    const inner = inFunction || ts.isFunctionLike(node);
    ts.forEachChild(node, (child) => visit(child, inner));
    // After those of the children: where two closings meet, the inner one comes first.
    for (const close of closing.reverse()) close();
  };
  visit(file, false);
  const anew: string[] = [];
  for (const statement of file.statements) {
    anew.push(...declaredAnew(ts, statement));
    const share = sharing(ts, statement);
    if (share !== "") inserts.push({ at: statement.end, text: share });
  }
  if (anew.length > 0) inserts.push({ at: 0, text: `__tslab__.part(${JSON.stringify(anew)});` });
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
