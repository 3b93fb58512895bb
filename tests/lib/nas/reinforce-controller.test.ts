import { describe, expect, it } from "vitest";
import { integer } from "../../../lib/src/nas/gene";
import { reinforceController } from "../../../lib/src/nas/reinforce-controller";
import { searchSpace } from "../../../lib/src/nas/search-space";
import { tf } from "../../../lib/src/tensorflow";
import { digits, mixed } from "./spaces";

const scoreOf = ({ a, b, c }: { a: number; b: number; c: number }) => 10 * a + b - c;

describe("reinforceController", () => {
  it("takes the steps that TensorFlow's gradient and Adam take", () => {
    const learningRate = 0.1;
    const search = reinforceController(digits, { evaluations: 40, batch: 2, learningRate, seed: 3 });
    const optimizer = tf.train.adam(learningRate);
    // A softmax knows its logits up to a constant, and so does the gradient.
    const logits = search.policy.map((row) => tf.variable(tf.tidy(() => tf.tensor1d([...row]).log())));
    let [sum, weight] = [0, 0];
    while (!search.finished) {
      const pair = [search.ask(), search.ask()];
      const terms = pair.map(({ id, genotype }) => {
        const score = scoreOf(genotype);
        [sum, weight] = [0.9 * sum + 0.1 * score, 0.9 * weight + 0.1];
        search.tell({ id, score });
        return { codes: digits.encode(genotype), advantage: score - sum / weight };
      });
      optimizer.minimize(
        () =>
          tf.addN(
            terms.flatMap(({ codes, advantage }) =>
              logits.map((row, slot) =>
                row
                  .logSoftmax()
                  .gather(tf.tensor1d([codes[slot]], "int32"))
                  .sum()
                  .mul(-advantage / 2),
              ),
            ),
          ) as tf.Scalar,
      );
      // What comes last teaches nothing more.
      if (search.finished) break;
      expect(search.baseline).toBeCloseTo(sum / weight, 10);
      logits.forEach((row, slot) =>
        expect(search.policy[slot]).toBeAllclose(
          tf.tidy(() => row.softmax().dataSync()),
          { atol: 1e-5, rtol: 1e-3 },
        ),
      );
    }
    logits.forEach((row) => row.dispose());
    optimizer.dispose();
  });

  it("starts undecided and ends near the best", () => {
    const search = reinforceController(digits, { evaluations: 400, seed: 1 });
    for (const row of search.policy) for (const share of row) expect(share).toBeCloseTo(0.1, 2);
    expect(search.baseline).toBeNaN();
    while (!search.finished) {
      const { id, genotype } = search.ask();
      search.tell({ id, score: scoreOf(genotype) });
    }
    const [a] = search.policy;
    expect(a.slice(7).reduce((total, share) => total + share, 0)).toBeGreaterThan(0.9);
    for (const row of search.policy) expect(row.reduce((total, share) => total + share, 0)).toBeCloseTo(1, 10);
  });

  it("learns nothing from scores that are all the same", () => {
    const search = reinforceController(digits, { evaluations: 50 });
    const before = search.policy;
    while (!search.finished) search.tell({ id: search.ask().id, score: 7 });
    search.policy.forEach((row, slot) => expect(row).toBeAllclose(before[slot], { atol: 1e-6 }));
  });

  it("leaves alone what a network did not have to decide", () => {
    const search = reinforceController(mixed, { evaluations: 300, seed: 2 });
    const scale = mixed.slots.findIndex(({ name }) => name === "scale");
    const before = search.policy[scale];
    while (!search.finished) {
      const { id, genotype } = search.ask();
      // Scale is only decided with skip, and all of those score the same: its gradient is 0 in the mean, and no drift.
      search.tell({ id, score: genotype.scale === undefined ? 1 : 0 });
    }
    expect(search.policy[mixed.slots.findIndex(({ name }) => name === "skip")][0]).toBeGreaterThan(0.8);
    expect(before[0]).toBeCloseTo(0.5, 2);
  });

  it("draws by its probabilities", () => {
    const space = searchSpace({ a: integer(0, 3) });
    const search = reinforceController(space, { evaluations: 4000, learningRate: 0 });
    const counts = [0, 0, 0, 0];
    while (!search.finished) {
      const { id, genotype } = search.ask();
      counts[genotype.a]++;
      search.tell({ id, score: genotype.a });
    }
    // 1,000 each, standard deviation √(4000 · 3/16) = 27.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(110);
  });
});
