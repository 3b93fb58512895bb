import { refuse } from "../check";
import { backwardOrder, nextId } from "./backward-order";
import { broadcastTo, map, sumTo, zip } from "./broadcast";
import { matmul, transpose } from "./matmul";
import { NdArray, readNumbers, zerosOf, type Nested } from "./nd-array";

/** Takes the gradient of what was computed, `g = ∂L/∂out`, and gives that of one input, `∂L/∂in`, in its shape. */
export type Pullback = (g: NdArray) => NdArray;

/** What a tensor was computed from, and how gradients get back there. */
export interface TensorInput {
  readonly node: Tensor;
  readonly pullback: Pullback;
}

/**
 * An array that remembers how it was computed: `Value`, with arrays in place of numbers. The local derivative would be a
 * matrix of size out × in; in its place stands a function that multiplies a gradient by it.
 */
export class Tensor extends NdArray {
  readonly id = nextId();
  private gradient: NdArray | undefined;

  /** @param tracked whether gradients are wanted here, or in what it was computed from */
  constructor(
    { data, shape }: NdArray,
    readonly op = "",
    readonly inputs: readonly TensorInput[] = [],
    readonly tracked = true,
  ) {
    super(data, shape);
  }

  /** `∂L/∂this`, in the shape of this tensor, once `L.backward()` was called; zeros before. */
  get grad(): NdArray {
    return (this.gradient ??= zerosOf(this.shape));
  }

  /** Sets the gradient back to zeros, before the next step of training. */
  zeroGrad(): void {
    this.gradient = undefined;
  }

  /** `a + b`, broadcast: `∂L/∂a = g`, `∂L/∂b = g`, summed over what was repeated. */
  add(other: Operand): Tensor {
    const b = asTensor(other);
    return derive(
      zip("add()", this, b, (x, y) => x + y),
      "+",
      [this, (g) => sumTo(g, this.shape)],
      [b, (g) => sumTo(g, b.shape)],
    );
  }

  /** `a · b`, number by number, broadcast: `∂L/∂a = g · b`, `∂L/∂b = g · a`, summed over what was repeated. */
  mul(other: Operand): Tensor {
    const b = asTensor(other);
    const times = (g: NdArray, factor: NdArray) => zip("mul()", g, factor, (x, y) => x * y);
    return derive(
      times(this, b),
      "·",
      [this, (g) => sumTo(times(g, b), this.shape)],
      [b, (g) => sumTo(times(g, this), b.shape)],
    );
  }

  sub(other: Operand): Tensor {
    return this.add(asTensor(other).neg());
  }

  div(other: Operand): Tensor {
    return this.mul(asTensor(other).pow(-1));
  }

  neg(): Tensor {
    return this.mul(-1);
  }

  /** `aⁿ` for a fixed number n: `∂L/∂a = g · n · aⁿ⁻¹`. */
  pow(n: number): Tensor {
    return this.apply(
      `^${n}`,
      (a) => a ** n,
      (a) => n * a ** (n - 1),
    );
  }

  /** `√a`: `∂L/∂a = g / (2 √a)`. */
  sqrt(): Tensor {
    return this.apply("sqrt", Math.sqrt, (_, y) => 1 / (2 * y));
  }

  /** `eᵃ`: `∂L/∂a = g · eᵃ`. */
  exp(): Tensor {
    return this.apply("exp", Math.exp, (_, y) => y);
  }

  /** `ln a`: `∂L/∂a = g / a`. */
  log(): Tensor {
    return this.apply("log", Math.log, (a) => 1 / a);
  }

  /** `tanh a`: `∂L/∂a = g · (1 - tanh² a)`. */
  tanh(): Tensor {
    return this.apply("tanh", Math.tanh, (_, y) => 1 - y * y);
  }

  /** `σ(a) = 1 / (1 + e⁻ᵃ)`: `∂L/∂a = g · σ · (1 - σ)`. */
  sigmoid(): Tensor {
    return this.apply(
      "sigmoid",
      (a) => 1 / (1 + Math.exp(-a)),
      (_, y) => y * (1 - y),
    );
  }

  /** `max(0, a)`: `∂L/∂a = g` where a > 0, else 0. */
  relu(): Tensor {
    return this.apply(
      "relu",
      (a) => Math.max(0, a),
      (a) => (a > 0 ? 1 : 0),
    );
  }

  /** Any function of single numbers: `∂L/∂a = g · f′(a)`; `slope` is given a and `f(a)`. */
  apply(op: string, f: (a: number) => number, slope: (a: number, y: number) => number): Tensor {
    const y = map(this, f);
    return derive(y, op, [this, (g) => map(g, (gi, i) => gi * slope(this.data[i], y.data[i]))]);
  }

  /** `A · B` of matrices, `[n, m] · [m, p] -> [n, p]`: `∂L/∂A = g · Bᵀ`, `∂L/∂B = Aᵀ · g`. */
  matmul(other: Tensor): Tensor {
    const turned = (x: NdArray) => transpose(x, [1, 0]);
    return derive(
      matmul(this, other),
      "matmul",
      [this, (g) => matmul(g, turned(other))],
      [other, (g) => matmul(turned(this), g)],
    );
  }

