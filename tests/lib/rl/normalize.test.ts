import { describe, expect, it } from "vitest";
import { BaseEnv, box, discrete, identity, normalize, vectorEnv, type SavedEnv } from "../../../lib/src/rl";
import sb3 from "../../fixtures/rl/vec_normalize.json";

/** Shows the fixture's rows one after the other. */
class Scripted extends BaseEnv {
  readonly name = "Scripted";
  readonly actionSpace = discrete(1);
  readonly observationSpace = box(-Infinity, Infinity, [3]);
  /** Rows shown, steps of the episode. */
  readonly state = new Float64Array(2);
  constructor(private readonly index: number) {
    super();
  }
  protected begin() {
    this.state[0]++;
    this.state[1] = 0;
  }
  protected advance() {
    const reward = sb3.rewards[this.index][this.state[0]];
    this.state[0]++;
    const over = ++this.state[1] === sb3.lengths[this.index];
    this.terminated = over && this.index === 0;
    this.truncated = over && this.index === 1;
    return reward;
  }
  protected override observe(out: Float32Array, at: number) {
    out.set(sb3.rows[this.index][this.state[0] - 1], at);
  }
}

const scripted = () => vectorEnv((i) => new Scripted(i), { count: 2 });
const options = { gamma: 0.9, clip: 2 };
/** Stable-Baselines3 sums the batch up in float32. */
const close = { rtol: 2e-5, atol: 2e-5 };

describe("normalize", () => {
  it("does what Stable-Baselines3's VecNormalize does, the last observation of an episode and judging included", () => {
    const envs = normalize(scripted(), options);
    expect(envs.reset()).toBeAllclose(sb3.reset, close);
    sb3.steps.forEach(({ observations, rewards, final }, step) => {
      envs.training = step < sb3.training;
      envs.step([0, 0]);
      expect(envs.observations, `observations ${step}`).toBeAllclose(observations, close);
      // The fixture cuts rewards at 1.5, observations at 2.
      const cut = [...envs.rewards].map((reward) => Math.min(1.5, Math.max(-1.5, reward)));
      expect(cut, `rewards ${step}`).toBeAllclose(rewards, close);
      final.forEach((row, i) => {
        expect(envs.terminated[i] + envs.truncated[i]).toBe(row === null ? 0 : 1);
        if (row) expect(envs.finalObservations.subarray(3 * i, 3 * i + 3)).toBeAllclose(row, close);
      });
    });
    const { observations, returns } = envs.normalization();
    expect(observations.mean).toBeAllclose(sb3.observations.mean, close);
    expect(observations.variance).toBeAllclose(sb3.observations.variance, close);
    expect(observations.count).toBeAllclose(sb3.observations.count);
    expect([...returns.mean, ...returns.variance]).toBeAllclose([sb3.returns.mean, sb3.returns.variance], close);
  });

  it("leaves the returns of its episodes as the task gave them", () => {
    const envs = normalize(scripted(), options);
    envs.reset();
    for (let step = 0; step < 4; step++) envs.step([0, 0]);
    const expected = sb3.rewards[0].slice(1, 5).reduce((sum, reward) => sum + reward);
    expect(envs.episodes).toHaveLength(1);
    expect(envs.episodes[0].return).toBeAllclose(expected);
  });

  it("hands its moments to environments that judge an agent, which leave them alone", () => {
    const trained = normalize(scripted(), options);
    trained.reset();
    for (let step = 0; step < 9; step++) trained.step([0, 0]);
    const moments = trained.normalization();
    const judging = normalize(scripted(), options);
    judging.training = false;
    judging.useNormalization(JSON.parse(JSON.stringify(moments)) as typeof moments);
    judging.reset();
    judging.step([0, 0]);
    expect(judging.normalization()).toEqual(moments);
    expect(judging.observations).toEqual(trained.normalized(judging.inner.observations));
    const short = trained.judging(scripted());
    short.reset();
    short.step([0, 0]);
    expect(short.observations).toEqual(judging.observations);
    expect(short.rewards).toEqual(judging.rewards);
    expect(short.normalization()).toEqual(moments);
    expect(trained.training).toBe(true);
    expect(() => trained.judging(vectorEnv("CartPole-v1"))).toThrow(/^load\(\) wants mean to be 4 numbers/);
  });

  it("goes on to the same numbers where it was saved", () => {
    const envs = normalize(scripted(), options);
    envs.reset();
    for (let step = 0; step < 5; step++) envs.step([0, 0]);
    const other = normalize(scripted(), options);
    other.load(JSON.parse(JSON.stringify(envs.save())) as SavedEnv);
    expect(other.observations).toEqual(envs.observations);
    for (let step = 0; step < 9; step++) {
      for (const each of [envs, other]) each.step([0, 0]);
      expect(other.observations).toEqual(envs.observations);
      expect(other.rewards).toEqual(envs.rewards);
    }
  });

  it("normalises rewards alone where it is told to, as for choices", () => {
    const envs = normalize(
      vectorEnv(() => identity(), { count: 2 }),
      { observations: false },
    );
    expect([...envs.reset({ seed: 1 })]).toEqual([...envs.inner.observations]);
    const raw = normalize(scripted(), { rewards: false });
    raw.reset();
    raw.step([0, 0]);
    expect(raw.rewards).toEqual(raw.inner.rewards);
    expect(() => normalize(vectorEnv(() => identity()))).toThrow(/^normalize\(\) wants observations to be of a box/);
  });

  it("refuses options that are none", () => {
    expect(() => normalize(scripted(), { gamma: 1.5 })).toThrow(/^normalize\(\) wants gamma/);
    expect(() => normalize(scripted(), { epsilon: 1 } as object)).toThrow("normalize() has no option epsilon");
    expect(() => normalize(scripted()).normalized([1, 2])).toThrow(/^normalized\(\) wants observations/);
  });
});
