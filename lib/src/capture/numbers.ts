/**
 * Finds where numbers go. A number that a function gets, or an optimizer's learning rate, reaches TensorFlow as a
 * constant; in a graph it would be frozen. So the function is recorded twice, the second time with another value in its
 * place: constants that follow the number become inputs of the graph, and constants that change without one are what a
 * recording would have frozen silently (Math.random, the time, a counter).
 */
import { FLOAT, INT32 } from "./native";
import { Recording, Step } from "./recorder";

/** A number that may differ from call to call. */
export interface NumberSource {
  /** How messages name it. */
  name: string;
  get(): number;
  /** Puts another value in its place for a recording, and back. */
  set(value: number): void;
}

/** A constant that follows a number: `source` is its index, `form` what JavaScript did to it on the way. */
export interface NumberUse {
  source: number;
  form: number;
}

/** What JavaScript commonly does to a number before TensorFlow sees it; replayed in double precision, so to the last bit. */
export const FORMS: readonly ((n: number) => number)[] = [
  (n) => n,
  (n) => -n,
  (n) => 1 - n,
  (n) => 1 + n,
  (n) => 1 / n,
  (n) => 2 * n,
  (n) => n / 2,
  (n) => n * n,
  (n) => Math.sqrt(n),
  (n) => n - 1,
  (n) => -1 / n,
  (n) => Math.exp(n),
  (n) => Math.log(n),
];

/** Another value of the same kind: integers stay whole, shares stay between 0 and 1, signs stay. */
export function another(value: number): number {
  return Number.isInteger(value) ? value + 7 : value * 0.731;
}

/** The first place where two recordings differ in a way that the numbers don't explain. */
export interface Difference {
  step: Step;
  what: string;
}

/** Compares a recording with one made with other numbers; fills `uses` with the constants that follow a number. */
export function followNumbers(
  first: Recording,
  second: Recording,
  values: readonly (readonly [number, number])[],
  uses: Map<number, NumberUse>,
): Difference | undefined {
  const length = Math.max(first.steps.length, second.steps.length);
  for (let i = 0; i < length; i++) {
    const a = first.steps[i];
    const b = second.steps[i];
    if (a === undefined || b === undefined) return { step: a ?? b, what: "the number of ops" };
    const what = differs(a, b, values, (use) => uses.set(i, use));
    if (what !== undefined) return { step: a, what };
  }
  if (first.captured.some(({ dataId }, i) => second.captured[i]?.dataId !== dataId)) {
    return { step: first.steps[0], what: "a tensor from outside of the function" };
  }
  return undefined;
}

function differs(
  a: Step,
  b: Step,
  values: readonly (readonly [number, number])[],
  found: (use: NumberUse) => void,
): string | undefined {
  if (a.kind === "op" && b.kind === "op") {
    if (a.op !== b.op) return `the op (${a.op}, then ${b.op})`;
    const changed = [...a.attributes].find(([name, value]) => !same(value, b.attributes.get(name) ?? NONE));
    if (changed !== undefined) return `attribute ${changed[0]} of ${a.op}`;
    // A number that decides a shape cannot be an input of a graph with fixed shapes.
    const shapes = a.outputs.every(({ shape }, i) => String(shape) === String(b.outputs[i]?.shape));
    if (!shapes) return `the shape of a result of ${a.op}`;
    const edges = a.inputs.every(({ step, output }, i) => b.inputs[i]?.step === step && b.inputs[i].output === output);
    return edges && a.inputs.length === b.inputs.length ? undefined : `an input of ${a.op}`;
  }
  if (a.kind === "constant" && b.kind === "constant") {
    if (a.dtype !== b.dtype || String(a.shape) !== String(b.shape)) return "the shape of a constant";
    if (same(a.content, b.content)) return undefined;
    const [x, y] = [scalar(a.dtype, a.content), scalar(b.dtype, b.content)];
    if (x === undefined || y === undefined) return "the values of a constant";
    const round = a.dtype === FLOAT ? Math.fround : Math.trunc;
    for (const [source, [before, after]] of values.entries()) {
      const form = FORMS.findIndex((apply) => Object.is(round(apply(before)), x) && Object.is(round(apply(after)), y));
      if (form >= 0) return (found({ source, form }), undefined);
    }
    return `a constant (${x}, then ${y})`;
  }
  if (a.kind !== "op" && b.kind === a.kind && a.kind !== "constant" && b.kind !== "constant") {
    return a.index === b.index ? undefined : `which ${a.kind} is read`;
  }
  return "the order of ops";
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

const NONE = new Uint8Array();

/** The value of a constant that holds a single number. */
function scalar(dtype: number, content: Uint8Array): number | undefined {
  if (content.byteLength !== 4) return undefined;
  const view = new DataView(content.buffer, content.byteOffset, 4);
  if (dtype === FLOAT) return view.getFloat32(0, true);
  return dtype === INT32 ? view.getInt32(0, true) : undefined;
}
