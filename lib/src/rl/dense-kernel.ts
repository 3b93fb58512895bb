/**
 * Dense layers and tanh in WebAssembly, on pairs of numbers: several times as fast as JavaScript. Sums are made in float64;
 * what tanh gives is rounded to float32, as TensorFlow holds it.
 */
import * as w from "./wasm-code";

const BYTES = 8;
/** Outputs that are computed side by side. */
const BLOCK = 4;

/** Outputs of a row with what fills up the last block. */
export const filledUp = (outputs: number): number => BLOCK * Math.ceil(outputs / BLOCK);

/**
 * A layer's parameters in the order of use: for each block of outputs the biases, then the weights of input after input.
 *
 * @param kernel `[inputs, outputs]`, flat
 * @returns `[filledUp(outputs) / 4, 1 + inputs, 4]`, flat
 */
export function arranged(kernel: ArrayLike<number>, bias: ArrayLike<number> | undefined, outputs: number) {
  const inputs = kernel.length / outputs;
  const parameters = new Float64Array((1 + inputs) * filledUp(outputs));
  let at = 0;
  for (let block = 0; block < outputs; block += BLOCK) {
    for (let i = -1; i < inputs; i++) {
      for (let j = block; j < block + BLOCK; j++, at++) {
        if (j < outputs) parameters[at] = i < 0 ? (bias?.[j] ?? 0) : kernel[i * outputs + j];
      }
    }
  }
  return parameters;
}

const move = (local: w.Local, numbers: number) => w.set(local, w.plus(w.get(local), w.whole(numbers * BYTES)));
const beyond = (start: w.Local, numbers: w.Local) => w.plus(w.get(start), w.times(w.get(numbers), w.whole(BYTES)));

/**
 * `y = b + xW` for each row. Every fourth input goes to sums of its own, a to d: an addition would else wait for the one
 * before it. Each of them is two pairs of outputs.
 */
const dense = w.wasmFunction(
  "dense",
  {
    parameters: ["weights", "x", "width", "fours", "rest", "y", "yEnd", "outputs"],
    numbers: ["weight", "input", "inputEnd", "output"],
    pairs: ["factor", "a0", "a1", "b0", "b1", "c0", "c1", "d0", "d1"],
  },
  ({ weights, x, width, fours, rest, y, yEnd, outputs, weight, input, inputEnd, output, factor, ...sums }) => {
    const { a0, a1, b0, b1, c0, c1, d0, d1 } = sums;
    const term = (k: number, ...pairs: w.Local[]) => [
      ...w.set(factor, w.loadTwice(w.get(input), k * BYTES)),
      ...pairs.flatMap((sum, half) => {
        const weightsOf = w.load(w.get(weight), (BLOCK * k + 2 * half) * BYTES);
        return w.set(sum, w.add(w.get(sum), w.mul(w.get(factor), weightsOf)));
      }),
    ];
    const total = (a: w.Local, b: w.Local, c: w.Local, d: w.Local) =>
      w.add(w.add(w.get(a), w.get(b)), w.add(w.get(c), w.get(d)));
    const block = [
      ...[w.set(a0, w.load(w.get(weight))), w.set(a1, w.load(w.get(weight), 2 * BYTES)), move(weight, BLOCK)],
      ...[b0, b1, c0, c1, d0, d1].map((sum) => w.set(sum, w.both(0))),
      ...[w.set(input, w.get(x)), w.set(inputEnd, beyond(x, fours))],
      w.whileBelow(input, inputEnd, [
        ...[term(0, a0, a1), term(1, b0, b1), term(2, c0, c1), term(3, d0, d1)],
        ...[move(input, 4), move(weight, 4 * BLOCK)],
      ]),
      w.set(inputEnd, beyond(input, rest)),
      w.whileBelow(input, inputEnd, [term(0, a0, a1), move(input, 1), move(weight, BLOCK)]),
      ...[w.store(w.get(output), 0, total(a0, b0, c0, d0)), w.store(w.get(output), 2 * BYTES, total(a1, b1, c1, d1))],
      move(output, BLOCK),
    ];
    return [
      w.whileBelow(y, yEnd, [
        ...[w.set(weight, w.get(weights)), w.set(output, w.get(y)), w.set(y, beyond(y, outputs))],
        w.whileBelow(output, y, block),
        w.set(x, beyond(x, width)),
      ]),
    ];
  },
);

