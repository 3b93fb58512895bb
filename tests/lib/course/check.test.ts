import { describe, expect, it } from "vitest";
import { check, todo } from "../../../lib/src/course";
import { tf } from "../../../lib/src/tensorflow";
import { useKernel } from "../notebook";

process.env.NABLAB_FAST = "1"; // So that no progress is written: these are not a learner's answers.
const kernel = useKernel();

/** What the last check put out: its state as programs read it, and its text as a learner does. */
function outcome(): { state: string; text: string } {
  const { data } = kernel.outputs.at(-1)!;
  const { state } = data["application/vnd.nablab.exercise+json"] as { state: string };
  return { state, text: data["text/plain"] as string };
}

const softmaxCheck = async (softmax: (logits: number[]) => number[]) => {
  await check("01-softmax", softmax, {
    cases: [
      // scipy.special.softmax([1, 2, 3])
      { args: [[1, 2, 3]], expect: [0.09003057, 0.24472847, 0.66524096] },
      { args: [[1000, 1000]], expect: [0.5, 0.5], rule: "Subtract the largest logit first." },
    ],
    rules: [{ says: "Probabilities sum to 1", holds: (p) => [p.reduce((a, b) => a + b, 0), 1] }],
    hints: [{ when: (p) => p.some((x) => x > 1), says: "Divide by the sum." }],
    learned: "Softmax makes probabilities of any numbers.",
  });
  return outcome();
};

