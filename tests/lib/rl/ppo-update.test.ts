import { describe, expect, it } from "vitest";
import { clipByGlobalNorm } from "../../../lib/src/optim";
import { ActorCritic } from "../../../lib/src/rl/actor-critic";
import { generalizedAdvantages } from "../../../lib/src/rl/gae";
import { actionTensor, means } from "../../../lib/src/rl/policy-batch";
import { ppoLoss } from "../../../lib/src/rl/ppo-loss";
import { PPO_MEASURES, PpoUpdate } from "../../../lib/src/rl/ppo-update";
import { box, discrete } from "../../../lib/src/rl/spaces";
import { tf } from "../../../lib/src/tensorflow";
import truth from "../../fixtures/rl/ppo_update.json";

type Fixture = (typeof truth)["continuous"];
type Nested = number | Nested[];

const flat = (values: Nested) => Float32Array.from([values].flat(9) as number[]);

/** A network with Stable-Baselines3's weights, and the steps that it had made. */
function start(fixture: Fixture, continuous: boolean) {
  const policy = new ActorCritic(3, continuous ? box(-1, 1, [2]) : discrete(3), { hidden: [6, 5] });
  tf.tidy(() => policy.variables.forEach((variable, i) => variable.assign(tf.tensor(fixture.weights[i]))));
  const { settings } = fixture;
  return {
    policy,
    options: {
      ...{ entropy: settings.entropy, valueLoss: 0.5, maxGradient: 0.5, clipValues: Infinity },
      ...{ normalizeAdvantages: true, xla: false, batchSize: settings.batchSize },
    },
    steps: {
      size: settings.steps * settings.envs,
      observations: flat(fixture.observations),
      actions: flat(fixture.actions),
      logProbabilities: flat(fixture.logProbabilities),
      values: flat(fixture.values),
      advantages: flat(fixture.advantages),
      returns: flat(fixture.returns),
    },
    orders: fixture.orders.map((order) => Int32Array.from(order)),
  };
}

const expectWeights = (policy: ActorCritic, weights: Nested[]) =>
  policy.variables.forEach((variable, i) => {
    expect(variable.dataSync()).toBeAllclose(flat(weights[i]), { atol: 1e-5, rtol: 0 });
  });

