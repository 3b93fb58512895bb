import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { compile } from "../../../lib/src/capture";
import { nativeBackend } from "../../../lib/src/capture/native";
import { tf } from "../../../lib/src/tensorflow";

/** Tensors of TensorFlow.js and handles of TensorFlow. */
const counts = (): number[] => [tf.memory().numTensors, nativeBackend()!.binding.getNumOfTensors()];
/** A variable that owns its start. */
const variable = (value: number, name?: string): tf.Variable =>
  tf.tidy(() => tf.variable(tf.scalar(value), true, name));
const values = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());
const square = (x: tf.Tensor): tf.Tensor => tf.square(x);

let before: number[];
beforeEach(() => {
  // The stream of random numbers is a variable that lives as long as the process.
  tf.dispose(tf.randomUniform([1]));
  before = counts();
});
afterEach(() => tf.engine().disposeVariables());

describe("a compiled function", () => {
  it("gives what the function gives, for new values too", () => {
    const step = compile(square);
    const results = [1, 2, 3, 4].map((value) => tf.tidy(() => values(step(tf.tensor1d([value, -value])))));
    expect(results).toEqual([1, 4, 9, 16].map((value) => [value, value]));
    expect(step.stats()).toMatchObject({ compiled: true, recordings: 1, calls: 4 });
    step.dispose();
    expect(counts()).toEqual(before);
  });

  it("takes and returns tensors inside of arrays and objects", () => {
    const step = compile(({ a, rest }: { a: tf.Tensor; rest: [tf.Tensor, { b: tf.Tensor }] }) => ({
      sum: tf.add(a, rest[1].b),
      parts: [tf.neg(a), { product: tf.mul(rest[0], rest[1].b) }] as const,
      nothing: null,
    }));
    for (let i = 0; i < 3; i++) {
      tf.tidy(() => {
        const result = step({ a: tf.scalar(i), rest: [tf.scalar(2), { b: tf.scalar(10) }] });
        expect(values(result.sum)).toEqual([i + 10]);
        expect(values(result.parts[0])[0]).toBe(i === 0 ? -0 : -i);
        expect(values(result.parts[1].product)).toEqual([20]);
        expect(result.nothing).toBeNull();
      });
    }
    expect(step.stats().recordings).toBe(1);
    step.dispose();
    expect(counts()).toEqual(before);
  });

  it("returns an argument, a constant, a variable's value and the same tensor twice as tensors of their own", () => {
    const stored = variable(5);
    const step = compile((x: tf.Tensor) => {
      const doubled = tf.mul(x, 2);
      return [x, tf.scalar(7), stored, doubled, doubled];
    });
    for (let i = 0; i < 3; i++) {
      const x = tf.scalar(i);
      const results = step(x) as tf.Tensor[];
      stored.assign(tf.scalar(6));
      expect(results.flatMap(values)).toEqual([i, 7, i === 0 ? 5 : 6, 2 * i, 2 * i]);
      expect(results[0]).not.toBe(x);
      tf.dispose([results, x]);
    }
    step.dispose();
  });

  it("records once for each combination of shapes, dtypes and structure, and keeps a bounded number", () => {
    const step = compile((x: tf.Tensor | tf.Tensor[]) => (Array.isArray(x) ? tf.addN(x) : tf.sum(x)), { cache: 2 });
    const call = (make: () => tf.Tensor | tf.Tensor[]): number => tf.tidy(() => values(step(make()))[0]);
    expect([4, 4, 2, 4, 2].map((size) => call(() => tf.ones([size])))).toEqual([4, 4, 2, 4, 2]);
    expect(step.stats().recordings).toBe(2);
    expect(call(() => tf.ones([4], "int32"))).toBe(4);
    expect(call(() => [tf.scalar(1), tf.scalar(2)])).toBe(3);
    expect(step.stats()).toMatchObject({ recordings: 4, calls: 7 });
    expect(step.stats().cache.map((recording) => recording.arguments)).toEqual([
      "[[] float32, [] float32]",
      "[4] int32",
    ]);
    step.dispose();
  });

  it("takes numbers as inputs, also negated or as 1 - n, and never freezes them", () => {
    const step = compile((x: tf.Tensor, a: number, b: number) =>
      x
        .mul(a)
        .sub(x.mul(1 - b))
        .add(-a),
    );
    const got = [0.5, 0.25, -3, 7].map((a) => tf.tidy(() => values(step(tf.scalar(2), a, a / 2))[0]));
    expect(got).toEqual([0.5, 0.25, -3, 7].map((a) => Math.fround(Math.fround(2 * a) - 2 * (1 - a / 2) - a)));
    expect(step.stats()).toMatchObject({ recordings: 1, calls: 4 });
    step.dispose();
    expect(counts()).toEqual(before);
  });

  it("records anew for a number that decides a shape, instead of freezing it", () => {
    const step = compile((x: tf.Tensor1D, n: number) => x.slice([0], [n]));
    const got = [1, 2, 3, 2].map((n) => tf.tidy(() => values(step(tf.tensor1d([5, 6, 7]), n))));
    expect(got).toEqual([[5], [5, 6], [5, 6, 7], [5, 6]]);
    expect(step.stats().recordings).toBe(3);
    step.dispose();
  });

  it("is the plain function inside of a gradient, and part of the recording inside of another one", () => {
    const inner = compile(square);
    const outer = compile((x: tf.Tensor) => tf.add(inner(x), 1));
    for (let i = 1; i < 4; i++) {
      expect(tf.tidy(() => values(tf.grad((x) => inner(x).sum())(tf.scalar(i))))).toEqual([2 * i]);
      expect(tf.tidy(() => values(outer(tf.scalar(i))))).toEqual([i * i + 1]);
    }
    expect(inner.stats().recordings).toBe(0);
    outer.dispose();
  });

  it("is the plain function with NABLAB_COMPILE=0, and says so", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    process.env.NABLAB_COMPILE = "0";
    try {
      const step = compile(square);
      expect(tf.tidy(() => values(step(tf.scalar(3))))).toEqual([9]);
      expect(tf.tidy(() => values(step.scan(tf.tensor1d([1, 2, 3]))))).toEqual([1, 4, 9]);
      expect(step.stats()).toMatchObject({ compiled: false, recordings: 0, reason: "NABLAB_COMPILE=0" });
      expect(warn.mock.calls.filter(([text]) => String(text).includes("NABLAB_COMPILE"))).toHaveLength(1);
    } finally {
      delete process.env.NABLAB_COMPILE;
      warn.mockRestore();
    }
  });

  it("is the plain function where the binding is the stock one", () => {
    const { backend, binding } = nativeBackend()!;
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    backend.binding = Object.create(binding, { nablab: { value: undefined } }) as typeof binding;
    try {
      const step = compile(square);
      expect([2, 3].map((n) => tf.tidy(() => values(step(tf.scalar(n)))))).toEqual([[4], [9]]);
      expect(step.stats()).toMatchObject({
        compiled: false,
        reason: expect.stringMatching(/stock one.*npm run setup/) as string,
      });
    } finally {
      backend.binding = binding;
      warn.mockRestore();
    }
  });

  it("names the op and the line where TensorFlow fails, and leaves the variables as they were", () => {
    const total = variable(0);
    const table = tf.tensor1d([10, 20, 30]);
    const step = compile((index: tf.Tensor1D) => {
      total.assign(total.add(1) as tf.Scalar);
      return tf.gather(table, index);
    });
    const call = (index: number): number[] => tf.tidy(() => values(step(tf.tensor1d([index], "int32"))));
    expect([0, 1, 2].map(call)).toEqual([[10], [20], [30]]);
    expect(() => call(7)).toThrow(/GatherV2 at .*compile\.test\.ts:\d+:\d+.* failed: .*7 is not in \[0, 3\)/s);
    expect(values(total)).toEqual([3]);
    expect(call(1)).toEqual([20]);
    step.dispose();
    table.dispose();
  });

  it("throws the function's own error and leaves the variables as they were", () => {
    const total = variable(1);
    const step = compile(() => {
      total.assign(tf.scalar(9));
      throw new RangeError("mine");
    });
    expect(() => step()).toThrow(new RangeError("mine"));
    expect(values(total)).toEqual([1]);
    expect(() => step()).toThrow("mine");
    expect(square(total).dataSync()[0]).toBe(1);
  });

  it("says which tensor from outside was disposed of", () => {
    const scale = tf.tensor1d([1, 2]);
    const step = compile((x: tf.Tensor) => tf.mul(x, scale));
    expect(tf.tidy(() => [values(step(tf.scalar(1))), values(step(tf.scalar(2)))])).toEqual([
      [1, 2],
      [2, 4],
    ]);
    scale.dispose();
    expect(() => tf.tidy(() => step(tf.scalar(3)))).toThrow(/tensor of shape \[2\] from outside .*was disposed of/);
    step.dispose();
  });

  it("counts, and starts over after dispose()", () => {
    const step = compile(square);
    const call = (): number[] => tf.tidy(() => values(step(tf.scalar(3))));
    call();
    call();
    const [recording] = step.stats().cache;
    expect(recording).toMatchObject({ arguments: "[] float32", ops: 3, constantBytes: 0, calls: 1, xla: false });
    expect(recording.recordMs).toBeGreaterThan(0);
    step.dispose();
    expect(step.stats().cache).toEqual([]);
    expect(call()).toEqual([9]);
    expect(step.stats().recordings).toBe(2);
    step.dispose();
    expect(counts()).toEqual(before);
  });

  it("refuses what is no function", () => {
    expect(() => compile(3 as never)).toThrow(new TypeError("compile() step must be a function, got number"));
  });
});