const right = (logits: number[]): number[] => {
  const highest = Math.max(...logits);
  const powers = logits.map((z) => Math.exp(z - highest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
};

describe("check of a function", () => {
  it("accepts a right answer and says what was learnt", async () => {
    const { state, text } = await softmaxCheck(right);
    expect(state).toBe("passed");
    expect(text).toContain("✓ 01-softmax: right, 2 of 2 checks hold.");
    expect(text).toContain("Softmax makes probabilities of any numbers.");
    expect(text).toMatch(
      /softmax|right\(\[1, 2, 3\]\) +\[0.09003, 0.2447, 0.6652\] +\[0.09003, 0.2447, 0.6652\] +± 0.01 % \+ 1e-6/,
    );
  });

  it.each([
    ["returned by the stub", (): number[] => todo],
    ["in place of the function", todo as () => number[]],
    ["computed with", (z: number[]): number[] => z.map((x) => x * todo)],
    ["called", (z: number[]): number[] => todo(z)],
    ["in the result's list", (): number[] => [todo, todo]],
    ["handed to TensorFlow", (): number[] => tf.tidy(() => [...tf.square(todo).dataSync()])],
  ])("calls it not done yet while todo is %s", async (_where, stub) => {
    const { state, text } = await softmaxCheck(stub);
    expect(state).toBe("untouched");
    expect(text).toContain("○ 01-softmax: not done yet.\nReplace `todo` in the cell above");
  });

  it.each<[string, unknown, string]>([
    [
      "overflows",
      (z: number[]) => right(z).map((p) => p + (z[0] > 9 ? NaN : 0)),
      "There is NaN at [0], where 0.5 is expected. Subtract the largest",
    ],
    ["is off", (z: number[]) => right(z).map((p) => p + 0.01), "3 of 3 numbers are off, the furthest is"],
    ["makes a known mistake", (z: number[]) => z.map((x) => Math.exp(x / 10)), "Divide by the sum."],
    [
      "has the wrong shape",
      (z: number[]) => [right(z)],
      "Wrong shape: expected an array of shape [3], got an array of shape [1, 3]",
    ],
    ["returns nothing", () => undefined, "Is a `return` missing?"],
    ["returns a word", () => "one", 'Expected an array of shape [3], got "one".'],
    ["throws", () => [].at(7)!["x"], "It stopped with TypeError: Cannot read properties of undefined"],
    ["is no function", 42, "Your answer must be a function, it is a value."],
    ["is missing", undefined, "Your answer must be a function, it is undefined."],
  ])("refuses an answer that %s, and says so", async (_what, answer, message) => {
    const { state, text } = await softmaxCheck(answer as never);
    expect(state).toBe("failed");
    expect(text).toContain("✗ 01-softmax: not right yet");
    expect(text).toContain(message);
  });

  it("refuses a broken rule even where the numbers were not compared", async () => {
    await check("r", (n: number) => Array.from({ length: n }, () => 0.4), {
      cases: [{ args: [2] }],
      rules: [{ says: "Probabilities sum to 1", holds: (p) => [p.reduce((a, b) => a + b), 1] }],
      learned: "x",
    });
    expect(outcome().state).toBe("failed");
    expect(outcome().text).toMatch(/Probabilities sum to 1 +0.8 +1 /);
  });

  it("waits for answers that train", async () => {
    const train = async (steps: number) => Promise.resolve(steps * 2);
    await check("t", train, { cases: [{ args: [2], expect: 4 }], learned: "x" });
    expect(outcome().state).toBe("passed");
  });

  it("shows itself in HTML, Markdown and text, with the learner's own text escaped", async () => {
    await check("h", (): string => "<script>|*", { cases: [{ args: [], expect: "b" }], learned: "x" });
    const { data } = kernel.outputs[0];
    expect(data["text/html"]).toContain("&lt;script&gt;");
    expect(data["text/html"]).not.toContain("<script>");
    expect(data["text/html"]).toContain("var(--jp-error-color1");
    expect(data["text/markdown"]).toContain("\\<script\\>\\|\\*");
  });

  it("tells its author what is missing", async () => {
    await expect(check("", right, { cases: [], learned: "x" })).rejects.toThrow("the name of the exercise");
    await expect(check("a", right, { cases: [], learned: "x" })).rejects.toThrow("at least one case");
    await expect(check("a", right, { cases: [{ args: [[1]] }] } as never)).rejects.toThrow("what one knows now");
    await expect(check("a", 1, { learned: "x" } as never)).rejects.toThrow("expect to be given");
    expect(kernel.outputs).toEqual([]);
  });

  it("leaves stubs without todo to their author's own test", async () => {
    const buggy = (n: number) => n - 1;
    const spec = { cases: [{ args: [1] as [number], expect: 2 }], learned: "x", untouched: () => buggy(5) === 4 };
    await check("bug", buggy, spec);
    const { state, text } = outcome();
    expect(state).toBe("untouched");
    expect(text).toContain("○ bug: not done yet.\nMend the code in the cell above, run that cell, then this one.");
  });
});

describe("check of a value", () => {
  const count = (answer: number) =>
    check("params", answer, {
      expect: () => 784 * 128 + 128,
      hints: [{ when: (n) => n === 784 * 128, says: "Count the biases as well." }],
      learned: "x",
    });

  it("wants whole numbers exactly, however large", async () => {
    await count(100_480);
    expect(outcome().state).toBe("passed");
    await count(100_481);
    expect(outcome().text).toContain("Got 100481, expected 100480 (off by 1).");
  });

  it("helps on from a typical mistake, and knows the stub", async () => {
    await count(100_352);
    expect(outcome()).toMatchObject({ state: "failed", text: expect.stringContaining("Count the biases") as string });
    await count(todo as number);
    expect(outcome().state).toBe("untouched");
  });
});

describe("check of tensors", () => {
  type Dense = (x: tf.Tensor2D, w: tf.Tensor2D) => tf.Tensor;
  const dense = async (answer: Dense) => {
    const before = tf.memory().numTensors;
    await check("dense", answer, {
      cases: [{ args: () => [tf.ones([2, 3]), tf.ones([3, 2])], expect: (x, w) => tf.matMul(x, w) }],
      learned: "x",
    });
    expect(tf.memory().numTensors).toBe(before);
    return outcome();
  };

  it("accepts a tidy answer", async () => {
    expect((await dense((x, w) => tf.matMul(x, w))).state).toBe("passed");
  });

  it.each<[string, Dense, string]>([
    [
      "leaks",
      (x, w) => tf.add(tf.matMul(x, w), tf.scalar(0)),
      "It leaves 2 tensors behind. Wrap the computation in tf.tidy",
    ],
    [
      "disposes of its input",
      (x, w) =>
        tf.tidy(() => {
          const y = tf.matMul(x, w);
          x.dispose();
          return y;
        }),
      "It disposes of a tensor that it was given",
    ],
    [
      "has another dtype",
      (x, w) => tf.tidy(() => tf.cast(tf.matMul(x, w), "int32")),
      "Wrong dtype: expected float32, got int32",
    ],
    [
      "is no tensor",
      (x, w) => tf.tidy(() => tf.matMul(x, w).arraySync()) as never,
      "Expected a tensor of shape [2, 2], got an array",
    ],
    [
      "has another shape",
      (x) => tf.clone(x),
      "Wrong shape: expected a tensor of shape [2, 2], got a tensor of shape [2, 3]",
    ],
    ["throws half-way", (x) => tf.matMul(tf.square(x), x), "It stopped with Error"],
  ])("refuses an answer that %s, and cleans up after it", async (_what, answer, message) => {
    const { state, text } = await dense(answer);
    expect(state).toBe("failed");
    expect(text).toContain(message);
  });

  it("compares tensors with plain numbers where those are expected", async () => {
    const before = tf.memory().numTensors;
    await check("v", () => tf.tensor2d([[1, 2]]), { cases: [{ args: [], expect: [[1, 2]] }], learned: "x" });
    expect(outcome().state).toBe("passed");
    expect(tf.memory().numTensors).toBe(before);
  });

  it("lets variables stay where the exercise is to make some", async () => {
    const before = tf.memory().numTensors;
    const made: tf.Variable[] = [];
    const init = () => made.push(tf.variable(tf.zeros([2]))) && made[0];
    await check("init", init, { cases: [{ args: [], expect: [0, 0] }], learned: "x", keepsTensors: true });
    expect(outcome().state).toBe("passed");
    expect(made[0].isDisposed).toBe(false);
    made[0].dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
