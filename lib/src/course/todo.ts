/** Thrown where code uses what the learner has still to write. */
export class TodoError extends Error {
  override name = "TodoError";
  constructor() {
    super("This part is yours to write: replace `todo` with your code.");
  }
}

/** What looking at a value may ask of it without using it, so that a stub can be printed, compared and thrown away. */
const harmless = new Set<string | symbol>([
  Symbol.toStringTag,
  Symbol.for("Jupyter.display"),
  Symbol.for("nodejs.util.inspect.custom"),
]);

const use = (): never => {
  throw new TodoError();
};

/**
 * Stands in a stub for what the learner writes: a value, a function, or what a function returns. It fits every type, so that
 * a page with stubs type-checks; and whoever computes with it, calls it or reads from it gets a `TodoError`, so that `check`
 * can tell "not done yet" from "wrong".
 *
 * @example const softmax = (logits: number[]): number[] => todo;
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- must fit wherever an answer of any type will stand
export const todo: any = new Proxy(function todo() {}, {
  apply: use,
  construct: use,
  set: use,
  has: use,
  get: (_target, name) => (harmless.has(name) ? undefined : use()),
});

/** Whether this is the stub itself, or a list or record with it among its values. */
export function isTodo(value: unknown): boolean {
  if (value === todo) return true;
  if (Array.isArray(value)) return value.some(isTodo);
  const plain = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return plain && Object.values(value).some(isTodo);
}
