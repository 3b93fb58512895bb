import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { examples, Examples } from "../../../lib/src/data/examples";
import { compile } from "../../../lib/src/capture";
import { nativeBackend } from "../../../lib/src/capture/native";
import { setRandomSeed } from "../../../lib/src/kernels";
import { CandidateTrainerOptions, candidateTrainer } from "../../../lib/src/nas/evaluate";
import { Evaluator, Outcome } from "../../../lib/src/nas/outcome";
import { generator } from "../../../lib/src/random";
import { tf } from "../../../lib/src/tensorflow";

setRandomSeed(0); // makes the one variable that stays, before anybody counts

interface Net {
  units: number[];
  rate?: number;
}

/** Two classes that a line through the origin separates, but for some labels that are wrong. */
function twoClasses(size = 120, wrong = 0): Examples<tf.Tensor2D, tf.Tensor1D> {
  const rng = generator("two classes");
  const points = Array.from({ length: size }, () => [rng.normal(), rng.normal()]);
  const labels = points.map(([a, b]) => (Number(a + b > 0) + Number(rng.uniform() < wrong)) % 2);
  return examples(tf.tensor2d(points), tf.tensor1d(labels, "int32"));
}

const dense = ({ units }: Net) =>
  tf.sequential({
    layers: [
      ...units.map((count, i) =>
        tf.layers.dense({ units: count, activation: "relu", ...(i === 0 && { inputShape: [2] }) }),
      ),
      tf.layers.dense({ units: 2, ...(units.length === 0 && { inputShape: [2] }) }),
    ],
  });

const never = new AbortController().signal;
const made: Evaluator<Net>[] = [];

function trainer(options: Partial<CandidateTrainerOptions<Net>> = {}): Evaluator<Net> {
  const data = options.data ?? twoClasses();
  const evaluator = candidateTrainer<Net>({ model: dense, epochs: 3, batchSize: 16, ...options, data });
  if (data !== options.data) data.dispose();
  made.push(evaluator);
  return evaluator;
}

const evaluate = (evaluator: Evaluator<Net>, genotype: Net, fidelity?: number, signal = never) =>
  evaluator.evaluate({ id: 0, genotype, key: JSON.stringify(genotype), fidelity }, signal);
const score = (outcome: Outcome) => ("score" in outcome ? outcome.score : outcome.failure);
const failure = (outcome: Outcome) => ("failure" in outcome ? outcome.failure : undefined);

let before: number;
beforeEach(() => void (before = tf.memory().numTensors));
afterEach(() => {
  for (const evaluator of made.splice(0)) void evaluator.close?.();
  expect(tf.memory().numTensors).toBe(before);
});

