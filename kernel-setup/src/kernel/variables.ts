import type { Statement, VariableDeclaration } from "@tslab/typescript-for-tslab";
import type { TypeScript } from "./typescript";

/**
 * Variables that later cells assign.
 *
 * A cell keeps its variables to itself, and hands the session a copy of each: `let n = 0` becomes `let n = 0; exports.n = n`.
 * When a later cell then says `n = 10`, it would set the copy, and functions of the first cell would go on with 0. So the
 * copy of a `let` or `var` is made a pair of accessors that read and set the variable itself.
 */

/** What is put behind the declaration of a `let` or `var` outside all functions; empty for a `const`. */
export function sharing(ts: TypeScript, statement: Statement): string {
  if (!ts.isVariableStatement(statement)) return "";
  const { flags, declarations } = statement.declarationList;
  if ((flags & ts.NodeFlags.Const) !== 0) return "";
  const names = declarations.flatMap((declaration) => boundNames(ts, declaration.name));
  const pairs = names.map((name) => `get ${name}(){return ${name}},set ${name}(__value__){${name}=__value__}`);
  return names.length === 0 ? "" : `;__tslab__.share({${pairs.join(",")}});`;
}

/** All names that a declaration binds: `{ a, b: [c] }` binds a and c. */
function boundNames(ts: TypeScript, name: VariableDeclaration["name"]): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(ts, element.name)));
}

/**
 * The names that a statement like `exports.b = exports.a = void 0` sets back. TypeScript begins a cell's code with it, for
 * all that the cell declares: a variable of an earlier cell with the same name is another one, and must not be set.
 */
export function declaredAnew(ts: TypeScript, statement: Statement): string[] {
  const names: string[] = [];
  if (!ts.isExpressionStatement(statement)) return names;
  let expression = statement.expression;
  while (ts.isBinaryExpression(expression) && ts.isPropertyAccessExpression(expression.left)) {
    names.push(expression.left.name.text);
    expression = expression.right;
  }
  return ts.isVoidExpression(expression) ? names : [];
}

/**
 * What the code of cells calls, for the variables of a session.
 *
 * @param session tslab's object of variables. It takes every definition for an assignment, so that accessors can only stand
 *   behind it, in its prototype, and its own property of that name has to go.
 */
export function makeVariables(session: Record<string, unknown>) {
  const accessors = Object.create(Object.getPrototypeOf(session) as object | null) as Record<string, unknown>;
  Object.setPrototypeOf(session, accessors);
  return {
    /** Makes the session's variables the accessors of a cell's own. */
    share(own: object): void {
      Object.defineProperties(accessors, Object.getOwnPropertyDescriptors(own));
      for (const name of Object.keys(own)) delete session[name];
    },
    /** Parts names from variables of earlier cells, which live on in the functions that use them. */
    part(names: readonly string[]): void {
      for (const name of names) delete accessors[name];
    },
  };
}