describe.each([
  ["discrete", truth.discrete as unknown as Fixture],
  ["continuous", truth.continuous],
])("one update of PPO, %s, from Stable-Baselines3's buffer and weights", (kind, fixture) => {
  const continuous = kind === "continuous";
  const { learningRate, clip, gamma, lambda, envs } = fixture.settings;

  it("starts from the same values and log-probabilities", () => {
    const { policy, steps } = start(fixture, continuous);
    tf.tidy(() => {
      const observations = tf.tensor2d(steps.observations, [steps.size, 3]);
      const actions = actionTensor(policy, steps.actions, [steps.size]);
      const { logProbabilities, values } = fixture;
      expect(policy.distribution(observations).logProbability(actions).dataSync()).toBeAllclose(logProbabilities);
      expect(policy.values(observations).dataSync()).toBeAllclose(values);
    });
    policy.dispose();
  });

  it("has its advantages and returns, with the value of the last state where an episode was cut off", () => {
    const { rewards, values, ends, cuts, lastValues } = fixture;
    const nextValues = values.map((_, i) => (ends[i] ? 0 : (values[i + envs] ?? lastValues[i + envs - values.length])));
    expect(cuts.length).toBeGreaterThan(2);
    for (const { at, value } of cuts) nextValues[at] = value;
    const got = generalizedAdvantages({ rewards, values, nextValues, ends, gamma, lambda, envs });
    expect(got.advantages).toBeAllclose(fixture.advantages, { atol: 1e-5 });
    expect(got.returns).toBeAllclose(fixture.returns, { atol: 1e-5 });
  });

  it("has its first gradient, clipped", () => {
    const { policy, options, steps, orders } = start(fixture, continuous);
    tf.tidy(() => {
      const rows = [...orders[0].slice(0, options.batchSize)];
      const pick = (values: Float32Array) => tf.tensor1d(rows.map((row) => values[row]));
      const wide = (values: Float32Array, each: number) =>
        Float32Array.from(rows.flatMap((row) => [...values.slice(row * each, row * each + each)]));
      const batch = {
        observations: tf.tensor2d(wide(steps.observations, 3), [rows.length, 3]),
        actions: actionTensor(policy, wide(steps.actions, continuous ? 2 : 1), [rows.length]),
        logProbabilities: pick(steps.logProbabilities),
        advantages: pick(steps.advantages),
        returns: pick(steps.returns),
        values: pick(steps.values),
      };
      const loss = () => ppoLoss(policy, batch, { ...options, clip: tf.scalar(clip) }).loss;
      const { grads } = tf.variableGrads(loss, policy.variables);
      const clipped = clipByGlobalNorm(
        policy.variables.map(({ name }) => grads[name]),
        options.maxGradient,
      );
      clipped.forEach((gradient, i) => {
        expect(gradient.dataSync()).toBeAllclose(flat(fixture.gradients[i]), { atol: 1e-5, rtol: 0 });
      });
    });
    policy.dispose();
  });

  it("has its weights after one minibatch and after all, and its losses", () => {
    const { policy, options, steps, orders } = start(fixture, continuous);
    const before = tf.memory().numTensors;
    const adam = tf.train.adam(0, 0.9, 0.999, 1e-5);
    const update = new PpoUpdate(policy, adam, options);

    // The first minibatch alone: an update of these rows only.
    const single = start(fixture, continuous);
    const rows = orders[0].slice(0, options.batchSize);
    const first = (values: Float32Array, each = 1) =>
      Float32Array.from([...rows].flatMap((row) => [...values.slice(row * each, row * each + each)]));
    const firstAdam = tf.train.adam(0, 0.9, 0.999, 1e-5);
    const firstUpdate = new PpoUpdate(single.policy, firstAdam, options);
    const measured = firstUpdate.run(
      {
        size: rows.length,
        observations: first(steps.observations, 3),
        actions: first(steps.actions, continuous ? 2 : 1),
        logProbabilities: first(steps.logProbabilities),
        values: first(steps.values),
        advantages: first(steps.advantages),
        returns: first(steps.returns),
      },
      [Int32Array.from(rows.keys())],
      learningRate,
      clip,
    );
    expectWeights(single.policy, fixture.weightsAfterOne);
    const { approxKl, clipFraction } = means(measured, PPO_MEASURES);
    // The policy is still the one that acted: every ratio is 1.
    expect(Math.abs(approxKl)).toBeLessThan(1e-6);
    expect(clipFraction).toBe(0);

    const all = update.run(steps, orders, learningRate, clip);
    expectWeights(policy, fixture.weightsAfter);
    const got = means(all, PPO_MEASURES);
    for (const name of ["policyLoss", "valueLoss", "entropy", "clipFraction"] as const) {
      expect(got[name]).toBeAllclose(fixture.means[name], { atol: 1e-5 });
    }
    expect(got.clipFraction).toBeGreaterThan(0);
    // Stable-Baselines3 logs the divergence of the last epoch.
    const last = means(all.slice(all.length / 2), PPO_MEASURES);
    expect(last.approxKl).toBeAllclose(fixture.means.approxKl, { atol: 1e-6, rtol: 1e-4 });
    expect(all.map((row) => row[PPO_MEASURES.indexOf("gradientNorm")])).toBeAllclose(
      fixture.losses.map(({ gradientNorm }) => gradientNorm),
      { atol: 1e-4, rtol: 1e-4 },
    );
    update.dispose();
    firstUpdate.dispose();
    [adam, firstAdam].forEach((optimizer) => optimizer.dispose());
    single.policy.dispose();
    expect(tf.memory().numTensors).toBe(before);
    policy.dispose();
  });
});