describe("candidateTrainer", () => {
  it("scores a network that learns by its accuracy on examples it was not trained on", async () => {
    const outcome = await evaluate(trainer({ epochs: 12, optimizer: () => tf.train.adam(0.02) }), { units: [16] });
    expect(score(outcome)).toBeGreaterThan(0.9);
    expect(outcome.details).toMatchObject({ parameters: 2 * 16 + 16 + 16 * 2 + 2, epochs: 12, bestEpoch: 12 });
    expect(outcome.details!.valAccuracy).toBe(score(outcome));
  });

  it("cannot score above chance where the labels say nothing, however well it remembers them", async () => {
    const rng = generator("noise");
    const x = tf.tensor2d(Array.from({ length: 600 }, () => [rng.normal(), rng.normal()]));
    const data = examples(
      x,
      tf.tensor1d(
        Array.from({ length: 600 }, () => rng.integer(0, 2)),
        "int32",
      ),
    );
    const outcome = await evaluate(trainer({ data, epochs: 40, optimizer: () => tf.train.adam(0.01) }), {
      units: [128, 128],
    });
    data.dispose();
    // 120 held back: 0.5 within three standard deviations, 3 · √(0.25 / 120).
    expect(Math.abs((score(outcome) as number) - 0.5)).toBeLessThan(0.137);
    expect(outcome.details!.accuracy).toBeGreaterThan(0.55);
  });

  it("gives a candidate the same numbers whatever was trained before, and others with another seed", async () => {
    const [a, b] = [{ units: [8] }, { units: [5, 3] }];
    const numbers = (outcome: Outcome) => ({ ...outcome, details: { ...outcome.details, seconds: 0 } });
    const first = trainer();
    const alone = numbers(await evaluate(first, a));
    await evaluate(first, b);
    expect(numbers(await evaluate(first, a))).toEqual(alone);
    const second = trainer();
    await evaluate(second, b);
    expect(numbers(await evaluate(second, a))).toEqual(alone);
    expect(numbers(await evaluate(trainer({ seed: 1 }), a))).not.toEqual(alone);
  });

  it("scores by other examples where it is given some, and hands on how to compile", async () => {
    const [data, other] = [twoClasses(), twoClasses(40)];
    const wrong = examples(other.x, tf.tidy(() => tf.sub(1, other.y).cast("int32")) as tf.Tensor1D);
    const options = { data, epochs: 12, optimizer: () => tf.train.adam(0.02) };
    const scores: number[] = [];
    for (const validation of [other, wrong]) {
      const trained = trainer({ ...options, validation, compile: { precision: "float32" } });
      expect(trained.setup).toMatchObject({ validation: "40x2", compile: '{"precision":"float32"}' });
      scores.push(score(await evaluate(trained, { units: [16] })) as number);
    }
    expect(scores[0]).toBeGreaterThan(0.85);
    // The same network, judged by the opposite of what is true.
    expect(scores[1]).toBeCloseTo(1 - scores[0], 6);
    data.dispose();
    tf.dispose([other.x, other.y, wrong.y]);
  });

  it("puts down the metric after each epoch", async () => {
    const { details } = await evaluate(trainer({ epochs: 4, metric: "valLoss" }), { units: [4] });
    expect(details!.curve).toHaveLength(4);
    expect((details!.curve as number[])[3]).toBe(details!.valLoss);
  });

  it("hands the builder a seed that belongs to the candidate", async () => {
    const seeds: number[] = [];
    const model = (genotype: Net, { seed }: { seed: number }) => (seeds.push(seed), dense(genotype));
    for (const units of [[3], [4], [3]]) await evaluate(trainer({ model, epochs: 1 }), { units });
    expect(seeds[0]).toBe(seeds[2]);
    expect(seeds[0]).not.toBe(seeds[1]);
  });

  it("reads a fidelity as a number of epochs, or as it is told", async () => {
    expect((await evaluate(trainer(), { units: [4] }, 5)).details!.epochs).toBe(5);
    const steps: number[] = [];
    const optimizer = (training: { steps: number }) => (steps.push(training.steps), tf.train.sgd(0.1));
    const effort = (fidelity: number) => ({ epochs: 2, share: fidelity / 4 });
    const shared = trainer({ effort, optimizer, batchSize: 8 });
    for (const fidelity of [1, 2, 4]) await evaluate(shared, { units: [4] }, fidelity);
    // 96 examples to learn from: 24, 48, 96 of them in batches of 8, twice.
    expect(steps).toEqual([6, 12, 24]);
  });

  it("stops when the metric no longer improves, and scores the best epoch", async () => {
    const data = twoClasses(60, 0.4);
    const options = { data, epochs: 200, batchSize: 4, optimizer: () => tf.train.adam(0.05) };
    const stopped = await evaluate(trainer({ ...options, patience: 3 }), { units: [32] });
    data.dispose();
    const { epochs, bestEpoch } = stopped.details as Record<string, number>;
    expect(epochs).toBeLessThan(200);
    expect(epochs - bestEpoch).toBe(3);
  });

  it("scores losses negative, so that more is better", async () => {
    const outcome = await evaluate(trainer({ metric: "valLoss" }), { units: [4] });
    expect(score(outcome)).toBe(-(outcome.details!.valLoss as number));
    const line = examples(tf.tensor2d([[0], [1], [2], [3], [4]]), tf.tensor2d([[1], [3], [5], [7], [9]]));
    const model = () => tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    const fitted = await evaluate(trainer({ data: line, model, epochs: 1 }), { units: [] });
    line.dispose();
    expect(score(fitted)).toBeLessThan(0);
  });

  it("says so where a training diverges", async () => {
    const outcome = await evaluate(trainer({ optimizer: () => tf.train.sgd(1e30) }), { units: [8, 8] });
    expect(failure(outcome)).toMatch(/^diverged: fit\(\) got a loss of (NaN|Infinity) at step \d+/);
  });

  it("does not train what is too large", async () => {
    const optimizer = vi.fn(() => tf.train.sgd(0.1));
    const outcome = await evaluate(trainer({ maxParameters: 1000, optimizer }), { units: [1000] });
    expect(outcome).toEqual({ failure: "too large: 5,002 parameters, at most 1,000", details: { parameters: 5002 } });
    expect(optimizer).not.toHaveBeenCalled();
  });

  it("ends a training that takes too long", async () => {
    const outcome = await evaluate(trainer({ seconds: 0.05, epochs: 1_000_000 }), { units: [8] });
    expect(failure(outcome)).toBe("out of time: more than 0.05 s");
  });

  it("takes what the builder throws as the reason, and frees the layers that it had made", async () => {
    const model = ({ units }: Net): tf.LayersModel => {
      dense({ units });
      tf.zeros([3]);
      throw new RangeError("gene 2 wants a kernel of at most 4, got 5");
    };
    expect(await evaluate(trainer({ model }), { units: [3] })).toEqual({
      failure: "gene 2 wants a kernel of at most 4, got 5",
    });
    const nothing = trainer({ model: (() => undefined) as never });
    expect(failure(await evaluate(nothing, { units: [] }))).toBe(
      "candidateTrainer() wants model to return a tf.LayersModel.",
    );
  });

  it("ends with the search, and says nothing of the candidate then", async () => {
    const stop = new AbortController();
    const reason = new Error("the search is over");
    const optimizer = () => (setImmediate(() => stop.abort(reason)), tf.train.sgd(0.1));
    const running = evaluate(trainer({ epochs: 1_000_000, optimizer }), { units: [8] }, undefined, stop.signal);
    await expect(running).rejects.toBe(reason);
    await expect(evaluate(trainer(), { units: [8] }, undefined, stop.signal)).rejects.toBe(reason);
  });

  it("keeps nothing of a candidate: no tensor, no variable, no native tensor, no compiled step", async () => {
    const { native, binding } = nativeBackend()!;
    const names = Array.from({ length: 500 }, (_, i) => `nablab_step_${i + 1}`);
    const count = () => ({
      tensors: tf.memory().numTensors,
      native: binding.getNumOfTensors(),
      variables: Object.keys(tf.engine().registeredVariables).length,
      steps: names.filter((name) => native.hasFunction(name)).length,
    });
    const evaluator = trainer();
    await evaluate(evaluator, { units: [3] }, 1);
    const start = count();
    expect(start.steps).toBe(0);
    for (let units = 1; units <= 8; units++) {
      await evaluate(evaluator, { units: [units, (units % 3) + 1] }, 1);
      expect(count()).toEqual(start);
    }
    const step = compile((x: tf.Tensor) => x.add(1));
    tf.tidy(() => void step(tf.ones([2])));
    expect(count().steps).toBe(1);
    step.dispose();
  });

  it("names what scores depend on, and fast mode apart", () => {
    const { setup } = trainer({ setup: { data: "two classes" }, maxParameters: 9 });
    expect(setup).toEqual({
      ...{ data: "two classes", validation: 0.2, epochs: 3, batchSize: 16, seed: 0, metric: "valAccuracy" },
      ...{ patience: 0, maxParameters: "9", seconds: "Infinity" },
    });
    vi.stubEnv("NABLAB_FAST", "1");
    expect(trainer().setup).toMatchObject({ fast: 1 });
    vi.unstubAllEnvs();
  });

  it.each<[string, Partial<CandidateTrainerOptions<Net>>, string]>([
    [
      "a misspelt option",
      { epoch: 3 } as never,
      "candidateTrainer() has no option epoch. Remedy: did you mean epochs?",
    ],
    ["a test set", { test: twoClasses } as never, "candidateTrainer() has no option test"],
    ["no epoch", { epochs: 0 }, "candidateTrainer() wants epochs to be an integer from 1 up, got 0"],
    ["no builder", { model: undefined as never }, "candidateTrainer() wants model to be a function"],
  ])("refuses %s", (_, options, message) => {
    const data = twoClasses(20);
    expect(() => candidateTrainer({ model: dense, ...options, data })).toThrow(message);
    data.dispose();
  });

  it("names the metric that is not there", async () => {
    expect(failure(await evaluate(trainer({ metric: "valAcc" }), { units: [] }))).toBe(
      "candidateTrainer() has no valAcc to score by. Remedy: one of epoch, step, seconds, loss, accuracy, learningRate, valLoss, valAccuracy.",
    );
  });
});
