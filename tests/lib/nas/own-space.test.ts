import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { data, nas, random, tf } from "../../../lib/src";

it("searches a space of one's own in some twenty lines, and goes on after a stop", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nablab-"));
  const rng = random.generator("rings");
  const points = Array.from({ length: 240 }, () => [rng.normal(), rng.normal()]);
  const rings = data.examples(
    tf.tensor2d(points),
    tf.tensor1d(
      points.map(([a, b]) => Number(a * a + b * b > 1.4)),
      "int32",
    ),
  );

  const space = nas.searchSpace({
    units: nas.integer(1, 8),
    depth: nas.integer(0, 2),
    activation: nas.choice(["linear", "relu", "tanh"]),
  });
  type Genotype = ReturnType<typeof space.sample>;
  const model = ({ units, depth, activation }: Genotype) => {
    const hidden = Array.from({ length: depth }, () => tf.layers.dense({ units, activation }));
    return tf.sequential({
      layers: [tf.layers.inputLayer({ inputShape: [2] }), ...hidden, tf.layers.dense({ units: 2 })],
    });
  };
  const evaluator = nas.candidateTrainer<Genotype>({
    ...{ model, data: rings, epochs: 8, batchSize: 16, maxParameters: 60 },
    optimizer: () => tf.train.adam(0.05),
  });
  const search = () => nas.geneticSearch(space, { evaluations: 18, population: 6, seed: 1 });
  const options = { journal: join(folder, "rings.jsonl"), progress: false };

  const stop = new AbortController();
  const onResult = ({ id }: { id: number }) => id === 8 && stop.abort();
  const part = await nas.runSearch(search(), evaluator, { ...options, onResult, signal: stop.signal });
  const { best, history, evaluated } = await nas.runSearch(search(), evaluator, options);

  expect([part.stopped, part.history.length]).toEqual(["interrupt", 9]);
  expect(history.slice(0, 9)).toEqual(part.history);
  expect(history).toHaveLength(18);
  expect(evaluated).toBe(new Set(history.map(({ key }) => key)).size - part.evaluated);
  // A line parts the rings no better than the larger of the two classes; the best must have found a curve.
  const linear = history.filter(
    ({ genotype, score }) => score > 0 && (genotype.depth === 0 || genotype.activation === "linear"),
  );
  expect(best!.score).toBeGreaterThan(0.8);
  for (const { score } of linear) expect(score).toBeLessThan(best!.score);
  for (const { failure } of history) if (failure) expect(failure).toMatch(/^too large: \d+ parameters, at most 60$/);
  rings.dispose();
  void evaluator.close?.();
  rmSync(folder, { recursive: true });
});