describe("variables of a compiled function", () => {
  it("are shared with other compiled functions and with eager code", () => {
    const total = variable(0);
    const [add, double] = [
      compile((x: tf.Tensor) => total.assign(total.add(x) as tf.Scalar)),
      compile(() => total.assign(total.mul(2) as tf.Scalar)),
    ];
    const seen: number[] = [];
    for (let i = 1; i <= 4; i++) {
      tf.tidy(() => {
        add(tf.scalar(i));
        double();
        total.assign(total.sub(1) as tf.Scalar);
        seen.push(values(total)[0]);
      });
    }
    // x -> 2 (x + i) - 1
    expect(seen).toEqual([1, 5, 15, 37]);
    add.dispose();
    double.dispose();
    total.dispose();
    expect(counts()).toEqual(before);
  });

  it("keep apart when one was assigned from another, and when a clone still holds the old value", () => {
    const [online, target] = [variable(1), variable(100)];
    const step = compile((x: tf.Tensor) => {
      online.assign(online.add(x) as tf.Scalar);
      return target.mul(1);
    });
    const results: number[] = [];
    for (let i = 0; i < 4; i++) {
      const kept = online.clone();
      tf.tidy(() => results.push(values(step(tf.scalar(1)))[0]));
      expect(values(kept)).toEqual([1 + i]);
      expect(values(online)).toEqual([2 + i]);
      target.assign(online);
      kept.dispose();
    }
    expect(results).toEqual([100, 2, 3, 4]);
    expect(step.stats().recordings).toBe(1);
    step.dispose();
  });

  it("may take each other's values inside of the step", () => {
    const [a, b] = [variable(1), variable(2)];
    const swap = compile(() => {
      const old = a.clone();
      a.assign(b);
      b.assign(old);
    });
    const seen = [0, 1, 2, 3].map(() => (swap(), [...values(a), ...values(b)]));
    expect(seen).toEqual([
      [2, 1],
      [1, 2],
      [2, 1],
      [1, 2],
    ]);
    swap.dispose();
  });

  it("that an optimizer makes on its first call are found on the second", () => {
    const weight = variable(1);
    const optimizer = tf.train.adam(0.1);
    const step = compile(() => optimizer.minimize(() => tf.square(weight) as tf.Scalar, true, [weight])!);
    tf.tidy(() => void [1, 2, 3].map(() => step()));
    expect(step.stats()).toMatchObject({ recordings: 1, calls: 3 });
    expect(optimizer.iterations).toBe(3);
    step.dispose();
  });

  it("that were disposed of are named", () => {
    const gone = variable(1, "gone");
    const step = compile(() => gone.mul(2));
    tf.dispose([step(), step()]);
    gone.dispose();
    expect(() => step()).toThrow("the step's variable gone was disposed of");
    step.dispose();
  });
});

