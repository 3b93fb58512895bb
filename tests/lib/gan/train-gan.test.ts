import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setRandomSeed } from "../../../lib/src/kernels";
import { GanLoss, trainGan, TrainGanOptions } from "../../../lib/src/gan";
import { tf } from "../../../lib/src/tensorflow";
import { History } from "../../../lib/src/train";
import { conditionalPair, free, pair, PairOptions, points, twoClasses, valuesOf } from "./pair";

// The numbers are the same on processors without instructions for them, only later.
vi.mock("../../../lib/src/capture/bfloat16", () => ({ precisionHere: (precision: string) => precision }));

setRandomSeed(0); // makes the one variable that stays, before anybody counts

const base = { batchSize: 10, seed: 4, progress: false } satisfies TrainGanOptions;

/** The numbers of a history, without its times. */
const numbers = ({ rows, steps }: History) => ({ rows: rows.map((row) => ({ ...row, seconds: 0 })), steps });

async function trained(options: TrainGanOptions, pairOptions: PairOptions = {}) {
  const gan = pair(pairOptions);
  const data = points();
  const history = await trainGan(gan, data, { ...base, ...options });
  const averages = gan.averaged?.averages.map((average) => Array.from(average.dataSync()));
  const result = { history, weights: [valuesOf(gan.generator), valuesOf(gan.discriminator), averages] };
  data.dispose();
  free(gan);
  return result;
}

