import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeSafetensors } from "../../../lib/src/data/safetensors";
import { generator } from "../../../lib/src/random";
import { setRandomSeed } from "../../../lib/src/kernels";
import { tf } from "../../../lib/src/tensorflow";
import { fit } from "../../../lib/src/train/fit";
import { FitOptions } from "../../../lib/src/train/fit-options";
import { History } from "../../../lib/src/train/history";
import { learnable, network, weightsOf } from "./network";

const base = { batchSize: 5, seed: 4, progress: false } satisfies FitOptions;

const optimizers: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9),
  adam: () => tf.train.adam(0.01),
  adamax: () => tf.train.adamax(0.01),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.1),
};

/** The numbers of a history, without its times. */
const numbers = ({ rows, steps }: History) => ({ rows: rows.map((row) => ({ ...row, seconds: 0 })), steps });

setRandomSeed(0); // makes the one variable that stays, before anybody counts

describe("a checkpoint", () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nablab-"));
    file = join(folder, "new folder", "run.safetensors");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each(Object.keys(optimizers))("lets %s go on to the very numbers of a run without interruption", async (name) => {
    const whole = network();
    const expected = await fit(whole, learnable(), { ...base, epochs: 6, optimizer: optimizers[name]() });

    await fit(network(), learnable(), { ...base, epochs: 2, optimizer: optimizers[name](), checkpoint: file });
    const resumed = network();
    const got = await fit(resumed, learnable(), {
      ...base,
      epochs: 6,
      optimizer: optimizers[name](),
      checkpoint: file,
    });
    expect(numbers(got)).toEqual(numbers(expected));
    expect(weightsOf(resumed)).toEqual(weightsOf(whole));
  });

  it("goes on in the middle of an epoch after Stop, wherever it came", async () => {
    const whole = network();
    const expected = await fit(whole, learnable(), { ...base, epochs: 3, optimizer: tf.train.adam(0.01) });
    for (let stopAt = 0; stopAt <= 9; stopAt++) {
      // fit() looks at its signal once before every step.
      let looks = 0;
      const signal = {
        get aborted() {
          return looks++ >= stopAt;
        },
      } as AbortSignal;
      const options = { ...base, epochs: 3, checkpoint: file };
      const part = await fit(network(), learnable(), { ...options, optimizer: tf.train.adam(0.01), signal });
      expect([part.stopped, part.steps.length]).toEqual([stopAt < 9 ? "interrupt" : "epochs", stopAt]);
      const resumed = network();
      const got = await fit(resumed, learnable(), { ...options, optimizer: tf.train.adam(0.01) });
      expect(numbers(got)).toEqual(numbers(expected));
      expect(weightsOf(resumed)).toEqual(weightsOf(whole));
      rmSync(file);
    }
  });

  it("goes on with the dropout masks that would have come", async () => {
    const dropping = () => {
      const model = tf.sequential({
        layers: [
          ...network().layers.slice(0, 1),
          tf.layers.dropout({ rate: 0.5 }),
          tf.layers.dense({ units: 3, kernelInitializer: "ones" }),
        ],
      });
      return model;
    };
    for (const compile of [true, false]) {
      const expected = await fit(dropping(), learnable(), { ...base, epochs: 4, compile });
      const again = await fit(dropping(), learnable(), { ...base, epochs: 4, compile });
      expect(numbers(again)).toEqual(numbers(expected));
      await fit(dropping(), learnable(), { ...base, epochs: 2, compile, checkpoint: file });
      tf.randomUniform([7]).dispose(); // what others draw in between does not matter
      const got = await fit(dropping(), learnable(), { ...base, epochs: 4, compile, checkpoint: file });
      expect(numbers(got)).toEqual(numbers(expected));
      rmSync(file);
    }
  });

  it("remembers what early stopping had seen, and the best weights", async () => {
    const losses = [5, 1, 4, 4, 4, 4];
    const run = async (parts: number[], checkpoint?: string) => {
      let result: { history: History; weights: number[][] } | undefined;
      for (const epochs of parts) {
        const model = network();
        const history = await fit(model, learnable(), {
          ...base,
          epochs,
          optimizer: tf.train.sgd(0.1),
          checkpoint,
          metrics: { fake: () => tf.scalar(0) },
          onEpochEnd: (row) => void (row.fake = losses[row.epoch - 1]),
          earlyStopping: { metric: "fake", patience: 3 },
        });
        result = { history, weights: weightsOf(model) };
      }
      return result!;
    };
    const expected = await run([6]);
    expect([expected.history.stopped, expected.history.rows.length]).toEqual(["earlyStopping", 5]);
    const got = await run([1, 3, 6, 6], file);
    expect(numbers(got.history)).toEqual(numbers(expected.history));
    expect(got.history.stopped).toBe("earlyStopping");
    expect(got.weights).toEqual(expected.weights);
  });

  it("holds the state of what is not trained, of random streams, and of a step's own variables", async () => {
    const run = async (parts: number[], checkpoint?: string) => {
      let end: number[] = [];
      for (const epochs of parts) {
        const [w, rng, optimizer] = [tf.variable(tf.ones([4, 1])), generator(9), tf.train.momentum(0.1, 0.9)];
        const noise = () => tf.tensor1d([rng.normal()]);
        await fit(
          ({ x }) => optimizer.minimize(() => x.matMul(w).add(noise()).square().mean() as tf.Scalar, true, [w])!,
          learnable(),
          { ...base, epochs, variables: [w], optimizer, checkpoint: checkpoint && { file: checkpoint, random: [rng] } },
        );
        end = [...w.dataSync(), rng.bits()];
      }
      return end;
    };
    expect(await run([2, 5], file)).toEqual(await run([5]));
  });

  it("is a safetensors file that holds weights and slots, and is replaced as a whole", async () => {
    const model = network();
    await fit(model, learnable(), { ...base, epochs: 2, optimizer: tf.train.momentum(0.1, 0.9), checkpoint: file });
    const { tensors } = decodeSafetensors(readFileSync(file), file);
    expect(Object.keys(tensors).filter((name) => name.startsWith("weights/")).length).toBe(4);
    weightsOf(model).forEach((values, i) => expect(Array.from(tensors[`weights/${i}`].data)).toEqual(values));
    expect(Object.keys(tensors).filter((name) => name.startsWith("optimizer/accumulations/")).length).toBe(4);
    expect(readdirSync(join(folder, "new folder"))).toEqual(["run.safetensors"]);
  });

  it("is refused where it is another model's, another setup's or damaged, and nothing changes", async () => {
    await fit(network(), learnable(), { ...base, epochs: 1, optimizer: tf.train.adam(0.01), checkpoint: file });
    const bytes = readFileSync(file);
    const wider = () => tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 3 })] });
    const other = () => {
      const layers = [tf.layers.dense({ inputShape: [4], units: 6 }), tf.layers.dense({ units: 3 })];
      return tf.sequential({ layers });
    };
    const adam = tf.train.adam(0.01);
    const cases: [() => tf.LayersModel, FitOptions, RegExp][] = [
      [
        wider,
        {},
        /it holds 4 weights, and the model has 2: another model\. Remedy: name another file, or resume: false/,
      ],
      [other, {}, /weight 0 is float32 \[4, 5\] there and float32 \[4, 6\] here: another model/],
      [network, { batchSize: 4 }, /batchSize was 5 there and is 4 here/],
      [network, { seed: 5 }, /seed was 4 there and is 5 here/],
      [network, { optimizer: tf.train.sgd(0.1) }, /optimizer was Adam there and is SGD here/],
    ];
    const set = learnable();
    for (const [make, options, message] of cases) {
      const model = make();
      const [weights, before] = [weightsOf(model), tf.memory().numTensors];
      await expect(
        fit(model, set, { ...base, epochs: 2, optimizer: adam, checkpoint: file, ...options }),
      ).rejects.toThrow(message);
      expect(weightsOf(model)).toEqual(weights);
      expect(tf.memory().numTensors).toBe(before);
      expect(readFileSync(file).equals(bytes)).toBe(true);
    }
    for (const damaged of [bytes.subarray(0, 100), bytes.subarray(0, -1), Buffer.from("hello")]) {
      writeFileSync(file, damaged);
      await expect(fit(network(), set, { ...base, epochs: 2, checkpoint: file })).rejects.toThrow("cannot read");
    }
    const history = await fit(network(), set, { ...base, epochs: 2, checkpoint: { file, resume: false } });
    expect(history.rows.length).toBe(2);
  });

  it("leaks no tensors, saving and resuming", async () => {
    const [model, set] = [network(), learnable()];
    const options = { ...base, checkpoint: file, validation: set, earlyStopping: true };
    const before = tf.memory().numTensors;
    await fit(model, set, { ...options, epochs: 1 });
    await fit(model, set, { ...options, epochs: 3 });
    await fit(model, set, { ...options, epochs: 3 });
    expect(tf.memory().numTensors).toBe(before);
  });

  it("that cannot be written is an error that names the file, and leaves no part of it", async () => {
    writeFileSync(join(folder, "new folder"), "a file where a folder should be");
    await expect(fit(network(), learnable(), { ...base, epochs: 1, checkpoint: file })).rejects.toThrow(
      /ENOTDIR|EEXIST/,
    );
    await expect(fit(network(), learnable(), { ...base, checkpoint: "" })).rejects.toThrow(
      "checkpoint wants file to be the path of a file",
    );
    const args = { ...base, checkpoint: { file, every: 0 } };
    await expect(fit(network(), learnable(), args)).rejects.toThrow(
      "checkpoint.every to be an integer from 1 up, got 0.",
    );
  });
});
