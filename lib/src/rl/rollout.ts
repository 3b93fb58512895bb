import { RandomGenerator } from "../random";
import type { Episode, VectorEnv } from "./vector-env";

/** What chooses actions: an `ActorCritic`, or a controller of one's own. */
export interface Acting {
  /**
   * @param observations `[count, observationSize]`, flat
   * @param actions where they go, `[count, actionSize]`, flat
   * @param random draws from the policy; without it, the most likely actions
   */
  act(observations: Float32Array, count: number, actions: Float32Array, random?: RandomGenerator): Float32Array;
}

/**
 * What happened while a policy acted, step by step, in environments side by side: row t of an array holds all
 * environments at step t. Episodes run on from one rollout to the next.
 */
export class Rollout {
  /** Steps in each environment. */
  steps = 0;
  private capacity = 0;
  private readonly store = { observations: new Float32Array(0), actions: new Float32Array(0) };
  private readonly marks = { rewards: new Float32Array(0), ends: new Float32Array(0) };
  /** Places where a time limit ended an episode, and what was seen last there. */
  private cuts: { at: number; observation: Float32Array }[] = [];
  private readonly sent: Float32Array;

  constructor(readonly envs: VectorEnv) {
    this.sent = new Float32Array(envs.count * envs.actionSize);
  }

  /** Steps of all environments together. */
  get size(): number {
    return this.steps * this.envs.count;
  }

  /** What was seen before each action, `[steps, envs, observationSize]`, flat. */
  get observations(): Float32Array {
    return this.store.observations.subarray(0, this.size * this.envs.observationSize);
  }

  /** What the policy chose, before real-valued actions were clipped: `[steps, envs, actionSize]`, flat. */
  get actions(): Float32Array {
    return this.store.actions.subarray(0, this.size * this.envs.actionSize);
  }

  /** `[steps, envs]`, flat. */
  get rewards(): Float32Array {
    return this.marks.rewards.subarray(0, this.size);
  }

  /** 1 where a step was the last of its episode, also by a time limit: `[steps, envs]`, flat. */
  get ends(): Float32Array {
    return this.marks.ends.subarray(0, this.size);
  }

  /**
   * Forgets the last rollout, and acts until there is enough.
   *
   * @param enough asked after every step
   * @param onEpisode told about every episode that ends
   * @throws RangeError where the policy gives NaN, and what the environments throw
   */
  collect(
    policy: Acting,
    random: RandomGenerator,
    enough: (rollout: Rollout) => boolean,
    onEpisode: (episode: Episode) => void = () => {},
  ): void {
    this.steps = 0;
    this.cuts = [];
    do {
      this.step(policy, random);
      this.envs.episodes.forEach(onEpisode);
    } while (!enough(this));
  }

  private step(policy: Acting, random: RandomGenerator): void {
    const { envs, sent } = this;
    if (this.steps === this.capacity) this.grow();
    const { observations, actions } = this.store;
    const first = this.size;
    observations.set(envs.observations, first * envs.observationSize);
    policy.act(envs.observations, envs.count, sent, random);
    actions.set(sent, first * envs.actionSize);
    clipActions(envs, sent);
    envs.step(sent);
    for (let i = 0; i < envs.count; i++) {
      this.marks.rewards[first + i] = envs.rewards[i];
      this.marks.ends[first + i] = envs.terminated[i] | envs.truncated[i];
      if (envs.terminated[i] || !envs.truncated[i]) continue;
      const at = i * envs.observationSize;
      this.cuts.push({ at: first + i, observation: envs.finalObservations.slice(at, at + envs.observationSize) });
    }
    this.steps++;
  }

  private grow(): void {
    this.capacity = Math.max(128, 2 * this.capacity);
    const rows = this.capacity * this.envs.count;
    const larger = (old: Float32Array, each: number) => {
      const array = new Float32Array(rows * each);
      array.set(old);
      return array;
    };
    this.store.observations = larger(this.store.observations, this.envs.observationSize);
    this.store.actions = larger(this.store.actions, this.envs.actionSize);
    this.marks.rewards = larger(this.marks.rewards, 1);
    this.marks.ends = larger(this.marks.ends, 1);
  }

  /**
   * The value of the state after each step, `V(s_{t+1})`: 0 where the episode was over, that of its last state where a
   * time limit cut it off, that of what is seen now after the last step.
   *
   * @param values `V(s_t)`, `[steps, envs]`, flat
   * @param valuesOf the value function, for the states that are not among these
   */
  nextValues(values: Float32Array, valuesOf: (observations: Float32Array, count: number) => Float32Array) {
    const { envs, size } = this;
    const next = new Float32Array(size);
    next.set(values.subarray(envs.count));
    next.set(valuesOf(envs.observations, envs.count), size - envs.count);
    const { ends } = this;
    for (let i = 0; i < size; i++) if (ends[i]) next[i] = 0;
    for (const { at, observation } of this.cuts) next[at] = valuesOf(observation, 1)[0];
    return next;
  }
}

/** Real-valued actions as the environment takes them: within its bounds. */
export function clipActions(
  { actionSpace, actionSize }: Pick<VectorEnv, "actionSpace" | "actionSize">,
  actions: Float32Array,
): void {
  if (actionSpace.kind !== "box") return;
  const { low, high } = actionSpace;
  for (let i = 0; i < actions.length; i++) {
    const k = i % actionSize;
    // NaN stays NaN: the environment refuses it.
    actions[i] = actions[i] < low[k] ? low[k] : actions[i] > high[k] ? high[k] : actions[i];
  }
}