/** Math.LN2 in two parts: products of the first with small whole numbers are exact. */
const LN2 = [Math.fround(Math.LN2), -1.9046542999577679e-9];
/** Terms of `e^r - 1 = r + r²/2! + …` that count in float64, for |r| ≤ ½ ln 2. */
const TERMS = 13;
const INVERSE_FACTORIALS = Array.from({ length: TERMS }, (_, i) => i + 1).reduce<number[]>(
  (list, n) => [...list, (list[list.length - 1] ?? 1) / n],
  [],
);

/**
 * `tanh(x) = u / (u + 2)` with `u = e^(2|x|) - 1`, and x's sign. With `2|x| = k ln 2 + r` it is `u = 2^k (e^r - 1) + 2^k - 1`,
 * which loses no digits where x is small. Beyond 20 tanh is 1.
 */
const tanh = w.wasmFunction(
  "tanh",
  { parameters: ["at", "end"], numbers: [], pairs: ["x", "r", "k", "u"] },
  ({ at, end, x, r, k, u }) => {
    const horner = INVERSE_FACTORIALS.reduceRight<w.Code | undefined>(
      (sum, factor) => (sum ? w.add(w.mul(sum, w.get(r)), w.both(factor)) : w.both(factor)),
      undefined,
    )!;
    return [
      w.whileBelow(at, end, [
        w.set(x, w.load(w.get(at))),
        w.set(r, w.mul(w.min(w.abs(w.get(x)), w.both(20)), w.both(2))),
        w.set(k, w.nearest(w.mul(w.get(r), w.both(Math.LOG2E)))),
        ...LN2.map((part) => w.set(r, w.sub(w.get(r), w.mul(w.get(k), w.both(part))))),
        w.set(u, w.mul(horner, w.get(r))),
        w.set(k, w.powerOf2(w.get(k))),
        w.set(u, w.add(w.mul(w.get(k), w.get(u)), w.sub(w.get(k), w.both(1)))),
        w.set(u, w.div(w.get(u), w.add(w.get(u), w.both(2)))),
        w.store(w.get(at), 0, w.toFloat32(w.withSignsOf(w.get(x), w.get(u)))),
        move(at, 2),
      ]),
    ];
  },
);

interface Functions {
  dense(...numbers: number[]): void;
  tanh(at: number, end: number): void;
}

/** What is used of it: its types come with browsers' alone. */
declare const WebAssembly: {
  Memory: new (size: { initial: number }) => { buffer: ArrayBuffer; grow(pages: number): number };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: object };
};

const PAGE = 65536;

/** Memory that all networks share, and the functions that work on it. What is there is its last user's. */
class DenseKernel {
  private readonly memory = new WebAssembly.Memory({ initial: 1 });
  private readonly functions: Functions;
  /** The memory as numbers. */
  numbers = new Float64Array(this.memory.buffer);
  /** Whose parameters are in it, at its start. */
  user?: object;

  constructor() {
    const module = new WebAssembly.Module(wasm);
    this.functions = new WebAssembly.Instance(module, { env: { memory: this.memory } }).exports as unknown as Functions;
  }

  /** Makes room for so many numbers. */
  reserve(count: number): void {
    const missing = count - this.numbers.length;
    if (missing <= 0) return;
    this.memory.grow(Math.ceil((missing * BYTES) / PAGE));
    this.numbers = new Float64Array(this.memory.buffer);
  }

  /**
   * `y = b + xW`; places are counted in numbers.
   *
   * @param weights where the parameters are, `arranged`
   * @param x where the inputs are, `[rows, width]`, of which the first `inputs` count
   * @param y where the outputs go, `[rows, filledUp(outputs)]`
   */
  dense(weights: number, x: number, width: number, inputs: number, y: number, rows: number, outputs: number): void {
    const rest = inputs % 4;
    const filled = filledUp(outputs);
    const [w, from, to, end] = [weights, x, y, y + rows * filled].map((place) => place * BYTES);
    this.functions.dense(w, from, width, inputs - rest, rest, to, end, filled);
  }

  /** tanh of an even number of numbers in place, rounded to float32. */
  tanh(at: number, count: number): void {
    this.functions.tanh(at * BYTES, (at + count) * BYTES);
  }
}

const wasm = w.wasmModule([dense, tanh]);
let kernel: DenseKernel | undefined;

/** The one that all share. */
export const denseKernel = (): DenseKernel => (kernel ??= new DenseKernel());