describe("trainGan", () => {
  let folder: string;
  let checkpoint: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nablab-"));
    checkpoint = join(folder, "gan.safetensors");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("moves samples to the data", async () => {
    const gan = pair();
    const data = points();
    const centre = () => tf.tidy(() => gan.sample(gan.latents(500, "test"), { averaged: false }).mean(0).dataSync());
    await trainGan(gan, data, { ...base, epochs: 150 });
    // Data are around (2, 0) with a standard deviation of one half.
    const [x, y] = centre();
    expect(Math.hypot(x - 2, y)).toBeLessThan(0.5);
    data.dispose();
    free(gan);
  });

  it("gives the same numbers for the same seed, others for another", async () => {
    const [a, b, c] = [
      await trained({ epochs: 3 }),
      await trained({ epochs: 3 }),
      await trained({ epochs: 3, seed: 5 }),
    ];
    expect(numbers(a.history)).toEqual(numbers(b.history));
    expect(a.weights).toEqual(b.weights);
    expect(c.weights).not.toEqual(a.weights);
  });

  it("gives the same steps with compile and without", async () => {
    const [fast, plain] = [await trained({ epochs: 3 }), await trained({ epochs: 3, compile: false })];
    expect(fast.weights[0]!.flat()).toBeAllclose(plain.weights[0]!.flat(), { atol: 1e-5 });
  });

  it("computes products in bfloat16 where compile is told so: near the float32 numbers, and not the same", async () => {
    const [half, full] = [
      await trained({ epochs: 2, compile: { precision: "bfloat16" } }),
      await trained({ epochs: 2 }),
    ];
    expect(half.weights).not.toEqual(full.weights);
    expect(half.history.last.loss).toBeAllclose(full.history.last.loss, { rtol: 0.05 });
  });

  it("lets both learn from the same samples where it is to be simultaneous", async () => {
    const [turns, once] = [await trained({ epochs: 2 }), await trained({ epochs: 2, simultaneous: true })];
    expect(Object.keys(once.history.last)).toEqual(Object.keys(turns.history.last));
    expect(once.weights).not.toEqual(turns.weights);
    const gan = pair();
    await expect(
      trainGan(gan, points(), { ...base, batchSize: 5, simultaneous: true, criticSteps: 2 }),
    ).rejects.toThrow("trainGan() wants criticSteps to be 1, since both learn from the same samples, got 2.");
    free(gan);
  });

  it("teaches a conditional pair which class is where", async () => {
    const gan = conditionalPair({ average: 0 });
    const data = twoClasses();
    await trainGan(gan, data, { ...base, epochs: 200 });
    for (const [label, x] of [2, -2].entries()) {
      const [got] = tf.tidy(() =>
        gan
          .sample(gan.latents(500, "test"), { labels: new Array<number>(500).fill(label) })
          .mean(0)
          .dataSync(),
      );
      expect(Math.abs(got - x)).toBeLessThan(0.7);
    }
    const wrong = { ...data, y: tf.fill([40], 2, "int32") };
    await expect(trainGan(gan, wrong, base)).rejects.toThrow("trainGan()");
    wrong.y.dispose();
    data.dispose();
    free(gan);
  });

  it.each([
    ["plain networks", {}],
    ["dropout, batch normalisation and a penalty", { dropout: 0.3, batchNorm: true, r1: 1 }],
  ] as [string, PairOptions][])("goes on from a checkpoint to the very numbers, with %s", async (_, options) => {
    const whole = await trained({ epochs: 5 }, options);
    await trained({ epochs: 2, checkpoint }, options);
    const resumed = await trained({ epochs: 5, checkpoint }, options);
    expect(numbers(resumed.history)).toEqual(numbers(whole.history));
    expect(resumed.weights).toEqual(whole.weights);
  });

  it("stops at a signal in the middle of an epoch, and goes on from there to the same numbers", async () => {
    const whole = await trained({ epochs: 3 });
    let looks = 0;
    const signal = {
      get aborted() {
        return looks++ >= 6;
      },
    } as AbortSignal;
    const part = await trained({ epochs: 3, checkpoint, signal });
    expect([part.history.stopped, part.history.steps.length]).toEqual(["interrupt", 6]);
    const resumed = await trained({ epochs: 3, checkpoint });
    expect(numbers(resumed.history)).toEqual(numbers(whole.history));
    expect(resumed.weights).toEqual(whole.weights);
  });

  it("makes several steps of the discriminator on data of their own, and a round's data count once", async () => {
    const seen: number[] = [];
    const gan = pair();
    const data = points();
    const step = gan.discriminatorStep;
    Object.assign(gan, {
      discriminatorStep: (real: tf.Tensor) => {
        seen.push(...(real.arraySync() as number[][]).map(([x]) => x));
        return step(real);
      },
    });
    const { steps } = await trainGan(gan, data, { ...base, batchSize: 5, criticSteps: 3, epochs: 1, compile: false });
    // 40 points make two rounds of three times five, and ten are left out.
    expect(steps.length).toBe(2);
    expect(new Set(seen).size).toBe(30);
    data.dispose();
    free(gan);
  });

  it("has both losses, the accuracy, both gradients and one's own metrics in the rows", async () => {
    const { history } = await trained({ epochs: 2, metrics: async ({ latentSize }) => ({ size: latentSize }) });
    expect(Object.keys(history.last)).toEqual(
      expect.arrayContaining(["loss", "generatorLoss", "accuracy", "gradient", "generatorGradient", "size"]),
    );
    expect(history.last.size).toBe(3);
    expect(history.last.gradient).toBeGreaterThan(0);
    expect(history.last.generatorGradient).toBeGreaterThan(0);
  });

  it("leaves no tensor behind, also where it fails", async () => {
    await trained({ epochs: 1 });
    const before = tf.memory().numTensors;
    await trained({ epochs: 2, checkpoint });
    expect(tf.memory().numTensors).toBe(before);
    const broken = { discriminator: (r: tf.Tensor) => tf.mul(r.mean(), NaN), generator: (g: tf.Tensor) => g.mean() };
    const gan = pair({ loss: broken as GanLoss });
    const data = points();
    const ready = tf.memory().numTensors;
    await expect(trainGan(gan, data, base)).rejects.toThrow("fit() got a loss of NaN at step 1");
    gan.generatorOptimizer.dispose();
    gan.discriminatorOptimizer.dispose();
    expect(tf.memory().numTensors).toBeLessThanOrEqual(ready);
    data.dispose();
    free(gan);
  });

  it("stops where the generator's loss alone is no number, and keeps the checkpoint before it", async () => {
    let rounds = 0;
    const late: GanLoss = {
      discriminator: (r, g) => tf.sub(g.mean(), r.mean()) as tf.Scalar,
      generator: (g) => tf.mul(g.mean(), rounds++ < 7 ? 1 : NaN),
    };
    const gan = pair({ loss: late });
    const data = points();
    const options = { ...base, compile: false, epochs: 3, checkpoint } as const;
    await expect(trainGan(gan, data, options)).rejects.toThrow("trainGan() got a generatorLoss of NaN in epoch 2.");
    free(gan);
    const again = pair({ loss: "hinge" });
    const { rows } = await trainGan(again, data, { ...options, epochs: 1 });
    expect(rows.map(({ epoch }) => epoch)).toEqual([1]);
    expect(valuesOf(again.generator).flat().every(Number.isFinite)).toBe(true);
    data.dispose();
    free(again);
  });

  it("refuses data that the discriminator does not take, and rounds that do not fit", async () => {
    const gan = pair();
    const data = points();
    const wrong = { ...data, x: tf.zeros([40, 3]) };
    await expect(trainGan(gan, wrong, base)).rejects.toThrow(
      "trainGan() wants data of shape [size, 2], as the discriminator has them, got [40, 3].",
    );
    await expect(trainGan(gan, data, { ...base, criticSteps: 5 })).rejects.toThrow(
      "trainGan() wants batchSize to be an integer from 1 to 8, got 10.",
    );
    await expect(trainGan(gan, data, { epoch: 3 } as never)).rejects.toThrow("did you mean epochs?");
    data.dispose();
    wrong.x.dispose();
    free(gan);
  });
});