describe("learning rates", () => {
  const rates: Record<string, () => tf.Optimizer> = {
    sgd: () => tf.train.sgd(0.1),
    momentum: () => tf.train.momentum(0.1, 0.9),
    adam: () => tf.train.adam(0.1),
    adamax: () => tf.train.adamax(0.1),
    rmsprop: () => tf.train.rmsprop(0.1),
    adagrad: () => tf.train.adagrad(0.1),
    adadelta: () => tf.train.adadelta(0.1),
  };

  it.each(Object.keys(rates))("of tf.train.%s follow a schedule without a new recording", (name) => {
    const run = (wrap: (step: () => tf.Scalar) => () => tf.Scalar): number[] => {
      const weight = tf.variable(tf.tensor1d([1, -2]));
      const optimizer = rates[name]();
      const set = optimizer as unknown as { setLearningRate?(rate: number): void; learningRate: number };
      const step = wrap(() => optimizer.minimize(() => tf.sum(tf.square(weight)) as tf.Scalar, true, [weight])!);
      const losses = [0.1, 0.1, 0.05, 0.025, 0.0125, 1].map((rate) => {
        if (set.setLearningRate) set.setLearningRate(rate);
        else set.learningRate = rate;
        return tf.tidy(() => values(step())[0]);
      });
      return [...losses, ...values(weight)];
    };
    const compiled: ReturnType<typeof compile>[] = [];
    const replayed = run((step) => {
      const made = compile(step);
      compiled.push(made);
      return made;
    });
    expect(replayed).toEqual(run((step) => step));
    expect(compiled[0].stats()).toMatchObject({ recordings: 1, calls: 6 });
    compiled[0].dispose();
  });

  it("are inputs, while another setting of an optimizer makes a new recording", () => {
    const weight = variable(1);
    const optimizer = tf.train.momentum(0.1, 0.5);
    const step = compile(() => optimizer.minimize(() => tf.square(weight) as tf.Scalar, true, [weight])!);
    const call = (): void => tf.tidy(() => void step());
    [1, 2, 3, 4].forEach(call);
    expect(step.stats().recordings).toBe(1);
    (optimizer as unknown as { useNesterov: boolean }).useNesterov = true;
    [1, 2].forEach(call);
    expect(step.stats().recordings).toBe(2);
    step.dispose();
  });
});

