import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examples, take } from "../../../lib/src/data/examples";
import type { Pictures } from "../../../lib/src/data";
import { smallCnnSpace, type SmallCnn } from "../../../lib/src/nas/small-cnn-space";
import { smallCnnTrainer } from "../../../lib/src/nas/small-cnn-trainer";
import { tf } from "../../../lib/src/tensorflow";

const network: SmallCnn = { depth: 1, width: 8, growth: 1, kernel: 3, pooling: "max", norm: "batch" };
const candidate = { id: 0, genotype: network, key: smallCnnSpace.key(network) };
const never = new AbortController().signal;

/** Ten classes of grey, a little noise on each; only the first 5,000 images show what they are. */
function greys(): Pictures {
  const labels = Array.from({ length: 10_000 }, (_, i) => i % 10);
  const x = tf.tidy(() => {
    const grey = tf.tensor4d(
      labels.map((label, i) => (i < 5000 ? label / 10 : 0)),
      [10_000, 1, 1, 1],
    );
    return tf.add<tf.Tensor4D>(grey, tf.randomUniform([10_000, 32, 32, 3], 0, 0.02, "float32", 1));
  });
  return examples(x, tf.tensor1d(labels, "int32"));
}

describe("smallCnnTrainer", () => {
  let images: Pictures;
  beforeAll(() => void (images = greys()));
  afterAll(() => images.dispose());

  it("learns from the first 5,000 images and scores by the 5,000 after them", async () => {
    const trainer = smallCnnTrainer(images, { epochs: 2 });
    const outcome = await trainer.evaluate(candidate, never);
    await trainer.close?.();
    // All 5,000 that give the score look alike, and a tenth of them is of the class that they are taken for.
    expect(outcome).toMatchObject({ score: expect.closeTo(0.1, 6) as number, details: { epochs: 2 } });
    expect(outcome.details!.accuracy).toBeGreaterThan(0.2);
    expect(outcome.details!.curve).toHaveLength(2);
  });

  it("says in a journal by which recipe and seed it trained", async () => {
    const trainer = smallCnnTrainer(images, { seed: 7 });
    await trainer.close?.();
    expect(trainer.setup).toMatchObject({
      ...{ data: "5000x32x32x3", validation: "5000x32x32x3", epochs: 5, batchSize: 100, seed: 7 },
      ...{ compile: '{"precision":"bfloat16"}', recipe: "small CNNs 1" },
    });
  });

  it("refuses too few images, and keeps none", () => {
    const few = take(images, 9999);
    const before = tf.memory().numTensors;
    expect(() => smallCnnTrainer(few)).toThrow(
      "at least 10000 images, got 9999. Remedy: data.cifar10({ limit: 10000 })",
    );
    expect(tf.memory().numTensors).toBe(before);
    few.dispose();
  });
});
