import type {
  CustomTransformers,
  Identifier,
  Node,
  Program,
  SourceFile,
  TransformerFactory,
} from "@tslab/typescript-for-tslab";
import type { TypeScript } from "./typescript";

/** The file in which tslab puts the declarations of earlier cells. */
const EARLIER = /(^|\/)__prev__\.d\.ts$/;

/**
 * Lets a cell write `{ seed }` for a `seed` of an earlier cell. tslab finds names of earlier cells by their declaration and
 * puts `exports.` before them, but a name alone between braces declares a property as well, and that is what it sees: the
 * cell would end with "seed is not defined". So `{ seed }` becomes `{ seed: exports.seed }` before tslab looks.
 *
 * @param transformers What tslab hands to the compiler.
 * @returns The same, preceded by this step.
 */
export function expandShorthand(
  ts: TypeScript,
  program: Program,
  transformers: CustomTransformers = {},
): CustomTransformers {
  const checker = program.getTypeChecker();
  const isEarlier = (name: Identifier): boolean => {
    const symbol = checker.getShorthandAssignmentValueSymbol(name.parent);
    return symbol?.declarations?.some((declaration) => EARLIER.test(declaration.getSourceFile().fileName)) ?? false;
  };
  const expand: TransformerFactory<SourceFile> = (context) => (file) => {
    const { factory } = context;
    const visit = (node: Node): Node => {
      if (!ts.isShorthandPropertyAssignment(node) || !isEarlier(node.name))
        return ts.visitEachChild(node, visit, context);
      const { name, objectAssignmentInitializer: initial } = node;
      const value = ts.setTextRange(
        factory.createPropertyAccessExpression(factory.createIdentifier("exports"), name.text),
        name,
      );
      // `({ seed = 1 } = options)` assigns to the earlier `seed`.
      const assigned = initial && factory.createAssignment(value, ts.visitNode(initial, visit) as typeof initial);
      return ts.setTextRange(factory.createPropertyAssignment(name.text, assigned ?? value), node);
    };
    return ts.visitEachChild(file, visit, context);
  };
  return { ...transformers, before: [expand, ...(transformers.before ?? [])] };
}
