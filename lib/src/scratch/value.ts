import { checkNumber } from "../check";
import { backwardOrder, nextId } from "./backward-order";

/** An arrow of the graph: the value that went in, and the local derivative `∂out/∂in` at the current numbers. */
export interface ValueInput {
  readonly node: Value;
  readonly slope: number;
}

/**
 * A number that remembers how it was computed, so that `backward` can tell how it depends on every number before it.
 *
 * Karpathy: micrograd, 2020, made this size of engine known. Linnainmaa, 1970, described the method: reverse-mode
 * automatic differentiation.
 *
 * @example const x = new Value(3, "x"); x.mul(x).backward(); x.grad // 6, since d(x²)/dx = 2x
 */
export class Value {
  readonly id = nextId();
  /** `∂root/∂this`, once `root.backward()` was called. */
  grad = 0;

  /** @throws TypeError where `data` is no number */
  constructor(
    public data: number,
    public label = "",
    readonly op = "",
    readonly inputs: readonly ValueInput[] = [],
  ) {
    if (typeof data !== "number") checkNumber("Value()", "data", data);
  }

  /** `a + b`: `∂/∂a = 1`, `∂/∂b = 1`. */
  add(other: Value | number): Value {
    const b = asValue(other);
    return derive(this.data + b.data, "+", [this, 1], [b, 1]);
  }

  /** `a · b`: `∂/∂a = b`, `∂/∂b = a`. */
  mul(other: Value | number): Value {
    const b = asValue(other);
    return derive(this.data * b.data, "·", [this, b.data], [b, this.data]);
  }

  /** `aⁿ` for a fixed number n: `∂/∂a = n · aⁿ⁻¹`. */
  pow(n: number): Value {
    return derive(this.data ** n, `^${n}`, [this, n * this.data ** (n - 1)]);
  }

  /** `eᵃ`: `∂/∂a = eᵃ`. */
  exp(): Value {
    const e = Math.exp(this.data);
    return derive(e, "exp", [this, e]);
  }

  /** `ln a`: `∂/∂a = 1/a`. */
  log(): Value {
    return derive(Math.log(this.data), "log", [this, 1 / this.data]);
  }

  /** `tanh a`: `∂/∂a = 1 - tanh² a`. */
  tanh(): Value {
    const t = Math.tanh(this.data);
    return derive(t, "tanh", [this, 1 - t * t]);
  }

  /** `max(0, a)`: `∂/∂a = 1` where a > 0, else 0; at 0 itself, where there is no derivative, 0 by convention. */
  relu(): Value {
    return derive(Math.max(0, this.data), "relu", [this, this.data > 0 ? 1 : 0]);
  }

  neg = (): Value => this.mul(-1);
  sub = (other: Value | number): Value => this.add(asValue(other).neg());
  div = (other: Value | number): Value => this.mul(asValue(other).pow(-1));

  /**
   * Adds `∂this/∂leaf` to the `grad` of every leaf, which is a value that was not computed from others.
   *
   * **Twice is twice as much**, by intention and as in PyTorch: gradients of leaves add up, so that the losses of several
   * examples, or several losses of one network, may be taken one after another. Set `grad = 0` before the next step. Values in
   * between start at 0 each time; if they added up too, a second call would pass on what the first had left there.
   */
  backward(): void {
    const order = backwardOrder<Value>(this);
    for (const node of order) if (node.inputs.length > 0) node.grad = 0;
    this.grad += 1; // ∂this/∂this; added, for a leaf may be its own root
    for (const { inputs, grad } of order) {
      for (const { node, slope } of inputs) node.grad += slope * grad; // the chain rule, summed over all ways
    }
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `Value(${this.label && `${this.label}: `}data ${this.data}, grad ${this.grad})`;
  }
}

const asValue = (value: Value | number): Value => (value instanceof Value ? value : new Value(value));

const derive = (data: number, op: string, ...inputs: [node: Value, slope: number][]): Value =>
  new Value(
    data,
    "",
    op,
    inputs.map(([node, slope]) => ({ node, slope })),
  );