  /** Axes in another order, all turned round unless said otherwise. The gradient takes the way back. */
  transpose(axes: readonly number[] = this.shape.map((_, axis) => this.rank - 1 - axis)): Tensor {
    const back = axes.map((_, axis) => axes.indexOf(axis));
    return derive(transpose(this, axes), "transpose", [this, (g) => transpose(g, back)]);
  }

  /** The same numbers in another shape; a size of -1 is what is left over. */
  reshape(shape: readonly number[]): Tensor {
    const known = shape.reduce((product, size) => (size === -1 ? product : product * size), 1);
    const sizes = shape.map((size) => (size === -1 ? this.size / known : size));
    return derive(new NdArray(this.data, sizes), "reshape", [this, (g) => new NdArray(g.data, this.shape)]);
  }

  /**
   * The sum over some axes, or over all: `∂L/∂a = g`, repeated.
   *
   * @param axes counted from 0, or from -1 backwards; all of them unless given
   */
  sum(axes?: number | readonly number[], { keepDims = false }: ReduceOptions = {}): Tensor {
    const over = this.axesOf(axes);
    const kept = this.shape.map((size, axis) => (over.has(axis) ? 1 : size)); // [2, 3] over 1 -> [2, 1]
    const shape = keepDims ? kept : this.shape.filter((_, axis) => !over.has(axis));
    const total = new NdArray(sumTo(this, kept).data.slice(), shape);
    return derive(total, "sum", [this, (g) => broadcastTo(new NdArray(g.data, kept), this.shape)]);
  }

  /** The mean over some axes, or over all: `∂L/∂a = g / n`, repeated. */
  mean(axes?: number | readonly number[], options: ReduceOptions = {}): Tensor {
    const count = [...this.axesOf(axes)].reduce((product, axis) => product * this.shape[axis], 1);
    return this.sum(axes, options).mul(1 / count);
  }

  /**
   * Adds `∂this/∂leaf` to the `grad` of every leaf: of what was made with `tensor()`, not computed from others.
   *
   * **Twice is twice as much**, by intention and as in PyTorch: gradients of leaves add up, so that a batch may be taken in
   * parts, or two losses of one network one after another. Call `zeroGrad` (or `descend`) before the next step. Tensors in
   * between start at zero each time; if they added up too, a second call would pass on what the first had left there.
   *
   * @throws RangeError where this tensor is not a single number
   */
  backward(): void {
    if (this.size !== 1) {
      refuse("backward()", "the tensor", "a single number", this, {
        remedy: "sum() or mean() it: gradients are of one number.",
      });
    }
    const order = backwardOrder<Tensor>(this);
    for (const node of order) if (node.inputs.length > 0) node.zeroGrad();
    this.grad.data[0] += 1; // ∂this/∂this
    for (const { inputs, grad } of order) {
      for (const { node, pullback } of inputs) if (node.tracked) accumulate(node.grad, pullback(grad));
    }
  }

  private axesOf(axes: number | readonly number[] | undefined): Set<number> {
    const list = axes === undefined ? this.shape.map((_, axis) => axis) : typeof axes === "number" ? [axes] : axes;
    return new Set(
      list.map((axis) => {
        const valid = Number.isInteger(axis) && axis >= -this.rank && axis < this.rank;
        if (!valid) refuse("sum()", "each axis", `from ${-this.rank} to ${this.rank - 1}`, axis);
        return axis < 0 ? axis + this.rank : axis;
      }),
    );
  }
}

/** What a tensor can be combined with. */
export type Operand = Tensor | number;

export interface ReduceOptions {
  /** Whether axes that are summed over stay, with size 1, so that the result still broadcasts. @default false */
  keepDims?: boolean;
}

/**
 * A tensor from numbers, nested or flat with a shape, whose gradient is wanted: a parameter.
 *
 * @throws TypeError where something else is among them, RangeError where rows differ in length or the shape does not fit
 * @example const w = scratch.tensor([[1, 2], [3, 4]]); // [2, 2]
 */
export const tensor = (values: Nested | ArrayLike<number> | NdArray, shape?: readonly number[]): Tensor =>
  new Tensor(readNumbers("tensor()", values, shape));

/** A tensor whose gradient nobody wants, such as a batch of data: `backward` passes by. Throws as `tensor` does. */
export const constant = (values: Nested | ArrayLike<number> | NdArray, shape?: readonly number[]): Tensor =>
  new Tensor(readNumbers("constant()", values, shape), "", [], false);

const asTensor = (value: Operand): Tensor => (value instanceof Tensor ? value : constant(value));

/** The result of an op, with the way back to each input. */
export function derive(out: NdArray, op: string, ...inputs: [node: Tensor, pullback: Pullback][]): Tensor {
  const tracked = inputs.some(([node]) => node.tracked);
  return new Tensor(out, op, tracked ? inputs.map(([node, pullback]) => ({ node, pullback })) : [], tracked);
}

function accumulate(grad: NdArray, g: NdArray): void {
  for (let i = 0; i < g.data.length; i++) grad.data[i] += g.data[i];
}
