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
 * Keeps names of properties apart from names of variables. tslab puts `exports.` before each name that an earlier cell
 * declared, and goes wrong where a name in braces is one of a property:
 *
 * - `{ seed }` with a `seed` of an earlier cell stays as it is, and the cell ends with "seed is not defined". Here it becomes
 *   `{ seed: exports.seed }` before tslab looks.
 * - `const { loss: first } = measure()` with a `measure` of an earlier cell becomes `const { exports.loss: first }`, because
 *   that cell declares the property: a syntax error. Here the name is put anew, as plain text without a declaration.
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
    const plain = (name: Identifier): Identifier => ts.setTextRange(factory.createIdentifier(name.text), name);
    const visit = (node: Node): Node => {
      const inner = ts.visitEachChild(node, visit, context);
      if (ts.isShorthandPropertyAssignment(node) && isEarlier(node.name)) {
        const { name, objectAssignmentInitializer: initial } = inner as typeof node;
        const variable = factory.createPropertyAccessExpression(factory.createIdentifier("exports"), name.text);
        // `({ seed = 1 } = options)` assigns to the earlier `seed`.
        const value = initial ? factory.createAssignment(variable, initial) : variable;
        return ts.setTextRange(factory.createPropertyAssignment(plain(name), value), node);
      }
      if (ts.isPropertyAssignment(inner) && ts.isIdentifier(inner.name)) {
        return factory.updatePropertyAssignment(inner, plain(inner.name), inner.initializer);
      }
      if (ts.isBindingElement(inner) && inner.propertyName !== undefined && ts.isIdentifier(inner.propertyName)) {
        const { dotDotDotToken, propertyName, name, initializer } = inner;
        return factory.updateBindingElement(inner, dotDotDotToken, plain(propertyName), name, initializer);
      }
      return inner;
    };
    return ts.visitEachChild(file, visit, context);
  };
  return { ...transformers, before: [expand, ...(transformers.before ?? [])] };
}