describe("memory", () => {
  it("stays flat over 100,000 calls", () => {
    const weight = tf.variable(tf.randomNormal([4, 4], 0, 0.1, "float32", 1) as tf.Tensor2D);
    const optimizer = tf.train.momentum(0.001, 0.9);
    const step = compile((x: tf.Tensor2D, scale: number) =>
      optimizer.minimize(() => tf.matMul(x, weight).mul(scale).square().mean() as tf.Scalar, true, [weight])!,
    );
    const x = tf.ones([8, 4]) as tf.Tensor2D;
    const call = (i: number): void => step(x, i / 1000).dispose();
    for (let i = 0; i < 1000; i++) call(i);
    const [tensors, bytes] = [counts(), process.memoryUsage().rss];
    for (let i = 0; i < 100_000; i++) call(i);
    expect(counts()).toEqual(tensors);
    // 100,000 leaked results would be 25 MiB with TensorFlow's own bookkeeping; allocators may keep a few pages.
    expect(process.memoryUsage().rss - bytes).toBeLessThan(24 * 2 ** 20);
    expect(step.stats().recordings).toBe(1);
    step.dispose();
  });

  it("keeps nothing of recordings that fell out of the cache or were refused", () => {
    const step = compile((x: tf.Tensor) => tf.sum(tf.mul(x, 2)), { cache: 2 });
    for (let size = 1; size < 12; size++) tf.dispose(tf.tidy(() => step(tf.ones([size]))));
    const refused = compile((x: tf.Tensor) => x.dataSync()[0] as unknown as tf.Tensor);
    for (let i = 0; i < 5; i++) expect(() => tf.tidy(() => refused(tf.scalar(i)))).toThrow();
    step.dispose();
    expect(counts()).toEqual(before);
  });
});
