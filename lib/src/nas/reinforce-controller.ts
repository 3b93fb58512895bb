import { checkInteger, checkNumber, checkOptions } from "../check";
import { generator, type RandomGenerator } from "../random";
import { searchBySteps, type Search, type SearchOptions, type Steps } from "./search";
import type { Decidable } from "./space";

export interface ReinforceControllerOptions extends SearchOptions {
  /** Adam's step size for the logits. @default 0.1 */
  learningRate?: number;
  /** How much of the baseline stays when a score comes in, below 1. @default 0.9 */
  momentum?: number;
  /** How many networks an update is made from. @default 1 */
  batch?: number;
  /** The same seed makes the same decisions. @default 0 */
  seed?: number | string;
}

/** A search with a policy that can be looked at. */
export interface ControllerSearch<Genotype> extends Search<Genotype> {
  /** For each slot of the space the probability of each of its options, as the policy is now. */
  readonly policy: readonly (readonly number[])[];
  /** The moving average that scores are compared with; NaN before the first. */
  readonly baseline: number;
}

/**
 * A controller that learns by reinforcement what to ask for: in each slot of the space a softmax over the options, and after
 * each score R a step along the policy gradient
 *
 * `∇ (R - b) · log π(network)`, with the logits' part `(R - b) · (1[chosen] - π)` in each slot.
 *
 * The baseline b is a moving average of the scores: it makes the gradient's variance smaller and leaves its mean as it is.
 * Failures count as the lowest score so far.
 *
 * Zoph and Le: Neural architecture search with reinforcement learning. ICLR 2017, whose controller is a recurrent network;
 * as here, slot by slot, Dong and Yang: NAS-Bench-201. ICLR 2020. Williams: Simple statistical gradient-following
 * algorithms for connectionist reinforcement learning. Machine Learning 8, 1992.
 */
export function reinforceController<Genotype>(
  space: Decidable<Genotype>,
  options: ReinforceControllerOptions,
): ControllerSearch<Genotype> {
  const where = "reinforceController()";
  checkOptions(where, options, ["evaluations", "outstanding", "learningRate", "momentum", "batch", "seed"]);
  const { learningRate = 0.1, momentum = 0.9, batch = 1, seed = 0 } = options;
  checkNumber(where, "learningRate", learningRate, { min: 0 });
  checkNumber(where, "momentum", momentum, { min: 0, max: 1 - 1e-9 });
  checkInteger(where, "batch", batch, { min: 1 });
  const rng = generator(seed).split("reinforce controller");
  const logits = space.slots.map((slot) => Array.from({ length: slot.options }, () => rng.normal(0, 1e-3)));
  const step = adam(logits, learningRate);
  const baseline = movingAverage(momentum);

  function* learn(): Steps<Genotype> {
    /** Options that candidates were made of, by id. */
    const decisions: (readonly number[])[] = [];
    let worst = Infinity;
    for (;;) {
      const drawn = Array.from({ length: batch }, () => draw(space, logits, rng));
      decisions.push(...drawn);
      const results = yield drawn.map((codes) => ({ genotype: space.decode(codes), origin: "policy" }));
      const gradient = logits.map((row) => row.map(() => 0));
      for (const { id, score } of results) {
        if (score === -Infinity && worst === Infinity) continue; // nothing to compare it with
        worst = Math.min(worst, score === -Infinity ? worst : score);
        const reward = score === -Infinity ? worst : score;
        baseline.add(reward);
        addGradient(gradient, logits, decisions[id], (reward - baseline.value) / results.length);
      }
      if (results.length > 0) step(gradient);
    }
  }
  const search = searchBySteps("reinforceController", learn(), (genotype) => space.key(genotype), options);
  return Object.defineProperties(search, {
    policy: { get: () => logits.map(softmax), enumerable: true },
    baseline: { get: () => baseline.value, enumerable: true },
  }) as ControllerSearch<Genotype>;
}

/** Draws slot by slot from the policy, until the space allows it. */
function draw<Genotype>(
  space: Decidable<Genotype>,
  logits: readonly (readonly number[])[],
  rng: RandomGenerator,
): number[] {
  const policy = logits.map(softmax);
  for (let tries = 0; tries < 10_000; tries++) {
    const codes = new Array<number>(policy.length).fill(-1);
    for (let slot = 0; slot < codes.length; slot++) {
      if (space.isDecided(slot, codes)) codes[slot] = pickBy(policy[slot], rng);
    }
    if (space.allows(space.decode(codes))) return codes;
  }
  throw new Error("reinforceController() drew nothing in 10000 tries that the space allows. Remedy: allow more.");
}

function pickBy(probabilities: readonly number[], rng: RandomGenerator): number {
  let rest = rng.uniform();
  for (let i = 0; i < probabilities.length - 1; i++) {
    rest -= probabilities[i];
    if (rest < 0) return i;
  }
  return probabilities.length - 1;
}

function softmax(logits: readonly number[]): number[] {
  const top = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Adds the gradient of `-advantage · log π(codes)`, which is to become small: `advantage · (π - 1[chosen])` in each slot. */
function addGradient(
  gradient: number[][],
  logits: readonly (readonly number[])[],
  codes: readonly number[],
  advantage: number,
): void {
  codes.forEach((code, slot) => {
    if (code < 0) return;
    softmax(logits[slot]).forEach((probability, option) => {
      gradient[slot][option] += advantage * (probability - (option === code ? 1 : 0));
    });
  });
}

/** A mean that forgets, without the pull to 0 that it would start with. */
function movingAverage(momentum: number): { add(value: number): void; readonly value: number } {
  let [sum, weight] = [0, 0];
  return {
    add(value) {
      sum = momentum * sum + (1 - momentum) * value;
      weight = momentum * weight + (1 - momentum);
    },
    get value() {
      return sum / weight;
    },
  };
}

/** Kingma and Ba: Adam. ICLR 2015; on numbers in place, for a policy is a few dozen of them and needs no tensor. */
function adam(values: number[][], learningRate: number): (gradient: readonly (readonly number[])[]) => void {
  const [m, v] = [0, 1].map(() => values.map((row) => row.map(() => 0)));
  let t = 0;
  return (gradient) => {
    t++;
    gradient.forEach((row, i) =>
      row.forEach((g, j) => {
        m[i][j] = 0.9 * m[i][j] + 0.1 * g;
        v[i][j] = 0.999 * v[i][j] + 0.001 * g * g;
        values[i][j] -= (learningRate * (m[i][j] / (1 - 0.9 ** t))) / (Math.sqrt(v[i][j] / (1 - 0.999 ** t)) + 1e-8);
      }),
    );
  };
}
